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

_NO_DIAGRAM = "no-diagram"


#: Exit codes: nothing is wrong but hints, errors were found, a path cannot be read.
_FOUND, _UNREADABLE = 1, 2


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="以 JSON 列出文件数和全部问题")
def check(paths: tuple[Path, ...], *, as_json: bool) -> None:
    """检查流程、决策表、表单、模板和规则，列出全部问题。有错误时退出码为 1，读不到文件时为 2。"""
    operations.load()
    files, found = 0, []
    for path in paths:
        try:
            texts = _bytes(path)
        except OSError:
            click.echo(f"没有找到文件或者文件夹“{path}”，或者没有读取的权限", err=True)
            sys.exit(_UNREADABLE)
        files += len(texts)
        found += [
            f.within(_place(path, f.file))
            for f in findings(texts, is_rules=path.name == rules.deployed.FOLDER)
        ]
    if as_json:
        listed = [{name: getattr(f, name) for name in _FIELDS} for f in found]
        click.echo(orjson.dumps({"files": files, "findings": listed}).decode())
    else:
        for finding in found:
            mark = "错误" if finding.severity == "error" else "提示"
            click.echo(f"{mark} {finding.file} [{finding.rule}] {finding.message}")
        click.echo(f"{files} 个文件，{len(found)} 个问题")
    if any(f.severity == "error" for f in found):
        sys.exit(_FOUND)


_FIELDS = ("file", "element", "rule", "severity", "message")


def _bytes(path: Path) -> dict[str, bytes]:
    """Name within the folder -> content; of a single file its own."""
    if not path.is_dir():
        return {path.name: path.read_bytes()}
    files = sorted(p for p in path.rglob("*") if p.is_file())
    return {file.relative_to(path).as_posix(): file.read_bytes() for file in files}


def _place(path: Path, name: str) -> str:
    """The file as its caller would name it."""
    return str(path / name) if path.is_dir() and name else str(path)


def findings(given: Mapping[str, bytes], *, is_rules: bool = False) -> Iterator[Finding]:
    """Of one file; or of a folder: of a definition, or of any that hold definitions, rules, templates.

    ``is_rules``: the folder is the court's ``rules`` itself.
    """
    texts: dict[str, str] = {}
    for name, content in given.items():
        try:
            texts[name] = content.decode()
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
    if is_rules or any(name.startswith(f"{rules.deployed.FOLDER}/") for name in texts):
        yield from _rules(texts)


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


def _rules(texts: Mapping[str, str]) -> Iterator[Finding]:
    """As the platform would read them all; the first thing that keeps them from being read."""
    try:
        rules.load(texts)
    except RulesInvalid as error:
        yield Finding("", "rules", "error", f"{error}，请改正。", rules.deployed.FOLDER)
