"""回避登记: for those who lead; the recused person's pages lose the case at once."""

import re
from collections.abc import Callable

from flask.testing import FlaskClient

from engine import clock, db
from engine.casefile.people import recusals
from tests.casefile.court import Court

Login = Callable[[str], FlaskClient]


def given(court: Court, who: str, **more: str) -> dict[str, str]:
    return {
        "person": str(court.user(who).id),
        "ground": "interest",
        "decided_by": "院长",
        "decision_no": "（2026）苏0199执回1号",
        "decided_on": str(clock.today()),
        "note": "系申请执行人的表兄",
    } | more


def test_a_director_recuses_the_handler_who_then_finds_nothing(
    court: Court, as_login: Login
) -> None:
    case_id = court.accept()
    url, director, judge = f"/cases/{case_id}/recusals", as_login("luo"), as_login("shen")
    assert url in director.get(f"/cases/{case_id}?tab=parties").get_data(as_text=True)
    page = director.get(f"{url}?person={court.user('shen').id}").get_data(as_text=True)
    assert "接办案件的法官" in page
    assert re.search("<option selected>院长", page)
    refused = director.post(url, data=given(court, "shen"))
    text = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert 'id="successor-error"' in text
    assert "系申请执行人的表兄" in text
    assert judge.get(f"/cases/{case_id}").status_code == 200
    done = director.post(url, data=given(court, "shen", successor=str(court.user("lu").id)))
    assert done.status_code == 303
    case_no = court.case(case_id).case_no
    for path in (f"/cases/{case_id}", url):
        assert judge.get(path).status_code == 404
    for path in (
        "/stages/asset_control",
        "/queries/court",
        f"/queries/cases?words={case_no}",
        "/notices",
    ):
        assert case_no not in judge.get(path).get_data(as_text=True).replace(
            f'value="{case_no}"', ""
        )
    successor = as_login("lu").get(f"/cases/{case_id}?tab=parties").get_data(as_text=True)
    assert "系申请执行人的表兄" not in successor
    assert "与本案有利害关系" not in successor


def test_a_recusal_is_revoked_with_a_reason(court: Court, as_login: Login) -> None:
    case_id = court.accept()
    url, president = f"/cases/{case_id}/recusals", as_login("shao")
    assert president.post(url, data=given(court, "xu")).status_code == 303
    (one,) = db.read_only(recusals.of_case, case_id)
    answer = president.post(f"{url}/{one.id}/end", data={"reason": ""})
    assert answer.status_code == 422
    assert f'id="reason-{one.id}-error"' in answer.get_data(as_text=True)
    assert as_login("xu").get(f"/cases/{case_id}").status_code == 404
    data = {"reason": "复议决定撤销"}
    assert president.post(f"{url}/{one.id}/end", data=data).status_code == 303
    assert president.post(f"{url}/{one.id}/end", data=data).status_code == 409
    assert as_login("xu").get(f"/cases/{case_id}").status_code == 200
    assert "已撤销" in president.get(url).get_data(as_text=True)


def test_who_does_not_lead_has_no_page_for_it(court: Court, as_login: Login) -> None:
    case_id = court.accept()
    for login, status in (("shen", 403), ("xu", 403), ("gu", 404)):
        assert as_login(login).get(f"/cases/{case_id}/recusals").status_code == status
    assert "回避登记" not in as_login("shen").get(f"/cases/{case_id}?tab=parties").get_data(
        as_text=True
    )
