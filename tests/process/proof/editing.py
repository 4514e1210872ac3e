"""A second version of a random process: tasks put in, taken out, or wrapped in a fork, somewhere in the diagram."""

from random import Random

from lxml import etree

_BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"


class Edited:
    """The text being changed; ``added`` are tasks only the second version has, ``removed`` those only the first has."""

    def __init__(self, text: str, random: Random) -> None:
        self.root, self.random = etree.fromstring(text.encode()), random
        self.added: set[str] = set()
        self.removed: set[str] = set()
        self._number = 0

    @property
    def text(self) -> str:
        return etree.tostring(self.root, encoding="unicode")

    def insert(self) -> None:
        """A user task on a flow."""
        flow = self.random.choice(list(self.root.iter(_BPMN + "sequenceFlow")))
        if self._node(flow.get("sourceRef")).tag == _BPMN + "eventBasedGateway":
            return
        name = self._new(flow.getparent(), "userTask", "新")
        self._flow(flow.getparent(), name, flow.get("targetRef"))
        flow.set("targetRef", name)

    def remove(self) -> None:
        """A user task with one way in and one out, and nothing at its edge."""
        attached = {e.get("attachedToRef") for e in self.root.iter()}
        fit = [
            t for t in self.root.iter(_BPMN + "userTask")
            if t.get("id") not in attached | self.added and len(t) == 0 and self._around(t)
        ]  # fmt: skip
        if fit:
            task = self.random.choice(fit)
            into, out = self._around(task)
            into.set("targetRef", out.get("targetRef"))
            task.getparent().remove(out)
            task.getparent().remove(task)
            self.removed.add(task.get("id"))

    def wrap(self) -> str | None:
        """An activity becomes one branch of a fork, a new user task the other; the activity."""
        kinds = [_BPMN + kind for kind in ("userTask", "serviceTask", "subProcess")]
        fit = [t for t in self.root.iter(*kinds) if t.get("id") not in self.added and self._around(t)]  # fmt: skip
        if not fit:
            return None
        task = self.random.choice(fit)
        scope, (into, out) = task.getparent(), self._around(task)
        fork, join = (self._new(scope, "parallelGateway", kind) for kind in ("分", "合"))
        other = self._new(scope, "userTask", "新")
        into.set("targetRef", fork)
        out.set("sourceRef", join)
        for source in (task.get("id"), other):
            self._flow(scope, fork, source)
            self._flow(scope, source, join)
        return task.get("id")

    def _around(self, task):
        """Its way in and its way out, if it has one of each and no condition."""
        flows = [f for f in task.getparent() if f.tag == _BPMN + "sequenceFlow"]
        into = [f for f in flows if f.get("targetRef") == task.get("id")]
        out = [f for f in flows if f.get("sourceRef") == task.get("id")]
        if len(into) != 1 or len(out) != 1 or len(out[0]) or task.get("default"):
            return None
        return None if self._node(into[0].get("sourceRef")).tag == _BPMN + "eventBasedGateway" else (into[0], out[0])  # fmt: skip

    def _node(self, id_: str):
        return next(e for e in self.root.iter() if e.get("id") == id_)

    def _new(self, scope, tag: str, kind: str) -> str:
        self._number += 1
        name = f"{kind}{self._number}"
        etree.SubElement(scope, _BPMN + tag, id=name)
        if tag == "userTask":
            self.added.add(name)
        return name

    def _flow(self, scope, source: str, target: str) -> None:
        etree.SubElement(scope, _BPMN + "sequenceFlow", id=f"{source}-{target}-新", sourceRef=source, targetRef=target)  # fmt: skip
