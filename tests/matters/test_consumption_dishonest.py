"""M14 限消失信: every debtor is decided on; the president signs the order."""

from engine import db
from engine.casefile.asset import coercive_measures
from engine.casefile.matter import facts
from engine.casefile.party import parties
from tests.matters import playing


def decided(case_id):
    return db.read_only(lambda s: facts.of_case(s, case_id)["restriction_decided"])


def decide(court, case_id, **values):
    matter_id = playing.open_matter(court, case_id, "consumption_dishonest")
    debtors = [str(p.id) for p in db.read_only(parties.of_case, case_id, "debtor")]
    playing.fill(court, case_id, "decide_restriction", 限制对象=debtors, **values)
    return matter_id


def test_its_scenarios_pass(court):
    assert playing.red_scenarios(court, "consumption_dishonest") == []


def test_the_order_needs_director_and_president_and_meets_the_gate(court):
    case_id = court.accept()
    matter_id = decide(court, case_id, 是否限制="yes", 限制理由="经查询名下有存款而不主动履行")
    order = playing.documents_of(case_id, matter_id)["D060"]
    assert order.chain == ["B", "PR"]
    assert not decided(case_id)
    playing.approve(court, order.id)
    playing.sign(court, case_id, matter_id)
    assert decided(case_id)
    playing.deliver(court, case_id, matter_id, ["D060"])
    assert playing.state(matter_id) == "done"


def test_deciding_against_it_with_a_reason_meets_the_gate_too(court):
    case_id = court.accept()
    matter_id = decide(court, case_id, 是否限制="no", 不限制的理由="正在履行和解协议")
    assert decided(case_id)
    assert playing.state(matter_id) == "done"
    row = db.read_only(coercive_measures.of_case, case_id, "consumption")[0]
    assert (row.state, row.reason) == ("not_taken", "正在履行和解协议")
