"""Which combinations of inputs no row takes, two rows take, or an earlier row takes first.

A row accepts a set of atoms in each column; sets are bit masks.
"""

from dataclasses import dataclass

#: A table with more different situations than this is not searched to the end.
_MOST_STEPS = 20_000


@dataclass(frozen=True, slots=True)
class Region:
    """What a row accepts: for each column a mask of atoms. ``exact`` if that is all there is to it."""

    number: int
    masks: tuple[int, ...]
    exact: bool


def overlap(first: Region, second: Region) -> tuple[int, ...] | None:
    """A situation that both rows take, as one atom a column; None when there is none for sure."""
    if not (first.exact and second.exact):
        return None
    common = [a & b for a, b in zip(first.masks, second.masks, strict=True)]
    return tuple(_lowest(mask) for mask in common) if all(common) else None


class Uncovered:
    """Looks for situations inside ``space`` that none of the regions takes."""

    def __init__(self, space: tuple[int, ...], regions: list[Region], most: int) -> None:
        self.space = space
        self.regions = regions
        self.most = most
        self.steps = 0
        self.found: list[tuple[int | None, ...]] = []
        self._clean: set[tuple[int, int]] = set()

    def search(self) -> list[tuple[int | None, ...]]:
        """Up to ``most`` of them, an atom for each column or None where any will do."""
        self._search(0, (1 << len(self.regions)) - 1, ())
        return self.found

    @property
    def certain(self) -> bool:
        """Whether the search came to an end."""
        return self.steps < _MOST_STEPS

    def _search(self, column: int, alive: int, chosen: tuple[int | None, ...]) -> None:
        if len(self.found) >= self.most or not self.certain or (column, alive) in self._clean:
            return
        self.steps += 1
        if not alive:
            self.found.append(chosen + (None,) * (len(self.space) - column))
            return
        if column == len(self.space):
            return
        before = len(self.found)
        for atom, rows in self._groups(column, alive):
            self._search(column + 1, rows, (*chosen, atom))
        if len(self.found) == before and self.certain:
            self._clean.add((column, alive))

    def _groups(self, column: int, alive: int) -> list[tuple[int, int]]:
        """One atom for each different set of rows that still take part."""
        groups: dict[int, int] = {}
        for atom in _atoms(self.space[column]):
            rows = 0
            for n, region in enumerate(self.regions):
                if alive >> n & 1 and region.masks[column] >> atom & 1:
                    rows |= 1 << n
            groups.setdefault(rows, atom)
        return [(atom, rows) for rows, atom in sorted(groups.items())]


def is_hidden(region: Region, earlier: list[Region]) -> bool:
    """Whether earlier rows take everything that this one would."""
    certain = [each for each in earlier if each.exact]
    search = Uncovered(region.masks, certain, 1)
    return not search.search() and search.certain


def _atoms(mask: int) -> list[int]:
    return [n for n in range(mask.bit_length()) if mask >> n & 1]


def _lowest(mask: int) -> int:
    return (mask & -mask).bit_length() - 1
