"""One case of the demo while it is being made, and what its people do in it: through the functions of the pages."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

from engine import clock, db
from engine.casefile.case import cases
from engine.casefile.case.cases import Case
from engine.casefile.delivery import addressees
from engine.casefile.document import batches, documents
from engine.casefile.document.documents import Document
from engine.casefile.matter import form_tasks, matter_desk
from engine.casefile.party import parties
from engine.casefile.people.users import User
from engine.casefile.stage import transfers
from engine.casefile.stage.transfer_sheets import Form
from engine.process import tasks
from webui.demo import days
from webui.demo.staff import CLERKS


@dataclass
class Story:
    #: Login -> person.
    people: Mapping[str, User]
    case_id: UUID
    filed: date
    random: Random
    #: Does what is due by now, the bank's receipts included.
    work: Callable[[], None]

    @property
    def case(self) -> Case:
        return db.read_only(cases.get, self.case_id)

    @property
    def judge(self) -> User:
        """The handler in the present stage."""
        handler = self.case.handler_id
        return next(u for u in self.people.values() if u.id == handler)

    @property
    def clerk(self) -> User:
        return self.people[CLERKS[str(self.case.stage)]]

    def day(self, number: int) -> None:
        """It is that day after the filing now, if that is later than it was; what fell due meanwhile is done."""
        day = self.filed + timedelta(days=number)
        if day > clock.today():
            days.go_to(day)
        self.work()

    def later(self, number: int) -> None:
        """So many days later."""
        self.day((clock.today() - self.filed).days + number)

    def parties(self, *roles: str) -> list[parties.Party]:
        return [p for p in db.read_only(parties.of_case, self.case_id) if p.role in roles]


# ---------------------------------------------------------------- matters and their documents


def open_matter(story: Story, key: str) -> UUID:
    return db.in_transaction(matter_desk.open_matter, story.judge, story.case_id, key)


def fill(story: Story, element: str, values: Mapping[str, Any], by: User | None = None) -> None:
    """Submits the form of that open task, as its handler or ``by``."""
    task = db.read_only(tasks.find_open, story.case_id, element)
    db.in_transaction(form_tasks.submit, by or story.judge, task.id, values)


def made(story: Story, matter_id: UUID | None = None, *states: str) -> list[Document]:
    found = db.read_only(documents.of_case, story.case_id, matter_id)
    return [d for d in found if not states or d.state in states]


def sign(story: Story, matter_id: UUID, *codes: str) -> None:
    """Signs what may be signed of the matter; nobody gets it yet."""
    chosen = [d.id for d in _of(story, matter_id, codes) if d.may_be_signed]
    picks: dict[UUID, list[UUID]] = {id_: [] for id_ in chosen}
    _request(story, "sign", picks)


def send(story: Story, matter_id: UUID, *codes: str) -> None:
    """Signed, and on its way to whom each document is for; what is for nobody of the case is signed only."""
    people = db.read_only(parties.of_case, story.case_id)
    picks = {
        d.id: [p.id for p in addressees.suggested(people, d.recipients)]
        for d in _of(story, matter_id, codes)
        if d.may_be_signed
    }
    _request(story, "sign_and_deliver", {id_: to for id_, to in picks.items() if to})
    _request(story, "sign", {id_: to for id_, to in picks.items() if not to})


def deliver(story: Story, matter_id: UUID, *codes: str) -> None:
    """What is signed already goes to applicants and debtors."""
    to = [p.id for p in story.parties("applicant", "debtor")]
    picks = {d.id: to for d in _of(story, matter_id, codes) if d.state == "signed"}
    _request(story, "deliver", picks)


def _of(story: Story, matter_id: UUID, codes: Sequence[str]) -> list[Document]:
    return [d for d in made(story, matter_id) if not codes or d.code in codes]


def _request(story: Story, kind: str, picks: Mapping[UUID, Sequence[UUID]]) -> None:
    if picks:
        key = f"demo-{kind}-{min(picks)}-{len(picks)}"
        db.in_transaction(batches.request, story.judge, story.case_id, kind, picks, key)
        story.work()


# ---------------------------------------------------------------- letters


def arrive(story: Story) -> None:
    """Every letter arrives: mails are not opened for three days, the rest the postman brings."""
    for _ in range(2):
        story.later(4)
        if not enter_outcomes(story, "received"):
            return


def enter_outcomes(story: Story, result: str, most: int = 99) -> int:
    """The clerk enters what came of the letters by post; how many."""
    found = db.read_only(tasks.open_of, case_id=story.case_id)
    waiting = [t for t in found if t.element == "record_outcome"][:most]
    for task in waiting:
        outcome = {
            "登记送达方式": "post",
            "送达结果": result,
            "送达日期": clock.today().isoformat(),
            "送达说明": f"法院专递 9900{story.random.randrange(10**9):09d}",
        }
        db.in_transaction(form_tasks.submit, story.clerk, task.id, outcome)
    story.work()
    return len(waiting)


def confirm_addresses(story: Story, mailbox: str) -> None:
    """The debtors have signed the confirmation of delivery addresses, electronic ones included."""
    db.in_transaction(_confirm, story, mailbox)


def _confirm(session: db.Session, story: Story, mailbox: str) -> None:
    for number, party in enumerate(parties.of_case(session, story.case_id, "debtor"), 1):
        address = f"{mailbox}{story.case.number}{number}@example.invalid"
        parties.set_addresses(
            session,
            party.id,
            phone=party.phone,
            address=party.address,
            e_address=address,
            e_consent=True,
        )


# ---------------------------------------------------------------- the next stage


def hand_over(story: Story, follow_up: str | None, **answers: Any) -> None:
    """提交流转; refused if a gate is open, which a story must not be."""
    judge = story.judge
    page = db.in_transaction(transfers.page, judge, story.case_id)
    version = page.sheet.version
    db.in_transaction(transfers.save, judge, story.case_id, Form(), seen_version=version)
    sheet = db.in_transaction(transfers.page, judge, story.case_id).sheet
    unwritten = [note.matter_key for note in sheet.notes if not note.is_written]
    form = Form(
        other_text="本阶段工作已经完成，移交下一团队办理。",
        follow_up=follow_up,
        texts=dict.fromkeys(unwritten, "已经办理，没有新增文书。"),
        **answers,
    )
    db.in_transaction(transfers.submit, judge, story.case_id, form, seen_version=sheet.version)
    story.work()
