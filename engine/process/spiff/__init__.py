"""The fence: BPMN run right, or refused, on top of SpiffWorkflow. Only here is SpiffWorkflow imported.

A host uses ``parse`` (rewrite and parse what ``engine.process.check`` has passed), ``Instance`` (start, load, complete, save) and
``Outcome`` (what the instance now waits for and what it sent out); ``waits`` reads and sets what an
instance waits for without moving it; ``carry`` takes it to another version of its diagram.
"""

from engine.process.spiff.carrying import carry
from engine.process.spiff.counterparts import Fault
from engine.process.spiff.definition import Definition, Start, parse
from engine.process.spiff.diagram import OURS, children, tag
from engine.process.spiff.instance import (
    Decision,
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
from engine.process.spiff.transcript import Asked, Carried, Change, Place
from engine.process.spiff.trouble import Trouble
from engine.process.spiff.waits import (
    NEVER,
    due_times,
    first_due,
    following,
    listens_to,
    look,
    set_due,
    standing,
)

__all__ = [
    "NEVER",
    "OURS",
    "Asked",
    "Carried",
    "Change",
    "Decision",
    "Definition",
    "Fault",
    "Incident",
    "Instance",
    "Message",
    "NotOpen",
    "Outcome",
    "Parked",
    "Place",
    "Signal",
    "StandsStill",
    "Start",
    "Trouble",
    "UserTask",
    "carry",
    "children",
    "due_times",
    "first_due",
    "following",
    "listens_to",
    "look",
    "parse",
    "plus",
    "set_due",
    "standing",
    "tag",
]
