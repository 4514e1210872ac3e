"""M78, M85 and a whole case: frozen, paid, computed, paid out, released, closed, archived, every gate met."""

from datetime import timedelta
from decimal import Decimal

import pytest

from engine import clock, db
from engine.casefile.matter import facts
from engine.casefile.party import parties
from engine.casefile.stage import transfers
from engine.casefile.stage.transfer_sheets import Form
from engine.casefile.stage.transfers import CannotSubmit
from tests.casefile.test_transfers import save, submit
from tests.matters import playing, test_money, test_release_control


def fact(case_id, name):
    return db.read_only(lambda s: facts.of_case(s, case_id)[name])


def gates(court, case_id, login):
    found = db.in_transaction(transfers.page, court.user(login), case_id).gates
    return {g.code: g.state for g in found}


@pytest.mark.parametrize("key", ["close_full", "close_final", "archive"])
def test_their_scenarios_pass(court, key):
    assert playing.red_scenarios(court, key) == []


def test_an_incomplete_dossier_is_listed_until_it_is_complete(court):
    case_id = court.accept()
    test_money.enter_stage(case_id, "closing_archiving", "cheng", court, "执行完毕")
    playing.open_matter(court, case_id, "archive", "cheng")
    missing = playing.choices(court, case_id, "complete_dossier", "cheng")
    assert any(line.startswith("缺少第28项") for line in missing)
    assert "《执行通知书》没有签章，请签章或者作废" in missing
    playing.fill(court, case_id, "complete_dossier", "cheng")
    # Nothing has been done about it, so it is asked for again.
    assert playing.choices(court, case_id, "complete_dossier", "cheng") == missing


def test_a_case_without_property_needs_its_ruling_in_the_dossier_and_no_certificate(court):
    case_id = court.accept()
    test_money.enter_stage(case_id, "closing_archiving", "cheng", court, "终本")
    playing.open_matter(court, case_id, "archive", "cheng")
    missing = "".join(playing.choices(court, case_id, "complete_dossier", "cheng"))
    assert "缺少第22项" in missing and "第28项" not in missing


def first_stage(court, bank, case_id):
    """Notices, query, freeze, restriction decided; the debtor pays, the judge claims."""
    matter_id = playing.newest_matter(case_id, "notify")
    codes = list(playing.documents_of(case_id, matter_id))
    playing.sign(court, case_id, matter_id)
    playing.deliver(court, case_id, matter_id, codes)
    query = playing.open_matter(court, case_id, "network_query")
    playing.sign(court, case_id, query)
    playing.receipts(court, bank)
    playing.sign(court, case_id, query, ["D051"])
    asset_id = test_release_control.freeze(court, bank, case_id)
    freeze = playing.newest_matter(case_id, "online_freeze")
    playing.deliver(court, case_id, freeze, ["D020"])
    debtors = [str(p.id) for p in db.read_only(parties.of_case, case_id, "debtor")]
    playing.open_matter(court, case_id, "consumption_dishonest")
    no = {"是否限制": "no", "不限制的理由": "已承诺本月内履行"}
    playing.fill(court, case_id, "decide_restriction", 限制对象=debtors, **no)
    test_money.pay_in(court, bank, case_id, "82500")
    test_money.claim(court, bank, case_id)
    return asset_id


def test_a_case_from_acceptance_to_the_archive_with_every_gate_met(court, bank):
    case_id = court.accept(amount=Decimal("80000.00"))
    asset_id = first_stage(court, bank, case_id)
    blocked = {code for code, state in gates(court, case_id, "shen").items() if state == "missing"}
    assert blocked == set()
    texts = {"consumption_dishonest": "被执行人承诺履行并已付款，不限制消费。"}
    submit(court, case_id, Form(follow_up="F13", has_auction=False, texts=texts))
    assert court.case(case_id).stage == "fund_distribution"

    with pytest.raises(CannotSubmit):
        submit(court, case_id, Form(follow_up="F31"), login="liang")
    test_money.compute(court, case_id, principal="80000.00")
    payment, _ = test_money.pay(court, bank, case_id)
    playing.sign(court, case_id, payment, login="liang")
    playing.deliver(court, case_id, payment, ["D150"], login="liang")
    if not fact(case_id, "payables_settled"):
        back = {"收款人身份": "debtor", "收款人": "陈志强", "收款账号": "9900000088880002"}
        refund, _ = test_money.pay(court, bank, case_id, **back)
        playing.sign(court, case_id, refund, login="liang")
        playing.deliver(court, case_id, refund, ["D150"], login="liang")
    submit(court, case_id, Form(follow_up="F31"), login="liang")
    case = court.case(case_id)
    assert (case.stage, case.closing_path) == ("closing_archiving", "执行完毕")

    assert gates(court, case_id, "cheng")["G42"] == "missing"
    release = test_release_control.release(court, bank, case_id, asset_id, login="cheng")
    playing.deliver(court, case_id, release, ["D032"], login="cheng")
    playing.close_case(court, case_id)
    assert {"met"} == set(gates(court, case_id, "cheng").values())
    save(court, case_id, login="cheng")
    submit(court, case_id, Form(), login="cheng")
    case = court.case(case_id)
    assert (case.status, case.closing_method) == ("archived", "full_performance")
    assert case.closed_on == clock.today()


def test_no_property_waits_for_three_months_then_panel_director_and_president_decide(court):
    case_id = court.accept()
    test_money.enter_stage(case_id, "closing_archiving", "cheng", court)
    matter_id = playing.open_matter(court, case_id, "close_final", "cheng")
    said = {"执行情况": "已送达执行通知书、报告财产令；经查询未发现可供执行的财产。"}
    playing.fill(court, case_id, "state_measures", "cheng", 申请人确认="no", **said)
    court.work()
    assert playing.documents_of(case_id, matter_id) == {}
    clock.move(timedelta(days=95))
    court.work()
    ruling = playing.documents_of(case_id, matter_id)["D163"]
    assert ruling.chain == ["P", "B", "PR"]
    playing.approve(court, ruling.id, login="cheng")
    playing.sign(court, case_id, matter_id, login="cheng")
    playing.deliver(court, case_id, matter_id, ["D163"], login="cheng")
    assert playing.state(matter_id) == "done"
    assert fact(case_id, "closing_document_served")
