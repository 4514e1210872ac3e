"""What of one version of a diagram is what in another: elements by id and kind, and whether they may stand for each other."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from engine.process.spiff import repeats, timers
from engine.process.spiff.diagram import Trigger
from engine.process.spiff.rewrite import original_id


class Fault(NamedTuple):
    """Why an instance cannot be moved; ``element``: of the version it runs on, "" is the whole of it."""

    element: str
    sentence: str


class Listening(NamedTuple):
    """What an event that waits on remembers in the other version, and what becomes of its time."""

    memory: dict[str, Any]
    #: (due until now, due from now on); empty: the timer goes on as it is.
    redated: tuple[tuple[datetime, datetime], ...] = ()
    #: Messages it waits for from now on.
    messages: tuple[str, ...] = ()


class Unequal(Exception):
    """两个版本在这里不同，不能换版"""


def called(spec: Any) -> str:
    """How people call an element."""
    return f"「{getattr(spec, 'bpmn_name', None) or element_of(spec)}」"


def element_of(spec: Any) -> str:
    return original_id(spec.bpmn_id or spec.name)


class Counterparts:
    """The specs of one scope of the other version, found from those of the scope that runs."""

    def __init__(self, scope: Any, chosen: Mapping[str, str]) -> None:
        self.scope = scope
        self._chosen = chosen
        self._by_kind = {
            (element_of(s), type(s), bool(_handles(s))): s for s in scope.task_specs.values() if s.bpmn_id
        }  # fmt: skip
        self._known = {key[0] for key in self._by_kind}

    def of(self, spec: Any) -> Any | None:
        """The same element, or the one that the operator has chosen for it, if it is of the same kind."""
        wanted = self._chosen.get(element_of(spec), element_of(spec))
        return self._by_kind.get((wanted, type(spec), bool(_handles(spec))))

    def missing(self, spec: Any) -> Fault:
        """Why there is none."""
        element = element_of(spec)
        if self._chosen.get(element, element) in self._known:
            return Fault(element, f"{called(spec)}在新版本中换了种类，不能对应。")
        return Fault(element, f"新版本的同一层中没有{called(spec)}，请另选对应的环节。")

    def alike(self, spec: Any) -> list[tuple[str, str]]:
        """(element, name) of everything in the scope that may stand for this one."""
        kind = (type(spec), bool(_handles(spec)))
        found = [
            (key[0], s.bpmn_name or key[0]) for key, s in self._by_kind.items() if key[1:] == kind
        ]
        return sorted(found)


def _handles(spec: Any) -> Any:
    """Of an event subprocess what starts it: an embedded one is no counterpart."""
    return getattr(spec, "triggers", ()) if hasattr(spec, "interrupting") else ()


# ---------------------------------------------------------------- comparing


def same_repeat(spec: Any, other: Any) -> bool:
    """Whether a loop or multi-instance under way goes on in the same way."""
    return _repeat(spec) == _repeat(other)


def _repeat(spec: Any) -> tuple[Any, ...]:
    if isinstance(spec, repeats.StandardLoopTask):
        return (spec.test_before, spec.maximum, spec.condition)
    data = (spec.data_input, spec.data_output, spec.input_item, spec.output_item)
    names = tuple(None if d is None else d.bpmn_name or d.bpmn_id for d in data)
    return (*names, spec.cardinality, spec.condition)


def same_operation(spec: Any, other: Any) -> bool:
    names = ("operation", "parameters", "decision", "result")
    return all(getattr(spec, n, None) == getattr(other, n, None) for n in names)


def interrupts(spec: Any) -> bool:
    return bool(getattr(spec, "cancel_activity", False) or getattr(spec, "interrupting", False))


def listening(
    spec: Any, other: Any, memory: Mapping[str, Any], *, moved_by_hand: bool
) -> Listening:
    """What a waiting event remembers from now on; ``Unequal`` if one that had waited here all the time could differ.

    ``moved_by_hand``: its time was paused, moved by an operator, or has run out before.
    """
    kept = {k: (dict(v) if isinstance(v, dict) else v) for k, v in memory.items()}
    kinds = ([t.kind for t in spec.triggers], [t.kind for t in other.triggers])
    if kinds[0] != kinds[1] or spec.needs_all != other.needs_all:
        raise Unequal(f"{called(spec)}等待的事件在新版本中不同，不能接着等待。")
    if interrupts(spec) != interrupts(other):
        raise Unequal(f"{called(spec)}是否中断办理，在新版本中改了，不能接着等待。")
    if not kept.get("armed"):
        return Listening(kept)
    redated, messages = [], []
    for number, (trigger, new) in enumerate(zip(spec.triggers, other.triggers, strict=True)):
        if trigger == new or trigger.kind in ("error", "escalation", "cancel"):
            continue
        if trigger.kind == "message":
            messages.append(new.name or "")
        elif trigger.kind == "timer":
            redated.append(_redated(spec, new, kept, number, moved=moved_by_hand))
        else:
            raise Unequal(f"{called(spec)}等待的条件或信号在新版本中改了，以前是否成立无从追溯。")
    return Listening(kept, tuple(redated), tuple(messages))


def _redated(
    spec: Any, new: Trigger, memory: dict[str, Any], number: int, *, moved: bool
) -> tuple[datetime, datetime]:
    """Counted from the moment it began to wait, as if the new version had run from the start."""
    text, entry = new.text or "", memory.get("due", {}).get(str(number))
    if text.startswith("="):
        raise Unequal(f"{called(spec)}的时限在新版本中是算式，须按进入时的数据计算，无从追溯。")
    if moved:
        raise Unequal(f"{called(spec)}的时限暂停过、调整过或到期过，新版本又改了时限，到期时间无从确定。")  # fmt: skip
    if entry is None or "since" not in memory:
        raise Unequal(f"{called(spec)}从何时开始计时没有记录，新版本的到期时间无从确定。")
    due = timers.due(new.form or "", text, datetime.fromisoformat(memory["since"]))
    memory["due"][str(number)] = [due.at.isoformat(), due.left, due.every]
    return datetime.fromisoformat(entry[0]), due.at


def beginning(spec: Any, entered: datetime | None) -> dict[str, Any]:
    """What an event remembers that the other version has and this one had not, as if armed on entry."""
    due: dict[str, Any] = {}
    for number, trigger in enumerate(spec.triggers):
        if trigger.kind in ("condition", "signal"):
            raise Unequal(f"新版本在这里增加了{called(spec)}，以前是否已经发生无从追溯。")
        if trigger.kind == "timer":
            text = trigger.text or ""
            if entered is None or text.startswith("="):
                raise Unequal(f"新版本在这里增加了{called(spec)}，应从何时计时、计多久无从确定。")
            at = timers.due(trigger.form or "", text, entered)
            due[str(number)] = [at.at.isoformat(), at.left, at.every]
    since = {} if entered is None else {"since": entered.isoformat()}
    return {"armed": True, "due": due} | since
