"""Days as people type them into a field."""

import re
import unicodedata
from datetime import date

_WRITTEN = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))")


class NoDay(ValueError):
    """The text is no day; what to tell the person is its text."""


def read(text: str) -> date | None:
    """2026-11-23, 2026/11/23, 2026年11月23日 or 20261123; None for an empty text, else ``NoDay``."""
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    if not plain:
        return None
    found = _WRITTEN.fullmatch(plain)
    if found is None:
        raise NoDay("日期请写成 2026-11-23")
    year, month, day = found[1], found[2] or found[4], found[3] or found[5]
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise NoDay(f"{int(year)}年没有{int(month)}月{int(day)}日，请核对") from None
