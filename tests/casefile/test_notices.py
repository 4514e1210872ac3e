from uuid import UUID

import pytest

from engine import db
from engine.casefile.people import access, notices
from engine.casefile.people.notices import Notice
from engine.errors import NotFound
from tests.casefile.court import Court


def tell(court: Court, *logins: str, case_id: UUID | None = None, link: str = "/todo") -> None:
    ids = [court.user(login).id for login in logins]
    db.in_transaction(
        notices.tell, court.id, ids, "approval", "文书待审批", case_id=case_id, link=link
    )


def of(court: Court, login: str) -> list[Notice]:
    return db.read_only(notices.of_user, court.user(login))


def test_each_person_is_told_once(court: Court) -> None:
    tell(court, "shen", "shen", "lu")
    assert [n.text for n in of(court, "shen")] == ["文书待审批"]
    assert db.read_only(notices.unread, court.user("lu")) == 1


def test_who_may_not_open_the_case_is_not_told(court: Court) -> None:
    case_id = court.accept("shen")
    tell(court, "shen", "gu", "luo", case_id=case_id)
    assert [len(of(court, login)) for login in ("shen", "gu", "luo")] == [1, 0, 1]


def test_a_recused_person_is_not_told_and_loses_what_he_was_told(court: Court) -> None:
    case_id = court.accept("shen")
    tell(court, "luo", case_id=case_id)
    [notice] = of(court, "luo")
    db.in_transaction(
        lambda s: access.recuse(s, court.case(case_id), court.user("luo").id, "亲属关系")
    )
    tell(court, "luo", case_id=case_id)
    assert of(court, "luo") == []
    assert db.read_only(notices.unread, court.user("luo")) == 0
    with pytest.raises(NotFound):
        db.in_transaction(notices.open_, court.user("luo"), notice.id)


def test_opening_marks_read_and_leads_on_but_not_for_another(court: Court) -> None:
    tell(court, "shen")
    [notice] = of(court, "shen")
    with pytest.raises(NotFound):
        db.in_transaction(notices.open_, court.user("lu"), notice.id)
    assert db.in_transaction(notices.open_, court.user("shen"), notice.id) == "/todo"
    assert of(court, "shen")[0].read_at is not None


def test_what_came_after_the_list_was_shown_stays_unread(court: Court) -> None:
    tell(court, "shen")
    [seen] = of(court, "shen")
    tell(court, "shen", link="/cases")
    db.in_transaction(notices.mark_all_read, court.user("shen"), until=seen.id)
    assert [n.link for n in of(court, "shen") if n.read_at is None] == ["/cases"]


@pytest.mark.parametrize("link", ["https://evil.example", "//evil.example", "/\\evil", "todo"])
def test_a_notice_leads_nowhere_but_to_our_pages(court: Court, link: str) -> None:
    with pytest.raises(ValueError, match=r"evil|todo"):
        tell(court, "shen", link=link)
