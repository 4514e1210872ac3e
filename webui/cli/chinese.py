"""What click says by itself, in Chinese: the frame of the help and what is wrong with a command line.

click speaks English and takes translations only from the system's catalogues; its texts are replaced here.
"""

from collections.abc import Iterable
from os import PathLike

import click
from click.exceptions import BadParameter, MissingParameter, NoSuchCommand, NoSuchOption

_HEADINGS = {"Options": "选项", "Commands": "命令"}
_PHRASES = {
    "Show this message and exit.": "显示本说明",
    "[required]": "［必填］",
    "[default: ": "［默认：",
    "[OPTIONS]": "[选项]",
    "COMMAND [ARGS]...": "命令 [参数]…",
}


class _Formatter(click.HelpFormatter):
    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, _said(args), "用法：")

    def write_heading(self, heading: str) -> None:
        self.write(f"{'':>{self.current_indent}}{_HEADINGS.get(heading, heading)}：\n")

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        told = [(first, _said(second)) for first, second in rows]
        super().write_dl(told, col_max, col_spacing)


class _Context(click.Context):
    formatter_class = _Formatter


class Given(click.Path):
    """A file or folder that must be there; ``exists`` is what the caller sets."""

    def convert(
        self, value: str | PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | PathLike[str]:
        try:
            return super().convert(value, param, ctx)
        except BadParameter:
            kind = "文件" if self.file_okay and not self.dir_okay else "文件夹"
            both = self.file_okay and self.dir_okay
            raise click.UsageError(
                f"没有找到{'文件或者文件夹' if both else kind}“{value}”，或者没有读取的权限"
            ) from None


def speak(command: click.Command) -> click.Command:
    """The command, whose help is in Chinese from now on; with the commands below it."""
    command.context_class = _Context
    if isinstance(command, click.Group):
        for below in command.commands.values():
            speak(below)
    return command


def _said(text: str) -> str:
    for english, chinese in _PHRASES.items():
        if english in text:
            text = text.replace(english, chinese)
            text = text.replace("]", "］") if chinese.startswith("［默认") else text
    return text


def sentence(error: click.ClickException) -> str:
    """What is wrong and what to do, in one line."""
    match error:
        case NoSuchCommand():
            return f"没有“{error.command_name}”这个命令，运行 fenduan --help 查看全部命令"
        case NoSuchOption():
            return f"没有“{error.option_name}”这个选项，加上 --help 查看全部选项"
        case MissingParameter():
            return f"缺少“{_name(error)}”，加上 --help 查看用法"
        case BadParameter():
            return f"“{_name(error)}”的值无法识别，请核对"
        case click.UsageError() if not _is_ours(error.message):
            return "命令的写法无法识别，加上 --help 查看用法"
    return error.message


def _is_ours(message: str) -> bool:
    return not message.isascii()


def _name(error: BadParameter) -> str:
    if error.param is None:
        return str(error.param_hint or "")
    options = [name for name in error.param.opts if name.startswith("--")]
    return options[0] if options else error.param.human_readable_name
