"""An officer with a phone: photos, place and record, with the network gone and back; and what the judge then sees."""

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, Route, expect

from engine import clock, db
from engine.casefile.document import dossier
from engine.casefile.errand import field_assignments, field_photos, field_records
from engine.casefile.errand.field_tasks import Errand
from engine.casefile.people import users
from tests.casefile.court import PASSWORD

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
HERE = {"latitude": 31.234567, "longitude": 121.473701, "accuracy": 12}
NO_NETWORK = "没有网络，已保存在本机，恢复后自动提交"
#: What can be touched and is lower or narrower than a finger (44 CSS pixels), by what it says.
TOO_SMALL = """() => [...document.querySelectorAll(
    '.officer :is(a, button, textarea, select, label.check, .add-photo label, input:not([type=hidden], [type=file], [type=checkbox]))')]
  .filter(one => one.offsetParent && (one.offsetHeight < 44 || one.offsetWidth < 44))
  .map(one => one.outerHTML.slice(0, 120))"""
TRY_AGAIN = "window.dispatchEvent(new Event('online'))"
SIDEWAYS = "document.documentElement.scrollWidth - window.innerWidth"


@pytest.fixture
def errand(site: Any) -> tuple[UUID, UUID]:
    """(case, errand) that waits for whoever of the officers takes it."""
    roles = {"roles": ["field_officer"], "password": PASSWORD, "title": "司法警察"}
    db.in_transaction(users.add, site.court.id, login="ma", name="马骁", **roles)
    case_id = site.court.accept("shen")
    words = (
        "notify",
        "investigate",
        "东湖镇望江路88号2幢301室",
        "陈志强",
        "核实房屋现状和居住情况",
    )
    day = clock.today() + timedelta(days=3)
    wanted = Errand(*words, day)
    args = (site.court.user("shen"), case_id, wanted)
    return case_id, db.in_transaction(field_assignments.assign, *args)


@pytest.fixture
def pictures(tmp_path: Path) -> list[str]:
    """Two photos of a house, as files of a phone."""
    paths = []
    for number, sky in enumerate([(150, 190, 230), (240, 190, 120)]):
        image, exif = Image.new("RGB", (2400, 1800), sky), Image.Exif()
        draw = ImageDraw.Draw(image)
        draw.rectangle((600, 800, 1800, 1700), fill=(190, 150, 120))
        draw.polygon([(500, 800), (1200, 350), (1900, 800)], fill=(130, 60, 50))
        draw.rectangle((1100, 1250, 1350, 1700), fill=(70, 50, 40))
        exif.get_ifd(0x8769)[0x9003] = f"2026:11:24 10:2{number}:07"
        out = io.BytesIO()
        image.save(out, "JPEG", exif=exif)
        path = tmp_path / f"IMG_{number}.jpg"
        path.write_bytes(out.getvalue())
        paths.append(str(path))
    return paths


def phone(site: Any) -> Page:
    page = site.open("ma", geolocation=HERE, permissions=["geolocation"], has_touch=True)
    page.set_viewport_size(PHONE)
    return page


def fits_a_thumb(page: Page) -> None:
    assert page.evaluate(TOO_SMALL) == []
    assert page.evaluate(SIDEWAYS) == 0


def leave_network(site: Any, page: Page) -> None:
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    expect(page.get_by_role("status").filter(has_text=NO_NETWORK)).to_be_visible()


def lose_answer(page: Page, pattern: str, begin: Callable[[], object]) -> None:
    """What is sent to this address arrives, but the phone does not hear so."""

    def lose(route: Route) -> None:
        assert route.fetch().ok
        route.abort("connectionreset")

    page.route(pattern, lose, times=1)
    with page.expect_event("requestfailed"):
        begin()


def without_outages(site: Any) -> None:
    """Requests that failed for want of a network are what this test is about."""
    lost = ("ERR_INTERNET_DISCONNECTED", "ERR_CONNECTION_RESET")
    site.faults[:] = [text for text in site.faults if not any(code in text for code in lost)]


def photos_of(task_id: UUID) -> list[field_photos.Photo]:
    return db.read_only(field_photos.of_task, task_id)


def take(site: Any, page: Page, task_id: UUID) -> None:
    site.goto(page, "/field")
    fits_a_thumb(page)
    page.get_by_role("link", name="现场调查").click()
    fits_a_thumb(page)
    page.get_by_role("button", name="领取").click()
    page.get_by_role("button", name="办结").wait_for()


def test_an_officer_records_with_and_without_network_and_the_judge_sees_it(
    site: Any, errand: tuple[UUID, UUID], pictures: list[str]
) -> None:
    case_id, task_id = errand
    page = phone(site)
    take(site, page, task_id)
    page.get_by_role("button", name="到达").click()
    expect(page.get_by_text("北纬31.234567°，东经121.473701°，误差约12米")).to_be_visible()
    page.get_by_label("拍照或者选择照片").set_input_files(pictures[0])
    expect(page.locator("[data-remove]")).to_have_count(1)
    fits_a_thumb(page)

    leave_network(site, page)
    page.get_by_label("拍照或者选择照片").set_input_files(pictures[1])
    expect(page.get_by_text("待提交")).to_be_visible()
    page.get_by_label("在场人员").fill("王秀兰（陈志强之妻）、社区工作人员")
    page.get_by_label("经过").fill("敲门后由王秀兰开门，查看各房间。")
    page.get_by_label("办理结果").fill("由陈志强之妻居住，自述没有出租。")
    page.get_by_role("button", name="暂存").click()
    fits_a_thumb(page)
    page.get_by_role("button", name="办结").click()
    expect(page.get_by_role("button", name="办结")).to_be_disabled()
    assert len(photos_of(task_id)) == 1

    # The network comes back badly: twice the court has taken something and its answer is lost.
    lose_answer(page, "**/photos", lambda: page.context.set_offline(False))
    lose_answer(page, f"**/field/{task_id}", lambda: page.evaluate(TRY_AGAIN))
    page.evaluate(TRY_AGAIN)
    page.wait_for_url("**/field")
    expect(page.get_by_text("最近办结")).to_be_visible()
    assert [photo.position is not None for photo in photos_of(task_id)] == [True, True]
    filed = db.read_only(dossier.of_case, case_id)
    assert [item.source for item in filed if item.source in ("record", "proof")] == [
        "record",
        "proof",
        "proof",
    ]
    without_outages(site)
    judge_reads(site, case_id)


def judge_reads(site: Any, case_id: UUID) -> None:
    judge = site.open("shen")
    site.goto(judge, f"/cases/{case_id}/matters?matter=notify")
    judge.get_by_role("link", name="查看记录").click()
    expect(judge.get_by_text("由陈志强之妻居住")).to_be_visible()
    expect(judge.get_by_text("北纬31.234567°").first).to_be_visible()
    assert judge.evaluate(SIDEWAYS) == 0
    judge.get_by_role("button", name="放大第1张照片").click()
    enlarged = judge.locator("dialog[open] img")
    expect(enlarged).to_be_visible()
    judge.wait_for_load_state("networkidle")
    assert enlarged.evaluate("image => image.naturalWidth") == 1920
    judge.get_by_role("button", name="下一张").click()
    expect(judge.get_by_role("heading", name="照片 2 / 2")).to_be_visible()
    site.goto(judge, f"/cases/{case_id}/dossier")
    expect(judge.get_by_role("link", name="外勤记录（现场调查）")).to_be_visible()


def test_a_closed_page_takes_up_what_it_had_and_a_withdrawn_errand_loses_nothing(
    site: Any, errand: tuple[UUID, UUID], pictures: list[str]
) -> None:
    case_id, task_id = errand
    page = phone(site)
    take(site, page, task_id)
    leave_network(site, page)
    page.get_by_label("经过").fill("敲门无人应。")
    page.get_by_label("拍照或者选择照片").set_input_files(pictures[0])
    expect(page.get_by_text("待提交")).to_be_visible()
    page.close()
    page = page.context.new_page()
    page.context.set_offline(False)
    page.goto(f"{site.address}/field/{task_id}")
    expect(page.locator("[data-remove]")).to_have_count(1)
    expect(page.get_by_label("经过")).to_have_value("敲门无人应。")
    page.wait_for_load_state("networkidle")
    assert db.read_only(field_records.of_task, task_id).course == "敲门无人应。"

    leave_network(site, page)
    page.get_by_label("办理结果").fill("邻居称已搬走。")
    page.get_by_label("拍照或者选择照片").set_input_files(pictures[1])
    expect(page.get_by_text("待提交")).to_be_visible()
    judge = site.court.user("shen")
    db.in_transaction(field_assignments.withdraw, judge, case_id, task_id, "已经履行")
    page.context.set_offline(False)
    expect(page.get_by_text("该外勤事项已由承办人撤回").first).to_be_visible()
    page.reload()
    left = page.get_by_role("region", name="没有提交的内容")
    expect(left.get_by_text("邻居称已搬走。")).to_be_visible()
    expect(left.get_by_role("img")).to_have_count(1)
    fits_a_thumb(page)
    assert len(photos_of(task_id)) == 1
    left.get_by_role("button", name="放弃这些内容").click()
    expect(left).to_be_hidden()
    without_outages(site)
