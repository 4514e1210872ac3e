"""Which names an expression reads from outside, and which nobody knows."""

from difflib import get_close_matches

from engine.feel.builtins import BUILTINS
from engine.feel.errors import FeelError


class Names:
    """What an expression reads from outside, gathered while it is compiled."""

    def __init__(self, text: str, known: frozenset[str] | None) -> None:
        self.text = text
        #: None when nobody said which variables there are.
        self.known = known
        self.free: set[str] = set()
        #: ``案件.金额`` as written, for whoever knows what a variable holds.
        self.paths: set[str] = set()

    def unknown(self, name: str, at: int) -> FeelError:
        near = get_close_matches(name, [*(self.known or ()), *BUILTINS], 1, 0.5)
        hint = f"，是否想写「{near[0]}」" if near else ""
        return FeelError.at(f"没有名为「{name}」的变量{hint}", self.text, at)


class Scope:
    """The names an expression introduces itself; ``loose`` inside a filter, whose items have names
    that nobody can know beforehand.
    """

    __slots__ = ("local", "loose", "names")

    def __init__(self, names: Names, local: frozenset[str], *, loose: bool = False) -> None:
        self.names = names
        self.local = local
        self.loose = loose

    def within(self, *introduced: str) -> "Scope":
        return Scope(self.names, self.local | frozenset(introduced), loose=self.loose)

    def in_filter(self) -> "Scope":
        return Scope(self.names, self.local | {"item"}, loose=True)

    def read(self, name: str, at: int) -> None:
        known = self.names.known
        if name in self.local or (name in BUILTINS and name not in (known or ())):
            return
        if known is None or name in known:
            self.names.free.add(name)
        elif not self.loose:
            raise self.names.unknown(name, at)

    def is_free(self, name: str) -> bool:
        return name not in self.local and name in self.names.free
