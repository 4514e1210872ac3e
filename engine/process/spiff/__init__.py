"""The fence: BPMN run right, or refused, on top of SpiffWorkflow. Only here is SpiffWorkflow imported.

A host uses ``deploy`` (check, rewrite, parse), ``Instance`` (start, load, complete, save) and
``Outcome`` (what the instance now waits for and what it sent out); ``waits`` reads and sets what an
instance waits for without moving it.
"""

from engine.process.spiff.allow import check
from engine.process.spiff.definition import Definition, Refused, Start, deploy
from engine.process.spiff.diagram import OURS, children, read, tag
from engine.process.spiff.findings import Finding
from engine.process.spiff.instance import (
    Incident,
    Instance,
    Message,
    NotOpen,
    Outcome,
    Parked,
    Signal,
    StandsStill,
    UserTask,
)
from engine.process.spiff.timers import plus
from engine.process.spiff.waits import NEVER, due_times, listens_to, look, set_due

__all__ = [
    "NEVER",
    "OURS",
    "Definition",
    "Finding",
    "Incident",
    "Instance",
    "Message",
    "NotOpen",
    "Outcome",
    "Parked",
    "Refused",
    "Signal",
    "StandsStill",
    "Start",
    "UserTask",
    "check",
    "children",
    "deploy",
    "due_times",
    "listens_to",
    "look",
    "plus",
    "read",
    "set_due",
    "tag",
]
