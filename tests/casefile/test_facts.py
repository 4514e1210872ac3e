"""Facts of a case: what diagrams, tables and gates decide by."""

from decimal import Decimal

from engine import db
from engine.audit import SYSTEM
from engine.casefile.asset import case_funds
from engine.casefile.matter import facts
from engine.process import definitions, instances, tasks
from tests.process.draw import end, flow, process, start, user, xor


def test_a_condition_sees_the_case_and_its_audit_keeps_what_was_read(court):
    diagram = process(
        start(), xor("x", default="x-小额"), user("大额"), user("小额"), end(),
        flow("s", "x"), flow("x", "大额", when="案件.申请执行标的 &gt; 500000"),
        flow("x", "小额", "e"), flow("大额", "e"),
    )  # fmt: skip
    case_id = court.accept(amount=Decimal("600000.00"))
    db.in_transaction(
        definitions.deploy, court.id, "p", {"process.bpmn": diagram}, author=SYSTEM, reason="试"
    )
    instance_id = db.in_transaction(
        instances.start, court.id, "p", {}, actor=SYSTEM, case_id=case_id
    )
    found = db.read_only(tasks.open_of, instance_id=instance_id)
    assert [t.element for t in found] == ["大额"]


def test_every_fact_has_a_chinese_name_and_says_what_it_is():
    assert all(name and words for name, words in facts.names().items())


def test_money_on_the_account_is_what_came_in_less_what_went_out(court):
    case_id = court.accept()

    def book(session):
        today = court.case(case_id).filed_on
        for kind, amount in (("voluntary", Decimal("1000.10")), ("pay_out", Decimal("-400.05"))):
            case_funds.enter(
                session, court.id, case_id, kind=kind, amount=amount, on=today, reference="1"
            )
        return facts.of_case(session, case_id)["在账案款"]

    assert db.in_transaction(book) == Decimal("600.05")
