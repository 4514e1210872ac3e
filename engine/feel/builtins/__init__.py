"""The built-in functions, by family."""

from engine.feel.builtins import (  # noqa: F401  each registers its functions
    contexts,
    conversion,
    lists,
    numbers,
    ranges,
    statistics,
    strings,
    temporal,
)
from engine.feel.builtins.registry import BUILTINS

__all__ = ["BUILTINS"]
