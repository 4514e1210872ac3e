"""流程设计 in the demo: one draft that the designer still works on, one that waits for the second person."""

from collections.abc import Mapping

from engine import db
from engine.casefile.design import deploy_requests, design_drafts
from engine.casefile.people.users import User

_DIAGRAM = "process.bpmn"


def sketch(people: Mapping[str, User]) -> None:
    designer, second = people["lin"], people["he"]
    _rename(designer, "detain", "登记收押情况", "登记体检和收押情况")
    _rename(designer, "notify", "核对、签章并送达告知文书", "核对、签章、送达告知文书")
    db.in_transaction(_ask, designer, second)


def _rename(designer: User, key: str, old: str, new: str) -> None:
    text = db.read_only(design_drafts.texts, designer.court_id, key)[_DIAGRAM]
    changed = text.replace(old, new)
    db.in_transaction(design_drafts.save, designer, key, _DIAGRAM, changed, seen=0)


def _ask(session: db.Session, designer: User, second: User) -> None:
    draft = design_drafts.find(session, designer.court_id, "notify")
    if draft is not None:
        deploy_requests.submit(
            session,
            designer,
            "notify",
            reason="院内会议纪要（虚构）：任务名称与操作手册一致",
            asked=second.id,
            seen=draft.revision,
        )
