"""``fenduan calc``: every calculation of the court's rules, checkable from outside."""

from .labels import sentence
from .lines import KINDS, answer, answer_line, answer_lines

__all__ = ["KINDS", "answer", "answer_line", "answer_lines", "sentence"]
