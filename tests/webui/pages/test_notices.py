import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from engine import db
from engine.casefile.people import notices
from tests.casefile.court import Court

Login = Callable[[str], FlaskClient]


def tell(court: Court, text: str, link: str = "/todo") -> None:
    db.in_transaction(notices.tell, court.id, [court.user("shen").id], "approval", text, link=link)


def page(client: FlaskClient, url: str = "/notices") -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_the_bell_of_every_page_counts_what_is_unread(court: Court, as_login: Login) -> None:
    assert 'aria-label="消息"' in page(as_login("shen"), "/todo")
    tell(court, "裁定书已批准")
    assert 'aria-label="消息，未读 1 条"' in page(as_login("shen"), "/todo")


def test_nobody_told_anything_reads_so(court: Court, as_login: Login) -> None:
    assert "没有消息" in page(as_login("shen"))


def test_opening_a_notice_leads_on_and_marks_it_read(court: Court, as_login: Login) -> None:
    tell(court, "裁定书已批准")
    client = as_login("shen")
    found = re.search(r'href="(/notices/[0-9a-f-]+)"', page(client))
    assert found
    assert client.get(found[1]).location == "/todo"
    assert "没有未读消息" in page(client, "/notices?show=unread")
    assert as_login("lu").get(found[1]).status_code == 404


def test_all_can_be_marked_read_at_once(court: Court, as_login: Login) -> None:
    for number in range(3):
        tell(court, f"第{number}件")
    client = as_login("shen")
    until = re.search(r'name="until" value="([^"]+)"', page(client))
    assert until
    assert client.post("/notices/read", data={"until": until[1]}).location == "/notices"
    assert "全部标为已读" not in re.sub("已全部标为已读", "", page(client))


def test_the_list_pages_by_keyset_newest_first(
    court: Court, as_login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webui.pages.notices.SIZE", 2)
    for number in range(3):
        tell(court, f"第{number}件")
    client = as_login("shen")
    first = page(client)
    following = re.search(r'href="([^"]+)" rel="next"', first)
    assert following
    both = first + page(client, following[1].replace("&amp;", "&"))
    assert re.findall(r">(第\d件)<", both) == ["第2件", "第1件", "第0件"]
