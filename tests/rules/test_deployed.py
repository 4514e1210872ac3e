import itertools
import shutil

import pytest

from engine import xml
from engine.casefile.rules import delivered, load
from engine.casefile.rules.deployed import DELIVERED
from engine.casefile.rules.faults import RulesInvalid
from engine.casefile.rules.tables import FILES

from .asking import changed, texts


def test_a_directory_and_its_texts_are_the_same_rules(tmp_path):
    shutil.copytree(DELIVERED / "rules", tmp_path / "rules")
    digests = {load(tmp_path).digest, load(tmp_path / "rules").digest, load(texts()).digest}
    assert digests == {delivered().digest}


def test_paths_may_be_given_without_their_folder():
    bare = {name.removeprefix("rules/"): text for name, text in texts().items()}
    assert load(bare).digest == delivered().digest


def test_files_that_stand_beside_the_rules_do_not_change_their_digest():
    assert load({**texts(), "rules/other.toml": "x = 1"}).digest == delivered().digest


def test_without_a_source_the_delivered_rules_are_read_once():
    assert load() is load(None) is delivered()


def test_rules_cannot_be_changed():
    with pytest.raises(AttributeError):
        delivered().digest = "x"
    with pytest.raises(TypeError):
        delivered().deadlines["DL42"] = None


def test_a_missing_file_or_directory_is_named(tmp_path):
    with pytest.raises(RulesInvalid, match="没有找到目录"):
        load(tmp_path / "nowhere")
    with pytest.raises(RulesInvalid, match=r"缺少规则文件“deadlines\.toml”"):
        load(tmp_path)


def test_a_stage_whose_limit_does_not_exist_is_told():
    with pytest.raises(
        RulesInvalid, match=r"stages\.toml asset_control”引用的期限规则“STAGE1”不存在"
    ):
        changed("rules/deadlines.toml", "[STAGE1]", "[STAGE_1]")


FINAL_AGE = 'trigger = "立案"\nlength = "3 months"\nkind = "gate"'


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("deadlines.toml", FINAL_AGE, 'trigger = "立案"\nlength = "3 moons"\nkind = "gate"', "DL43”的“3 moons”无法识别"),
        ("deadlines.toml", FINAL_AGE, 'trigger = "立案"\nlength = "3 months"\nkind = "door"', "DL43”的算法“door”无法识别"),
        ("deadlines.toml", FINAL_AGE, 'trigger = "立案"\nlength = "3 wd"\nkind = "gate"', "DL43”的长度与算法不符"),
        ("deadlines.toml", FINAL_AGE, 'trigger = "立案"\nlength = "3 months"\nkind = "gate"\npausible = true', "pausible"),
        ("numbering.toml", "first_year = 2016", "first_year = 0", "first_year"),
        ("deadlines.toml", "[DL43]", "[DL42]", "不是有效的 TOML"),
        ("stages.toml", 'button = "查控文书"\n', "", "缺少“button”"),
        ("stages.toml", "urgent = 3", 'urgent = "3"', "“urgent”类型不对"),
        ("fees.toml", 'above = "500000.00"', 'above = "5000.00"', "由低到高"),
        ("fees.toml", 'rate = "1.5"', 'rate = "1.5%"', "1.5%"),
        ("interest.toml", '"principal", "doubled"]', '"principal"]', "各一次"),
        ("delivery.toml", 'public = "30 d"', 'public = "30 wd"', "30 wd"),
        ("follow_ups.toml", 'code = "F12"', 'code = "F11"', "“F11”重复"),
        ("follow_ups.toml", 'targets = ["asset_control", "asset_disposal", "fund_distribution"]', 'targets = ["asset"]', "“asset”不存在"),
        ("gates.toml", 'code = "G12"', 'code = "G11"', "“G11”重复"),
        ("documents.toml", 'facts = ["corrects"]', "facts = [1]", "须全部是文字"),
        ("reasons.toml", 'no_next_step = "请说明案件下一步"', "no_next_step = 1", "类型不对"),
        ("stage3_route.dmn", "fully_paid", "fully paid (", "stage3_route.dmn"),
        ("stage3_route.dmn", "</definitions>", "", "stage3_route.dmn"),
        ("stage3_route.dmn", '<decision id="stage3_route"', '<decision id="route_3"', "stage3_route.dmn"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_file_is_told_with_its_place(file, old, new, told):
    with pytest.raises(RulesInvalid) as error:
        changed(f"rules/{file}", old, new)
    assert told in str(error.value)
    assert file in str(error.value)


DMN = "{https://www.omg.org/spec/DMN/20191111/MODEL/}"
DMNDI = "{https://www.omg.org/spec/DMN/20191111/DMNDI/}"


@pytest.mark.parametrize("file", FILES)
def test_every_table_opens_in_a_diagram_editor(file):
    """Ids are unique, the decision has a shape, every row has a cell for every column and a Chinese note."""
    root = xml.read(texts()[f"rules/{file}"])
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    (decision,) = root.findall(f"{DMN}decision")
    shapes = [shape.get("dmnElementRef") for shape in root.iter(f"{DMNDI}DMNShape")]
    assert shapes == [decision.get("id")] == [file.removesuffix(".dmn")]
    (table,) = decision.findall(f"{DMN}decisionTable")
    assert table.get("hitPolicy") == "FIRST"
    columns = [table.findall(f"{DMN}{kind}") for kind in ("input", "output")]
    for column in itertools.chain(*columns):
        assert any("一" <= sign <= "鿿" for sign in column.get("label"))
    for rule in table.findall(f"{DMN}rule"):
        cells = [len(rule.findall(f"{DMN}{kind}")) for kind in ("inputEntry", "outputEntry")]
        assert cells == [len(column) for column in columns]
        assert rule.findtext(f"{DMN}description")


def test_the_parts_of_a_case_number_are_data():
    numbering = delivered().numbering
    assert numbering.types["执恢"] == "恢复执行"
    assert "苏" in numbering.provinces
    assert numbering.first_year == 2016
    assert numbering.second.format(number="一") == "之一"
