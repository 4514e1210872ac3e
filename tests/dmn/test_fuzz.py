"""However wrong a file is: it is refused, or read, checked and decided without breaking."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine import dmn
from engine.errors import EngineError
from tests.dmn.drawing import decision, file, function, input_data, knowledge, literal, table

_ENTRY = '<contextEntry><variable name="甲"/>{}</contextEntry>'
SOUND = file(
    '<itemDefinition name="类"><typeRef>string</typeRef><allowedValues><text>"a","b"</text>'
    '</allowedValues></itemDefinition><itemDefinition name="组" isCollection="true">'
    '<itemComponent name="x"><typeRef>number</typeRef></itemComponent></itemDefinition>',
    input_data("输入x", "number"),
    input_data("输入y", "类"),
    knowledge("f", "n:number, m", literal("n * 2 + count(m)"), "number"),
    decision(
        "表",
        table(
            "输入x | 输入y => 级:number | 说明:string",
            '< 5 | "a","b" => 1 | "小"',
            '[5..9] | not("a") => 2 | string(输入x)',
            "> 9 | - => f(输入x, [1]) | 输入y",
            policy="FIRST",
            values='1, 2, 3 | "小"',
            defaults='0 | ""',
            allowed='>= 0 | "a","b"',
        ),
        "输入x",
        "输入y",
        "f()",
    ),
    decision(
        "和", table("输入x => a", "> 0 => 1", "> 1 => 2", policy="COLLECT", aggregation="SUM")
    ),
    decision(
        "盒",
        "<context>"
        + _ENTRY.format(literal("表.级"))
        + _ENTRY.format(function("n", literal("n")))
        + f"</context><list>{literal('1')}</list>"
        + f'<for iteratorVariable="i"><in>{literal("[1]")}</in><return>{literal("i")}</return></for>',
        "表",
    ),
    '<decisionService id="s" name="s"><outputDecision href="#和"/><inputData href="#输入x"/>'
    "</decisionService>",
)
_PIECES = re.findall(r"<[^>]+>|[^<]+", SOUND)
_CONTEXT = {"输入x": 3, "输入y": "a"}


def _mutated(changes: list[tuple[str, int, int]]) -> str:
    pieces = list(_PIECES)
    for change, first, second in changes:
        a, b = first % len(pieces), second % len(pieces)
        match change:
            case "drop":
                del pieces[a]
            case "swap":
                pieces[a], pieces[b] = pieces[b], pieces[a]
            case "copy":
                pieces.insert(a, pieces[b])
            case "value":  # keeps the file well formed
                pieces[a] = re.sub(r'"[^"]*"', f'"{"甲乙#表f"[second % 5]}"', pieces[a], count=1)
            case "name":
                pieces[a] = re.sub(r' (id|name|href|typeRef|hitPolicy)="[^"]*"', "", pieces[a])
            case "text" if not pieces[a].startswith("<"):
                pieces[a] = pieces[b] if not pieces[b].startswith("<") else "1 +"
        if not pieces:
            break
    return "".join(pieces)


_CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["drop", "swap", "copy", "value", "value", "name", "name", "text", "text"]),
        st.integers(0, 10_000),
        st.integers(0, 10_000),
    ),
    min_size=1,
    max_size=6,
)


def _try(text: str) -> bool:
    """Whether the file could be read; everything else is asserted."""
    try:
        model = dmn.read(text)
    except EngineError:
        return False
    for finding in model.findings({"输入x"}):
        assert finding.element
        assert finding.line > 0
        assert finding.message.endswith("。")
    for element in model.definitions.elements:
        try:
            model.explain(element.id or element.name, _CONTEXT)
        except EngineError as error:
            assert str(error)  # noqa: PT017
    return True


_SETTINGS = settings(max_examples=400, deadline=5000, suppress_health_check=list(HealthCheck))


def test_the_sound_file_is_read_and_decides() -> None:
    model = dmn.read(SOUND)
    assert model.findings() == []
    assert model.decide("表", _CONTEXT) == {"级": 1, "说明": "小"}
    assert model.decide("s", _CONTEXT) == 3


@_SETTINGS
@given(_CHANGES)
def test_a_file_with_faults(changes: list[tuple[str, int, int]]) -> None:
    _try(_mutated(changes))


@pytest.mark.soak
@settings(_SETTINGS, max_examples=30_000)
@given(_CHANGES)
def test_many_files_with_faults(changes: list[tuple[str, int, int]]) -> None:
    _try(_mutated(changes))
