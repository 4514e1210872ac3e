"""FEEL, the expression language of our diagrams and tables (DMN 1.3 §10.3): text in, values out.

``compile`` a text once and ``evaluate`` it often. Values are Python's own where it has them, see
``values``; what cannot be said is None, with a warning that ``run`` tells.
"""

from engine.feel.environment import Environment, Outermost
from engine.feel.errors import FeelError, FeelLimit
from engine.feel.expression import (
    Evaluation,
    Expression,
    Tests,
    compile,  # noqa: A004
    evaluate,
    tested,
    unary_tests,
)
from engine.feel.limits import Run
from engine.feel.text import to_text
from engine.feel.values import Function, LazyContext, Range, YearsMonths

__all__ = [
    "Environment",
    "Evaluation",
    "Expression",
    "FeelError",
    "FeelLimit",
    "Function",
    "LazyContext",
    "Outermost",
    "Range",
    "Run",
    "Tests",
    "YearsMonths",
    "compile",
    "evaluate",
    "tested",
    "to_text",
    "unary_tests",
]
