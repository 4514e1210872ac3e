"""换版: the plan before the operator, the act, and many of a version at once."""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from engine import audit, db
from engine.casefile.case import timeline
from engine.casefile.oversight import interventions
from engine.process import instances
from tests.casefile.court import Court
from tests.process.draw import flow, user
from tests.webui.pages.bank import bank, deploy, diagram, do, give_right, open_freeze

Login = Callable[[str], FlaskClient]
NOTE = "流程图已更正"


@pytest.fixture(autouse=True)
def _bank(court: Court) -> None:
    bank.__init__()  # type: ignore[misc]
    deploy(court)


def page(client: FlaskClient, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def version(instance_id: UUID) -> int:
    return db.read_only(instances.get, instance_id).version


def hidden(text: str) -> dict[str, str]:
    """What the confirming form of the page sends along."""
    form = text[text.index('method="post" action="/instances/') :]
    return dict(re.findall(r'<input type="hidden" name="(version|to|revision|from|onto)" value="([^"]*)"', form))  # fmt: skip


def renamed() -> str:
    """登记冻结结果 under another id, with a check after it."""
    drawn = diagram().replace('"record"', '"note"').replace(">record<", ">note<")
    return drawn.replace("answered-record", "answered-note").replace("record-finished", "note-finished")  # fmt: skip


def at_the_draft(court: Court) -> UUID:
    return open_freeze(court, court.accept("shen"), court.user("shen"))


def notes(case_id: UUID, action: str) -> list[Any]:
    def read(session: db.Session) -> list[Any]:
        rows = session.execute(
            text(
                "SELECT CAST(detail AS jsonb) FROM audit_entry WHERE chain_id = :id AND action = :action"
            ),
            {"id": case_id, "action": action},
        )
        return list(rows.scalars())

    return db.read_only(read)


def test_an_operator_reads_the_plan_and_moves_the_process(court: Court, as_login: Login) -> None:
    instance_id = at_the_draft(court)
    deploy(court, renamed(), "更正")
    client, url = as_login("luo"), f"/instances/{instance_id}/version"
    assert f'href="{url}"' in page(client, f"/instances/{instance_id}")
    shown = page(client, url)
    assert "从 v1 换到 v2" in shown and "制作冻结文书" in shown
    assert "没有变化，原有的到期时间保留" in shown
    sent = hidden(shown)
    assert client.post(url, data=sent | {"note": " "}).status_code == 422
    done = client.post(url, data=sent | {"note": NOTE})
    assert done.status_code == 303 and version(instance_id) == 2
    told = page(client, f"/instances/{instance_id}")
    assert "<del>v1</del> → <ins>v2</ins>" in told and NOTE in told
    case_id = db.read_only(instances.get, instance_id).case_id
    [note] = notes(case_id, "process_version_moved")
    assert (note["old"], note["new"], note["note"]) == (1, 2, NOTE)
    assert db.read_only(audit.verify, case_id) is None
    told_of_case = [e.text for e in db.read_only(timeline.of_case, court.case(case_id))[0]]
    assert f"流程换版：v1 → v2，{NOTE}" in told_of_case
    do(instance_id, court.user("shen"))


def test_what_forbids_it_is_said_at_its_element_and_another_one_may_be_chosen(
    court: Court, as_login: Login
) -> None:
    instance_id = at_the_draft(court)
    deploy(court, diagram().replace('"draft"', '"paper"').replace("begin-draft", "begin-paper").replace("draft-how_much", "paper-how_much"), "更正")  # fmt: skip
    client, url = as_login("luo"), f"/instances/{instance_id}/version"
    shown = page(client, url)
    assert "新版本的同一层中没有「制作冻结文书」，请另选对应的环节。" in shown
    assert 'href="#spot-draft"' in shown and 'method="post" action="/instances/' not in shown
    chosen = page(client, f"{url}?to=2&from=draft&onto=paper")
    assert client.post(url, data=hidden(chosen) | {"note": NOTE}).status_code == 303
    assert version(instance_id) == 2
    do(instance_id, court.user("shen"))


def test_a_process_that_has_moved_on_meanwhile_is_shown_anew(court: Court, as_login: Login) -> None:
    instance_id = at_the_draft(court)
    deploy(court, renamed(), "更正")
    client, url = as_login("luo"), f"/instances/{instance_id}/version"
    sent = hidden(page(client, url)) | {"note": NOTE}
    db.in_transaction(interventions.suspend, court.user("luo"), instance_id, "查")
    again = client.post(url, data=sent)
    assert again.status_code == 409 and version(instance_id) == 1
    text_ = again.get_data(as_text=True)
    assert "流程在您查看之后有了变动，请按现在的情况重新确认换版方案" in text_
    assert client.post(url, data=hidden(text_) | {"note": NOTE}).status_code == 303
    late = client.post(url, data=sent, follow_redirects=True)
    assert "这个流程已经换版，您的操作没有执行：罗正平" in late.get_data(as_text=True)


def test_with_one_version_there_is_nowhere_to_go(court: Court, as_login: Login) -> None:
    instance_id = at_the_draft(court)
    answer = as_login("luo").get(f"/instances/{instance_id}/version", follow_redirects=True)
    assert answer.status_code == 200
    assert "这个流程只有一个版本，没有可以换到的版本" in answer.get_data(as_text=True)


def test_moving_needs_the_right_and_the_process_in_sight(court: Court, as_login: Login) -> None:
    instance_id = at_the_draft(court)
    deploy(court, renamed(), "更正")
    give_right(court, "gu", "operator")
    for login, status in (("shen", 403), ("shao", 403), ("gu", 404)):
        client = as_login(login)
        assert client.get(f"/instances/{instance_id}/version").status_code == status, login
        sent = {"version": 1, "to": 2, "revision": 1, "note": NOTE}
        assert client.post(f"/instances/{instance_id}/version", data=sent).status_code == status
    assert version(instance_id) == 1
    assert "换版" not in page(as_login("shao"), f"/instances/{instance_id}")


def test_many_of_a_version_are_moved_each_for_itself(court: Court, as_login: Login) -> None:
    ready, busy = at_the_draft(court), at_the_draft(court)
    do(busy, court.user("shen"))  # its job has begun with what v1 says
    deploy(court, diagram().replace('value="金额"', 'value="金额 + 0"'), "更正")
    client, url = as_login("luo"), "/definitions/freeze_online/v1/move"
    assert f'href="{url}"' in page(client, "/definitions/freeze_online")
    shown = page(client, url)
    assert shown.count('name="row"') == 1 and f'value="{ready}"' in shown
    assert "送出协助冻结通知" in shown and "不能接着办理" in shown
    assert client.post(url, data={"to": 2, "note": NOTE}).status_code == 422
    done = client.post(url, data={"to": 2, "note": NOTE, "row": [str(ready), str(busy)]})
    said = done.get_data(as_text=True)
    assert "已换版 1 个，1 个没有换版" in said and "不能接着办理" in said
    assert (version(ready), version(busy)) == (2, 1)


def test_a_warning_is_read_one_by_one(court: Court, as_login: Login) -> None:
    instance_id = at_the_draft(court)
    before = diagram().replace(flow("begin", "draft"), flow("begin", "check", "draft"))
    deploy(court, before.replace("<endEvent", user("check", name="核对账户") + "<endEvent", 1), "更正")  # fmt: skip
    client = as_login("luo")
    assert "没有可以直接换版的流程" in page(client, "/definitions/freeze_online/v1/move")
    client.post("/definitions/freeze_online/v1/move", data={"to": 2, "note": NOTE, "row": str(instance_id)})  # fmt: skip
    assert version(instance_id) == 1
    shown = page(client, f"/instances/{instance_id}/version")
    assert "新版本在此之前增加了「核对账户」，换版后不会补办。" in shown
    client.post(f"/instances/{instance_id}/version", data=hidden(shown) | {"note": NOTE})
    assert version(instance_id) == 2
