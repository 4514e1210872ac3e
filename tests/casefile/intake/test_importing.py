"""Good lines become cases once; a case that is stored is never changed by a file."""

from threading import Thread

import pytest

from engine import audit, db
from engine.audit import Actor
from engine.casefile.case import cases
from engine.casefile.intake import importing
from engine.casefile.intake.cells import FileRefused
from engine.casefile.party import parties
from engine.casefile.people import courts, users
from engine.ids import new_id
from tests.casefile.intake.tables import EXAMPLE, TODAY, written

JUDGES = ["沈若川", "陆怀瑾", "韩采薇", "顾明远", "林思齐"]
CLERK = Actor(new_id(), "周立案")


@pytest.fixture
def court(database):
    """The court of the example, with its five judges."""
    return db.in_transaction(made_court, "苏0199")


def made_court(session, code):
    court_id = courts.add(
        session, code=code, name="临江市人民法院", short_name="临江法院", address="", phone=""
    )
    for place, name in enumerate(JUDGES):
        user(session, court_id, name, login=f"{code}-judge{place}")
    return court_id


def user(session, court_id, name, *, login, role="handling_judge"):
    return users.add(
        session, court_id, login=login, name=name, title="法官", password="x" * 12, roles=[role]
    )


def imported(court, data, *, strict=False):
    return db.in_transaction(importing.import_file, court, data, CLERK, today=TODAY, strict=strict)


def by_number(court, case_no):
    return db.read_only(cases.by_number, court, case_no)


def test_the_example_goes_in_once(court):
    data = EXAMPLE.read_bytes()
    first = imported(court, data)
    assert (len(first.new), len(first.existing), len(first.refusals)) == (31, 0, 9)
    assert first.refused.startswith(b"\xef\xbb\xbf")
    again = imported(court, data)
    assert (again.new, again.existing, again.refusals) == ((), first.new, first.refusals)


def test_a_stored_case_waits_to_be_accepted_with_its_parties_and_its_judge(court):
    imported(court, EXAMPLE.read_bytes())
    case = by_number(court, "（2026）苏0199执6027号")
    assert case.status == "pending_acceptance"
    assert str(case.amount) == "3418339.83"
    assert db.read_only(users.get, case.owner_id).name == "韩采薇"
    found = db.read_only(parties.of_case, case.id)
    assert [(p.role, p.position, p.name, p.kind) for p in found] == [
        ("applicant", 1, "马良", "natural"),
        ("debtor", 1, "吕㛃胜", "natural"),
        ("debtor", 2, "金䶮敏", "natural"),
    ]
    assert db.read_only(audit.verify, case.id) is None


def test_strict_takes_all_or_nothing(court):
    held = imported(court, EXAMPLE.read_bytes(), strict=True)
    assert (held.new, len(held.refusals)) == ((), 9)
    assert by_number(court, "（2026）苏0199执6000号") is None
    whole = imported(court, written({}).encode(), strict=True)
    assert whole.new == ("（2026）苏0199执1号",)


def test_a_stored_case_with_other_content_is_refused_and_the_columns_are_named(court):
    imported(court, written({}).encode())
    other = {"收案日期": "2026/9/2", "被执行人住所": "江州省临江市青石路1号", "承办法官": "沈若川"}
    done = imported(court, written(other).encode())
    (refusal,) = done.refusals
    assert (done.new, done.existing) == ((), ())
    assert (refusal.line, refusal.column) == (2, "案号")
    assert "登记的收案日期、被执行人住所、承办法官与文件不同" in refusal.reason
    assert str(by_number(court, "（2026）苏0199执1号").filed_on) == "2026-09-01"


def test_another_number_of_persons_is_named_once(court):
    imported(court, written({}).encode())
    two = {"被执行人": "喻䶮㛃；鲁利", "被执行人类型": "自然人；自然人", "被执行人证件号码": ""}
    (refusal,) = imported(court, written(two).encode()).refusals
    assert "登记的被执行人与文件不同" in refusal.reason


def test_a_case_in_another_writing_is_the_same_case(court):
    imported(court, written({}).encode())
    same = {"案号": "(2026)苏0199执1号", "收案日期": "2026/9/1", "申请执行标的": "10,000"}
    assert imported(court, written(same).encode()).existing == ("（2026）苏0199执1号",)


def test_an_unknown_judge_is_refused_by_column(court):
    (refusal,) = imported(court, written({"承办法官": "无此人"}).encode()).refusals
    assert str(refusal).startswith("第2行 承办法官「无此人」：本院没有这个姓名的用户")


def test_somebody_who_is_no_judge_cannot_own_a_case(court):
    db.in_transaction(user, court, "周立案", login="zhou", role="filing_clerk")
    (refusal,) = imported(court, written({"承办法官": "周立案"}).encode()).refusals
    assert "不是法官" in refusal.reason


def test_two_judges_of_one_name_are_told_apart_by_their_logins(court):
    second = db.in_transaction(user, court, "沈若川", login="shen2")
    (refusal,) = imported(court, written({"承办法官": "沈若川"}).encode()).refusals
    assert "2 位同名法官" in refusal.reason and "shen2" in refusal.reason
    imported(court, written({"承办法官": "shen2"}).encode())
    assert by_number(court, "（2026）苏0199执1号").owner_id == second


def test_a_case_without_a_judge_waits_for_whoever_accepts_it(court):
    imported(court, written({}).encode())
    assert by_number(court, "（2026）苏0199执1号").owner_id is None


def test_courts_do_not_see_each_others_cases_or_judges(court):
    other = db.in_transaction(made_court, "苏0198")
    imported(court, written({"承办法官": "沈若川"}).encode())
    data = written({"案号": "（2026）苏0198执1号", "承办法官": "沈若川"}).encode()
    done = imported(other, data)
    assert done.new == ("（2026）苏0198执1号",)
    owner = by_number(other, "（2026）苏0198执1号").owner_id
    assert db.read_only(users.get, owner).court_id == other


def test_a_file_that_is_none_stores_nothing(court):
    with pytest.raises(FileRefused):
        imported(court, b"%PDF-1.7")


def test_two_imports_at_once_store_each_case_once(court):
    data, done = EXAMPLE.read_bytes(), []
    threads = [Thread(target=lambda: done.append(imported(court, data))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(len(result.new) for result in done) == [0, 0, 0, 31]
    assert sorted(len(result.existing) for result in done) == [0, 31, 31, 31]
