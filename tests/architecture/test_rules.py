"""Rules of the house that tools do not know; each with a control that shows it can fail."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("engine", "handlers", "webui")
LONGEST_MODULE = 400
#: Words that name nothing (STYLE §6); "service" is BPMN's service task or 送达.
BANNED_NAMES = {
    "utils", "helpers", "common", "manager", "service", "services", "base", "misc", "models",
}  # fmt: skip
#: The one XML parser; and the file format reader that brings its own (it refuses DOCTYPE first).
XML_MODULES = {"engine/xml.py"}
XML_PARSERS = re.compile(r"^\s*(from|import) (xml\.|defusedxml|bs4|xmltodict)")


def sources() -> Iterator[Path]:
    for package in PACKAGES:
        yield from sorted((ROOT / package).rglob("*.py"))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def calls(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """(dotted or plain name, line) of every call."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                yield node.func.id, node.lineno
            elif isinstance(node.func, ast.Attribute):
                yield f".{node.func.attr}", node.lineno


def ended_transactions(source: str) -> list[int]:
    return [line for called, line in calls(ast.parse(source)) if called in (".commit", ".rollback")]


def evaluated_texts(source: str) -> list[int]:
    return [
        line
        for called, line in calls(ast.parse(source))
        if called in ("eval", "exec", "__import__")
    ]


def test_only_the_database_module_ends_transactions():
    found = {
        name(p): lines for p in sources() if (lines := ended_transactions(p.read_text("utf-8")))
    }
    assert set(found) <= {"engine/db.py"}


def test_the_control_finds_a_commit():
    assert ended_transactions("def f(session):\n    session.commit()") == [2]


def test_no_text_is_evaluated_as_python():
    found = {name(p): lines for p in sources() if (lines := evaluated_texts(p.read_text("utf-8")))}
    assert found == {}


def test_the_control_finds_an_eval():
    assert evaluated_texts("x = eval('1')") == [1]


def test_modules_stay_short():
    long = {
        name(p): n
        for p in sources()
        if (n := len(p.read_text("utf-8").splitlines())) > LONGEST_MODULE
        and "migrations" not in p.parts
    }
    assert long == {}


def test_no_module_has_a_name_that_names_nothing():
    assert [name(p) for p in sources() if p.stem in BANNED_NAMES] == []


def test_xml_is_parsed_in_one_place():
    found = [
        f"{name(p)}:{i}"
        for p in sources()
        for i, line in enumerate(p.read_text("utf-8").splitlines(), 1)
        if XML_PARSERS.match(line)
        or (re.search(r"etree\.(fromstring|parse|XML)\(", line) and name(p) not in XML_MODULES)
    ]
    assert found == []


def test_no_naive_time_is_taken():
    found = [
        f"{name(p)}:{i}"
        for p in sources()
        for i, line in enumerate(p.read_text("utf-8").splitlines(), 1)
        if re.search(r"datetime\.(now\(\)|utcnow|today)|date\.today\(", line)
        and name(p) != "engine/clock.py"
    ]
    assert found == []


def _contracts(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [
        str(Path(sys.executable).parent / "lint-imports"),
        "--config",
        str(folder / "setup.cfg"),
        "--no-cache",
    ]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )


def test_packages_import_only_what_they_may():
    done = _contracts(ROOT)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("engine/feel/extra.py", "import engine.casefile"),
        ("engine/process/extra.py", "import engine.casefile.case.cases"),
        ("handlers/extra.py", "import flask"),
        ("webui/extra.py", "import handlers.stages"),
        ("engine/casefile/extra.py", "import SpiffWorkflow"),
        ("engine/documents/extra.py", "import engine.db"),
    ],
)
def test_a_forbidden_import_breaks_a_contract(tmp_path, module, line):
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            target = tmp_path / path.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(path.read_text("utf-8"), "utf-8")
    (tmp_path / "setup.cfg").write_text((ROOT / "setup.cfg").read_text("utf-8"), "utf-8")
    (tmp_path / module).write_text(line + "\n")
    assert _contracts(tmp_path).returncode != 0
