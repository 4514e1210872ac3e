"""Texts (DMN 1.3 §10.3.4.3)."""

import re
from decimal import Decimal
from typing import Any

from engine.feel.builtins.patterns import compiled
from engine.feel.builtins.registry import builtin
from engine.feel.limits import Run, check_items, check_string
from engine.feel.values import whole

builtin("upper case", "string:text")(str.upper)
builtin("lower case", "string:text")(str.lower)
builtin("contains", "string:text, match:text")(lambda text, part: part in text)
builtin("starts with", "string:text, match:text")(str.startswith)
builtin("ends with", "string:text, match:text")(str.endswith)
builtin("string length", "string:text")(lambda text: Decimal(len(text)))

_REPLACEMENT = re.compile(r"\\(.)|\$(\d)|([^\\$]+|\$)", re.DOTALL)


@builtin("substring", "string:text, start position:number, length:number?")
def substring(text: str, start: Decimal, length: Decimal | None = None) -> str | None:
    """Places count from 1, from the end when negative."""
    place = whole(start)
    if place == 0 or (length is not None and length < 1):
        return None
    first = place - 1 if place > 0 else len(text) + place
    if first < 0 or (first >= len(text) and text):
        return None
    return text[first:] if length is None else text[first : first + whole(length)]


@builtin("substring before", "string:text, match:text")
def substring_before(text: str, match: str) -> str:
    before, found, _ = text.partition(match) if match else ("", "", "")
    return before if found else ""


@builtin("substring after", "string:text, match:text")
def substring_after(text: str, match: str) -> str:
    return text.partition(match)[2] if match else text


@builtin("matches", "input:text, pattern:text, flags:text?~", with_run=True)
def matches(run: Run, text: str, pattern: str, flags: str | None = None) -> bool:
    run.step(1 + len(text) // 100)
    return compiled(pattern, flags or "").search(text) is not None


@builtin("replace", "input:text, pattern:text, replacement:text, flags:text?~", with_run=True)
def replace(
    run: Run, text: str, pattern: str, replacement: str, flags: str | None = None
) -> str | None:
    """Null for a pattern that finds the empty text; ``$1`` in the replacement is a group."""
    regex = compiled(pattern, flags or "")
    pieces = _REPLACEMENT.findall(replacement)
    run.step(1 + len(text) // 100)
    out: list[str] = []
    place = size = 0
    for found in regex.finditer(text):
        if found.end() == found.start():
            return None
        new = _expanded(pieces, found, regex.groups)
        out += (text[place : found.start()], new)
        size += found.start() - place + len(new)
        place = found.end()
        run.step(1 + len(new) // 100)
        check_string(size)
    check_string(size + len(text) - place)
    return "".join(out) + text[place:]


def _expanded(pieces: list[tuple[str, str, str]], found: Any, groups: int) -> str:
    parts = []
    for escaped, group, plain in pieces:
        if not group:
            parts.append(escaped or plain)
        elif int(group) <= groups:
            parts.append(found.group(int(group)) or "")
    return "".join(parts)


@builtin("split", "string:text, delimiter:text", with_run=True)
def split(run: Run, text: str, delimiter: str) -> list[str]:
    run.step(1 + len(text) // 100)
    parts: list[str] = compiled(delimiter, "").split(text, maxsplit=100_000)
    check_items(len(parts))
    return parts


@builtin("string join", "list:list, delimiter:text?~")
def string_join(items: list[Any], delimiter: str | None = None) -> str | None:
    """Nulls are left out."""
    if not all(item is None or type(item) is str for item in items):
        return None
    parts = [item for item in items if item is not None]
    between = delimiter or ""
    check_string(sum(len(part) for part in parts) + len(between) * len(parts))
    return between.join(parts)
