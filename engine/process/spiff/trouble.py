"""The one exception of the fence: the case cannot go on here, and this is why."""

from typing import Any

from engine.process.spiff.rewrite import original_id


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
