from collections.abc import Callable

from flask.testing import FlaskClient

from tests.casefile.court import Court

Login = Callable[[str], FlaskClient]


def test_the_head_shows_the_case_its_parties_and_what_is_left(
    court: Court, as_login: Login
) -> None:
    case_id = court.accept()
    text = as_login("shen").get(f"/cases/{case_id}").get_data(as_text=True)
    case = court.case(case_id)
    assert case.case_no in text
    assert "周立新" in text
    assert "陈志强" in text
    assert "剩余30天" in text
    assert f'href="/cases/{case_id}/transfer"' in text


def test_only_who_works_the_case_is_offered_to_move_it(court: Court, as_login: Login) -> None:
    case_id = court.accept()
    path = f'href="/cases/{case_id}/transfer"'
    assert path not in as_login("luo").get(f"/cases/{case_id}").get_data(as_text=True)
    assert path in as_login("xu").get(f"/cases/{case_id}").get_data(as_text=True)


def test_a_case_that_one_may_not_see_does_not_exist(court: Court, as_login: Login) -> None:
    case_id = court.accept()
    assert as_login("gu").get(f"/cases/{case_id}").status_code == 404


def test_a_case_in_no_stage_says_so(court: Court, as_login: Login) -> None:
    case_id = court.accept(case_type="执保")
    text = as_login("shen").get(f"/cases/{case_id}").get_data(as_text=True)
    assert "未分段" in text
