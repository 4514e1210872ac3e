"""``calc``, ``feel``: the product's own computations on the command line, without a server."""

import sys
from pathlib import Path
from typing import Any

import click
import orjson

from engine import feel as feel_
from engine.casefile import rules
from engine.casefile.rules import calc as calculations
from webui.cli.chinese import Given


@click.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
@click.argument("kind", required=False)
@click.option("--jsonl", is_flag=True, help="从标准输入逐行读取，逐行回答")
@click.option("--json", "file", is_flag=False, flag_value="", help="JSON 文件或者 -；回答也用 JSON")
@click.option(
    "--rules", "folder", type=Given(exists=True, file_okay=False, path_type=Path), help="规则文件夹"
)
@click.pass_context
def calc(
    ctx: click.Context, kind: str | None, file: str | None, folder: Path | None, *, jsonl: bool
) -> None:
    """计算期限、工作日、利息、执行费、分配、去向、审批级别和送达日。"""
    deployed = rules.load(folder)
    if jsonl:
        for line in calculations.answer_lines(deployed, sys.stdin.buffer):
            click.echo(line)
        return
    case = _case(ctx, kind, file)
    if isinstance(case, dict):
        answer = calculations.answer(deployed, case)
    else:
        answer = calculations.answer_line(deployed, case)
    if file is not None:
        click.echo(orjson.dumps(answer).decode())
    else:
        click.echo(
            calculations.sentence(case if isinstance(case, dict) else {}, answer, deployed),
            err=not answer["ok"],
        )
    if not answer["ok"]:
        sys.exit(1)


#: Flag -> field of the case; ``pause`` may be repeated.
_FLAGS = {
    "rule", "length", "trigger", "filed", "extensions", "occurrence", "from", "days", "year", "amount",
}  # fmt: skip
_NUMBERS = {"extensions", "occurrence", "days", "year"}
_SWITCHES = {"final": "final", "no-amount": "no_amount"}


def _case(ctx: click.Context, kind: str | None, file: str | None) -> dict[str, Any] | bytes:
    """The case of file and flags; what is no JSON object comes back as it is, for its refusal."""
    case: dict[str, Any] = {}
    if file:
        given = _given(file)
        try:
            read = orjson.loads(given)
        except orjson.JSONDecodeError:
            return given
        if not isinstance(read, dict):
            return given
        case = read
    if kind:
        case["calc"] = kind
    rest = list(ctx.args)
    while rest:
        name = rest.pop(0).removeprefix("--")
        if name in _SWITCHES:
            case[_SWITCHES[name]] = True
        elif name == "pause" and rest:
            first, _, last = rest.pop(0).partition("..")
            case.setdefault("pauses", []).append({"from": first, "to": last})
        elif name in _FLAGS and rest:
            value = rest.pop(0)
            case[name] = int(value) if name in _NUMBERS and value.lstrip("-").isdigit() else value
        else:
            raise click.UsageError(f"无法识别的选项“--{name}”，请核对")
    return case


def _given(file: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError:
        raise click.UsageError(f"没有找到文件“{file}”，或者没有读取的权限") from None


@click.command()
@click.argument("expression")
@click.option("--context", default="{}", help="变量，JSON")
def feel(expression: str, context: str) -> None:
    """计算一个 FEEL 表达式。"""
    click.echo(feel_.to_text(feel_.evaluate(expression, variables(context, "--context"))))


def variables(text: str, option: str) -> dict[str, Any]:
    """What was given as a JSON object; a sentence that names the option if it is none."""
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        place = f"第{error.lineno}行第{error.colno}列"
        raise click.UsageError(f"“{option}”不是有效的 JSON（{place}），请核对") from None
    if not isinstance(found, dict):
        raise click.UsageError(f'“{option}”应当是 JSON 对象，例如 {{"金额": 5}}')
    return found
