"""M03 冻结（线上）: the ruling goes to the bank, its receipt becomes the measure, failures are on record."""

from datetime import date, timedelta
from decimal import Decimal

from engine import clock, db
from engine.casefile.asset import assets
from engine.casefile.case import remarks
from engine.casefile.delivery import deliveries
from tests.matters import playing


def begin(court, case_id, chosen, limit):
    matter_id = playing.open_matter(court, case_id, "online_freeze")
    values = {"冻结存款": [str(id_) for id_ in chosen], "冻结限额": limit, "已核对保留": "on"}
    playing.fill(court, case_id, "choose_deposits", **values)
    return matter_id


def test_its_scenarios_pass(court):
    assert playing.red_scenarios(court, "online_freeze") == []


def test_eighty_thousand_need_nobody_and_are_frozen_for_one_year(court, bank):
    case_id = court.accept()
    asset_id = playing.deposit(court, bank, case_id, "9900000000001111", "96000")
    matter_id = begin(court, case_id, [asset_id], "80000")
    made = playing.documents_of(case_id, matter_id)
    assert {d.code: d.chain for d in made.values()} == {"D020": ["J"], "D023": ["J"]}
    playing.sign(court, case_id, matter_id)
    playing.receipts(court, bank)
    measure = db.read_only(assets.get, case_id, asset_id).measures[0]
    assert (measure.kind, measure.rank, measure.amount, measure.state) == (
        "freeze", 1, Decimal(80000), "live",
    )  # fmt: skip
    assert measure.ends_on == date(clock.today().year + 1, clock.today().month, clock.today().day)
    assert bank.books.account("9900000000001111").frozen == {measure.reference: 8000000}
    playing.deliver(court, case_id, matter_id, ["D020"])
    assert playing.state(matter_id) == "done"


def test_both_documents_count_as_delivered_to_the_bank_with_its_receipt(court, bank):
    case_id = court.accept()
    asset_id = playing.deposit(court, bank, case_id, "9900000000001111", "96000")
    matter_id = begin(court, case_id, [asset_id], "80000")
    playing.sign(court, case_id, matter_id)
    playing.receipts(court, bank)
    for document in playing.documents_of(case_id, matter_id).values():
        sent = db.read_only(deliveries.of_document, document.id)
        assert [(d.channel, d.state, bool(d.reference)) for d in sent] == [
            ("network", "delivered", True)
        ]


def test_six_million_need_the_director(court, bank):
    case_id = court.accept(amount=Decimal("7000000.00"))
    asset_id = playing.deposit(court, bank, case_id, "9900000000002222", "6500000")
    matter_id = begin(court, case_id, [asset_id], "6000000")
    made = playing.documents_of(case_id, matter_id)
    assert {d.code: d.chain for d in made.values()} == {"D020": ["B"], "D023": ["B"]}
    for document in made.values():
        playing.approve(court, document.id)
    playing.sign(court, case_id, matter_id)
    playing.receipts(court, bank)
    assert db.read_only(assets.get, case_id, asset_id).has_live_measure


def test_a_refused_ruling_ends_the_matter_and_nothing_reaches_the_bank(court, bank):
    case_id = court.accept(amount=Decimal("7000000.00"))
    asset_id = playing.deposit(court, bank, case_id, "9900000000002222", "6500000")
    matter_id = begin(court, case_id, [asset_id], "6000000")
    document = playing.documents_of(case_id, matter_id)["D020"]
    playing.approve(court, document.id, outcome="reject")
    court.work()
    assert playing.state(matter_id) == "cancelled"
    assert bank.books.requests == []


def test_an_account_that_does_not_exist_and_an_empty_one_are_noted_and_the_matter_goes_on(
    court, bank
):
    case_id = court.accept()
    missing = playing.deposit(court, bank, case_id, "9900000000003333", "1000", known=False)
    full = playing.deposit(court, bank, case_id, "9900000000004444", "50000")
    empty = playing.deposit(court, bank, case_id, "9900000000005555", "0")
    matter_id = begin(court, case_id, [missing, full, empty], "80000")
    playing.sign(court, case_id, matter_id)
    playing.receipts(court, bank)
    said = db.read_only(remarks.of_subjects, case_id, [missing, full, empty])
    assert "没有账号" in said[missing][0].text
    assert "没有可以冻结的余额" in said[empty][0].text
    assert db.read_only(assets.get, case_id, full).has_live_measure
    playing.deliver(court, case_id, matter_id, ["D020"])
    assert playing.state(matter_id) == "done"


def test_the_limit_is_allotted_so_that_no_more_than_it_is_frozen(court, bank):
    case_id = court.accept()
    first = playing.deposit(court, bank, case_id, "9900000000001111", "50000")
    second = playing.deposit(court, bank, case_id, "9900000000004444", "90000")
    matter_id = begin(court, case_id, [first, second], "80000")
    playing.sign(court, case_id, matter_id)
    playing.receipts(court, bank)
    frozen = [db.read_only(assets.get, case_id, id_).measures[0].amount for id_ in (first, second)]
    assert frozen == [Decimal(50000), Decimal(30000)]


def test_a_bank_that_is_down_is_asked_again_and_freezes_once(court, bank):
    case_id = court.accept()
    asset_id = playing.deposit(court, bank, case_id, "9900000000001111", "96000")
    with bank.books.together():
        bank.books.write("fault", path="/freeze", fault="error", value="", times=1)
    matter_id = begin(court, case_id, [asset_id], "80000")
    playing.sign(court, case_id, matter_id)
    playing.receipts(court, bank)
    assert not db.read_only(assets.get, case_id, asset_id).has_live_measure
    clock.move(timedelta(minutes=1))
    playing.receipts(court, bank)
    assert len(db.read_only(assets.get, case_id, asset_id).measures) == 1
    assert len(bank.books.account("9900000000001111").frozen) == 1


def test_a_receipt_that_comes_twice_is_one_measure(court, bank):
    case_id = court.accept()
    asset_id = playing.deposit(court, bank, case_id, "9900000000001111", "96000")
    with bank.books.together():
        bank.books.write("fault", path="/freeze", fault="twice", value="", times=1)
    matter_id = begin(court, case_id, [asset_id], "80000")
    playing.sign(court, case_id, matter_id)
    playing.receipts(court, bank)
    assert len(db.read_only(assets.get, case_id, asset_id).measures) == 1
