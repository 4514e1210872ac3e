import pytest

from engine.casefile.rules import approval, delivered, tables

from .asking import asked, changed, refusal, result

CLEAN = {"undisputed": True, "payee_is_applicant": True}


def chain(document, **facts):
    return " ".join(result(calc="approval", document=document, **facts)["chain"])


def test_the_examples_of_the_contract():
    paid = asked(
        '{"calc":"approval","document":"D149","amount":"250000.00","undisputed":true,"payee_is_applicant":true}'
    )
    assert (paid["chain"], paid["after"]) == (["B", "V"], False)
    held = asked('{"calc":"approval","document":"D067","term_days":10,"emergency":true}')
    assert (held["chain"], held["after"]) == (["PR"], True)


@pytest.mark.parametrize(
    ("document", "facts", "expected"),
    [
        ("D066", {"subject": "person", "amount": "100000"}, "P B V PR"),
        ("D066", {"subject": "person", "amount": "0.01"}, "P B V PR"),
        ("D066", {"subject": "unit", "amount": "50000"}, "P B V PR"),
        ("D066", {"subject": "unit", "amount": "1000000"}, "P B V PR"),
        ("D067", {"term_days": 1}, "P B V PR"),
        ("D068", {"term_days": 15}, "P B V PR"),
        ("D068", {"term_days": 15, "emergency": True}, "PR"),
        ("D065", {}, "B PR"),
        ("D070", {}, "B PR"),
        ("D043", {}, "B PR"),
        ("D122", {}, "B PR"),
        ("D060", {}, "B PR"),
        ("D063", {}, "B PR"),
        ("D061", {}, "P B PR"),
        ("D062", {}, "B PR"),
        ("D073", {}, "P B V PR"),
        ("D074", {}, "P B V PR"),
        ("D075", {}, "P B V PR"),
        ("D163", {"applicant_confirmed": True}, "B PR"),
        ("D163", {"applicant_confirmed": False}, "P B PR"),
        ("D164", {}, "P B"),
        ("D082", {}, "P B"),
        ("D173", {}, "P B"),
        ("D084", {}, "P B PR"),
        ("D085", {}, "P B PR"),
        ("D090", {}, "P B PR"),
        ("D080", {"role": "judge"}, "PR"),
        ("D080", {"role": "clerk"}, "PR"),
        ("D080", {"role": "officer"}, "PR"),
        ("D080", {"role": "president"}, "AC"),
        ("D080", {"role": "other"}, "J"),
        ("D116", {"amount": "9999999.99"}, "P"),
        ("D116", {"amount": "10000000"}, "P B V"),
        ("D120", {"amount": "10000000"}, "P B V"),
        ("D035", {}, "P"),
        ("D110", {}, "P"),
        ("D162", {}, "P"),
        ("D146", {}, "P B"),
        ("D032", {"ground": "paid"}, "B"),
        ("D025", {"ground": "closing"}, "B"),
        ("D032", {"ground": "objection"}, "P B"),
        ("D026", {"amount": "999999.99"}, "J"),
        ("D024", {"amount": "1000000"}, "B"),
        ("D020", {"amount": "4999999.99"}, "J"),
        ("D023", {"amount": "5000000"}, "B"),
        ("D038", {"amount": "5000000"}, "B"),
        ("D149", {"amount": "99999.99", **CLEAN}, "B"),
        ("D149", {"amount": "100000", **CLEAN}, "B V"),
        ("D149", {"amount": "999999.99", **CLEAN}, "B V"),
        ("D149", {"amount": "1000000", **CLEAN}, "B V PR"),
        ("D149", {"amount": "1", "undisputed": True, "payee_is_applicant": False}, "B V PR"),
        ("D152", {}, "B V"),
        ("D154", {}, "B V"),
        ("D175", {}, "B PR"),
        ("D166", {}, "B"),
        ("D168", {}, "B"),
        ("D169", {}, "P"),
        ("D181", {}, "P"),
        ("D046", {}, "B"),
        ("D179", {}, "B"),
        ("D002", {}, "J"),
        ("D165", {}, "J"),
        ("D182", {"corrects": "D002"}, "J"),
        ("D182", {"corrects": "D149", "amount": "250000", **CLEAN}, "B V"),
        ("D182", {"corrects": "D067", "term_days": 10}, "P B V PR"),
    ],
)
def test_every_row_of_the_domain(document, facts, expected):
    assert chain(document, **facts) == expected


BY_ROW_33 = (
    "D046 D047 D048 D049 D050 D053 D086 D087 D088 D091 D094 D123 D129 D130 D153 D155 D156 D179"
)
BY_ROW_18 = "D035 D110 D111 D112 D117 D118 D127 D128 D131 D132 D162"


def test_rows_with_many_documents_hold_for_each():
    assert {chain(document) for document in BY_ROW_33.split()} == {"B"}
    assert {chain(document) for document in BY_ROW_18.split()} == {"P"}
    controls = ["D020", "D021", "D023", "D027", "D031", "D033", "D036", "D038"]
    assert {chain(document, amount="5000000") for document in controls} == {"B"}


@pytest.mark.parametrize(
    ("code", "case"),
    [
        ("out_of_range", {"document": "D066", "subject": "person", "amount": "100000.01"}),
        ("out_of_range", {"document": "D066", "subject": "person", "amount": "0"}),
        ("out_of_range", {"document": "D066", "subject": "unit", "amount": "49999.99"}),
        ("out_of_range", {"document": "D066", "subject": "unit", "amount": "1000000.01"}),
        ("out_of_range", {"document": "D067", "term_days": 16}),
        ("out_of_range", {"document": "D067", "term_days": 0}),
        ("out_of_range", {"document": "D068", "term_days": 16, "emergency": True}),
        ("disputed", {"document": "D149", "amount": "1", "undisputed": False, "payee_is_applicant": True}),
        ("disputed", {"document": "D182", "corrects": "D149", "amount": "1", "undisputed": False, "payee_is_applicant": True}),
        ("missing_field", {}),
        ("missing_field", {"document": "D066", "amount": "1"}),
        ("missing_field", {"document": "D066", "subject": "person"}),
        ("missing_field", {"document": "D067"}),
        ("missing_field", {"document": "D163"}),
        ("missing_field", {"document": "D080"}),
        ("missing_field", {"document": "D116"}),
        ("missing_field", {"document": "D020"}),
        ("missing_field", {"document": "D032"}),
        ("missing_field", {"document": "D149", "amount": "1", "undisputed": True}),
        ("missing_field", {"document": "D182"}),
        ("missing_field", {"document": "D182", "corrects": "D067"}),
        ("bad_value", {"document": "D182", "corrects": "D182"}),
        ("bad_value", {"document": "D066", "subject": "firm", "amount": "1"}),
        ("bad_value", {"document": "D080", "role": "guard"}),
        ("bad_value", {"document": "D067", "term_days": "10"}),
        ("bad_value", {"document": "D067", "term_days": 10, "emergency": 1}),
        ("bad_value", {"document": "D032", "ground": 1}),
        ("bad_amount", {"document": "D116", "amount": 1}),
        ("unknown_document", {"document": "D999"}),
        ("unknown_document", {"document": 2}),
        ("unknown_document", {"document": "D182", "corrects": "D999"}),
        ("unknown_field", {"document": "D002", "ammount": "1"}),
    ],
)  # fmt: skip
def test_what_an_approval_refuses(code, case):
    assert refusal(calc="approval", **case) == code


def test_each_level_says_what_it_does():
    rules = delivered()
    assert approval.chain(rules, "D067", {"term_days": 10}).kinds == (
        "VOTE",
        "REVIEW",
        "REVIEW",
        "APPROVE",
    )
    assert approval.chain(rules, "D082", {}).kinds == ("VOTE", "REVIEW")
    assert approval.chain(rules, "D002", {}).kinds == ("SIGN",)
    assert approval.chain(rules, "D002", {}).mark == "承办"


def test_a_chain_has_one_kind_for_each_level_and_a_mark():
    rules = delivered()
    facts = {"amount": 1, "term_days": 1, "subject": "person", "role": "judge", "ground": "paid", "applicant_confirmed": True, "corrects": "D002", **CLEAN}  # fmt: skip
    for code in rules.documents:
        found = approval.chain(rules, code, facts)
        assert len(found.chain) == len(found.kinds) >= 1
        assert found.mark


def test_a_fact_that_is_not_known_leads_to_the_higher_chain_or_a_refusal():
    """The hint page may ask with half the facts through the table itself; it must never promise too little."""

    def row(document):
        return tables.decide(delivered(), tables.APPROVAL, {"document": document}).outputs

    assert row("D149")["outcome"] == "disputed"
    assert row("D066")["outcome"] == "out_of_range_fine"
    assert row("D067")["outcome"] == "out_of_range_detention"
    assert row("D116")["chain"] == ["P", "B", "V"]
    assert row("D024")["chain"] == row("D020")["chain"] == ["B"]
    assert row("D163")["chain"] == ["P", "B", "PR"]
    assert row("D080")["chain"] == ["PR"]
    assert row("D032")["chain"] == ["P", "B"]


def test_changing_one_limit_changes_the_chain():
    rules = changed(
        "rules/approval_chain.dmn", "<text>&lt; 100000</text>", "<text>&lt; 300000</text>"
    )
    case = {"calc": "approval", "document": "D149", "amount": "250000.00", **CLEAN}
    assert result(rules, **case)["chain"] == ["B"]
