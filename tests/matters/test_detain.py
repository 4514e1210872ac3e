"""M18 拘留: panel, director, vice-president and president decide; escort, term and family notice follow."""

from datetime import timedelta

import pytest

from engine import clock, db
from engine.casefile.approval import approvals
from engine.casefile.asset import coercive_measures
from engine.casefile.document import documents
from engine.casefile.errand import field_tasks
from engine.casefile.matter import form_tasks
from engine.casefile.party import parties
from tests.matters import playing

FACTS = "被执行人名下的小型汽车已被本院裁定扣押，经两次传唤拒不交出。"
PLACE = "临江市拘留所"


def begin(court, case_id, days="10"):
    matter_id = playing.open_matter(court, case_id, "detain")
    debtor = db.read_only(parties.of_case, case_id, "debtor")[0]
    values = {
        "被拘留人": str(debtor.id),
        "拘留事由": "拒不履行人民法院已经发生法律效力的判决、裁定",
        "违法事实": FACTS,
        "拘留天数": days,
        "拘留所": PLACE,
    }
    playing.fill(court, case_id, "decide_detention", **values)
    return matter_id


def escort(court, result="已送至拘留所，取得收押回执"):
    officer = court.user("jiang")
    errand = db.read_only(field_tasks.mine, officer)[0][0]
    db.in_transaction(field_tasks.report, officer, errand.id, result)
    court.work()
    return errand


def custody(court, case_id):
    at = clock.now().astimezone(clock.COURT_ZONE)
    values = {"是否收押": "yes", "收押时间": f"{at:%Y-%m-%dT%H:%M}", "家属姓名": "王秀兰"}
    playing.fill(court, case_id, "record_custody", **values)


def test_its_scenarios_pass(court):
    assert playing.red_scenarios(court, "detain") == []


def test_sixteen_days_are_refused_by_the_form(court):
    case_id = court.accept()
    with pytest.raises(form_tasks.FormInvalid, match="不能大于15"):
        begin(court, case_id, days="16")


def test_three_votes_director_vice_president_and_president_then_the_term_runs(court):
    case_id = court.accept()
    matter_id = begin(court, case_id)
    made = playing.documents_of(case_id, matter_id)
    chains = {code: d.chain for code, d in made.items()}
    assert chains == {"D067": ["P", "B", "V", "PR"], "D068": ["P", "B", "V", "PR"]}
    for document in made.values():
        playing.approve(court, document.id)
    playing.sign(court, case_id, matter_id)
    errand = escort(court)
    assert (errand.kind, errand.place, errand.target) == ("escort", PLACE, "陈志强")
    custody(court, case_id)
    today = clock.today()
    row = db.read_only(coercive_measures.of_case, case_id)[0]
    assert (row.kind, row.state, row.starts_on, row.ends_on) == (
        "detention", "live", today, today + timedelta(days=10),
    )  # fmt: skip
    playing.sign(court, case_id, matter_id, ["D069"])
    playing.deliver(court, case_id, matter_id, ["D067"])
    assert playing.state(matter_id) == "open"
    clock.move(timedelta(days=8))
    court.work()
    row = db.read_only(coercive_measures.of_case, case_id)[0]
    assert (row.state, row.ends_on) == ("ended", today + timedelta(days=10))
    assert playing.state(matter_id) == "done"


def test_sent_back_corrected_and_approved(court):
    case_id = court.accept()
    matter_id = begin(court, case_id)
    decision = playing.documents_of(case_id, matter_id)["D067"]
    playing.approve(court, decision.id, outcome="return")
    returned = db.read_only(documents.get, decision.id)
    assert (returned.state, returned.problem) == ("returned", "退回修改。院长：请补正")
    playing.approve(court, decision.id)
    assert db.read_only(documents.get, decision.id).state == "approved"
    assert len(db.read_only(approvals.of_document, decision.id)) == 2


def test_the_president_refuses_and_nobody_is_sent_out(court):
    case_id = court.accept()
    matter_id = begin(court, case_id)
    papers = playing.documents_of(case_id, matter_id)
    playing.approve(court, papers["D067"].id, outcome="reject")
    court.work()
    assert playing.state(matter_id) == "cancelled"
    notice = db.read_only(documents.get, papers["D068"].id)
    assert (notice.state, notice.problem) == ("void", "作废原因：事项已经终止")
    assert db.read_only(field_tasks.mine, court.user("jiang"))[0] == []


def test_the_person_was_not_found_and_the_matter_ends_without_a_term(court):
    case_id = court.accept()
    matter_id = begin(court, case_id)
    for document in playing.documents_of(case_id, matter_id).values():
        playing.approve(court, document.id)
    playing.sign(court, case_id, matter_id)
    escort(court, "未找到本人")
    values = {"是否收押": "no", "未收押原因": "未找到本人"}
    playing.fill(court, case_id, "record_custody", **values)
    assert db.read_only(coercive_measures.of_case, case_id) == []
    assert playing.state(matter_id) == "done"
