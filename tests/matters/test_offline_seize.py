"""M10 查封（线下）: the ruling first, officers on the spot, inventory and record, then the measure with its end."""

from decimal import Decimal

from engine import clock, db
from engine.casefile.asset import assets
from engine.casefile.errand import field_tasks
from engine.casefile.party import parties
from tests.matters import playing


def house(court, case_id):
    def add(session):
        debtor = parties.of_case(session, case_id, "debtor")[0]
        return assets.add(
            session,
            court.id,
            case_id,
            owner_id=debtor.id,
            kind="immovable",
            name="东湖镇望江路88号房屋",
            value=Decimal(860000),
            disposition="auction",
            created_by=None,
        )

    return db.in_transaction(add)


def begin(court, case_id, asset_id):
    matter_id = playing.open_matter(court, case_id, "offline_seize")
    place = {"查封地点": "东湖镇望江路88号", "查封要求": "张贴封条和公告，拍照录像"}
    playing.fill(court, case_id, "order_seizure", 查封财产=[str(asset_id)], **place)
    playing.sign(court, case_id, matter_id)
    return matter_id


def report(court, words):
    officer = court.user("jiang")
    errand = db.read_only(field_tasks.mine, officer)[0][0]
    assert (errand.kind, errand.place) == ("seize", "东湖镇望江路88号")
    db.in_transaction(field_tasks.report, officer, errand.id, words)
    court.work()


def test_its_scenarios_pass(court):
    assert playing.red_scenarios(court, "offline_seize") == []


def test_a_house_is_seized_for_three_years_with_inventory_and_record(court):
    case_id = court.accept()
    asset_id = house(court, case_id)
    matter_id = begin(court, case_id, asset_id)
    report(court, "已张贴封条")
    playing.fill(
        court,
        case_id,
        "record_seizure",
        是否查封="yes",
        查封日期=clock.today().isoformat(),
        在场人="望江社区工作人员",
        保管人="被执行人",
        查封经过="宣读裁定书后张贴封条。",
    )
    made = playing.documents_of(case_id, matter_id)
    assert set(made) == {"D020", "D028", "D029"}
    playing.sign(court, case_id, matter_id)
    measure = db.read_only(assets.get, case_id, asset_id).measures[0]
    assert (measure.kind, measure.state, measure.amount) == ("seize", "live", Decimal(860000))
    assert measure.ends_on.year == clock.today().year + 3
    playing.deliver(court, case_id, matter_id, ["D020", "D028"])
    assert playing.state(matter_id) == "done"


def test_what_could_not_be_seized_is_not_recorded_as_controlled(court):
    case_id = court.accept()
    asset_id = house(court, case_id)
    matter_id = begin(court, case_id, asset_id)
    report(court, "房屋已拆除")
    playing.fill(court, case_id, "record_seizure", 是否查封="no", 未查封原因="房屋已拆除")
    assert not db.read_only(assets.get, case_id, asset_id).measures
    assert playing.state(matter_id) == "cancelled"
