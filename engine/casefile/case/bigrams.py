"""Substring search of names without a database extension: arrays of two-character pieces under GIN."""

from collections.abc import Iterable


def of(name: str) -> set[str]:
    """周立新 → 周立, 立新, and each character alone, so that one character is found too."""
    compact = "".join(name.split())
    return {compact[i : i + 2] for i in range(len(compact) - 1)} | set(compact)


def of_all(names: Iterable[str]) -> list[str]:
    found: set[str] = set()
    for name in names:
        found |= of(name)
    return sorted(found)


def of_query(part: str) -> list[str]:
    """Pieces that every name containing ``part`` has; the match itself must still be checked."""
    compact = "".join(part.split())
    if len(compact) < 2:  # noqa: PLR2004  a piece has two
        return list(compact)
    return sorted({compact[i : i + 2] for i in range(len(compact) - 1)})
