"""``check``: everything that is wrong with diagrams, tables, forms, templates and rules, without a server."""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

import click
import orjson

from engine.casefile import rules
from engine.casefile.rules.faults import RulesInvalid
from engine.documents import template
from engine.process import check as checks
from engine.process import operations
from engine.process.check import Finding
from engine.process.folder import DIAGRAM
from webui.cli.chinese import Given

_NO_DIAGRAM = "no-diagram"


@click.command()
@click.argument("paths", nargs=-1, required=True, type=Given(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="以 JSON 列出")
def check(paths: tuple[Path, ...], *, as_json: bool) -> None:
    """检查流程、决策表、表单、模板和规则，列出全部问题。"""
    operations.load()
    found = [(path, finding) for path in paths for finding in _findings(path)]
    if as_json:
        click.echo(orjson.dumps([{"path": str(p), **vars(f)} for p, f in found]).decode())
    else:
        for path, finding in found:
            place = path / finding.file if path.is_dir() and finding.file else path
            mark = "错误" if finding.severity == "error" else "提示"
            click.echo(f"{mark} {place} [{finding.rule}] {finding.message}")
        click.echo(f"{len(found)} 个问题")
    if any(f.severity == "error" for _, f in found):
        sys.exit(1)


def _findings(path: Path) -> Iterator[Finding]:
    """Of one file; or of a folder: of a definition, or of any that hold definitions, rules, templates."""
    files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
    texts: dict[str, str] = {}
    for file in files:
        name = file.relative_to(path).as_posix() if path.is_dir() else file.name
        try:
            texts[name] = file.read_text("utf-8")
        except UnicodeDecodeError:
            message = "不是 UTF-8 编码的文本，请另存为 UTF-8，或者删去。"
            yield Finding("", "encoding", "error", message, name)
    homes = {_folder(name) for name in texts if PurePosixPath(name).name == DIAGRAM}
    loose = dict(texts)
    for home in sorted(homes):
        own = {n.removeprefix(home): loose.pop(n) for n in texts if n.startswith(home)}
        for finding in checks.folder(own, operations.registry()):
            yield finding.within(f"{home}{finding.file}")
    yield from _loose(loose, alone=not homes)
    if (path / rules.deployed.FOLDER).is_dir() or path.name == rules.deployed.FOLDER:
        yield from _rules(path)


def _folder(name: str) -> str:
    """The folder of a file with its slash; empty at the top."""
    parent = PurePosixPath(name).parent.as_posix()
    return "" if parent == "." else f"{parent}/"


def _loose(texts: Mapping[str, str], *, alone: bool) -> Iterator[Finding]:
    """Diagrams that share a folder, each with the forms it opens; and what belongs to no diagram."""
    opened: set[str] = set()
    for name, text in texts.items():
        if name.endswith(".bpmn"):
            forms = {n: t for n, t in texts.items() if _opens(name, text, n)}
            opened |= forms.keys()
            own = {PurePosixPath(n).name: t for n, t in forms.items()}
            for finding in checks.folder({DIAGRAM: text, **own}, operations.registry()):
                file = name if finding.file == DIAGRAM else f"{_folder(name)}{finding.file}"
                yield finding.within(file)
    if alone and any(n.endswith(".form") for n in texts.keys() - opened) and len(texts) > 1:
        yield Finding("", _NO_DIAGRAM, "error", f"文件夹里没有流程图 {DIAGRAM}，请补上。", DIAGRAM)
    for name, text in texts.items():
        if name.endswith(".wen"):
            for fault in template.findings(text):
                message = f"第{fault.line}行：{fault.sentence}。"
                yield Finding(str(fault.line), "template", "error", message, name)
        elif not name.endswith(".bpmn") and name not in opened:
            found = checks.folder({name: text}, operations.registry())
            yield from (f for f in found if f.rule != _NO_DIAGRAM)


def _opens(diagram: str, text: str, name: str) -> bool:
    form = PurePosixPath(name)
    return form.suffix == ".form" and _folder(name) == _folder(diagram) and f'"{form.stem}"' in text


def _rules(path: Path) -> Iterator[Finding]:
    """As the platform would read them all; the first thing that keeps them from being read."""
    try:
        rules.load(path)
    except RulesInvalid as error:
        yield Finding("", "rules", "error", f"{error}。", rules.deployed.FOLDER)
