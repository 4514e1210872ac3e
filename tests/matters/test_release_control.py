"""M33 解封解冻: the director countersigns, the bank lets go, the measure ends."""

from engine import db
from engine.casefile.asset import assets
from engine.casefile.matter import facts
from tests.matters import playing


def freeze(court, bank, case_id):
    asset_id = playing.deposit(court, bank, case_id, "9900000000001111", "96000")
    matter_id = playing.open_matter(court, case_id, "online_freeze")
    chosen = {"冻结存款": [str(asset_id)], "冻结限额": "80000", "已核对保留": "on"}
    playing.fill(court, case_id, "choose_deposits", **chosen)
    playing.sign(court, case_id, matter_id)
    playing.receipts(court, bank)
    return asset_id


def release(court, bank, case_id, asset_id, ground="paid", login="shen"):
    matter_id = playing.open_matter(court, case_id, "release_control", login)
    values = {"解除财产": [str(asset_id)], "解除事由": ground, "解除理由": "被执行人已经履行"}
    playing.fill(court, case_id, "choose_release", login, **values)
    for document in playing.documents_of(case_id, matter_id).values():
        playing.approve(court, document.id, login=login)
    playing.sign(court, case_id, matter_id, login=login)
    playing.receipts(court, bank)
    return matter_id


def test_its_scenarios_pass(court):
    assert playing.red_scenarios(court, "release_control") == []


def test_the_bank_lets_go_and_nothing_is_controlled_any_more(court, bank):
    case_id = court.accept()
    asset_id = freeze(court, bank, case_id)
    matter_id = release(court, bank, case_id, asset_id)
    made = playing.documents_of(case_id, matter_id)
    assert {code: d.chain for code, d in made.items()} == {"D032": ["B"], "D025": ["B"]}
    assert bank.books.account("9900000000001111").frozen == {}
    assert [m.state for m in db.read_only(assets.get, case_id, asset_id).measures] == ["released"]
    assert db.read_only(lambda s: facts.of_case(s, case_id)["measures_released"])
    playing.deliver(court, case_id, matter_id, ["D032"])
    assert playing.state(matter_id) == "done"


def test_another_ground_needs_the_panel_too(court, bank):
    case_id = court.accept()
    asset_id = freeze(court, bank, case_id)
    matter_id = release(court, bank, case_id, asset_id, ground="excess")
    assert playing.documents_of(case_id, matter_id)["D032"].chain == ["P", "B"]
