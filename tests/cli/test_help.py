"""Help is Chinese to the last word, for every command."""

import re

import pytest

from webui.cli import COMMANDS

BELOW = [["audit", "verify"], ["clock", "set"]]
#: Words for machines: names of commands and options, what stands for a value, formats.
MACHINE = re.compile(
    r"--?[\w-]+|[A-Z]{3,}|fenduan|workflows|Ctrl-C|T\d\d|\b("
    + "|".join(COMMANDS)
    + r"|set|admin)\b"
)


@pytest.mark.parametrize("command", [[], *([name] for name in COMMANDS), *BELOW], ids=" ".join)
def test_help_is_chinese(fenduan, command):
    ran = fenduan(*command, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"用法：{' '.join(['fenduan', *command])} ")
    assert re.findall("[A-Za-z]+", MACHINE.sub("", ran.out)) == []


def test_without_a_command_the_help_is_shown_and_it_is_no_success(fenduan):
    ran = fenduan()
    assert ran.code == 1 and "import-cases" in ran.err


def test_every_command_is_listed(fenduan):
    listed = fenduan("--help").out
    assert all(f"  {name} " in listed for name in COMMANDS)
