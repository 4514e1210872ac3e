import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from uuid import uuid4

import openpyxl
import pytest
from flask.testing import FlaskClient

from engine import clock, db
from engine.casefile.asset import assets
from engine.casefile.stage import stages
from tests.casefile.court import Court

Login = Callable[[str], FlaskClient]
MINE = "/stages/asset_control"


def page(client: FlaskClient, url: str = MINE) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def rows(text: str) -> list[str]:
    return re.findall(r'class="case-link"[^>]*>([^<]+)<', text)


def test_the_list_shows_my_cases_with_their_deadline_and_buttons(
    court: Court, as_login: Login
) -> None:
    case_id = court.accept("shen")
    court.accept("lu")
    text = page(as_login("shen"))
    assert rows(text) == [court.case(case_id).case_no]
    assert "剩余30天" in text
    assert f'href="/cases/{case_id}/matters"' in text
    assert f'href="/cases/{case_id}/transfer"' in text
    assert "查控文书" in text
    assert "我的案件 1" in text
    assert "团队案件 2" in text


def test_the_team_is_on_a_switch_and_offers_only_what_one_may_move(
    court: Court, as_login: Login
) -> None:
    court.accept("shen")
    other = court.accept("lu")
    text = page(as_login("shen"), f"{MINE}?scope=team")
    assert len(rows(text)) == 2
    assert f'href="/cases/{other}/matters"' in text
    assert f'href="/cases/{other}/transfer"' not in text


def test_who_handles_no_cases_comes_to_those_of_the_team(court: Court, as_login: Login) -> None:
    court.accept("shen")
    assert len(rows(page(as_login("xu")))) == 1


def test_a_designer_has_no_worklist_and_an_unknown_stage_is_none(
    court: Court, as_login: Login
) -> None:
    assert as_login("lin").get(MINE).status_code == 403
    assert as_login("shen").get("/stages/stage_five").status_code == 404


def test_nobody_gets_in_without_signing_in(court: Court, client: FlaskClient) -> None:
    assert client.get(MINE).status_code == 302


def test_an_empty_list_says_what_comes_here_and_leads_to_the_team(
    court: Court, as_login: Login
) -> None:
    text = page(as_login("shen"))
    assert "本阶段没有您承办的案件" in text
    text = page(as_login("shen"), f"{MINE}?q=没有这个人&light=overdue")
    assert "没有符合条件的案件" in text
    assert "没有这个人，已超期" in text


def test_each_light_opens_exactly_the_rows_it_counts(court: Court, as_login: Login) -> None:
    court.accept("shen")
    clock.move(timedelta(days=27))
    court.accept("shen")
    client = as_login("shen")
    counts = re.findall(r'class="light ([a-z]*)".*?<b>(\d+)</b>', page(client))
    assert dict(counts) == {
        "": "2",
        "overdue": "0",
        "urgent": "1",
        "soon": "0",
        "ok": "1",
        "paused": "0",
    }
    for light, count in counts:
        assert len(rows(page(client, f"{MINE}?light={light}"))) == int(count)


def test_a_paused_case_shows_what_was_left(court: Court, as_login: Login) -> None:
    case_id = court.accept("shen")
    db.in_transaction(lambda s: stages.pause(s, court.case(case_id), "suspension"))
    text = page(as_login("shen"), f"{MINE}?light=paused")
    assert "已暂停（剩余30天）" in text


@pytest.mark.parametrize("words", ["执6001", "(2026)苏0199执6001号", "李清", "李 清晏"])
def test_words_find_numbers_in_any_writing_and_parts_of_names(
    court: Court, as_login: Login, words: str
) -> None:
    court.accept("shen", debtor="李清晏")
    court.accept("shen", debtor="王若安")
    assert rows(page(as_login("shen"), f"{MINE}?q={words}")) == ["（2026）苏0199执6001号"]


def test_filters_narrow_by_cause_property_and_handler(court: Court, as_login: Login) -> None:
    first = court.accept("shen", cause="买卖合同纠纷")
    second = court.accept("lu")
    db.in_transaction(
        lambda s: assets.add(
            s,
            court.id,
            second,
            owner_id=None,
            kind="vehicle",
            name="苏A·00001",
            value=Decimal(1),
            disposition="auction",
            created_by=None,
        )
    )
    client, team = as_login("shen"), f"{MINE}?scope=team"
    numbers = {case_id: court.case(case_id).case_no for case_id in (first, second)}
    assert rows(page(client, f"{team}&cause=买卖合同纠纷")) == [numbers[first]]
    assert rows(page(client, f"{team}&asset=vehicle")) == [numbers[second]]
    handler = court.user("lu").id
    text = page(client, f"{team}&handler={handler}")
    assert rows(text) == [numbers[second]]
    assert "移除条件 陆怀瑾" in text


@pytest.mark.parametrize("sort", ["due", "no", "amount"])
def test_every_sort_order_pages_through_all_rows_once(
    court: Court, as_login: Login, sort: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.casefile.case.boards.SIZES", (2, 50, 100))
    numbers = [
        court.case(court.accept("shen", amount=Decimal(amount))).case_no
        for amount in ("10.50", "99999.99", "10.50")
    ]
    client = as_login("shen")
    first = page(client, f"{MINE}?sort={sort}&size=2")
    following = re.search(r'href="([^"]+)" rel="next"', first)
    assert following
    second = page(client, following[1].replace("&amp;", "&"))
    assert sorted(rows(first) + rows(second)) == sorted(numbers)
    assert 'rel="first"' in second
    if sort == "amount":
        assert rows(first)[0] == numbers[1]


def test_an_address_that_was_tampered_with_shows_the_usual_list(
    court: Court, as_login: Login
) -> None:
    court.accept("shen")
    text = page(
        as_login("shen"), f"{MINE}?after=x~y&sort=drop&light=blue&size=9999&handler=1&asset=gold"
    )
    assert len(rows(text)) == 1


def test_chosen_columns_are_remembered(court: Court, as_login: Login) -> None:
    court.accept("shen")
    client = as_login("shen")
    assert '<th class="column-clues' in page(client)
    client.set_cookie("worklist_columns", "amount.handler")
    text = page(client)
    assert '<th class="column-clues' not in text
    assert '<th class="column-handler "' in text


def test_the_export_holds_every_filtered_row_and_no_cell_runs(
    court: Court, as_login: Login
) -> None:
    court.accept("shen", debtor="=HYPERLINK(1)", amount=Decimal("12.30"))
    court.accept("shen", cause="买卖合同纠纷")
    answer = as_login("shen").get(f"{MINE}/export?cause=民间借贷纠纷")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    sheet = openpyxl.load_workbook(BytesIO(answer.data)).active
    assert sheet is not None
    table = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert len(table) == 2
    row = dict(zip(table[0], table[1], strict=True))
    assert row["案号"] == "（2026）苏0199执6001号"
    assert row["被执行人"] == "'=HYPERLINK(1)"
    assert row["执行标的（元）"] == 12.3


def test_ticked_rows_are_exported_alone_and_never_those_of_others(
    court: Court, as_login: Login
) -> None:
    mine, other = court.accept("shen"), court.accept("gu", case_type="执保")
    court.accept("shen")
    client = as_login("shen")
    answer = client.post(f"{MINE}/export", data={"row": [str(mine), str(other), str(uuid4())]})
    sheet = openpyxl.load_workbook(BytesIO(answer.data)).active
    assert sheet is not None
    assert sheet.max_row == 2
    assert client.post(f"{MINE}/export", data={"row": "x"}).status_code == 400


def test_the_menu_counts_my_cases_of_each_stage(court: Court, as_login: Login) -> None:
    court.accept("shen")
    text = page(as_login("shen"))
    menu = re.search(r'<a href="/stages/asset_control" aria-current="page">.*?</a>', text)
    assert menu
    assert "1" in re.sub("<[^>]+>", "", menu[0])


def test_the_drawer_sums_the_case_up(court: Court, as_login: Login) -> None:
    case_id = court.accept("shen")
    client = as_login("shen")
    answer = client.get(f"/cases/{case_id}/peek", headers={"HX-Request": "true"})
    text = answer.get_data(as_text=True)
    assert "沈若川" in text
    assert "发起事项" in text
    assert "（第 1 天）" in text
    assert as_login("gu").get(f"/cases/{case_id}/peek").status_code == 404
