"""What a DMN file says, as read: decisions and what they need, tables, boxed expressions, types."""

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Part:
    """``element`` is the id nearest to it, ``line`` its line in the file."""

    element: str
    line: int
    #: The FEEL type of its value; empty for any.
    type: str


@dataclass(frozen=True, slots=True)
class Text(Part):
    """A literal expression, or a cell."""

    text: str


@dataclass(frozen=True, slots=True)
class Named:
    """A parameter, a variable of a context, a column of a relation."""

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Input:
    label: str
    expression: Text
    #: Unary tests of what may come in; empty for anything.
    values: Text


@dataclass(frozen=True, slots=True)
class Output(Named):
    label: str
    element: str
    #: What may come out, the most important first.
    values: Text
    default: Text


@dataclass(frozen=True, slots=True)
class Rule:
    element: str
    inputs: tuple[Text, ...]
    outputs: tuple[Text, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Table(Part):
    hit_policy: str
    aggregation: str
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Context(Part):
    """Named entries, each seeing those before it, and perhaps a result without a name."""

    entries: tuple[tuple[Named, "Logic | None"], ...]
    result: "Logic | None"


@dataclass(frozen=True, slots=True)
class Invocation(Part):
    function: Text
    bindings: tuple[tuple[str, "Logic | None"], ...]


@dataclass(frozen=True, slots=True)
class BoxedList(Part):
    items: tuple["Logic | None", ...]


@dataclass(frozen=True, slots=True)
class Relation(Part):
    columns: tuple[str, ...]
    rows: tuple[tuple["Logic | None", ...], ...]


@dataclass(frozen=True, slots=True)
class FunctionDefinition(Part):
    parameters: tuple[Named, ...]
    body: "Logic | None"
    #: FEEL; Java and PMML are refused.
    kind: str


@dataclass(frozen=True, slots=True)
class Conditional(Part):
    condition: "Logic | None"
    then: "Logic | None"
    otherwise: "Logic | None"


@dataclass(frozen=True, slots=True)
class BoxedFilter(Part):
    source: "Logic | None"
    match: "Logic | None"


@dataclass(frozen=True, slots=True)
class BoxedLoop(Part):
    """``for``, ``some`` or ``every``."""

    word: str
    variable: str
    source: "Logic | None"
    body: "Logic | None"


Logic = (
    Text
    | Table
    | Context
    | Invocation
    | BoxedList
    | Relation
    | FunctionDefinition
    | Conditional
    | BoxedFilter
    | BoxedLoop
)


@dataclass(frozen=True, slots=True)
class Element:
    """What a requirement may point at. ``type`` is the type of its variable."""

    id: str
    #: The id, or where it is missing that of the element around.
    nearest: str
    name: str
    type: str
    line: int


@dataclass(frozen=True, slots=True)
class InputData(Element):
    pass


@dataclass(frozen=True, slots=True)
class Decision(Element):
    logic: Logic | None
    #: References as in the file: ``#id`` or ``namespace#id``.
    requires: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Knowledge(Element):
    """A business knowledge model: a function that decisions call."""

    logic: FunctionDefinition | None
    requires: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Service(Element):
    """A decision service: decisions that can be called like a function."""

    inputs: tuple[str, ...]
    input_decisions: tuple[str, ...]
    outputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ItemDefinition:
    """A type of the file."""

    name: str
    type: str
    components: tuple["ItemDefinition", ...]
    collection: bool
    function: bool
    allowed: Text


@dataclass(frozen=True, slots=True)
class Import:
    name: str
    namespace: str


@dataclass(frozen=True, slots=True)
class Foreign:
    """A part that says it is written in another language than FEEL."""

    element: str
    line: int
    language: str


@dataclass(frozen=True, slots=True)
class Definitions:
    id: str
    name: str
    namespace: str
    elements: tuple[Element, ...]
    types: tuple[ItemDefinition, ...]
    imports: tuple[Import, ...]
    foreign: tuple[Foreign, ...]
    by_id: dict[str, Element] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_id", {element.id: element for element in self.elements})


def parts_of(logic: Logic | None) -> Iterator[Logic]:
    """The logic and everything inside it."""
    if logic is None:
        return
    yield logic
    for inner in inside(logic):
        yield from parts_of(inner)


def inside(logic: Logic) -> tuple[Logic | None, ...]:  # noqa: PLR0911  one line per kind
    """The parts directly inside a logic."""
    match logic:
        case Context():
            return (*(value for _, value in logic.entries), logic.result)
        case Invocation():
            return (logic.function, *(value for _, value in logic.bindings))
        case BoxedList():
            return logic.items
        case Relation():
            return tuple(cell for row in logic.rows for cell in row)
        case FunctionDefinition():
            return (logic.body,)
        case Conditional():
            return (logic.condition, logic.then, logic.otherwise)
        case BoxedFilter():
            return (logic.source, logic.match)
        case BoxedLoop():
            return (logic.source, logic.body)
    return ()
