"""流程定义."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from engine import clock
from tests.casefile.court import Court
from tests.webui.pages.bank import bank, broken_freeze, deploy, diagram, do, give_right, open_freeze

Login = Callable[[str], FlaskClient]


@pytest.fixture(autouse=True)
def _bank(court: Court) -> None:
    bank.__init__()  # type: ignore[misc]
    deploy(court)


def page(client: FlaskClient, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.get_data(as_text=True)


def rows(text: str) -> list[str]:
    return re.findall(r'<tr class="[^"]*" data-id="([^"]+)"', text)


def links(text: str) -> list[tuple[str, int]]:
    """Every number of the page that leads to a list."""
    found = re.findall(r'href="(/instances\?[^"]+)"[^>]*>(?:<b>)?!?(\d+)(?: 个)?<', text)
    return [(url.replace("&amp;", "&"), int(number)) for url, number in found]


def test_definitions_are_for_supervisors(court: Court, as_login: Login) -> None:
    client = as_login("shen")
    for url in ("", "/freeze_online", "/freeze_online/counts.json", "/freeze_online/v1.bpmn"):
        assert client.get(f"/definitions{url}").status_code == 403
    assert as_login("lin").get("/definitions/freeze_online/v1.bpmn").status_code == 200


def test_the_list_begins_with_the_main_process_and_finds_by_name(
    court: Court, as_login: Login
) -> None:
    client = as_login("luo")
    names = re.findall(r'class="case-link plain"[^>]*>([^<]+)<', page(client, "/definitions"))
    assert names[0] == "执行案件分段集约办理"
    assert {"文书流转", "送达", "告知", "冻结（线上）"} <= set(names)
    found = re.findall(
        r'class="case-link plain"[^>]*>([^<]+)<', page(client, "/definitions?q=冻结")
    )
    # The delivered one and the one of this test.
    assert found == ["冻结（线上）", "冻结（线上）"]
    assert "没有这个名称的流程" in page(client, "/definitions?q=无")


def test_every_number_opens_exactly_as_many_rows(court: Court, as_login: Login) -> None:
    broken_freeze(court)
    waiting = open_freeze(court, court.accept("lu"), court.user("lu"))
    bank.away = False
    do(waiting, court.user("lu"))
    court.work()
    deploy(court, diagram("冻结存款（线上）"), "改名")
    open_freeze(court, court.accept("lu"), court.user("lu"))
    clock.move(timedelta(days=60))
    client = as_login("luo")
    seen = 0
    for url in (
        "/definitions",
        "/definitions/freeze_online",
        "/definitions/freeze_online?version=1",
        "/definitions/case_enforcement",
    ):
        for list_url, number in links(page(client, url)):
            assert len(rows(page(client, list_url))) == number, list_url
            seen += 1
    assert seen >= 12


def test_the_counts_of_an_element_are_drawn_and_listed(court: Court, as_login: Login) -> None:
    broken_freeze(court)
    client = as_login("luo")
    text = page(client, "/definitions/freeze_online")
    assert 'aria-label="异常 1 个"' in text
    drawn = client.get("/definitions/freeze_online/counts.json").get_json()["nodes"]
    assert drawn["send"] == {"active": 1, "overdue": 0, "hours": None, "done": 0}
    assert drawn["draft"]["active"] == 0
    assert drawn["draft"]["done"] == 1


def test_overdue_stages_are_counted_at_their_element(court: Court, as_login: Login) -> None:
    court.accept("shen")
    client = as_login("luo")
    nodes = client.get("/definitions/case_enforcement/counts.json").get_json()["nodes"]
    assert nodes["transfer_asset_control"]["overdue"] == 0
    clock.move(timedelta(days=60))
    nodes = client.get("/definitions/case_enforcement/counts.json").get_json()["nodes"]
    assert nodes["transfer_asset_control"]["overdue"] == 1


def test_a_version_of_its_own_counts_its_own(court: Court, as_login: Login) -> None:
    broken_freeze(court)
    deploy(court, diagram("冻结存款（线上）"), "改名")
    client = as_login("luo")
    old = page(client, "/definitions/freeze_online?version=1")
    assert "只看这一版本" in old
    assert 'href="/instances?key=freeze_online&amp;version=1&amp;element=send"' in old or (
        "version=1" in old and "element=send" in old
    )
    new = client.get("/definitions/freeze_online/counts.json?version=2").get_json()["nodes"]
    assert all(node["active"] == 0 for node in new.values())


def test_a_team_leader_counts_his_team_only(court: Court, as_login: Login) -> None:
    broken_freeze(court)
    give_right(court, "gu", "team_leader")
    client = as_login("gu")
    assert links(page(client, "/definitions/freeze_online")) == []
    assert client.get("/definitions/freeze_online/counts.json").get_json() == {"nodes": {}}


def test_the_diagram_is_what_the_designer_left(court: Court, as_login: Login) -> None:
    client = as_login("luo")
    answer = client.get("/definitions/freeze_online/v1.bpmn")
    assert answer.mimetype == "application/xml"
    assert answer.get_data(as_text=True) == diagram()
    for url in ("/freeze_online/v9.bpmn", "/nothing", "/nothing/v1.bpmn", "/nothing/counts.json"):
        assert client.get(f"/definitions{url}").status_code == 404, url
    assert client.get("/definitions/freeze_online?version=9").status_code == 404
