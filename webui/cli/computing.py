"""``calc``, ``feel``, ``check``, ``play``: the product's own functions on the command line, without a server."""

import sys
from pathlib import Path
from typing import Any

import click
import orjson

from engine import feel as feel_
from engine import xml
from engine.casefile import rules
from engine.casefile.rules import calc as calculations
from engine.process import check as checks
from engine.process import operations
from engine.process import play as player


@click.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
@click.argument("kind", required=False)
@click.option("--jsonl", is_flag=True, help="从标准输入逐行读取，逐行回答")
@click.option("--json", "file", is_flag=False, flag_value="", help="JSON 文件或者 -；回答也用 JSON")
@click.option(
    "--rules",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="规则文件夹",
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
        given = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
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


@click.command()
@click.argument("expression")
@click.option("--context", default="{}", help="变量，JSON")
def feel(expression: str, context: str) -> None:
    """计算一个 FEEL 表达式。"""
    click.echo(feel_.to_text(feel_.evaluate(expression, orjson.loads(context))))


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="以 JSON 列出")
def check(paths: tuple[Path, ...], *, as_json: bool) -> None:
    """检查流程、决策表、表单和模板，列出全部问题。"""
    operations.load()
    found = []
    for path in paths:
        files = (
            {
                p.relative_to(path).as_posix(): p.read_text("utf-8")
                for p in path.rglob("*")
                if p.is_file()
            }
            if path.is_dir()
            else {path.name: path.read_text("utf-8")}
        )
        found += [(path, finding) for finding in checks.folder(files, operations.registry())]
    if as_json:
        click.echo(orjson.dumps([{"path": str(p), **vars(f)} for p, f in found]).decode())
    else:
        for path, finding in found:
            place = path if not path.is_dir() or not finding.file else path / finding.file
            mark = "错误" if finding.severity == "error" else "提示"
            click.echo(f"{mark} {place} [{finding.rule}] {finding.message}")
        click.echo(f"{len(found)} 个问题")
    if any(f.severity == "error" for _, f in found):
        sys.exit(1)


@click.command()
@click.argument(
    "file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--json", "as_json", is_flag=True, help="从标准输入读取一个任务")
@click.option("--jsonl", is_flag=True, help="从标准输入逐行读取任务")
@click.option("--variables", default="{}", help="流程变量，JSON")
def play(file: Path | None, variables: str, *, as_json: bool, jsonl: bool) -> None:
    """试走一个流程：不签章、不送达、不写数据库。"""
    operations.load()
    if jsonl:
        for line in sys.stdin:
            if line.strip():
                click.echo(orjson.dumps(player.job(orjson.loads(line))).decode())
        return
    if as_json:
        click.echo(orjson.dumps(player.job(orjson.loads(sys.stdin.read()))).decode())
        return
    if file is None:
        raise click.UsageError("请给出流程文件")
    _tell(player.job(_whole(file.read_text("utf-8"), orjson.loads(variables))))


def _whole(text: str, variables: dict[str, Any]) -> dict[str, Any]:
    """A job that plays every process of the file, the last one with the variables."""
    root = xml.read(text)
    ids = [node.get("id") for node in root if node.tag.endswith("}process")]
    return {"mode": "run", "bpmn": text, "variables": variables, "plan": {"start": ids}}


def _tell(answer: dict[str, Any]) -> None:
    for finding in answer.get("findings", []):
        click.echo(f"[{finding['rule']}] {finding['message']}", err=True)
    if answer["kind"] != "ran":
        click.echo(answer.get("reason", ""), err=True)
        sys.exit(1)
    for label in answer["trace"]:
        click.echo(f"  {label}")
    click.echo("流程已经走完" if answer["ended"] else "流程停在等待处")
