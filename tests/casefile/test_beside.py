"""What stands beside a decision: nothing of it decides, nobody unauthorised is told, and the record keeps all."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from engine import audit, clock, db
from engine.casefile.approval import (
    approvals,
    beside,
    beside_desk,
    circulations,
    opinion_desk,
    opinions,
    reminders,
)
from engine.casefile.approval.circulations import CirculationIncomplete, RemarkMade
from engine.casefile.approval.opinions import OpinionIncomplete, OpinionOver, OpinionStays
from engine.casefile.approval.reminders import NobodyToRemind, RemindedAlready
from engine.casefile.case import desk
from engine.casefile.document import documents
from engine.casefile.people import access, notices
from engine.errors import NotFound, TaskClosed
from tests.casefile.court import Court
from tests.casefile.test_approvals import decide, draft, submit, task_of, vote

QUESTION = "该车辆已被另案查封，能否认定拒不交出？"


@pytest.fixture
def submitted(court: Court) -> UUID:
    """A 拘留决定书 before its panel."""
    return submit(court, draft(court, term_days=10)[1])


@pytest.fixture
def with_director(court: Court, submitted: UUID) -> UUID:
    for member in ("shen", "lu", "fang"):
        vote(court, member)
    return submitted


def told(court: Court, login: str) -> list[str]:
    """The newest first, without the case's number."""
    found = db.read_only(notices.of_user, court.user(login))
    return [n.text.partition(" · ")[2] for n in found]


def case_of(approval_id: UUID) -> UUID:
    return db.read_only(approvals.get, approval_id).case_id


def recuse(court: Court, approval_id: UUID, login: str) -> None:
    case_id = case_of(approval_id)
    db.in_transaction(
        lambda s: access.recuse(s, court.case(case_id), court.user(login).id, "亲属关系")
    )


# ---------------------------------------------------------------- column "told"


def test_each_level_is_told_and_the_drafter_at_the_end(court: Court, submitted: UUID) -> None:
    assert told(court, "lu") == ["《拘留决定书》 · 待您评议"]
    assert told(court, "luo") == []
    for member in ("shen", "lu", "fang"):
        vote(court, member)
    assert told(court, "luo") == ["《拘留决定书》 · 待您阅核"]
    decide(court, "luo", "approve")
    decide(court, "qin", "approve")
    decide(court, "shao", "approve")
    assert told(court, "shao") == ["《拘留决定书》 · 待您审批"]
    assert told(court, "shen")[0] == "《拘留决定书》 · 已批准，可以签章"


def test_a_return_is_told_to_the_drafter_and_a_reconsideration_to_the_panel(
    court: Court, with_director: UUID
) -> None:
    decide(court, "luo", "reconsider", opinion="请核实车辆去向")
    assert told(court, "fang")[0] == "《拘留决定书》 · 建议复议，待您评议"
    for member in ("shen", "lu", "fang"):
        vote(court, member)
    decide(court, "luo", "return", opinion="日期有误")
    assert told(court, "shen")[0] == "《拘留决定书》 · 执行局局长退回修改"
    assert not any("退回" in text for text in told(court, "lu"))


def test_a_refusal_is_told_to_the_drafter_and_to_the_levels_before(
    court: Court, with_director: UUID
) -> None:
    decide(court, "luo", "approve")
    decide(court, "qin", "approve")
    decide(court, "shao", "reject", opinion="不足以证明拒不履行")
    for login in ("shen", "lu", "luo", "qin"):
        assert told(court, login)[0] == "《拘留决定书》 · 院长不予批准"


def test_a_withdrawal_is_told_to_the_level_that_lost_it(court: Court, submitted: UUID) -> None:
    db.in_transaction(approvals.withdraw, court.user("shen"), submitted)
    assert told(court, "lu")[0] == "《拘留决定书》 · 已撤回报批，不再需要您办理"
    assert told(court, "shen") == ["《拘留决定书》 · 待您评议"]


# ---------------------------------------------------------------- 催办


def remind(court: Court, login: str, approval_id: UUID) -> list[str]:
    return db.in_transaction(reminders.remind_level, court.user(login), approval_id)


def test_a_reminder_goes_to_who_decides_now_and_not_twice_in_half_a_day(
    court: Court, with_director: UUID
) -> None:
    assert remind(court, "shen", with_director) == ["罗正平"]
    assert told(court, "luo")[0] == "《拘留决定书》 · 沈若川催办，请及时办理"
    clock.move(timedelta(hours=3, minutes=59))
    with pytest.raises(RemindedAlready, match=r"可于\d\d月\d\d日 \d\d:\d\d后再次催办"):
        remind(court, "tan", with_director)
    clock.move(timedelta(minutes=2))
    remind(court, "tan", with_director)
    shown = db.read_only(beside.of_approval, court.user("shen"), with_director)
    assert shown.reminded is not None
    assert shown.reminded.count == 2


def test_a_reminder_to_the_panel_leaves_out_who_has_voted_and_who_asks(
    court: Court, submitted: UUID
) -> None:
    vote(court, "lu")
    assert remind(court, "shen", submitted) == ["方知行"]


def test_only_who_works_the_case_reminds_and_never_himself(court: Court, submitted: UUID) -> None:
    for login in ("luo", "xu", "lu"):
        with pytest.raises(access.Forbidden):
            remind(court, login, submitted)
    task_id = task_of(court, "shen")
    assert task_id is not None
    with pytest.raises(NobodyToRemind):
        db.in_transaction(reminders.remind, court.user("shen"), case_of(submitted), [task_id])


def test_what_is_decided_is_not_reminded_and_each_reminder_stands_in_the_audit(
    court: Court, with_director: UUID
) -> None:
    remind(court, "shen", with_director)
    decide(court, "luo", "return", opinion="日期有误")
    with pytest.raises(TaskClosed):
        remind(court, "shen", with_director)
    case_id = case_of(with_director)
    assert db.read_only(audit.verify, case_id) is None
    assert "task_reminded" in actions(case_id)


def actions(case_id: UUID) -> list[str]:
    def read(session: db.Session) -> list[str]:
        entry = audit.ENTRY
        rows = session.execute(
            entry.select().where(entry.c.chain_id == case_id).order_by(entry.c.number)
        )
        return [row.action for row in rows]

    return db.read_only(read)


# ---------------------------------------------------------------- 征求意见


def ask(court: Court, *logins: str, due_on: date | None = None, question: str = QUESTION) -> UUID:
    """From the director's task; the first request's id."""
    task_id = task_of(court, "luo")
    assert task_id is not None
    ids = [court.user(login).id for login in logins]
    day = due_on or clock.today()
    db.in_transaction(opinions.ask, court.user("luo"), task_id, ids, question, day)
    return db.read_only(opinions.of_task, task_id)[-1].id


def test_an_opinion_is_asked_given_once_and_stays(court: Court, with_director: UUID) -> None:
    opinion_id = ask(court, "tan")
    assert "征求您的意见" in told(court, "tan")[0]
    assert [r.kind for r in db.read_only(beside_desk.requests, court.user("tan"))] == ["opinion"]
    page = db.read_only(opinion_desk.answering, court.user("tan"), opinion_id)
    assert page.opinion.question == QUESTION
    db.in_transaction(opinions.answer, court.user("tan"), opinion_id, "可以认定")
    assert told(court, "luo")[0] == "《拘留决定书》 · 谭清越回复了征求的意见"
    with pytest.raises(OpinionOver, match="已经回复"):
        db.in_transaction(opinions.answer, court.user("tan"), opinion_id, "改主意了")
    with pytest.raises(OpinionStays):
        db.in_transaction(opinions.withdraw, court.user("luo"), opinion_id)
    decide(court, "luo", "approve")
    shown = db.read_only(beside.of_approval, court.user("qin"), with_director)
    assert [(o.asked, o.answer) for o in shown.opinions] == [("谭清越", "可以认定")]
    assert db.read_only(beside_desk.count, court.user("tan")) == 0


def test_an_opinion_decides_nothing_and_the_level_may_decide_before_it_comes(
    court: Court, with_director: UUID
) -> None:
    opinion_id = ask(court, "tan")
    task_id = task_of(court, "luo")
    assert task_id is not None
    assert db.read_only(opinions.awaited, court.id, [task_id]) == {task_id}
    assert db.read_only(documents.get, page_document(with_director)).state == "in_approval"
    decide(court, "luo", "approve")
    assert db.read_only(beside_desk.count, court.user("tan")) == 0
    with pytest.raises(OpinionOver, match="已经作出决定"):
        db.in_transaction(opinions.answer, court.user("tan"), opinion_id, "可以认定")


def page_document(approval_id: UUID) -> UUID:
    return db.read_only(approvals.get, approval_id).document_id


def test_only_who_asked_withdraws_and_the_asked_is_told(court: Court, with_director: UUID) -> None:
    opinion_id = ask(court, "tan")
    with pytest.raises(access.Forbidden):
        db.in_transaction(opinions.withdraw, court.user("qin"), opinion_id)
    db.in_transaction(opinions.withdraw, court.user("luo"), opinion_id)
    assert "撤回了征求" in told(court, "tan")[0]
    with pytest.raises(OpinionOver, match="已经撤回"):
        db.in_transaction(opinions.answer, court.user("tan"), opinion_id, "可以认定")


def test_asking_needs_the_task_and_persons_who_may_read(court: Court, with_director: UUID) -> None:
    task_id = task_of(court, "luo")
    assert task_id is not None
    with pytest.raises(TaskClosed):
        db.in_transaction(
            opinions.ask, court.user("qin"), task_id, [court.user("tan").id], "?", clock.today()
        )
    # Of another team, without a right to the case; nobody; a day that is past; no question.
    for logins, day, question, field in (
        (["gu"], clock.today(), QUESTION, "person"),
        ([], clock.today(), QUESTION, "person"),
        (["tan"], clock.today() - timedelta(days=1), QUESTION, "due_on"),
        (["tan"], clock.today(), " ", "question"),
    ):
        ids = [court.user(login).id for login in logins]
        with pytest.raises(OpinionIncomplete) as refused:
            db.in_transaction(opinions.ask, court.user("luo"), task_id, ids, question, day)
        assert list(refused.value.problems) == [field]
    ask(court, "tan")
    with pytest.raises(OpinionIncomplete):
        ask(court, "tan")


def test_of_a_panel_no_member_asks_another(court: Court, submitted: UUID) -> None:
    task_id = task_of(court, "lu")
    assert task_id is not None
    page = db.read_only(opinion_desk.asking, court.user("lu"), task_id)
    names = {user.name for user in page.candidates}
    assert names.isdisjoint({"沈若川", "陆怀瑾", "方知行"})
    assert "谭清越" in names


def test_the_asked_page_is_his_alone_and_recusal_ends_it(court: Court, with_director: UUID) -> None:
    opinion_id = ask(court, "tan")
    for login in ("luo", "shen"):
        with pytest.raises(NotFound):
            db.read_only(opinion_desk.answering, court.user(login), opinion_id)
    recuse(court, with_director, "tan")
    with pytest.raises(NotFound):
        db.read_only(opinion_desk.answering, court.user("tan"), opinion_id)
    with pytest.raises(NotFound):
        db.in_transaction(opinions.answer, court.user("tan"), opinion_id, "可以认定")
    assert db.read_only(beside_desk.requests, court.user("tan")) == []


def test_an_asked_person_gains_no_task(court: Court, with_director: UUID) -> None:
    before = db.read_only(desk.count, court.user("tan"))
    ask(court, "tan")
    assert db.read_only(desk.count, court.user("tan")) == before
    assert task_of(court, "tan") is None


# ---------------------------------------------------------------- 传阅


def circulate(court: Court, login: str, document_id: UUID, *readers: str) -> UUID:
    ids = [court.user(reader).id for reader in readers]
    db.in_transaction(circulations.circulate, court.user(login), document_id, ids, "请阅")
    return db.read_only(circulations.of_document, document_id)[-1].id


def test_a_copy_is_read_with_its_moment_and_remarked_once(court: Court, submitted: UUID) -> None:
    document_id = page_document(submitted)
    circulation_id = circulate(court, "shen", document_id, "tan")
    assert told(court, "tan") == ["《拘留决定书》 · 沈若川传阅给您"]
    assert db.read_only(beside_desk.counts, court.user("tan")) == {"circulation": 1}
    first = db.in_transaction(circulations.open_, court.user("tan"), circulation_id).read_at
    clock.move(timedelta(hours=1))
    again = db.in_transaction(circulations.open_, court.user("tan"), circulation_id).read_at
    assert first == again
    assert db.read_only(beside_desk.counts, court.user("tan")) == {}
    db.in_transaction(circulations.remark, court.user("tan"), circulation_id, "无异议")
    with pytest.raises(RemarkMade):
        db.in_transaction(circulations.remark, court.user("tan"), circulation_id, "再说一句")
    assert "谭清越写了传阅意见" in told(court, "shen")[0]


def test_nobody_gets_a_second_copy_nor_one_he_may_not_read(court: Court, submitted: UUID) -> None:
    document_id = page_document(submitted)
    circulate(court, "shen", document_id, "tan")
    for reader in ("tan", "gu", "shen"):
        with pytest.raises(CirculationIncomplete):
            circulate(court, "shen", document_id, reader)


def test_drafter_and_holder_circulate_and_nobody_else(court: Court, with_director: UUID) -> None:
    document_id = page_document(with_director)
    circulate(court, "luo", document_id, "tan")
    with pytest.raises(access.Forbidden):
        circulate(court, "qin", document_id, "xu")


def test_a_copy_is_its_readers_alone_and_recusal_takes_it_away(
    court: Court, submitted: UUID
) -> None:
    circulation_id = circulate(court, "shen", page_document(submitted), "tan")
    with pytest.raises(NotFound):
        db.in_transaction(circulations.open_, court.user("luo"), circulation_id)
    recuse(court, submitted, "tan")
    with pytest.raises(NotFound):
        db.in_transaction(circulations.open_, court.user("tan"), circulation_id)
    assert db.read_only(beside_desk.requests, court.user("tan")) == []
    assert told(court, "tan") == []
