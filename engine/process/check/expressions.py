"""FEEL in diagrams: every expression must be readable when it is deployed."""

from collections.abc import Iterator

from engine.process.check.findings import Finding, finding
from engine.process.check.scope import Element
from engine.process.spiff import feel
from engine.process.spiff.diagram import text_of


def expression(element: Element, text: str, kind: str = "表达式") -> Iterator[Finding]:
    fault = feel.fault(text) if text else "没有内容"
    if fault:
        yield finding(element, "expression", f"{kind}「{text}」有误（{fault}）", f"请改正{kind}")


def expression_of(node: Element, element: Element) -> Iterator[Finding]:
    """The text of a child is the expression, the node is where the designer finds it."""
    yield from expression(node, text_of(element))
