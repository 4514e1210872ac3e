"""What the demo's judges do in 财产查控 beside the notices: the network query, restricting consumption."""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from engine import db
from engine.casefile import approvals, batches, documents, form_tasks, matter_desk, parties
from engine.casefile.documents import Document
from engine.casefile.users import User
from engine.process import tasks, worker


def query(judge: User, case_id: UUID, take_receipts: Callable[[], int]) -> None:
    """网络查控: asked, answered, summed up."""
    matter_id = db.in_transaction(matter_desk.open_matter, judge, case_id, "network_query")
    sign(judge, case_id, matter_id)
    worker.run_until_idle()
    while take_receipts():
        worker.run_until_idle()
    sign(judge, case_id, matter_id)


def restrict(people: dict[str, User], judge: User, case_id: UUID, *, finished: bool) -> None:
    """限制消费令: submitted; with ``finished`` approved, signed and sent to the debtors as well."""
    matter_id = db.in_transaction(matter_desk.open_matter, judge, case_id, "consumption_dishonest")
    debtors = [p.id for p in db.read_only(parties.of_case, case_id, "debtor")]
    filled = {
        "限制对象": [str(id_) for id_ in debtors],
        "是否限制": "yes",
        "限制理由": "经本院通知仍未报告财产，也未主动履行",
    }
    task = db.read_only(tasks.find_open, case_id, "decide_restriction")
    db.in_transaction(form_tasks.submit, judge, task.id, filled)
    order = db.read_only(documents.of_case, case_id, matter_id)[0]
    if not finished:
        db.in_transaction(approvals.submit, judge, order.id)
        return
    approve(people, judge, order)
    send(judge, case_id, matter_id, {order.id: debtors})


def approve(people: dict[str, User], judge: User, document: Document) -> None:
    """文书报批: submitted, and agreed to by every level; panels give their reasons."""
    approval_id = db.in_transaction(approvals.submit, judge, document.id)
    by_id = {str(u.id): u for u in people.values()}
    for level in db.read_only(approvals.get, approval_id).chain:
        for person in level["persons"]:
            user = by_id[person["id"]]
            open_ = db.read_only(tasks.open_of, instance_id=document.instance_id)
            wanted = next(t for t in open_ if t.screen == "approval" and t.assignee == user.id)
            votes = level["kind"] == "VOTE"
            reasons = {"fact_reason": "事实清楚", "law_reason": "适用法律正确"} if votes else {}
            outcome = "agree" if votes else "approve"
            db.in_transaction(approvals.decide, user, wanted.id, outcome, **reasons)


def send(judge: User, case_id: UUID, matter_id: UUID, picks: Mapping[UUID, Sequence[UUID]]) -> None:
    """Signed and on its way to those addressees."""
    key = f"demo-send-{matter_id}-{len(picks)}"
    db.in_transaction(batches.request, judge, case_id, "sign_and_deliver", picks, key)
    worker.run_until_idle()


def sign(judge: User, case_id: UUID, matter_id: UUID) -> None:
    found = db.read_only(documents.of_case, case_id, matter_id)
    picks: dict[UUID, list[UUID]] = {d.id: [] for d in found if d.state == "draft"}
    if picks:
        key = f"demo-{matter_id}-{len(found)}"
        db.in_transaction(batches.request, judge, case_id, "sign", picks, key)
        worker.run_until_idle()
