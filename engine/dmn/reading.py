"""A DMN file (1.1 to 1.5) to ``Definitions``. Nothing is judged here: what is missing stays empty."""

from collections.abc import Callable, Iterator

from lxml import etree

from engine import xml
from engine.dmn import definitions as dmn
from engine.dmn.definitions import Logic

Tag = etree._Element


def definitions(text: str | bytes) -> dmn.Definitions:
    """The content of a file; ``XmlRefused`` when it is no XML of ours to read."""
    root = xml.read(text)
    return dmn.Definitions(
        id=root.get("id", "") or _name(root),
        name=root.get("name", ""),
        namespace=root.get("namespace", ""),
        elements=tuple(_elements(root)),
        types=tuple(_item(item) for item in _children(root, "itemDefinition")),
        imports=tuple(_imports(root)),
        foreign=tuple(_foreign(root)),
    )


def _children(tag: Tag, *names: str) -> list[Tag]:
    return [child for child in tag if _name(child) in names]


def _child(tag: Tag | None, *names: str) -> Tag | None:
    return None if tag is None else next(iter(_children(tag, *names)), None)


def _name(tag: Tag) -> str:
    return etree.QName(tag).localname if isinstance(tag.tag, str) else ""


def _id(tag: Tag) -> str:
    """Its own id, or that of the element around it; the tag of the outermost if nothing has one."""
    near = tag
    while not near.get("id") and (around := near.getparent()) is not None:
        near = around
    return near.get("id", "") or _name(near)


def _line(tag: Tag) -> int:
    line: int | None = tag.sourceline  # type: ignore[assignment]  # the stubs leave it out
    return line or 1


def _type(tag: Tag | None) -> str:
    """The type named by an attribute, or in DMN 1.1 by a child, without its namespace prefix."""
    if tag is None:
        return ""
    return (tag.get("typeRef") or "").strip().split(":")[-1]


def _text(tag: Tag | None, around: Tag) -> dmn.Text:
    """The ``<text>`` of an element; empty where the element or its text is missing."""
    found = _child(tag, "text")
    content = (found.text or "") if found is not None else ""
    place = found if found is not None else tag if tag is not None else around
    return dmn.Text(_id(tag if tag is not None else around), _line(place), _type(tag), content)


# Decisions and what they need


def _elements(root: Tag) -> Iterator[dmn.Element]:
    for tag in root:
        reader = _ELEMENTS.get(_name(tag))
        if reader is not None:
            yield reader(tag)


def _variable_type(tag: Tag) -> str:
    return _type(_child(tag, "variable"))


def _input_data(tag: Tag) -> dmn.InputData:
    return dmn.InputData(
        id=tag.get("id", ""),
        nearest=_id(tag),
        name=tag.get("name", ""),
        type=_variable_type(tag),
        line=_line(tag),
    )


def _decision(tag: Tag) -> dmn.Decision:
    return dmn.Decision(
        id=tag.get("id", ""),
        nearest=_id(tag),
        name=tag.get("name", ""),
        type=_variable_type(tag),
        line=_line(tag),
        logic=_logic_in(tag),
        requires=_requirements(tag),
    )


def _knowledge(tag: Tag) -> dmn.Knowledge:
    logic = _child(tag, "encapsulatedLogic")
    return dmn.Knowledge(
        id=tag.get("id", ""),
        nearest=_id(tag),
        name=tag.get("name", ""),
        type=_variable_type(tag),
        line=_line(tag),
        logic=None if logic is None else _function(logic),
        requires=_requirements(tag),
    )


def _service(tag: Tag) -> dmn.Service:
    return dmn.Service(
        id=tag.get("id", ""),
        nearest=_id(tag),
        name=tag.get("name", ""),
        type=_variable_type(tag),
        line=_line(tag),
        inputs=_references(tag, "inputData"),
        input_decisions=_references(tag, "inputDecision"),
        outputs=_references(tag, "outputDecision"),
    )


_ELEMENTS: dict[str, Callable[[Tag], dmn.Element]] = {
    "inputData": _input_data,
    "decision": _decision,
    "businessKnowledgeModel": _knowledge,
    "decisionService": _service,
}


def _references(tag: Tag, *names: str) -> tuple[str, ...]:
    return tuple(child.get("href", "") for child in _children(tag, *names))


def _requirements(tag: Tag) -> tuple[str, ...]:
    wanted = ("requiredInput", "requiredDecision", "requiredKnowledge")
    requirements = _children(tag, "informationRequirement", "knowledgeRequirement")
    return tuple(href for each in requirements for href in _references(each, *wanted))


def _imports(root: Tag) -> Iterator[dmn.Import]:
    for tag in _children(root, "import"):
        yield dmn.Import(tag.get("name", ""), tag.get("namespace", ""))


def _foreign(root: Tag) -> Iterator[dmn.Foreign]:
    for tag in root.iter(etree.Element):
        language = tag.get("expressionLanguage", "feel")
        if "feel" not in language.lower():
            yield dmn.Foreign(_id(tag), _line(tag), language)


def _item(tag: Tag) -> dmn.ItemDefinition:
    written = _child(tag, "typeRef")
    name = (written.text or "").strip().split(":")[-1] if written is not None else _type(tag)
    return dmn.ItemDefinition(
        name=tag.get("name", ""),
        type=name,
        components=tuple(_item(component) for component in _children(tag, "itemComponent")),
        collection=tag.get("isCollection") == "true",
        function=_child(tag, "functionItem") is not None,
        allowed=_text(_child(tag, "allowedValues"), tag),
    )


# Expressions


def _logic_in(tag: Tag | None) -> Logic | None:
    """The expression inside an element."""
    found = _child(tag, *_LOGIC)
    return None if found is None else _LOGIC[_name(found)](found)


def _inner(tag: Tag, name: str) -> Logic | None:
    return _logic_in(_child(tag, name))


def _literal(tag: Tag) -> dmn.Text:
    return _text(tag, tag)


def _table(tag: Tag) -> dmn.Table:
    return dmn.Table(
        element=_id(tag),
        line=_line(tag),
        type=_type(tag),
        hit_policy=tag.get("hitPolicy", "UNIQUE"),
        aggregation=tag.get("aggregation", ""),
        inputs=tuple(_input(child) for child in _children(tag, "input")),
        outputs=tuple(_output(child) for child in _children(tag, "output")),
        rules=tuple(_rule(child) for child in _children(tag, "rule")),
    )


def _input(tag: Tag) -> dmn.Input:
    expression = _text(_child(tag, "inputExpression"), tag)
    label = tag.get("label", "") or expression.text.strip()
    return dmn.Input(label, expression, _text(_child(tag, "inputValues"), tag))


def _output(tag: Tag) -> dmn.Output:
    name = tag.get("name", "")
    return dmn.Output(
        name=name,
        type=_type(tag),
        label=tag.get("label", "") or name,
        element=_id(tag),
        values=_text(_child(tag, "outputValues"), tag),
        default=_text(_child(tag, "defaultOutputEntry"), tag),
    )


def _rule(tag: Tag) -> dmn.Rule:
    note = _child(tag, "annotationEntry")
    description = _child(tag, "description")
    written = _text(note, tag).text if note is not None else ""
    return dmn.Rule(
        element=_id(tag),
        inputs=tuple(_text(cell, tag) for cell in _children(tag, "inputEntry")),
        outputs=tuple(_text(cell, tag) for cell in _children(tag, "outputEntry")),
        note=written or ((description.text or "") if description is not None else ""),
    )


def _context(tag: Tag) -> dmn.Context:
    entries: list[tuple[dmn.Named, Logic | None]] = []
    result = None
    for entry in _children(tag, "contextEntry"):
        variable = _child(entry, "variable")
        if variable is None:
            result = _logic_in(entry)
        else:
            entries.append((_named(variable), _logic_in(entry)))
    return dmn.Context(_id(tag), _line(tag), _type(tag), tuple(entries), result)


def _named(tag: Tag) -> dmn.Named:
    return dmn.Named(tag.get("name", ""), _type(tag))


def _invocation(tag: Tag) -> dmn.Invocation:
    bindings = []
    for binding in _children(tag, "binding"):
        parameter = _child(binding, "parameter")
        name = "" if parameter is None else parameter.get("name", "")
        bindings.append((name, _logic_in(binding)))
    function = _text(_child(tag, "literalExpression"), tag)
    return dmn.Invocation(_id(tag), _line(tag), _type(tag), function, tuple(bindings))


def _list(tag: Tag) -> dmn.BoxedList:
    return dmn.BoxedList(_id(tag), _line(tag), _type(tag), _row(tag))


def _row(tag: Tag) -> tuple[Logic | None, ...]:
    return tuple(_LOGIC[_name(child)](child) for child in tag if _name(child) in _LOGIC)


def _relation(tag: Tag) -> dmn.Relation:
    columns = tuple(column.get("name", "") for column in _children(tag, "column"))
    rows = tuple(_row(row) for row in _children(tag, "row"))
    return dmn.Relation(_id(tag), _line(tag), _type(tag), columns, rows)


def _function(tag: Tag) -> dmn.FunctionDefinition:
    parameters = tuple(_named(parameter) for parameter in _children(tag, "formalParameter"))
    kind = tag.get("kind", "FEEL")
    return dmn.FunctionDefinition(
        _id(tag), _line(tag), _type(tag), parameters, _logic_in(tag), kind
    )


def _conditional(tag: Tag) -> dmn.Conditional:
    branches = (_inner(tag, "if"), _inner(tag, "then"), _inner(tag, "else"))
    return dmn.Conditional(_id(tag), _line(tag), _type(tag), *branches)


def _filter(tag: Tag) -> dmn.BoxedFilter:
    return dmn.BoxedFilter(
        _id(tag), _line(tag), _type(tag), _inner(tag, "in"), _inner(tag, "match")
    )


def _loop(tag: Tag) -> dmn.BoxedLoop:
    word = _name(tag)
    body = _inner(tag, "return" if word == "for" else "satisfies")
    variable = tag.get("iteratorVariable", "")
    return dmn.BoxedLoop(_id(tag), _line(tag), _type(tag), word, variable, _inner(tag, "in"), body)


_LOGIC: dict[str, Callable[[Tag], Logic]] = {
    "literalExpression": _literal,
    "decisionTable": _table,
    "context": _context,
    "invocation": _invocation,
    "list": _list,
    "relation": _relation,
    "functionDefinition": _function,
    "conditional": _conditional,
    "filter": _filter,
    "for": _loop,
    "some": _loop,
    "every": _loop,
}
