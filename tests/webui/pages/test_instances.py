"""流程实例, one process, and 按人员改派."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient

from engine import clock, db
from engine.casefile.oversight import interventions
from engine.casefile.people import access
from engine.process import instances, tasks
from tests.casefile.court import Court
from tests.webui.pages.bank import (
    bank,
    broken_freeze,
    deploy,
    do,
    give_right,
    incident_of,
    open_freeze,
)

Login = Callable[[str], FlaskClient]
FRAGMENT = {"HX-Request": "true"}
NOTE = "对方系统已恢复，重试"


@pytest.fixture(autouse=True)
def _bank(court: Court) -> None:
    bank.__init__()  # type: ignore[misc]
    deploy(court)


def page(client: FlaskClient, url: str, status: int = 200, **more: Any) -> str:
    answer = client.get(url, **more)
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def rows(text: str) -> list[str]:
    return re.findall(r'<tr class="[^"]*" data-id="([^"]+)"', text)


def state(instance_id: UUID) -> str:
    return db.read_only(instances.get, instance_id).state


# ---------------------------------------------------------------- the list


def test_without_an_office_there_is_no_list_and_no_menu_entry(
    court: Court, as_login: Login
) -> None:
    instance_id = broken_freeze(court)
    client = as_login("shen")
    for url in ("/instances", f"/instances/{instance_id}", "/desks"):
        assert client.get(url).status_code == 403
    assert "流程实例" not in page(client, "/queries/cases")


def test_an_empty_court_says_where_processes_come_from(court: Court, as_login: Login) -> None:
    assert "还没有流程" in page(as_login("luo"), "/instances")


def test_the_list_shows_incidents_first_with_place_and_person(
    court: Court, as_login: Login
) -> None:
    broken = broken_freeze(court)
    text = page(as_login("luo"), "/instances")
    assert rows(text)[0] == str(broken)
    assert "送出协助冻结通知" in text
    assert "系统作业" in text
    assert "财产查控：办理与流转" in text
    assert "沈若川" in text
    assert re.search(r"异常 1\b", text)


def test_every_state_of_the_head_lists_as_many_rows_as_it_says(
    court: Court, as_login: Login
) -> None:
    broken_freeze(court)
    held = open_freeze(court, court.accept("lu"), court.user("lu"))
    db.in_transaction(interventions.suspend, court.user("luo"), held, "核实")
    client = as_login("luo")
    head = page(client, "/instances?key=freeze_online")
    for key, word in (("incident", "异常"), ("waiting", "等待"), ("suspended", "已暂停")):
        found = re.search(rf"{word} (\d+)\s*</a>", head)
        assert found, word
        listed = rows(page(client, f"/instances?key=freeze_online&state={key}"))
        assert len(listed) == int(found[1]), word


def test_nothing_found_names_the_conditions_and_leads_out(court: Court, as_login: Login) -> None:
    court.accept("shen")
    text = page(as_login("luo"), "/instances?case_no=执9999&overdue=1")
    assert "没有符合条件的流程" in text
    assert "执9999，只看超期" in text
    assert "清除全部条件" in text


def test_versions_and_elements_are_offered_when_a_definition_is_chosen(
    court: Court, as_login: Login
) -> None:
    client = as_login("luo")
    assert 'name="element" disabled' in page(client, "/instances").replace('element-field" ', "")
    text = page(client, "/instances?key=freeze_online")
    assert '<option value="send">送出协助冻结通知</option>' in text
    assert '<option value="1">v1</option>' in text


def test_fifty_rows_and_the_next_page_goes_on(court: Court, as_login: Login) -> None:
    case_id = court.accept("shen")
    made = {str(open_freeze(court, case_id, court.user("shen"))) for _ in range(53)}
    client = as_login("luo")
    first = page(client, "/instances?key=freeze_online")
    following = re.search(r'href="([^"]+)" rel="next"', first)
    assert following and len(rows(first)) == 50
    second = page(client, following[1].replace("&amp;", "&"))
    assert len(rows(second)) == 3 and set(rows(first)) | set(rows(second)) == made


def test_what_is_unknown_in_the_address_counts_as_not_given(court: Court, as_login: Login) -> None:
    court.accept("shen")
    client = as_login("luo")
    for query in (
        "state=bogus",
        "version=x",
        "after=1~2~3",
        "key=nothing&element=x",
        "overdue=%00",
    ):
        assert client.get(f"/instances?{query}").status_code == 200, query


def test_a_team_leader_sees_his_team_and_has_no_buttons_without_the_right(
    court: Court, as_login: Login
) -> None:
    instance_id = broken_freeze(court)
    give_right(court, "lu", "team_leader")
    give_right(court, "gu", "team_leader")
    client = as_login("lu")
    text = page(client, "/instances")
    assert str(instance_id) in rows(text)
    assert 'type="checkbox" name="row"' not in text
    shown = page(client, f"/instances/{instance_id}")
    assert "重试和撤销需要“运维”权限" in shown
    assert "改变量后重试" not in shown
    other = as_login("gu")
    assert rows(page(other, "/instances")) == []
    for url in ("", "/positions.json", "/revision.json"):
        assert other.get(f"/instances/{instance_id}{url}").status_code == 404


# ---------------------------------------------------------------- many at once


def test_many_are_held_and_let_go_with_one_note(court: Court, as_login: Login) -> None:
    one, other = (open_freeze(court, court.accept(w), court.user(w)) for w in ("shen", "lu"))
    client = as_login("luo")
    form = page(client, f"/instances/suspend?row={one}&row={other}", headers=FRAGMENT)
    assert "暂停 2 个流程" in form
    assert "核实情况，先行暂停" in form
    data = {
        "row": [str(one), str(other)],
        "note": "核实情况",
        "back": "/instances?key=freeze_online",
    }
    answer = client.post("/instances/suspend", data=data)
    assert (answer.status_code, answer.location) == (303, "/instances?key=freeze_online")
    assert "已暂停 2 个流程" in page(client, "/instances")
    assert state(one) == state(other) == "suspended"
    client.post("/instances/resume", data=data | {"row": str(one)})
    assert (state(one), state(other)) == ("running", "suspended")


def test_without_a_note_the_dialog_says_so_and_nothing_is_held(
    court: Court, as_login: Login
) -> None:
    one = open_freeze(court, court.accept("shen"), court.user("shen"))
    answer = as_login("luo").post(
        "/instances/suspend", data={"row": str(one), "note": " "}, headers=FRAGMENT
    )
    assert answer.status_code == 422
    assert "请填写处理说明" in answer.get_data(as_text=True)
    assert state(one) == "running"


def test_one_that_was_held_before_is_named_with_who_did_it(court: Court, as_login: Login) -> None:
    one, other = (open_freeze(court, court.accept(w), court.user(w)) for w in ("shen", "lu"))
    client = as_login("luo")
    db.in_transaction(interventions.suspend, court.user("luo"), one, "核实")
    client.post("/instances/suspend", data={"row": [str(one), str(other)], "note": "核实"})
    text = page(client, "/instances")
    assert "已暂停 1 个流程" in text
    assert "1 个流程没有处理：这个流程已经暂停" in text
    assert "罗正平" in text


def test_the_way_back_is_never_another_site(court: Court, as_login: Login) -> None:
    one = open_freeze(court, court.accept("shen"), court.user("shen"))
    data = {"row": str(one), "note": "核实", "back": "https://evil.example/"}
    assert as_login("luo").post("/instances/suspend", data=data).location == "/instances"


# ---------------------------------------------------------------- one process


def test_the_page_says_what_broke_in_the_true_words_and_where_it_stands(
    court: Court, as_login: Login
) -> None:
    instance_id = broken_freeze(court)
    text = page(as_login("luo"), f"/instances/{instance_id}")
    assert "BankAway: gateway.linjiang-rcb 无响应（30.0 秒）" in text
    assert "Traceback (most recent call last)" in text
    assert 'data-element="send"' in text
    assert "发生异常：送出协助冻结通知" in text
    assert "办结任务：制作冻结文书" in text
    assert "判断所依据的事实" in text
    assert re.search(r'<th scope="row"[^>]*>金额</th><td>80000</td>', text)


def test_the_diagram_gets_the_same_positions_as_the_table(court: Court, as_login: Login) -> None:
    instance_id = broken_freeze(court)
    drawn = json.loads(page(as_login("luo"), f"/instances/{instance_id}/positions.json"))
    assert drawn["here"] == drawn["incidents"] == ["send"]
    assert drawn["visited"] == ["begin", "draft", "how_much", "send"]
    assert drawn["flows"] == ["begin-draft", "draft-how_much", "how_much-send"]


def test_an_incident_is_cleared_from_its_page(court: Court, as_login: Login) -> None:
    instance_id = broken_freeze(court)
    bank.away = False
    client = as_login("luo")
    before = page(client, f"/instances/{instance_id}/revision.json")
    url = f"/instances/{instance_id}/incidents/{incident_of(instance_id)}/retry"
    answer = client.post(url, data={"note": NOTE})
    assert (answer.status_code, answer.location) == (303, f"/instances/{instance_id}")
    waiting = page(client, f"/instances/{instance_id}")
    assert "等待运行" in waiting
    assert "data-watch" in waiting
    court.work()
    text = page(client, f"/instances/{instance_id}")
    assert "收到回执" in text
    assert f"说明</span> {NOTE}" in text
    assert "incident-card" not in text
    assert "data-watch" not in text
    assert page(client, f"/instances/{instance_id}/revision.json") != before


def test_who_comes_second_reads_who_was_first_and_keeps_his_note(
    court: Court, as_login: Login
) -> None:
    instance_id = broken_freeze(court)
    url = f"/instances/{instance_id}/incidents/{incident_of(instance_id)}/retry"
    client = as_login("luo")
    client.post(url, data={"note": NOTE})
    answer = client.post(url, data={"note": "已电话核实"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "这项异常已经重试过，您的操作没有执行：罗正平" in text
    assert "您填写的说明：已电话核实" in text


def test_an_empty_note_is_refused_beside_its_field(court: Court, as_login: Login) -> None:
    instance_id = broken_freeze(court)
    url = f"/instances/{instance_id}/incidents/{incident_of(instance_id)}/retry"
    answer = as_login("luo").post(url, data={"note": ""})
    assert answer.status_code == 422
    assert "请填写处理说明" in answer.get_data(as_text=True)


def test_acts_are_refused_without_the_right_and_outside_the_scope(
    court: Court, as_login: Login
) -> None:
    instance_id = broken_freeze(court)
    incident = incident_of(instance_id)
    give_right(court, "gu", "team_leader")
    give_right(court, "gu", "operator")
    posts = [
        f"/instances/{instance_id}/incidents/{incident}/retry",
        f"/instances/{instance_id}/cancel",
    ]
    for login, status in (("shen", 403), ("shao", 403), ("gu", 404)):
        client = as_login(login)
        for url in posts:
            assert client.post(url, data={"note": NOTE}).status_code == status, (login, url)
    assert incident_of(instance_id) == incident and state(instance_id) == "running"


def test_an_unknown_process_is_not_found(court: Court, as_login: Login) -> None:
    client = as_login("luo")
    assert client.get(f"/instances/{uuid4()}").status_code == 404
    assert client.get(f"/instances/{uuid4()}/cancel").status_code == 404


def test_a_variable_is_changed_and_the_gateway_decides_anew(court: Court, as_login: Login) -> None:
    instance_id = open_freeze(court, court.accept("shen"), court.user("shen"), 金额=None)
    do(instance_id, court.user("shen"))
    client = as_login("luo")
    url = f"/instances/{instance_id}/incidents/{incident_of(instance_id)}/variable"
    form = page(client, url, headers=FRAGMENT)
    assert "金额（现为 空）" in form
    typed = {"name": "金额", "kind": "number", "value": "壹万", "note": "更正数据"}
    refused = client.post(url, data=typed, headers=FRAGMENT)
    assert refused.status_code == 422
    assert "请填写数字，例如 1200.50" in refused.get_data(as_text=True)
    assert 'value="壹万"' in refused.get_data(as_text=True)
    done = client.post(url, data=typed | {"value": "6,000,000"}, headers=FRAGMENT)
    assert done.status_code == 204 and done.headers["HX-Redirect"] == f"/instances/{instance_id}"
    text = page(client, f"/instances/{instance_id}")
    assert "局长审批" in text
    assert "<del>空</del> → <ins>6000000</ins>" in text
    assert "说明</span> 更正数据" in text


@pytest.mark.parametrize(
    "typed",
    [
        {"kind": "day", "value": "明天"},
        {"kind": "boolean", "value": "也许"},
        {"kind": "structure", "value": "[1,"},
        {"kind": "bogus", "value": "1"},
        {"name": "", "kind": "text", "value": "x"},
    ],
)
def test_a_value_that_is_none_is_explained(
    court: Court, as_login: Login, typed: dict[str, str]
) -> None:
    instance_id = broken_freeze(court)
    url = f"/instances/{instance_id}/incidents/{incident_of(instance_id)}/variable"
    answer = as_login("luo").post(url, data={"name": "金额", "note": "x"} | typed, headers=FRAGMENT)
    assert answer.status_code == 422
    assert db.read_only(instances.data, instance_id)["金额"] == 80000


def test_a_process_is_cancelled_with_a_reason_and_says_so(court: Court, as_login: Login) -> None:
    instance_id = broken_freeze(court)
    client = as_login("luo")
    form = page(client, f"/instances/{instance_id}/cancel", headers=FRAGMENT)
    assert "撤销后不能恢复" in form
    client.post(f"/instances/{instance_id}/cancel", data={"note": "发起有误"})
    text = page(client, f"/instances/{instance_id}")
    assert "已撤销" in text
    assert "流程已经结束，不再保留变量" in text
    assert "说明</span> 发起有误" in text
    again = client.post(f"/instances/{instance_id}/cancel", data={"note": "x"}, headers=FRAGMENT)
    assert again.status_code == 409
    assert "这个流程已经撤销，您的操作没有执行：罗正平" in again.get_data(as_text=True)


def test_the_four_stages_have_no_cancel_button_that_works(court: Court, as_login: Login) -> None:
    pipeline = court.case(court.accept("shen")).instance_id
    client = as_login("luo")
    text = page(client, f"/instances/{pipeline}")
    assert 'title="四阶段主流程不能撤销，撤销后案件无法继续办理"' in text
    assert "接收案件" in text
    assert "案件类型代字" in text, "the facts that the acceptance saw"
    answer = client.post(f"/instances/{pipeline}/cancel", data={"note": "x"}, headers=FRAGMENT)
    assert answer.status_code == 422


def test_the_case_is_linked_only_for_who_may_open_it(court: Court, as_login: Login) -> None:
    case_id = court.accept("shen")
    pipeline = court.case(case_id).instance_id
    assert f'href="/cases/{case_id}"' in page(as_login("luo"), f"/instances/{pipeline}")
    give_right(court, "lin", "operator")
    assert f'href="/cases/{case_id}"' not in page(as_login("lin"), f"/instances/{pipeline}")


def test_recusal_takes_the_process_away_at_once(court: Court, as_login: Login) -> None:
    instance_id = broken_freeze(court)
    client = as_login("luo")
    found = db.read_only(instances.get, instance_id)
    assert found.case_id is not None
    db.in_transaction(access.recuse, court.case(found.case_id), court.user("luo").id, "近亲属")
    assert client.get(f"/instances/{instance_id}").status_code == 404
    assert rows(page(client, "/instances")) == []


# ---------------------------------------------------------------- 改派


def test_a_task_is_given_to_a_colleague(court: Court, as_login: Login) -> None:
    case_id = court.accept("shen")
    pipeline = court.case(case_id).instance_id
    task = db.read_only(tasks.find_open, case_id, screen="transfer")
    client = as_login("luo")
    url = f"/instances/{pipeline}/tasks/{task.id}/reassign"
    form = page(client, url, headers=FRAGMENT)
    assert "陆怀瑾（法官）" in form
    assert "顾明远" not in form
    typed = {"holder": str(court.user("shen").id), "note": "原办理人请假，改派"}
    assert client.post(url, data=typed, headers=FRAGMENT).status_code == 422
    typed["to"] = str(court.user("lu").id)
    assert client.post(url, data=typed).status_code == 303
    assert court.case(case_id).handler_id == court.user("lu").id
    text = page(client, f"/instances/{pipeline}")
    assert "<del>沈若川</del> → <ins>陆怀瑾</ins>" in text
    late = client.post(url, data=typed, headers=FRAGMENT)
    assert late.status_code == 409
    assert "这项任务刚刚改派给别人" in late.get_data(as_text=True)


def test_desks_count_what_they_hold_and_move_as_a_whole(court: Court, as_login: Login) -> None:
    ids = [court.accept("shen") for _ in range(3)]
    clock.move(timedelta(days=40))
    client = as_login("luo")
    shen, lu = court.user("shen").id, court.user("lu").id
    listed = page(client, "/desks")
    assert re.search(rf'/desks/{shen}#cases">3</a>', listed)
    assert "超期" in page(client, f"/desks/{shen}")
    refused = client.post(f"/desks/{shen}", data={"note": ""})
    assert refused.status_code == 422
    assert "请选择接手的人员" in refused.get_data(as_text=True)
    answer = client.post(f"/desks/{shen}", data={"to": str(lu), "note": "离岗"})
    assert answer.status_code == 303
    assert "已改派 3 件案件" in page(client, f"/desks/{shen}")
    assert {court.case(id_).handler_id for id_ in ids} == {lu}


def test_what_cannot_be_moved_stays_and_says_why(court: Court, as_login: Login) -> None:
    moved, kept = court.accept("shen"), court.accept("shen")
    shen, lu = court.user("shen").id, court.user("lu").id
    db.in_transaction(access.recuse, court.case(kept), lu, "近亲属")
    client = as_login("luo")
    client.post(f"/desks/{shen}", data={"to": str(lu), "note": "离岗"})
    text = page(client, f"/desks/{shen}")
    assert "已改派 1 件案件；1 件案件没有处理：接手的人员已回避本案" in text
    assert court.case(moved).handler_id == lu and court.case(kept).handler_id == shen


def test_a_desk_is_moved_only_with_the_right(court: Court, as_login: Login) -> None:
    court.accept("shen")
    shen = court.user("shen").id
    client = as_login("shao")
    assert "改派需要“运维”权限" in page(client, f"/desks/{shen}")
    assert client.post(f"/desks/{shen}", data={"note": "x"}).status_code == 403
    assert client.get(f"/desks/{uuid4()}").status_code == 404
