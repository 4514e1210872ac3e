"""M28 网络查控: one request for each debtor, accounts become property records, silence is decided on by a person."""

from datetime import timedelta

from engine import clock, db
from engine.casefile.asset import assets, property_queries
from engine.casefile.delivery import deliveries
from engine.casefile.matter import facts
from tests.matters import playing


def queried(case_id):
    return db.read_only(lambda s: facts.of_case(s, case_id)["all_debtors_queried"])


def test_its_scenarios_pass(court):
    assert playing.red_scenarios(court, "network_query") == []


def test_the_answer_becomes_property_records_that_can_be_frozen(court, bank):
    case_id = court.accept()
    matter_id = playing.open_matter(court, case_id, "network_query")
    assert not queried(case_id)
    playing.sign(court, case_id, matter_id)
    playing.receipts(court, bank)
    found = db.read_only(assets.of_case, case_id)
    assert found
    assert all(a.kind == "deposit" and a.institution and a.number for a in found)
    assert queried(case_id)
    notice = playing.documents_of(case_id, matter_id)["D022"]
    served = db.read_only(deliveries.of_document, notice.id)
    assert [(d.addressee, d.channel, d.state) for d in served] == [
        ("网络执行查控系统", "network", "delivered")
    ]
    offered = db.read_only(lambda s: facts.of_case(s, case_id)["可冻结存款"])
    assert len(offered) == len(found)
    playing.sign(court, case_id, matter_id, ["D051"])
    assert playing.state(matter_id) == "done"


def test_asking_again_updates_the_records_and_adds_none_twice(court, bank):
    case_id = court.accept()
    counts = []
    for _ in range(2):
        matter_id = playing.open_matter(court, case_id, "network_query")
        playing.sign(court, case_id, matter_id)
        playing.receipts(court, bank)
        playing.sign(court, case_id, matter_id, ["D051"])
        counts.append(len(db.read_only(assets.of_case, case_id)))
    assert counts[0] == counts[1]
    assert len(db.read_only(property_queries.of_case, case_id)) == 2


def test_ten_days_without_an_answer_ask_the_judge_who_gives_a_reason(court, bank):
    case_id = court.accept()
    matter_id = playing.open_matter(court, case_id, "network_query")
    playing.sign(court, case_id, matter_id)
    court.work()
    clock.move(timedelta(days=11))
    court.work()
    assert not queried(case_id)
    playing.fill(
        court, case_id, "decide_missing", 未反馈处理="override", 不再等待的理由="已到银行柜台查明"
    )
    assert queried(case_id)
    query = db.read_only(property_queries.of_case, case_id)[0]
    assert (query.state, query.reason) == ("overridden", "已到银行柜台查明")
