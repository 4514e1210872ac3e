import itertools
import re
from decimal import Decimal
from typing import get_args

import pytest

from engine.casefile.rules import delivered, follow_ups, route

from .asking import asked, changed, refusal, result, texts

AC, AD, FD, CA = "asset_control", "asset_disposal", "fund_distribution", "closing_archiving"


def answered(table, **facts):
    found = result(calc="route", table=table, **facts)
    return found["action"], found["to"], found["path"], found["reason"]


def test_the_example_of_the_contract():
    assert asked('{"calc":"route","table":"stage3","fully_paid":true,"assets_left":true}') == {
        "action": "advance", "to": "closing_archiving", "path": "执行完毕", "reason": None,
    }  # fmt: skip


# --- the tables again, written from the contract and not from the files


def entry(f):
    if not f["court_switch"]:
        return "none", None, None, "switched_off"
    if f["case_type"] not in {"执", "执恢"}:
        return "none", None, None, "case_type"
    if f["excluded"]:
        return "none", None, None, "excluded"
    if f["case_type"] == "执恢" and f["funds_on_account"]:
        return "enter", FD, None, None
    if f["case_type"] == "执恢" and f["disposable_asset"]:
        return "enter", AD, None, None
    return "enter", AC, None, None


def stage1(f):  # noqa: PLR0911  one return a row of the contract
    funds = f["funds"] != "0"
    if f["terminating_ground"]:
        return ("advance", FD, None, "funds_first") if funds else ("advance", CA, "终结执行", None)
    if f["auctionable_asset"] and not f["has_auction"]:
        return "reject", None, None, "auction_flag_missing"
    if f["has_auction"] and not f["seized_auction_asset"]:
        return "reject", None, None, "auction_without_seizure"
    if f["has_auction"]:
        return "advance", AD, None, "pay_out_in_parallel" if funds else None
    if f["act_pending"]:
        return "advance", AD, None, None
    if funds:
        return "advance", FD, None, None
    if f["obligation_met"]:
        return "advance", CA, "执行完毕", None
    if f["no_property"]:
        return "advance", CA, "终本", None
    return "reject", None, None, "no_next_step"


def stage2(f):
    if f["new_clue"] or f["control_gap"]:
        return "return", AC, None, None
    if f["unsettled_asset"]:
        return "reject", None, None, "unsettled_assets"
    if f["funds"] != "0" or f["set_off_done"]:
        return "advance", FD, None, None
    if f["performed"]:
        return "advance", CA, "执行完毕", None
    if f["no_other_property"]:
        return "advance", CA, "终本", None
    return "reject", None, None, "no_next_step"


def stage3(f):
    if f["unclaimed_receipt"] or f["unsettled_payable"]:
        return "reject", None, None, "unsettled_funds"
    if f["fully_paid"]:
        return "advance", CA, "执行完毕", None
    if f["instalments_running"]:
        return "stay", None, None, None
    if f["new_clue"]:
        return "return", AC, None, None
    if f["assets_left"]:
        return "return", AD, None, None
    return "advance", CA, "终本", None


MORE = {"entry": {"case_type": ("执", "执恢", "执保", "执异")}, "stage1": {"funds": ("0", "0.01")}, "stage2": {"funds": ("0", "5")}, "stage3": {}}  # fmt: skip


@pytest.mark.parametrize("model", [entry, stage1, stage2, stage3])
def test_every_combination_of_facts_goes_where_the_contract_says(model):
    table = model.__name__
    choices = {**dict.fromkeys(route.TRUTHS[table], (False, True)), **MORE[table]}
    for values in itertools.product(*choices.values()):
        facts = dict(zip(choices, values, strict=True))
        assert answered(table, **facts) == model(facts), facts


def test_absent_facts_are_false_and_absent_funds_are_nothing():
    assert answered("stage1") == ("reject", None, None, "no_next_step")
    assert answered("stage2") == ("reject", None, None, "no_next_step")
    assert answered("stage3") == ("advance", CA, "终本", None)
    assert answered("entry") == ("none", None, None, "switched_off")


def test_every_reason_of_the_tables_has_a_sentence():
    rules = delivered()
    given = {
        value
        for file in route.FILES.values()
        for value in re.findall(r'<text>"([a-z_]+)"</text>', texts()[f"rules/{file}"])
    } - {*rules.stages.by_key, *get_args(route.Action)}
    assert given == set(rules.reasons)
    assert route.sentence(rules, "no_next_step") == "请说明案件下一步"


def test_facts_may_be_lazy_and_only_what_is_asked_for_is_read():
    read = []

    class Facts(dict):
        def __missing__(self, name):
            read.append(name)
            raise KeyError(name)

        def __contains__(self, name):
            return False

    route.decide(delivered(), "stage3", Facts())
    assert set(read) <= set(route.TRUTHS["stage3"])


def test_changing_one_cell_of_a_table_changes_the_route():
    rules = changed(
        "rules/stage3_route.dmn",
        '<text>true</text>\n        </inputEntry>\n        <inputEntry id="stage3_route_row4_in5">',
        '<text>false</text>\n        </inputEntry>\n        <inputEntry id="stage3_route_row4_in5">',
    )
    case = {"calc": "route", "table": "stage3", "instalments_running": True, "new_clue": True}
    assert result(**case)["action"] == "stay"
    assert result(rules, **case)["action"] == "return"


@pytest.mark.parametrize(
    ("code", "case"),
    [
        ("unknown_table", {"table": "stage4"}),
        ("unknown_table", {"table": 1}),
        ("missing_field", {}),
        ("missing_field", {"table": "entry", "court_switch": True}),
        ("bad_value", {"table": "stage3", "fully_paid": "true"}),
        ("bad_value", {"table": "stage3", "fully_paid": 1}),
        ("bad_value", {"table": "entry", "court_switch": True, "case_type": 1}),
        ("bad_amount", {"table": "stage1", "funds": 100}),
        ("negative_amount", {"table": "stage1", "funds": "-1"}),
        ("unknown_field", {"table": "stage3", "fully_payed": True}),
    ],
)
def test_what_a_route_refuses(code, case):
    assert refusal(calc="route", **case) == code


# --- 后续事项


def test_the_choices_of_each_stage_are_those_of_the_domain():
    rules = delivered()
    codes = {
        stage: [each.code for each in follow_ups.of_stage(rules, stage)]
        for stage in (AC, AD, FD, CA)
    }
    assert codes == {
        AC: ["F11", "F12", "F13", "F14", "F15", "F16", "F17"],
        AD: ["F21", "F22", "F23", "F24", "F25"],
        FD: ["F31", "F32", "F33", "F34", "F35", "F36"],
        CA: ["F41"],
    }
    assert [code for code, each in rules.follow_ups.items() if each.kind == "stay"] == [
        "F17",
        "F25",
        "F35",
    ]


@pytest.mark.parametrize(
    ("code", "table", "facts", "agrees"),
    [
        ("F11", "stage1", {"has_auction": True, "seized_auction_asset": True}, True),
        ("F13", "stage1", {"has_auction": True, "seized_auction_asset": True, "funds": "5"}, False),
        ("F12", "stage1", {"act_pending": True}, True),
        ("F11", "stage1", {"act_pending": True}, False),
        ("F13", "stage1", {"funds": "5"}, True),
        ("F14", "stage1", {"no_property": True}, True),
        ("F14", "stage1", {"obligation_met": True}, False),
        ("F16", "stage1", {"terminating_ground": True}, True),
        ("F16", "stage1", {"terminating_ground": True, "funds": "5"}, True),
        ("F17", "stage1", {}, True),
        ("F22", "stage2", {"funds": "5"}, True),
        ("F24", "stage2", {"control_gap": True}, True),
        ("F24", "stage2", {"performed": True}, False),
        ("F31", "stage3", {"fully_paid": True}, True),
        ("F31", "stage3", {}, False),
        ("F33", "stage3", {"assets_left": True}, True),
        ("F33", "stage3", {"new_clue": True}, False),
        ("F32", "stage3", {"unclaimed_receipt": True}, False),
    ],
)
def test_a_choice_must_agree_with_what_the_table_says(code, table, facts, agrees):
    rules = delivered()
    known = {
        name: Decimal(value) if isinstance(value, str) else value for name, value in facts.items()
    }
    found = route.decide(rules, table, known)
    has_auction = facts.get("has_auction", False) if table == "stage1" else None
    assert follow_ups.agrees(rules.follow_ups[code], found, has_auction=has_auction) is agrees
