"""A host with one instance in memory."""

from datetime import UTC, datetime, timedelta
from typing import Any

from engine.process import check
from engine.process.operations import Operation
from engine.process.spiff import Decision, Incident, Instance, Outcome, parse


def findings(text: str, operations: tuple[str, ...] | None = None) -> list[check.Finding]:
    known = None if operations is None else {n: Operation(name=n, title=n) for n in operations}
    return check.diagram_findings(text, check.Known(operations=known))


class Player:
    """A host with one instance: people, a clock, and what was sent."""

    def __init__(self, way: str) -> None:
        self.way = way
        self.now = datetime(2026, 3, 1, 9, tzinfo=UTC)
        self.sent: list[str] = []
        self.decided: list[Decision] = []

    def start(
        self, xml: str, element: str | None = None, decisions: Any = None, **data: object
    ) -> "Player":
        self.warnings = findings(xml)
        assert all(f.severity == "warning" for f in self.warnings), self.warnings
        self.definition = parse(xml, decisions or {})
        self.instance, outcome = Instance.start(
            self.definition, "p", data, now=self.now, element=element
        )
        return self._after(outcome)

    def _after(self, outcome: Outcome) -> "Player":
        self.outcome = outcome
        self.sent += [s.name for s in outcome.sent]
        self.decided += outcome.decided
        if self.way != "in memory":
            self.instance = Instance.load(
                self.definition, self.instance.save(prune=self.way == "saved and pruned")
            )
        return self

    @property
    def open(self) -> list[str]:
        return sorted(t.element for t in self.outcome.user_tasks)

    @property
    def parked(self) -> list[str]:
        return sorted(t.element for t in self.outcome.parked)

    @property
    def incident(self) -> Incident | None:
        return self.outcome.incident

    @property
    def ended(self) -> bool:
        return self.outcome.ended

    def do(self, *elements: str, **data: object) -> "Player":
        """Completes one open task of each of these elements, in this order."""
        for element in elements:
            tasks = [
                t for t in (*self.outcome.user_tasks, *self.outcome.parked) if t.element == element
            ]
            assert tasks, f"{element} is not open, but {self.open}"
            self._after(self.instance.complete(tasks[0].id, data, now=self.now))
        return self

    def fail(self, element: str, code: str) -> "Player":
        task = next(
            t for t in (*self.outcome.user_tasks, *self.outcome.parked) if t.element == element
        )
        return self._after(self.instance.fail(task.id, code, now=self.now))

    def later(self, **passed: float) -> "Player":
        """The clock moves on and stops at every timer that is due on the way."""
        until = self.now + timedelta(**passed)
        while self.outcome.next_due is not None and self.outcome.next_due <= until:
            self.now = max(self.now, self.outcome.next_due)
            self._after(self.instance.advance(self.now))
        self.now = until
        return self._after(self.instance.advance(self.now))

    def signal(self, name: str = "中止") -> "Player":
        return self._after(self.instance.signal(name, now=self.now)[1])

    def message(self, name: str = "来文", **data: object) -> bool:
        taken, outcome = self.instance.message(name, data, now=self.now)
        self._after(outcome)
        return taken

    def write(self, **data: object) -> "Player":
        return self._after(self.instance.write(data, now=self.now))

    def retry(self) -> "Player":
        return self._after(self.instance.retry(now=self.now))
