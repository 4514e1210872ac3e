"""What the demo's judges do in 结案归档: measures released, the case closed, its dossier listed."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from engine import db
from engine.casefile import assets, documents, form_tasks, matter_desk, parties
from engine.casefile.users import User
from engine.process import tasks
from webui.demo import control

People = dict[str, User]


def close(people: People, judge: User, case_id: UUID, delivered: Callable[[], None]) -> None:
    """执行完毕结案 with all that its gates ask for; ``delivered`` lets the letters arrive."""
    held = [a for a in db.read_only(assets.of_case, case_id) if _is_controlled(a)]
    if held:
        chosen = [str(a.id) for a in held]
        said = {"解除财产": chosen, "解除事由": "paid", "解除理由": "被执行人已经履行完毕"}
        _work(people, judge, case_id, "release_control", "choose_release", said)
    said = {"履行情况": "被执行人已经全部履行"}
    _work(people, judge, case_id, "close_full", "state_performance", said)
    delivered()
    drafted = [d for d in db.read_only(documents.of_case, case_id) if d.state == "draft"]
    for matter_id in {d.matter_id for d in drafted}:
        control.sign(judge, case_id, matter_id)
    matter_id = db.in_transaction(matter_desk.open_matter, judge, case_id, "archive")
    control.sign(judge, case_id, matter_id)


def _is_controlled(asset: assets.Asset) -> bool:
    return any(m.state in ("live", "queued") for m in asset.measures)


def _work(
    people: People, judge: User, case_id: UUID, key: str, element: str, said: dict[str, Any]
) -> None:
    """Opens the matter, fills its form, has its documents approved, and sends them to the parties."""
    matter_id = db.in_transaction(matter_desk.open_matter, judge, case_id, key)
    task = db.read_only(tasks.find_open, case_id, element)
    db.in_transaction(form_tasks.submit, judge, task.id, said)
    made = db.read_only(documents.of_case, case_id, matter_id)
    for document in made:
        if document.needs_approval:
            control.approve(people, judge, document)
    reached = [
        p.id for p in db.read_only(parties.of_case, case_id) if p.role in ("applicant", "debtor")
    ]
    control.send(judge, case_id, matter_id, {d.id: reached for d in made})
