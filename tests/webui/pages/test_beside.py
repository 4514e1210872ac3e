"""催办, 征求意见 and 传阅 on their pages, from the submission to the asked person's answer."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from engine import clock, db
from engine.casefile.approval import circulations, opinions
from engine.process import tasks
from tests.casefile.court import Court
from tests.casefile.test_approvals import draft, submit, task_of, vote

Login = Callable[[str], FlaskClient]


@pytest.fixture
def with_director(court: Court) -> UUID:
    approval_id = submit(court, draft(court, term_days=10)[1])
    for member in ("shen", "lu", "fang"):
        vote(court, member)
    return approval_id


def page(client: FlaskClient, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def test_a_reminder_says_whom_and_the_button_then_says_when_again(
    court: Court, as_login: Login, with_director: UUID
) -> None:
    client = as_login("shen")
    url = f"/approvals/{with_director}"
    assert f'action="{url}/reminder"' in page(client, url)
    assert client.post(f"{url}/reminder").location == url
    text = page(client, url)
    assert "已催办罗正平" in text
    assert "后再次催办" in text
    assert f'action="{url}/reminder"' not in text
    assert "本级已催办 1 次" in text
    client.post(f"{url}/reminder")
    assert "已经催办过：可于" in page(client, url)
    assert f'action="{url}/reminder"' not in page(as_login("xu"), url)


def test_an_opinion_from_the_question_to_the_answer(
    court: Court, as_login: Login, with_director: UUID
) -> None:
    luo, tan = as_login("luo"), as_login("tan")
    task_id = task_of(court, "luo")
    form = f"/tasks/{task_id}/opinions"
    assert f'href="{form}/new"' in page(luo, f"/tasks/{task_id}/decision")
    refused = luo.post(form, data={"due_on": "明天", "question": "能否认定？"})
    assert refused.status_code == 422
    assert "日期请写成" in refused.get_data(as_text=True)
    assert "能否认定？" in refused.get_data(as_text=True)
    asked = {"person": str(court.user("tan").id), "question": "能否认定？"}
    day = f"{clock.today():%Y-%m-%d}"
    assert luo.post(form, data=asked | {"due_on": day}).location == f"/tasks/{task_id}/decision"
    assert "等待意见" in page(luo, f"/tasks/{task_id}/decision")
    assert "等待意见" in page(luo, "/todo")
    todo = page(tan, "/todo?kind=opinion")
    assert "罗正平征求您的意见" in todo
    found = re.search(r'href="(/opinions/[0-9a-f-]+)"', todo)
    assert found
    text = page(tan, found[1])
    assert "能否认定？" in text
    assert not re.search(r"<(button|input)[^>]*>[^<]*同意", text)
    assert "fact_reason" not in text
    assert "拒不交出车辆" not in text
    assert tan.post(found[1], data={"answer": " "}).status_code == 422
    assert tan.post(found[1], data={"answer": "可以认定"}).location == found[1]
    assert "不能修改" in page(tan, found[1])
    again = tan.post(found[1], data={"answer": "再说一次"})
    assert again.status_code == 409
    assert "您已经回复" in again.get_data(as_text=True)
    assert "可以认定" in page(luo, f"/tasks/{task_id}/decision")
    assert "可以认定" in page(as_login("shen"), f"/approvals/{with_director}")


def test_withdrawing_is_offered_to_who_asked_alone(
    court: Court, as_login: Login, with_director: UUID
) -> None:
    task_id = task_of(court, "luo")
    assert task_id is not None
    people = [court.user("tan").id]
    db.in_transaction(opinions.ask, court.user("luo"), task_id, people, "？", clock.today())
    url = f"/approvals/{with_director}"
    assert "撤回征求" not in page(as_login("shen"), url)
    found = re.search(r'action="(/opinions/[0-9a-f-]+/withdrawal)"', page(as_login("luo"), url))
    assert found
    assert as_login("shen").post(found[1]).status_code == 403
    assert as_login("luo").post(found[1]).location == url
    assert "已撤回" in page(as_login("luo"), url)
    assert "征求意见" not in page(as_login("tan"), "/todo")


def test_opening_a_copy_is_the_receipt_that_the_sender_sees(
    court: Court, as_login: Login, with_director: UUID
) -> None:
    shen, tan = as_login("shen"), as_login("tan")
    document = re.search(
        r"/documents/[0-9a-f-]+/circulation", page(shen, f"/approvals/{with_director}")
    )
    assert document
    url = document[0]
    assert shen.post(url, data={"words": "请阅"}).status_code == 422
    data = {"person": str(court.user("tan").id), "words": "请阅"}
    assert shen.post(url, data=data).location == url
    assert "未阅" in page(shen, url)
    found = re.search(r'href="(/circulations/[0-9a-f-]+)"', page(tan, "/todo?kind=circulation"))
    assert found
    assert "请阅" in page(tan, found[1])
    assert "已阅 " in page(shen, url)
    assert "传阅给您" not in page(tan, "/todo")
    assert tan.post(found[1], data={"remark": "无异议"}).location == found[1]
    assert "意见：无异议" in page(shen, url)
    assert shen.get(found[1]).status_code == 404
    document_id = UUID(url.split("/")[2])
    assert len(db.read_only(circulations.of_document, document_id)) == 1


def test_the_todo_list_says_that_a_level_is_late_also_on_its_day(
    court: Court, as_login: Login, with_director: UUID
) -> None:
    task_id = task_of(court, "luo")
    assert task_id is not None
    due_at = db.read_only(tasks.get, task_id).due_at
    assert due_at is not None
    clock.move(due_at - clock.now() + timedelta(minutes=1))
    client = as_login("luo")
    assert "今日已超时" in page(client, "/todo?kind=approval")
    assert "已超过" in page(client, f"/tasks/{task_id}/decision")


def test_more_time_is_asked_and_answered(
    court: Court, as_login: Login, with_director: UUID
) -> None:
    luo, qin = as_login("luo"), as_login("qin")
    task_id = task_of(court, "luo")
    url = f"/tasks/{task_id}/extension"
    assert f'href="{url}"' in page(luo, f"/tasks/{task_id}/decision")
    assert "秦书仪" in page(luo, url)
    refused = luo.post(url, data={"until": "下周", "reason": "待专业法官会议"})
    assert refused.status_code == 422
    assert "待专业法官会议" in refused.get_data(as_text=True)
    until = f"{clock.today() + timedelta(days=9):%Y-%m-%d}"
    assert luo.post(url, data={"until": until, "reason": "待专业法官会议"}).status_code == 303
    assert luo.post(url, data={"until": until, "reason": "再申请"}).status_code == 409
    found = re.search(r'href="(/extensions/[0-9a-f-]+)"', page(qin, "/todo?kind=extension"))
    assert found
    assert "待专业法官会议" in page(qin, found[1])
    assert luo.get(found[1]).status_code == 404
    assert qin.post(found[1], data={"act": "refuse"}).status_code == 422
    assert qin.post(found[1], data={"act": "grant"}).location == "/todo"
    assert "您已同意延期" in page(qin, found[1])
    assert f"{until} 17:30" in page(luo, f"/tasks/{task_id}/decision")
