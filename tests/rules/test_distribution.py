from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.casefile.rules import delivered, distribution, money

from .asking import asked, changed, refusal, result


def shares(**case):
    found = result(calc="distribution", **{"debtor": "citizen", "fee": "0", **case})
    return {share["id"]: share["paid"] for share in found["shares"]}, found


def claim(name, amount, **more):
    return {"id": name, "amount": amount, **more}


def test_the_example_of_the_contract():
    found = asked(
        """{"calc":"distribution","price":"600000.00","debtor":"citizen","costs":[{"name":"评估费","amount":"5000.00"},{"name":"拍辅费","amount":"3000.00"}],
        "claims":[{"id":"A","amount":"500000.00"},{"id":"B","amount":"300000.00"},{"id":"C","amount":"200000.00"}]}"""
    )
    assert found == {
        "costs": "8000.00",
        "fee": "8400.00",
        "living_costs": "0.00",
        "distributable": "583600.00",
        "shares": [
            {"id": "A", "paid": "291800.00", "paid_doubled": "0.00", "short": "208200.00", "short_doubled": "0.00"},
            {"id": "B", "paid": "175080.00", "paid_doubled": "0.00", "short": "124920.00", "short_doubled": "0.00"},
            {"id": "C", "paid": "116720.00", "paid_doubled": "0.00", "short": "83280.00", "short_doubled": "0.00"},
        ],
        "surplus": "0.00",
    }  # fmt: skip


def test_domain_example_2_mortgage_first():
    paid, found = shares(
        price="2000000",
        fee="auto",
        costs=[{"name": "评估费", "amount": "12000"}],
        claims=[
            claim("A", "400000"),
            claim("B", "300000"),
            claim("C", "100000"),
            claim("银行", "1450000", **{"class": "priority"}),
        ],
    )
    assert (found["fee"], found["distributable"]) == ("22400.00", "1965600.00")
    assert paid == {"银行": "1450000.00", "A": "257800.00", "B": "193350.00", "C": "64450.00"}


def test_domain_example_3_company_by_order_of_seizure():
    paid, found = shares(
        price="900000",
        debtor="enterprise",
        fee="auto",
        costs=[{"name": "拍辅费", "amount": "3600"}],
        claims=[
            claim("C", "250000", seized_on="2025-05-20"),
            claim("A", "500000", seized_on="2025-03-10"),
            claim("B", "300000", seized_on="2025-04-02"),
        ],
    )
    assert (found["fee"], found["distributable"]) == ("11400.00", "885000.00")
    assert paid == {"A": "500000.00", "B": "300000.00", "C": "85000.00"}
    assert found["shares"][0]["short"] == "165000.00"


def test_the_fee_is_charged_on_the_claims_when_they_are_less_than_the_price():
    _, found = shares(price="2000000", fee="auto", claims=[claim("A", "80000")])
    assert (found["fee"], found["surplus"]) == ("1100.00", "1918900.00")


def test_classes_are_served_in_their_order_and_doubled_interest_before_fines():
    claims = [
        claim("没收", "100", **{"class": "confiscation"}),
        claim("罚金", "100", **{"class": "fine"}),
        claim("普通", "100", doubled="10"),
        claim("退赔", "100", **{"class": "restitution"}),
        claim("抵押二", "100", **{"class": "priority", "rank": 2}),
        claim("抵押一", "100", **{"class": "priority", "doubled": "10"}),
        claim("医疗", "100", **{"class": "medical"}),
    ]
    order = ["医疗", "抵押一", "抵押二", "退赔", "普通"]
    for number, name in enumerate(order):
        paid, _ = shares(price=str(100 * number + 50), claims=claims)
        assert paid[name] == "50.00"
        assert all(paid[earlier] == "100.00" for earlier in order[:number])
    paid, found = shares(price="515", claims=claims)
    by_name = {share["id"]: share for share in found["shares"]}
    assert (by_name["抵押一"]["paid_doubled"], by_name["普通"]["paid_doubled"]) == ("10.00", "5.00")
    assert (paid["罚金"], by_name["普通"]["short_doubled"]) == ("0.00", "5.00")
    paid, found = shares(price="750", claims=claims)
    assert (paid["罚金"], paid["没收"], found["surplus"]) == ("100.00", "100.00", "30.00")


def test_equal_seizures_share_and_claims_without_one_come_last():
    paid, _ = shares(
        price="150",
        debtor="enterprise",
        claims=[
            claim("无", "100"),
            claim("同一", "100", seized_on="2025-03-10", seizure_seq=1),
            claim("同二", "100", seized_on="2025-03-10", seizure_seq=1),
            claim("先", "50", seized_on="2025-03-10"),
        ],
    )
    assert paid == {"先": "50.00", "同一": "50.00", "同二": "50.00", "无": "0.00"}


def test_a_citizens_creditors_share_whatever_was_seized_first():
    paid, _ = shares(
        price="100", claims=[claim("A", "100", seized_on="2025-03-10"), claim("B", "100")]
    )
    assert paid == {"A": "50.00", "B": "50.00"}


@pytest.mark.parametrize(
    ("pool", "amounts", "expected"),
    [
        ("100", ["1", "1", "1"], ["1.00", "1.00", "1.00"]),
        ("1.00", ["10", "10", "10"], ["0.34", "0.33", "0.33"]),
        ("0.02", ["10", "10", "10"], ["0.00", "0.01", "0.01"]),
        ("0.05", ["0.02", "0.02", "0.02"], ["0.01", "0.02", "0.02"]),
        ("0.01", ["1", "1"], ["0.00", "0.01"]),
        ("0", ["1", "2"], ["0.00", "0.00"]),
        ("5", [], []),
    ],
)
def test_the_cents_over_or_short_fall_to_the_largest_first(pool, amounts, expected):
    found = distribution.pro_rata(Decimal(pool), [Decimal(amount) for amount in amounts])
    assert [str(share) for share in found] == expected


CENTS = st.integers(0, 10**9).map(money.of_cents)


@given(pool=CENTS, amounts=st.lists(CENTS, min_size=1, max_size=12))
def test_pro_rata_spends_the_whole_pool_and_never_more_than_a_claim(pool, amounts):
    paid = distribution.pro_rata(pool, amounts)
    assert money.total(paid) == min(pool, money.total(amounts))
    assert all(0 <= share <= amount for share, amount in zip(paid, amounts, strict=True))


@given(
    price=CENTS,
    debtor=st.sampled_from(distribution.DEBTORS),
    claims=st.lists(
        st.tuples(CENTS, CENTS, st.sampled_from(distribution.CLASSES), st.integers(1, 3)),
        max_size=6,
    ),
)
def test_every_cent_of_the_price_is_somewhere(price, debtor, claims):
    named = [
        distribution.Claim(number, amount, kind, doubled, rank)
        for number, (amount, doubled, kind, rank) in enumerate(claims)
    ]
    found = distribution.compute(delivered(), price, debtor, named, fee_charged=money.ZERO)
    spent = (part for share in found.shares for part in (share.paid, share.paid_doubled))
    assert money.total([*spent, found.surplus]) == price
    if found.surplus:
        assert all(share.short == share.short_doubled == 0 for share in found.shares)


def test_changing_the_tariff_changes_the_shares():
    rules = changed("rules/fees.toml", 'rate = "1.5"', 'rate = "2.5"')
    case = {
        "calc": "distribution",
        "price": "80000",
        "debtor": "citizen",
        "claims": [claim("A", "90000")],
    }
    assert result(**case)["shares"][0]["paid"] == "78900.00"
    assert result(rules, **case)["shares"][0]["paid"] == "78200.00"


BASE = {"price": "1000", "debtor": "citizen", "claims": [claim("A", "100")]}


@pytest.mark.parametrize(
    ("code", "more"),
    [
        ("bad_value", {"debtor": "person"}),
        ("bad_value", {"debtor": True}),
        ("bad_value", {"claims": [claim("A", "1"), claim("A", "2")]}),
        ("bad_value", {"claims": [claim("A", "1", **{"class": "secured"})]}),
        ("bad_value", {"claims": [claim("A", "1", rank=0)]}),
        ("bad_value", {"claims": [claim("A", "1", rank="1")]}),
        ("bad_value", {"claims": "A"}),
        ("missing_field", {"claims": None}),
        ("missing_field", {"price": None}),
        ("missing_field", {"claims": [{"id": "A"}]}),
        ("missing_field", {"claims": [{"amount": "1"}]}),
        ("bad_date", {"claims": [claim("A", "1", seized_on="2025-02-29")]}),
        ("bad_amount", {"price": 1000}),
        ("bad_amount", {"fee": "free"}),
        ("bad_amount", {"claims": [claim("A", "1", doubled=1)]}),
        ("negative_amount", {"living_costs": "-1"}),
        ("costs_exceed_price", {"costs": [{"name": "评估费", "amount": "2000"}]}),
        ("costs_exceed_price", {"living_costs": "990", "fee": "10.01"}),
        ("unknown_field", {"creditors": []}),
    ],
)
def test_what_a_distribution_refuses(code, more):
    assert refusal(calc="distribution", **{**BASE, **more}) == code


def test_costs_may_take_the_whole_price():
    _, found = shares(price="1000", living_costs="1000", claims=[claim("A", "100")])
    assert (found["distributable"], found["surplus"]) == ("0.00", "0.00")
