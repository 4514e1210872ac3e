import re
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from urllib.parse import urlencode

import openpyxl
import pytest
from flask.testing import FlaskClient

from engine import clock, db
from engine.casefile.people import access, users
from engine.casefile.stage import stages
from tests.casefile.court import PASSWORD, Court

Login = Callable[[str], FlaskClient]
CASES, COURT = "/queries/cases", "/queries/court"


def page(client: FlaskClient, url: str = CASES, **conditions: str) -> str:
    answer = client.get(f"{url}?{urlencode(conditions)}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def numbers(text: str) -> list[str]:
    return re.findall(r'class="case-(?:link|no)"[^>]*>([^<]+)<', text)


def test_case_query_finds_only_what_one_may_open(court: Court, as_login: Login) -> None:
    court.accept("shen")
    assert len(numbers(page(as_login("shen")))) == 1
    text = page(as_login("gu"))
    assert "还没有案件" in text


def test_the_whole_court_is_listed_with_masks_for_who_may_not_open(
    court: Court, as_login: Login
) -> None:
    case_id = court.accept("shen", debtor="陈志强", debtor_id="990000198601270011")
    text = page(as_login("gu"), COURT)
    assert numbers(text) == [court.case(case_id).case_no]
    assert "陈某某" in text
    assert "陈志强" not in text
    assert "538,726.55" not in text
    assert "990000198601270011" not in text
    assert f"/cases/{case_id}" not in text
    own = page(as_login("shen"), COURT)
    assert "990000198601270011" in own
    assert "538,726.55" in own
    led = page(as_login("luo"), COURT)
    assert "陈志强" in led
    assert "990000198601270011" not in led
    assert "9900001986****0011" in led


def test_officers_outside_have_their_errands_and_no_list_of_cases(
    court: Court, as_login: Login
) -> None:
    court.accept("shen")
    db.in_transaction(
        users.add,
        court.id,
        login="jiang",
        name="蒋立",
        title="司法警察",
        roles=["field_officer"],
        password=PASSWORD,
    )
    court.people = {u.login: u for u in db.read_only(users.of_court, court.id)}
    officer = as_login("jiang")
    assert [officer.get(url).status_code for url in (CASES, COURT)] == [403, 403]
    menu = officer.get("/field").get_data(as_text=True)
    assert "外勤事项" in menu and "全院案件" not in menu


def test_a_recused_person_finds_the_case_nowhere(court: Court, as_login: Login) -> None:
    case_id = court.accept("shen")
    db.in_transaction(
        lambda s: access.recuse(s, court.case(case_id), court.user("gu").id, "亲属关系")
    )
    assert numbers(page(as_login("gu"), COURT)) == []


@pytest.mark.parametrize(
    "conditions",
    [
        {"no": "执6001"},
        {"no": "（2026）苏0199执6001号"},
        {"no": "(2026)苏0199执6001号"},
        {"party": "李清"},
        {"idno": "990000198601270099"},
        {"judge": "沈若川"},
        {"stage": "asset_control"},
        {"state": "in_stage"},
        {"state": "urgent"},
        {"from": "2026/11/18", "to": "2026年11月18日"},
        {"days": "3"},
        {"q": "李清晏"},
    ],
)
def test_each_condition_finds_the_case_it_describes(
    court: Court, as_login: Login, conditions: dict[str, str]
) -> None:
    court.accept(
        "shen", debtor="李清晏", debtor_id="990000198601270099", filed_on=date(2026, 11, 18)
    )
    clock.move(timedelta(days=28))
    court.accept("lu", case_type="执保", debtor="王若安")
    assert numbers(page(as_login("luo"), CASES, **conditions)) == ["（2026）苏0199执6001号"]


@pytest.mark.parametrize(
    ("conditions", "sentence"),
    [
        ({"from": "2026-13-01"}, "2026年没有13月1日，请核对"),
        ({"to": "上个月"}, "日期请写成 2026-11-23"),
        ({"from": "2026-11-23", "to": "2026-11-20"}, "截止日不能早于起始日"),
        ({"days": "三天"}, "剩余天数请填写整数，例如 7"),
    ],
)
def test_what_cannot_be_read_is_said_at_its_field_and_kept(
    court: Court, as_login: Login, conditions: dict[str, str], sentence: str
) -> None:
    answer = as_login("shen").get(f"{CASES}?{urlencode(conditions)}")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert sentence in text
    assert 'aria-invalid="true"' in text
    assert all(f'value="{value}"' in text for value in conditions.values())


def test_a_search_without_a_hit_says_what_helps(court: Court, as_login: Login) -> None:
    court.accept("shen")
    assert "没有符合条件的案件" in page(as_login("shen"), no="执999999")


def test_deadlines_read_as_the_manual_writes_them(court: Court, as_login: Login) -> None:
    paused, overdue = court.accept("shen"), court.accept("shen")
    db.in_transaction(lambda s: stages.pause(s, court.case(paused), "suspension"))
    clock.move(timedelta(days=35))
    court.accept("shen", case_type="执保")
    text = page(as_login("shen"))
    assert "已暂停（剩余30天）" in text
    days = (clock.today() - (court.case(overdue).stage_due_on or clock.today())).days
    assert f"已超期{days}天" in text
    assert "未分段" in text


def test_results_page_by_fifty_and_every_case_comes_once(court: Court, as_login: Login) -> None:
    for _ in range(53):
        court.file()
    client = as_login("luo")
    first = page(client)
    following = re.search(r'href="([^"]+)" rel="next"', first)
    assert following
    second = client.get(following[1].replace("&amp;", "&")).get_data(as_text=True)
    assert len(numbers(first)) == 50
    assert len(set(numbers(first)) | set(numbers(second))) == 53
    assert 'rel="first"' in second
    assert "共 <b>53</b> 件" in second


def test_the_result_is_exported_under_its_conditions(court: Court, as_login: Login) -> None:
    court.accept("shen")
    court.accept("shen", debtor="王若安")
    client = as_login("shen")
    answer = client.get(f"{CASES}/export?party=王若安")
    sheet = openpyxl.load_workbook(BytesIO(answer.data)).active
    assert sheet is not None
    assert [cell.value for cell in sheet["A"]] == ["案号", "（2026）苏0199执6002号"]
    assert client.get(f"{CASES}/export?from=x").status_code == 422


def test_a_designer_has_no_cases_to_query(court: Court, as_login: Login) -> None:
    assert as_login("lin").get(CASES).status_code == 403
    assert as_login("lin").get(COURT).status_code == 403
