"""``play``: a dry run on the command line; nothing is signed, delivered or written."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import orjson

from engine.process import dry_runs, operations
from engine.process import play as player
from engine.process.dry_runs import Shown
from engine.process.folder import DIAGRAM
from webui.cli.chinese import Given
from webui.cli.computing import variables

#: Commands of one dry run for people; a diagram that goes round for ever stops here.
_MOST = 100
#: What a diagram's own folder brings into its play.
_BESIDE = (".dmn", ".form")


@click.command()
@click.argument("file", required=False, type=Given(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="从标准输入读取一个任务")
@click.option("--jsonl", is_flag=True, help="从标准输入逐行读取任务")
@click.option("--variables", "given", default="{}", help="流程变量，JSON")
def play(file: Path | None, given: str, *, as_json: bool, jsonl: bool) -> None:
    """试走一个流程，逐步说明：不签章、不送达、不写数据库。"""
    operations.load()
    if jsonl:
        for line in sys.stdin.buffer:
            if line.strip():
                click.echo(_answer(line))
    elif as_json:
        click.echo(_answer(sys.stdin.buffer.read()))
    elif file is None:
        raise click.UsageError("请给出流程文件")
    else:
        _tell(_files(file), variables(given, "--variables"))


def _answer(text: bytes) -> str:
    """To what is no JSON too: who reads answers by the line must find one."""
    try:
        answer = player.job(orjson.loads(text))
    except orjson.JSONDecodeError as error:
        reason = f"不是有效的 JSON（第{error.lineno}行第{error.colno}列）"
        answer = {"kind": "error", "trace": [], "reason": reason, "ended": False, "findings": []}
    return orjson.dumps(answer).decode()


# ---------------------------------------------------------------- for people


def _files(file: Path) -> dict[str, str]:
    beside = [p for p in file.parent.iterdir() if p.suffix in _BESIDE] if _is_folder(file) else []
    try:
        texts = {path.name: path.read_text("utf-8") for path in beside}
        return {DIAGRAM: file.read_text("utf-8"), **texts}
    except UnicodeDecodeError:
        raise click.UsageError(f"“{file}”不是 UTF-8 编码的文本，请另存后再试") from None


def _is_folder(file: Path) -> bool:
    return file.name == DIAGRAM


def _tell(files: Mapping[str, str], start: Mapping[str, Any]) -> None:
    checked = player.job({"mode": "check", "bpmn": files[DIAGRAM]})
    for finding in checked["findings"]:
        click.echo(f"[{finding['rule']}] {finding['message']}", err=True)
    if checked["kind"] == "refused":
        sys.exit(1)
    shown = _played(files, start)
    for number, told in enumerate(shown.told, 1):
        click.echo(f"{number:>3}  {told.sentence}")
    if shown.ended:
        click.echo("流程已经走完")
    else:
        click.echo(f"流程停在：{'、'.join(shown.tokens)}")


def _played(files: Mapping[str, str], start: Mapping[str, Any]) -> Shown:
    """Every open task completed as it stands, every timer waited for, until nothing is left to do."""
    commands: list[dict[str, Any]] = []
    shown = dry_runs.run(files, start, commands)
    while not shown.ended and len(commands) < _MOST:
        if shown.open:
            first = shown.open[0]
            following = {"do": "complete", "element": first.element, "number": first.number}
        elif shown.next_due is not None:
            following = {"do": "next"}
        else:
            break
        commands.append(following)
        shown = dry_runs.run(files, start, commands)
    return shown
