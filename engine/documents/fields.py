"""The fields that a template reads, as paths into the case data: ``法院.名称``, ``被执行人[].住所``.

A save compares them with what a case can offer, so that a misspelt field is found then and not in court.
"""

from collections.abc import Iterator
from typing import Any

from liquid import BoundTemplate
from liquid.ast import Node
from liquid.builtin.expressions import FilteredExpression, LoopExpression, Path
from liquid.builtin.tags.assign_tag import AssignNode
from liquid.builtin.tags.for_tag import ForNode

from engine.documents.language import FILTERS

#: A local name and the path of the data it stands for; None where it stands for no field.
Scope = dict[str, str | None]


class NotReadable(Exception):
    """A field that nobody could check; ``at`` is its place in the source."""

    def __init__(self, sentence: str, at: int = 0) -> None:
        self.sentence = sentence
        self.at = at
        super().__init__(sentence)


def read(template: BoundTemplate) -> tuple[str, ...]:
    """Every path, sorted. Raises NotReadable for computed names, the clock and unknown filters."""
    found: set[str] = set()
    _walk(template.nodes, {"forloop": None}, found)
    return tuple(sorted(found))


def _walk(nodes: Any, scope: Scope, found: set[str]) -> None:
    for node in nodes:
        try:
            _add_fields_of(node, scope, found)
        except NotReadable as error:
            raise NotReadable(error.sentence, node.token.start_index) from None
        inner = dict(scope)
        if isinstance(node, ForNode):
            inner[node.expression.identifier] = _looped(node.expression, scope)
        elif isinstance(node, AssignNode):
            scope[node.name] = _assigned(node.expression, scope)
        _walk(_children(node), inner, found)


def _add_fields_of(node: Node, scope: Scope, found: set[str]) -> None:
    for expression in node.expressions():
        for name in (one.name for one in getattr(expression, "filters", None) or ()):
            if name not in FILTERS:
                raise NotReadable(f"没有「{name}」这个写法，可用的有：{'、'.join(FILTERS)}")
        found.update(path for one in _paths(expression) if (path := _resolved(one, scope)))


def _children(node: Node) -> Iterator[Node]:
    # None of our tags looks at the render context to find its children.
    yield from node.children(None, include_partials=False)


def _paths(expression: Any) -> Iterator[Path]:
    if isinstance(expression, Path):
        yield expression
    for child in expression.children():
        yield from _paths(child)


def _resolved(path: Path, scope: Scope) -> str | None:
    if any(not isinstance(segment, str | int) for segment in path.path):
        raise NotReadable("字段名不能由别的字段决定")
    root, *rest = path.path
    if root in ("now", "today"):
        raise NotReadable("模板不能读取系统时间，日期由案件数据给出")
    start = scope.get(str(root), str(root)) if root in scope else str(root)
    if start is None:
        return None
    text = start
    for segment in rest:
        if segment == "size":
            break
        text += "[]" if isinstance(segment, int) or segment in ("first", "last") else f".{segment}"
    return text


def _looped(expression: LoopExpression, scope: Scope) -> str | None:
    if not isinstance(expression.iterable, Path):
        return None
    listed = _resolved(expression.iterable, scope)
    return f"{listed}[]" if listed else None


def _assigned(expression: FilteredExpression, scope: Scope) -> str | None:
    """An assignment without filters is another name for a field; first and last pick a member."""
    left = getattr(expression, "left", None)
    if not isinstance(left, Path):
        return None
    path = _resolved(left, scope)
    names = [one.name for one in expression.filters or ()]
    if not names:
        return path
    return f"{path}[]" if path and names in (["first"], ["last"]) else None
