"""Playing a matter as its people do: forms, signatures, deliveries, receipts of the bank."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from engine import clock, db
from engine.casefile.approval import approvals
from engine.casefile.asset import assets
from engine.casefile.case import desk
from engine.casefile.document import batches, documents
from engine.casefile.document.documents import Document
from engine.casefile.matter import form_tasks, matter_desk, matters
from engine.casefile.party import parties
from engine.process import definitions, scenarios, tasks
from handlers.simulators import bank_acts
from handlers.simulators.bank import Bank
from tests.casefile.court import Court


def open_matter(court: Court, case_id: UUID, key: str, login: str = "shen") -> UUID:
    return db.in_transaction(matter_desk.open_matter, court.user(login), case_id, key)


def task(case_id: UUID, element: str) -> tasks.Task:
    return db.read_only(tasks.find_open, case_id, element)


def fill(court: Court, case_id: UUID, element: str, login: str = "shen", **values: Any) -> None:
    """Submits the form of the open task as the browser does."""
    found = task(case_id, element)
    db.in_transaction(form_tasks.submit, court.user(login), found.id, values)


def choices(court: Court, case_id: UUID, element: str, login: str = "shen") -> list[str]:
    """Every label that the form of the open task offers."""
    found = task(case_id, element)
    page = db.read_only(form_tasks.page, court.user(login), found.id)
    return [choice.label for offered in page.choices.values() for choice in offered]


def documents_of(case_id: UUID, matter_id: UUID) -> dict[str, Document]:
    found = db.read_only(documents.of_case, case_id, matter_id)
    return {d.code: d for d in found}


def sign(
    court: Court, case_id: UUID, matter_id: UUID, codes: Sequence[str] = (), login: str = "shen"
) -> None:
    found = db.read_only(documents.of_case, case_id, matter_id)
    picks: dict[UUID, list[UUID]] = {
        d.id: [] for d in found if d.state != "signed" and (not codes or d.code in codes)
    }
    key = f"{matter_id}{sorted(map(str, picks))}"
    db.in_transaction(batches.request, court.user(login), case_id, "sign", picks, key)
    court.work()


def deliver(
    court: Court, case_id: UUID, matter_id: UUID, codes: Sequence[str], login: str = "shen"
) -> None:
    """To applicant and debtor by mail; three days pass, so that it counts as delivered."""
    found = db.read_only(documents.of_case, case_id, matter_id)
    people = [
        p.id for p in db.read_only(parties.of_case, case_id) if p.role in ("applicant", "debtor")
    ]
    picks = {d.id: people for d in found if d.code in codes}
    key = f"deliver{matter_id}{codes}"
    db.in_transaction(batches.request, court.user(login), case_id, "deliver", picks, key)
    court.work()
    clock.move(timedelta(days=4))
    court.work()


def approve(court: Court, document_id: UUID, *, login: str = "shen", outcome: str = "") -> None:
    """Submits the document and lets every level decide; ``outcome``: what the last level says."""
    db.in_transaction(approvals.submit, court.user(login), document_id)
    approval_id = db.read_only(approvals.of_document, document_id)[0].id
    for _ in range(10):
        found = db.read_only(approvals.get, approval_id)
        if found.state != "running":
            return
        level = found.chain[found.level]
        is_last = found.level == len(found.chain) - 1
        for person in level["persons"]:
            _decide(court, person["id"], document_id, level["kind"], outcome if is_last else "")


def _decide(court: Court, user_id: str, document_id: UUID, kind: str, outcome: str) -> None:
    user = next(u for u in court.people.values() if str(u.id) == user_id)
    instance_id = db.read_only(documents.get, document_id).instance_id
    found = next(
        t
        for t in db.read_only(tasks.open_of, instance_id=instance_id)
        if t.screen == "approval" and t.assignee == user.id
    )
    if kind == "VOTE":
        reasons = {"fact_reason": "事实清楚", "law_reason": "适用法律正确"}
        db.in_transaction(approvals.decide, user, found.id, "agree", **reasons)
    else:
        said = outcome or "approve"
        db.in_transaction(approvals.decide, user, found.id, said, opinion="请补正")


def receipts(court: Court, bank: Bank) -> None:
    """The worker asks, the bank's receipts arrive, the worker reads them; until nothing moves."""
    court.work()
    while bank.send_due():
        court.work()


def deposit(
    court: Court, bank: Bank, case_id: UUID, number: str, balance: str, *, known: bool = True
) -> UUID:
    """A record of the debtor's account; ``known`` False: the bank has no such account."""
    debtor = db.read_only(parties.of_case, case_id, "debtor")[0]
    if known:
        with bank.books.together():
            bank_acts.open_account(
                bank.books,
                number=number,
                institution="临江农村商业银行（虚构）",
                holder=debtor.name,
                id_number=debtor.id_number,
                kind="储蓄户",
                balance=balance,
            )

    def add(session: db.Session) -> UUID:
        return assets.add(
            session,
            court.id,
            case_id,
            owner_id=debtor.id,
            kind="deposit",
            name=f"储蓄户存款（尾号{number[-4:]}）",
            value=Decimal(balance),
            disposition="deduct",
            created_by=court.user("shen").id,
            institution="临江农村商业银行（虚构）",
            number=number,
        )

    return db.in_transaction(add)


def close_case(court: Court, case_id: UUID, login: str = "cheng") -> None:
    """执行完毕结案 and 卷宗整理归档: notice delivered, form approved, list of the dossier signed."""
    closing = open_matter(court, case_id, "close_full", login)
    said = {"履行情况": "被执行人已经全部履行，案款已发放申请执行人"}
    fill(court, case_id, "state_performance", login, **said)
    approve(court, documents_of(case_id, closing)["D166"].id, login=login)
    sign(court, case_id, closing, login=login)
    deliver(court, case_id, closing, ["D165"], login=login)
    assert state(closing) == "done"
    archive = open_matter(court, case_id, "archive", login)
    sign(court, case_id, archive, login=login)
    assert state(archive) == "done"


def newest_matter(case_id: UUID, key: str) -> UUID:
    return [m for m in db.read_only(matters.of_case, case_id) if m.type_key == key][-1].id


def state(matter_id: UUID) -> str:
    return db.read_only(matters.get, matter_id).state


def todo(court: Court, login: str) -> list[str]:
    return [t.name for t in db.read_only(desk.todos, court.user(login))]


def red_scenarios(court: Court, key: str) -> list[str]:
    """What differs in the delivered scenarios of this matter; [] if all pass."""

    def read(session: db.Session) -> dict[str, str]:
        return dict(definitions.files(session, definitions.newest_id(session, court.id, key)))

    return [
        f"{result.name} {failure.step}: {failure.sentence}"
        for result in scenarios.run(db.read_only(read))
        for failure in result.failures
    ]
