"""Counts right results by level."""

from collections import Counter


class Rates:
    def __init__(self) -> None:
        self.levels: dict[str, Counter[str]] = {}

    def count(self, level: str, *, right: bool, has_value: bool) -> None:
        counts = self.levels.setdefault(level, Counter())
        counts["all"] += 1
        counts["right"] += right
        counts["values"] += has_value
        counts["right values"] += right and has_value

    def of_all(self, level: str) -> float:
        """Percent of the expected results."""
        counts = self.levels[level]
        return 100 * counts["right"] / counts["all"]

    def of_values(self, level: str) -> float:
        """Percent of the expected results that are not null."""
        counts = self.levels[level]
        return 100 * counts["right values"] / max(1, counts["values"])

    def __str__(self) -> str:
        return "\n".join(
            f"{level}: {counts['right']}/{counts['all']} {self.of_all(level):.2f} %, expecting a "
            f"value {counts['right values']}/{counts['values']} {self.of_values(level):.2f} %"
            for level, counts in sorted(self.levels.items())
        )
