"""异常处理."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from engine import db
from engine.casefile.oversight import interventions
from engine.process import chronicle
from tests.casefile.court import Court
from tests.webui.pages.bank import bank, broken_freeze, deploy, give_right, incident_of

Login = Callable[[str], FlaskClient]
FRAGMENT = {"HX-Request": "true"}
NOTE = "对方系统已恢复，重试"


@pytest.fixture(autouse=True)
def _bank(court: Court) -> None:
    bank.__init__()  # type: ignore[misc]
    deploy(court)


def page(client: FlaskClient, url: str = "/incidents", **more: Any) -> str:
    answer = client.get(url, **more)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def rows(text: str) -> list[str]:
    return re.findall(r'<tr data-id="([^"]+)"', text)


def test_nothing_broken_says_so(court: Court, as_login: Login) -> None:
    text = page(as_login("luo"))
    assert "没有未处理的异常" in text
    assert "未处理 0" in text
    assert "还没有处理过异常" in page(as_login("luo"), "/incidents?closed=1")


def test_only_supervisors_and_operators_come_here(court: Court, as_login: Login) -> None:
    broken_freeze(court)
    assert as_login("shen").get("/incidents").status_code == 403
    give_right(court, "gu", "team_leader")
    assert rows(page(as_login("gu"))) == []
    give_right(court, "lu", "team_leader")
    text = page(as_login("lu"))
    assert len(rows(text)) == 1
    assert "重试和撤销需要“运维”权限" in text
    assert "hx-get" not in text.split("<main")[1].split("</main>")[0]
    assert as_login("lu").post("/incidents/retry", data={"note": NOTE}).status_code == 403


def test_each_line_says_where_why_which_case_and_how_often(court: Court, as_login: Login) -> None:
    instance_id = broken_freeze(court)
    text = page(as_login("luo"))
    assert rows(text) == [str(incident_of(instance_id))]
    assert "送出协助冻结通知" in text
    assert "gateway.linjiang-rcb 无响应（30.0 秒）" in text
    assert "（2026）苏0199执6001号" in text
    assert "1 次" in text
    assert f'href="/instances/{instance_id}"' in text
    assert re.search(r'异常处理<span class="count">.*1', text), "the number in the menu"


def test_many_of_one_reason_are_retried_together(court: Court, as_login: Login) -> None:
    broken = [broken_freeze(court, who) for who in ("shen", "lu", "shen")]
    ids = [incident_of(i) for i in broken]
    client = as_login("luo")
    form = page(client, "/incidents/retry?" + "&".join(f"row={i}" for i in ids), headers=FRAGMENT)
    assert "重试 3 项" in form
    assert f'value="{NOTE}"' in form
    bank.away = False
    answer = client.post("/incidents/retry", data={"row": [str(i) for i in ids], "note": NOTE})
    assert (answer.status_code, answer.location) == (303, "/incidents")
    assert "已重试 3 项" in page(client)
    court.work()
    assert rows(page(client)) == []
    closed = page(client, "/incidents?closed=1")
    assert set(rows(closed)) == {str(i) for i in ids}
    assert "罗正平" in closed


def test_ticked_processes_are_retried_by_their_incidents(court: Court, as_login: Login) -> None:
    instance_id = broken_freeze(court)
    form = page(
        as_login("luo"), f"/incidents/retry?by=instance&row={instance_id}", headers=FRAGMENT
    )
    assert str(incident_of(instance_id)) in form


def test_one_that_somebody_else_retried_is_named_and_the_others_go_on(
    court: Court, as_login: Login
) -> None:
    first, second = (incident_of(broken_freeze(court, who)) for who in ("shen", "lu"))
    give_right(court, "shao", "operator")
    db.in_transaction(interventions.retry, court.user("shao"), first, NOTE)
    client = as_login("luo")
    client.post("/incidents/retry", data={"row": [str(first), str(second)], "note": NOTE})
    text = page(client)
    assert "已重试 1 项；1 项没有处理：这项异常已经重试过，您的操作没有执行：邵启明" in text


def test_the_dialog_of_what_is_done_already_says_so(court: Court, as_login: Login) -> None:
    incident = incident_of(broken_freeze(court))
    db.in_transaction(interventions.retry, court.user("luo"), incident, NOTE)
    form = page(as_login("luo"), f"/incidents/retry?row={incident}", headers=FRAGMENT)
    assert "所选的异常已经处理" in form


def test_a_note_is_asked_for(court: Court, as_login: Login) -> None:
    incident = incident_of(broken_freeze(court))
    answer = as_login("luo").post(
        "/incidents/retry", data={"row": str(incident), "note": "  "}, headers=FRAGMENT
    )
    assert answer.status_code == 422
    assert "请填写处理说明" in answer.get_data(as_text=True)


def test_ids_that_are_none_or_not_there_are_answered_with_a_sentence(
    court: Court, as_login: Login
) -> None:
    client = as_login("luo")
    assert client.post("/incidents/retry", data={"note": NOTE}).status_code == 400
    assert client.post("/incidents/retry", data={"row": "x", "note": NOTE}).status_code == 400
    client.post("/incidents/retry", data={"row": str(uuid4()), "note": NOTE})
    assert "1 项没有处理：没有找到" in page(client)


def test_an_inside_operation_that_fails_again_says_why_at_once(
    court: Court, as_login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Inside operations run in the retry itself, so what came of it is known when the page comes back."""
    from engine.casefile.document import drafting

    def refuse(*_: Any, **__: Any) -> None:
        raise ValueError("模板缺少字段")

    monkeypatch.setattr(drafting, "draft", refuse)
    case_id = court.accept("shen")
    client = as_login("luo")
    [incident] = rows(page(client))
    client.post("/incidents/retry", data={"row": incident, "note": NOTE})
    text = page(client)
    assert "已重试 1 项；1 项仍未成功：模板缺少字段" in text
    assert rows(text) != [incident]
    assert court.case(case_id).stage == "asset_control"


def test_three_clicks_clear_an_incident(court: Court, as_login: Login) -> None:
    """The menu, 重试 in the row, 重试 in the dialog, whose note stands there already."""
    instance_id = broken_freeze(court)
    bank.away = False
    client = as_login("luo")
    listed = page(client)
    ask = re.search(r'hx-get="(/incidents/retry[^"]+)"', listed)
    assert ask
    form = page(client, ask[1].replace("&amp;", "&"), headers=FRAGMENT)
    given = dict(re.findall(r'<input[^>]* name="(\w+)"[^>]* value="([^"]*)"', form))
    client.post("/incidents/retry", data=given, headers=FRAGMENT)
    court.work()
    assert [i.resolution for i in db.read_only(chronicle.incidents, instance_id)] == ["retried"]
