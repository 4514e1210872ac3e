import pytest

from engine.casefile.rules import channel, delivered

from .asking import asked, changed, refusal, result


def served(*attempts, **more):
    return result(calc="served", attempts=list(attempts), **more)


def deemed(name, **fields):
    return served({"channel": name, **fields})["deemed_on"]


def test_the_example_of_the_contract():
    assert asked(
        """{"calc":"served","attempts":[{"channel":"electronic","consent":false,"sent_on":"2026-08-20"},
        {"channel":"post","returned_on":"2026-08-26","reason":"not_found"},{"channel":"public","posted_on":["2026-08-25","2026-08-27"]}]}"""
    ) == {
        "served": True,
        "deemed_on": "2026-09-28",
        "channel": "public",
        "runs_from": "2026-09-29",
        "tentative": False,
    }


def test_domain_examples_7_and_8():
    assert deemed("public", posted_on="2026-03-02") == "2026-04-01"
    assert deemed("public", posted_on="2026-08-27") == "2026-09-28"


@pytest.mark.parametrize(
    ("name", "fields", "expected"),
    [
        ("direct", {"signed_on": "2026-03-02"}, "2026-03-02"),
        ("direct", {}, None),
        ("transfer", {"signed_on": "2026-03-07"}, "2026-03-07"),
        ("entrusted", {}, None),
        ("at_court", {"refused_on": "2026-03-02"}, "2026-03-02"),
        ("leave", {"left_on": "2026-03-02", "proof": "witness"}, "2026-03-02"),
        ("leave", {"left_on": "2026-03-02", "proof": "media"}, "2026-03-02"),
        ("electronic", {"consent": True, "sent_on": "2026-03-02"}, "2026-03-02"),
        ("electronic", {"consent": True, "sent_on": "2026-03-02", "proved_on": "2026-03-04"}, "2026-03-04"),
        ("electronic", {"consent": True}, None),
        ("electronic", {"consent": False, "sent_on": "2026-03-02"}, None),
        ("electronic", {"consent": False, "read_on": "2026-03-05", "acknowledged_on": "2026-03-04"}, "2026-03-04"),
        ("post", {"received_on": "2026-03-02"}, "2026-03-02"),
        ("post", {}, None),
        ("post", {"returned_on": "2026-03-02", "reason": "wrong_own_address"}, "2026-03-02"),
        ("post", {"returned_on": "2026-03-02", "reason": "address_refused"}, "2026-03-02"),
        ("post", {"returned_on": "2026-03-02", "reason": "unreported_change"}, "2026-03-02"),
        ("post", {"returned_on": "2026-03-02", "reason": "refused"}, "2026-03-02"),
        ("post", {"returned_on": "2026-03-02", "reason": "refused", "no_fault": True}, None),
        ("post", {"returned_on": "2026-03-02", "reason": "not_found"}, None),
        ("public", {"posted_on": "2026-08-03", "abroad": True}, "2026-10-08"),
        ("price_publicity", {"posted_on": "2026-03-02"}, "2026-03-17"),
        ("auction_publicity", {"posted_on": "2026-09-28"}, "2026-10-08"),
    ],
)  # fmt: skip
def test_when_each_channel_counts(name, fields, expected):
    assert deemed(name, **fields) == expected


def test_nothing_valid_is_not_served():
    nothing = {
        "served": False,
        "deemed_on": None,
        "channel": None,
        "runs_from": None,
        "tentative": False,
    }
    assert served() == nothing
    assert served({"channel": "direct"}) == nothing


def test_the_earliest_counts_and_of_equals_the_first_listed():
    direct = {"channel": "direct", "signed_on": "2026-03-05"}
    post = {"channel": "post", "received_on": "2026-03-05"}
    early = {"channel": "electronic", "consent": True, "sent_on": "2026-03-04"}
    assert served(direct, post)["channel"] == "direct"
    assert served(post, direct)["channel"] == "post"
    assert served(post, direct, early)["channel"] == "electronic"


def test_tentative_speaks_of_the_attempt_that_counts_only():
    late = {"channel": "public", "posted_on": "2026-12-20"}
    signed = {"channel": "direct", "signed_on": "2026-12-30"}
    assert served(late)["tentative"]
    assert served(late, signed, final=True)["tentative"] is False
    assert refusal(calc="served", attempts=[late], final=True) == "calendar_missing"


def test_changing_one_number_changes_the_day():
    rules = changed("rules/delivery.toml", 'public = "30 d"', 'public = "60 d"')
    case = {"calc": "served", "attempts": [{"channel": "public", "posted_on": "2026-03-02"}]}
    assert result(rules, **case)["deemed_on"] == "2026-05-06"


LEFT = {"channel": "leave", "left_on": "2026-03-02", "proof": "witness"}


@pytest.mark.parametrize(
    ("code", "case"),
    [
        ("missing_field", {}),
        ("bad_value", {"attempts": {"channel": "direct"}}),
        ("bad_value", {"attempts": ["direct"]}),
        ("missing_field", {"attempts": [{}]}),
        ("unknown_channel", {"attempts": [{"channel": "pigeon"}]}),
        ("unknown_channel", {"attempts": [{"channel": 1}]}),
        ("unknown_document", {"attempts": [], "document": "D999"}),
        ("proof_missing", {"attempts": [{"channel": "leave", "left_on": "2026-03-02"}]}),
        ("proof_missing", {"attempts": [{**LEFT, "proof": "none"}]}),
        ("no_leave_service", {"attempts": [LEFT], "mediation": True}),
        ("direct_only", {"attempts": [{"channel": "post"}], "document": "D034"}),
        ("direct_only", {"attempts": [{"channel": "electronic", "consent": True}], "document": "D065"}),
        ("missing_field", {"attempts": [{"channel": "at_court"}]}),
        ("missing_field", {"attempts": [{"channel": "electronic"}]}),
        ("missing_field", {"attempts": [{"channel": "post", "returned_on": "2026-03-02"}]}),
        ("missing_field", {"attempts": [{"channel": "post", "reason": "refused"}]}),
        ("missing_field", {"attempts": [{"channel": "public"}]}),
        ("bad_value", {"attempts": [{"channel": "public", "posted_on": []}]}),
        ("bad_value", {"attempts": [{"channel": "post", "returned_on": "2026-03-02", "reason": "lost"}]}),
        ("bad_value", {"attempts": [{"channel": "electronic", "consent": "yes"}]}),
        ("bad_value", {"attempts": [], "mediation": "yes"}),
        ("bad_date", {"attempts": [{"channel": "direct", "signed_on": "2026-02-30"}]}),
        ("bad_date", {"attempts": [{"channel": "price_publicity", "posted_on": ["2026-03-02"]}]}),
        ("bad_date", {"attempts": [{"channel": "public", "posted_on": "9999-12-20"}]}),
        ("unknown_field", {"attempts": [{"channel": "direct", "signed": "2026-03-02"}]}),
    ],
)  # fmt: skip
def test_what_delivery_refuses(code, case):
    assert refusal(calc="served", **case) == code


@pytest.mark.parametrize("attempt", [LEFT, {"channel": "direct", "signed_on": "2026-03-02"}, {"channel": "at_court", "refused_on": "2026-03-02"}])  # fmt: skip
def test_a_document_for_the_hand_only_may_be_left_or_refused(attempt):
    assert served(attempt, document="D034")["served"]


# --- which channel next


@pytest.mark.parametrize(
    ("document", "addressee", "failed", "expected"),
    [
        ("D034", {"electronic_consent": True}, (), "direct"),
        ("D021", {"network_interface": True}, (), "network"),
        ("D002", {"in_custody": True, "electronic_consent": True}, (), "transfer"),
        ("D002", {"electronic_consent": True, "confirmed_address": True}, (), "electronic"),
        ("D002", {"electronic_consent": True, "confirmed_address": True}, ("electronic",), "post"),
        ("D002", {"confirmed_address": True, "local_address": True}, ("post",), "direct"),
        ("D002", {"local_address": True}, (), "direct"),
        ("D002", {"remote_address": True}, (), "post"),
        ("D002", {"remote_address": True}, ("post",), "entrusted"),
        ("D002", {"remote_address": True, "missing_proven": True}, ("post",), "entrusted"),
        ("D002", {"remote_address": True, "missing_proven": True}, ("post", "entrusted"), "public"),
        ("D002", {"remote_address": True}, ("post", "entrusted"), None),
        ("D002", {}, (), None),
    ],
)  # fmt: skip
def test_the_channel_for_an_addressee(document, addressee, failed, expected):
    assert channel.choose(delivered(), document, addressee, failed).channel == expected


def test_a_channel_says_how_long_to_wait_and_what_comes_then():
    choice = channel.choose(delivered(), "D002", {"electronic_consent": True})
    assert (choice.wait_days, choice.fallback) == (3, "post")
    assert channel.choose(delivered(), "D002", {}).note == "须补充送达地址或者查明下落"
