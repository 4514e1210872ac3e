"""A designer's dry run: the folder as it is drawn now, played command by command.

    run(files, {"金额": 5}, [{"do": "complete", "element": "填写", "data": {"结论": "同意"}}])

Nothing is kept between requests: the page sends every command again and the play begins anew, so
that going back is leaving the last ones out. Each event is told with its element and one sentence.
On the command line nobody is asked; in the browser (``Run``) forms are checked and service tasks wait.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from engine import clock
from engine.process.dry_runs.commands import Command, Play, PlayRefused
from engine.process.dry_runs.playing import (
    Awaited,
    CannotDo,
    FormWrong,
    Held,
    OpenTask,
    Run,
    Shown,
    Standstill,
    Timer,
)
from engine.process.dry_runs.story import Told

__all__ = [
    "Awaited",
    "CannotDo",
    "Command",
    "FormWrong",
    "Held",
    "OpenTask",
    "Play",
    "PlayRefused",
    "Run",
    "Shown",
    "Standstill",
    "Timer",
    "Told",
    "run",
]


def run(
    files: Mapping[str, str],
    start: Mapping[str, Any],
    commands: Sequence[Mapping[str, Any]],
    *,
    facts: Mapping[str, Mapping[str, Any]] | None = None,
    now: datetime | None = None,
) -> Shown:
    """Plays all commands; the folder must have passed the check. ``CannotDo`` names the command that fails.

    ``do``: complete (element, data, number), error (element, code), wait (for: ISO 8601 duration),
    next (to the next due timer), message or signal (name, data), facts (facts).
    """
    play = Play(now or clock.now(), start, facts or {}, tuple(commands))
    return Run(files, play, by_hand=False).shown()
