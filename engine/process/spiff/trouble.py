"""The one exception of the fence: the case cannot go on here, and this is why."""

from typing import Any

from sqlalchemy.exc import DBAPIError

from engine.errors import Stale
from engine.process.spiff.rewrite import original_id


def is_lost(error: BaseException) -> bool:
    """The host's transaction is gone: no incident of the diagram, and nothing can be written down in it."""
    return isinstance(error, DBAPIError | Stale)


class Trouble(Exception):
    """流程走到这里无法继续"""

    def __init__(self, where: Any, reason: str) -> None:
        super().__init__(reason)
        #: The task, or the spec of an event subprocess that has no task yet.
        self.where = where
        self.reason = reason

    @property
    def element(self) -> str:
        spec = getattr(self.where, "task_spec", self.where)
        return original_id(getattr(spec, "bpmn_id", None) or spec.name.removesuffix(" [child]"))
