"""M63, M65, M70: money arrives, is claimed, the debt is computed, approved by amount, and paid once."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from engine import clock, db
from engine.casefile.asset import case_funds, debt_sheets, fund_receipts
from engine.casefile.case import cases
from engine.casefile.document import document_data
from engine.casefile.matter import facts
from engine.casefile.people import courts, users
from engine.casefile.stage import stages
from handlers.simulators import bank_acts
from tests.casefile.court import PASSWORD
from tests.matters import playing

EXPIRED = date(2026, 9, 1)


def account(court, case_id):
    def read(session):
        return document_data.account_number(
            courts.get(session, court.id), cases.get(session, case_id)
        )

    return db.read_only(read)


def pay_in(court, bank, case_id, amount):
    with bank.books.together():
        return bank_acts.deposit(bank.books, account(court, case_id), amount, "履行款", "陈志强")


def claim(court, bank, case_id, login="shen"):
    matter_id = playing.open_matter(court, case_id, "fund_claim", login)
    court.work()
    listed = db.read_only(fund_receipts.of_case, case_id, "unclaimed")
    chosen = [str(r.id) for r in listed]
    playing.fill(court, case_id, "claim_receipts", login, 认领款项=chosen, 款项性质="voluntary")
    playing.sign(court, case_id, matter_id, login=login)
    return matter_id


def enter_stage(case_id, stage, login, court, closing_path=None):
    """As if the case had come there; the ways through the gates are played elsewhere."""

    def move(session):
        case = cases.get(session, case_id)
        stages.leave(session, case.stage_entry_id)
        person = court.user(login).id
        stages.enter(
            session,
            case,
            stage,
            handler_id=person,
            handler_reason="lightest_load",
            closing_path=closing_path,
        )

    db.in_transaction(move)


def compute(court, case_id, login="liang", principal="100000.00"):
    matter_id = playing.open_matter(court, case_id, "debt_calc", login)
    values = {"本金": principal, "履行届满日": EXPIRED.isoformat()}
    playing.fill(court, case_id, "enter_title", login, **values)
    playing.sign(court, case_id, matter_id, login=login)
    return matter_id


def controller(court):
    def hire(session):
        person = {
            "login": "song",
            "name": "宋立群",
            "title": "案款管理员",
            "team": None,
            "phone": "",
        }
        users.add(session, court.id, roles=["fund_controller"], password=PASSWORD, **person)
        court.people = {u.login: u for u in users.of_court(session, court.id)}

    if "song" not in court.people:
        db.in_transaction(hire)


PAYEE = {
    "收款人身份": "applicant",
    "收款人": "周立新",
    "收款开户行": "江州银行临江支行（虚构）",
    "收款账号": "9900000088880001",
    "没有争议": "on",
    "已核对身份": "on",
}


def pay(court, bank, case_id, login="liang", **more):
    controller(court)
    matter_id = playing.open_matter(court, case_id, "pay_out", login)
    playing.fill(court, case_id, "enter_payee", login, **(PAYEE | more))
    form = playing.documents_of(case_id, matter_id)["D149"]
    playing.approve(court, form.id, login=login)
    playing.sign(court, case_id, matter_id, login=login)
    playing.fill(court, case_id, "release_payment", "song", 是否放款="yes")
    playing.receipts(court, bank)
    return matter_id, form


@pytest.mark.parametrize("key", ["fund_claim", "debt_calc", "pay_out"])
def test_their_scenarios_pass(court, key):
    assert playing.red_scenarios(court, key) == []


def test_what_arrived_is_claimed_once_and_stands_in_the_ledger(court, bank):
    case_id = court.accept()
    reference = pay_in(court, bank, case_id, "50000")
    assert claim(court, bank, case_id)
    assert db.read_only(case_funds.of_case, case_id) == [
        (clock.today(), "voluntary", Decimal(50000), reference)
    ]
    matter_id = playing.open_matter(court, case_id, "fund_claim")
    court.work()
    assert playing.state(matter_id) == "done"
    assert db.read_only(case_funds.balance, case_id) == Decimal(50000)


def test_money_that_is_not_the_cases_is_set_aside(court, bank):
    case_id = court.accept()
    pay_in(court, bank, case_id, "1.50")
    playing.open_matter(court, case_id, "fund_claim")
    court.work()
    receipt = db.read_only(fund_receipts.of_case, case_id)[0]
    playing.fill(court, case_id, "claim_receipts", 退回款项=[str(receipt.id)], 款项性质="voluntary")
    assert db.read_only(fund_receipts.get, receipt.id).state == "disowned"
    assert db.read_only(case_funds.balance, case_id) == 0


def test_the_sheet_adds_the_doubled_interest_until_the_money_came(court, bank):
    case_id = court.accept(amount=Decimal("100000.00"))
    pay_in(court, bank, case_id, "120000")
    claim(court, bank, case_id)
    enter_stage(case_id, "fund_distribution", "liang", court)
    compute(court, case_id)
    days = (clock.today() - EXPIRED).days
    sheet = db.read_only(debt_sheets.newest_final, case_id)
    assert sheet.due == Decimal(100000) + Decimal("17.50") * days
    assert sheet.fee > 1100


def test_a_title_before_the_present_law_is_refused_with_its_reason(court):
    case_id = court.accept()
    enter_stage(case_id, "fund_distribution", "liang", court)
    playing.open_matter(court, case_id, "debt_calc", "liang")
    values = {"本金": "1000", "履行届满日": "2010-01-01"}
    playing.fill(court, case_id, "enter_title", "liang", **values)
    assert playing.task(case_id, "enter_title")
    assert db.read_only(debt_sheets.newest_final, case_id) is None


def test_a_hundred_thousand_and_more_need_two_levels_and_are_paid_once(court, bank):
    case_id = court.accept(amount=Decimal("100000.00"))
    pay_in(court, bank, case_id, "120000")
    claim(court, bank, case_id)
    enter_stage(case_id, "fund_distribution", "liang", court)
    compute(court, case_id)
    sheet = db.read_only(debt_sheets.newest_final, case_id)
    matter_id, form = pay(court, bank, case_id)
    assert form.chain == ["B", "V"]
    assert bank.books.account("9900000088880001").balance == int(sheet.due * 100)
    kinds = [(kind, amount) for _, kind, amount, _ in db.read_only(case_funds.of_case, case_id)]
    assert kinds[1:] == [("pay_out", -sheet.due), ("fee", -sheet.fee)]
    known = db.read_only(lambda s: dict(facts.of_case(s, case_id)))
    assert known["已全部受偿"]
    playing.sign(court, case_id, matter_id, login="liang")
    playing.deliver(court, case_id, matter_id, ["D150"], login="liang")
    assert playing.state(matter_id) == "done"


def test_less_than_a_hundred_thousand_needs_one_level(court, bank):
    case_id = court.accept(amount=Decimal("80000.00"))
    pay_in(court, bank, case_id, "90000")
    claim(court, bank, case_id)
    enter_stage(case_id, "fund_distribution", "liang", court)
    compute(court, case_id, principal="80000.00")
    _, form = pay(court, bank, case_id)
    assert form.chain == ["B"]


def test_without_a_final_sheet_nothing_is_paid_and_the_reason_is_shown(court, bank):
    case_id = court.accept()
    pay_in(court, bank, case_id, "5000")
    claim(court, bank, case_id)
    enter_stage(case_id, "fund_distribution", "liang", court)
    playing.open_matter(court, case_id, "pay_out", "liang")
    playing.fill(court, case_id, "enter_payee", "liang", **PAYEE)
    shown = playing.choices(court, case_id, "read_reason", "liang")
    assert any("核算表没有确定" in label for label in shown)


def test_a_worker_that_died_after_the_call_pays_once(court, bank):
    case_id = court.accept(amount=Decimal("80000.00"))
    pay_in(court, bank, case_id, "81000")
    claim(court, bank, case_id)
    enter_stage(case_id, "fund_distribution", "liang", court)
    compute(court, case_id, principal="80000.00")
    with bank.books.together():
        bank.books.write("fault", path="/transfer", fault="error", value="", times=1)
    pay(court, bank, case_id)
    clock.move(timedelta(minutes=2))
    playing.receipts(court, bank)
    paid = [e for e in bank.books.entries if e.account == "9900000088880001"]
    assert len(paid) == 1


def test_what_is_left_after_debt_and_fee_goes_back_to_the_debtor(court, bank):
    case_id = court.accept(amount=Decimal("80000.00"))
    pay_in(court, bank, case_id, "90000")
    claim(court, bank, case_id)
    enter_stage(case_id, "fund_distribution", "liang", court)
    compute(court, case_id, principal="80000.00")
    sheet = db.read_only(debt_sheets.newest_final, case_id)
    matter_id, _ = pay(court, bank, case_id)
    playing.sign(court, case_id, matter_id, login="liang")
    playing.deliver(court, case_id, matter_id, ["D150"], login="liang")
    assert not db.read_only(lambda s: facts.of_case(s, case_id)["payables_settled"])
    _, form = pay(
        court, bank, case_id, 收款人身份="debtor", 收款人="陈志强", 收款账号="9900000088880002"
    )
    assert form.chain == ["B", "V", "PR"]
    left = Decimal(90000) - sheet.due - sheet.fee
    assert bank.books.account("9900000088880002").balance == int(left * 100)
    assert db.read_only(lambda s: facts.of_case(s, case_id)["payables_settled"])
