from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from engine import clock, db
from engine.casefile.asset import assets
from engine.casefile.case import cases, timeline
from engine.casefile.stage import stages
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


def page(client: FlaskClient, case_id: UUID, tab: str = "") -> str:
    answer = client.get(f"/cases/{case_id}?tab={tab}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def add_asset(court: Court, case_id: UUID) -> None:
    def write(session: db.Session) -> None:
        asset_id = assets.add(
            session,
            court.id,
            case_id,
            owner_id=None,
            kind="deposit",
            name="工商银行 尾号8810",
            value=Decimal("52306.18"),
            disposition="deduct",
            created_by=None,
        )
        assets.control(
            session,
            assets.get(session, case_id, asset_id),
            court.id,
            kind="freeze",
            rank=1,
            starts_on=clock.today(),
            ends_on=clock.today() + timedelta(days=365),
            amount=Decimal("52306.18"),
        )

    db.in_transaction(write)


@pytest.mark.parametrize("tab", ["", "assets", "matters", "documents", "limits", "events", "x"])
def test_every_tab_opens_for_a_case_in_every_state(court: Court, as_login: Login, tab: str) -> None:
    client = as_login("shen")
    for case_id in (court.file(), court.accept("shen"), court.accept("shen", case_type="执保")):
        assert court.case(case_id).case_no in page(client, case_id, tab)


def test_identity_numbers_and_phones_are_whole_for_the_handler_only(
    court: Court, as_login: Login
) -> None:
    case_id = court.accept("shen", debtor_id="990000198601270011")
    own, other = page(as_login("shen"), case_id), page(as_login("lu"), case_id)
    assert "990000198601270011" in own
    assert "19900000365" in own
    assert "990000198601270011" not in other
    assert "9900001986****0011" in other
    assert "19900000365" not in other
    assert "证件号码和电话只对承办人显示完整" in other


def test_each_deadline_says_how_it_was_computed_and_by_what(court: Court, as_login: Login) -> None:
    case_id = court.accept("shen", filed_on=date(2026, 11, 20))
    add_asset(court, case_id)
    text = page(as_login("shen"), case_id, "limits")
    entered = court.case(case_id).stage_entered_on
    assert f"{entered} 进入财产查控，自次日起算30日" in text
    assert "没有暂停" in text
    assert "2026-11-20 立案，自次日起算6个月" in text
    assert "暂定" in text
    assert "工商银行 尾号8810 冻结届满" in text
    assert "可以终本的最早之日" in text
    assert "民诉法解释第485条" in text


def test_a_pause_is_part_of_the_computation(court: Court, as_login: Login) -> None:
    case_id = court.accept("shen")
    clock.move(timedelta(days=5))
    db.in_transaction(lambda s: stages.pause(s, court.case(case_id), "appraisal"))
    clock.move(timedelta(days=10))
    db.in_transaction(lambda s: stages.resume(s, court.case(case_id), "appraisal"))
    text = page(as_login("shen"), case_id, "limits")
    assert "评估" in text
    assert "暂停期间不计入，共顺延11日" in text


def test_property_shows_measures_and_what_is_under_control(court: Court, as_login: Login) -> None:
    case_id = court.accept("shen")
    add_asset(court, case_id)
    text = page(as_login("shen"), case_id, "assets")
    assert "已生效控制 52,306.18 元" in text
    assert "首封" in text
    assert "剩余365天" in text


def test_matters_and_documents_lead_to_their_pages(court: Court, as_login: Login) -> None:
    case_id = court.accept("shen")
    client = as_login("shen")
    assert f"/cases/{case_id}/matters?matter=notify" in page(client, case_id, "matters")
    text = page(client, case_id, "documents")
    assert "待签章" in text
    assert 'href="/documents/' in text


def test_what_happened_reads_as_sentences_with_who_and_when(court: Court, as_login: Login) -> None:
    case_id = court.accept("shen")
    text = page(as_login("shen"), case_id, "events")
    assert "接收案件，第" in text
    assert "· 沈若川" in text
    assert "进入财产查控" in text
    assert "发起事项" in text
    assert "制作文书" in text


def test_the_story_pages_back_to_its_beginning(court: Court) -> None:
    case_id = court.accept("shen")
    head = court.case(case_id)
    seen: list[str] = []
    after = None
    for _ in range(20):
        events, more = db.read_only(timeline.of_case, head, after=after, limit=4)
        seen += [event.text for event in events]
        after = events[-1].position
        if not more:
            break
    whole, _ = db.read_only(timeline.of_case, head)
    assert not more
    assert seen[-1] == whole[-1].text
    assert set(seen) == {event.text for event in whole}


def test_the_handler_of_a_suspended_case_takes_it_up_again(court: Court, as_login: Login) -> None:
    case_id = court.accept("shen")

    def suspend(session: db.Session) -> None:
        stages.pause(session, court.case(case_id), "suspension")
        cases.change(session, case_id, status="suspended")

    db.in_transaction(suspend)
    client = as_login("shen")
    text = page(client, case_id)
    assert "中止执行，阶段期限自" in text
    assert "暂停时剩余 30 天" in text
    assert "恢复办理" in text
    assert "恢复办理" not in page(as_login("lu"), case_id)
    assert client.post(f"/cases/{case_id}/transfer/resumption").status_code == 303
    assert court.case(case_id).status == "in_stage"
    assert "阶段期限自" not in page(client, case_id)


def test_only_supervisors_are_led_to_the_diagram(court: Court, as_login: Login) -> None:
    case_id = court.accept("shen")
    link = f'href="/instances/{court.case(case_id).instance_id}"'
    assert link not in page(as_login("shen"), case_id)
    assert link in page(as_login("luo"), case_id)
