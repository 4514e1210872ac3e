"""A designer plays 拘留 to its end beside its diagram, goes back, keeps the play and runs it as a scenario."""

import pytest
from playwright.sync_api import Page, expect

from engine import db
from engine.casefile.design import design_drafts

pytestmark = pytest.mark.browser

TITLE = "收押后期满解除"


def test_a_designer_plays_a_diagram_to_its_end_and_keeps_the_play(site):
    page = site.open("lin")
    site.goto(page, "/designs/detain/diagram")
    page.wait_for_selector("#canvas[data-ready]")
    page.get_by_role("link", name="试运行").click()
    _drawn(page)
    page.locator("[data-sample]").select_option(label="批准拘留十日，收押、通知家属，期满自动解除")
    _drawn(page)
    _press(page, "开始")
    _decide(page)
    _press(page, "给出结果")
    _press(page, "发送消息")
    _press(page, "发送消息")
    _press(page, "填入场景的值")
    _press(page, "办结")
    expect(page.locator("[data-log]")).to_contain_text('条件 是否收押 = "yes" 成立')
    _press(page, "给出结果")
    page.get_by_role("button", name="全部送达").click()
    _drawn(page)
    _press(page, "发送消息")
    _advance_and_go_back(page)
    _keep(page)
    _run_scenarios(site, page)


def _drawn(page: Page) -> None:
    page.wait_for_selector("#dry-run[data-step]")


def _press(page: Page, name: str) -> None:
    page.locator(".play-side button:not(.play-item-head)", has_text=name).first.click()
    _drawn(page)


#: A token travels for a moment only, which a busy machine may miss.
_WATCH_TOKENS = """() => {
  window.travelled = 0;
  const count = () => { window.travelled += document.querySelectorAll('.moving-token').length; };
  new MutationObserver(count).observe(document.body, {childList: true, subtree: true});
}"""


def _decide(page: Page) -> None:
    """Refused at its fields, then filled in, sent by Enter; the tokens travel."""
    _press(page, "办结")
    expect(page.locator(".play-form")).to_contain_text("请填写“拘留天数”")
    _press(page, "填入场景的值")
    page.locator("#f-拘留事由").select_option(index=1)
    page.locator("#f-违法事实").fill("经两次传唤，拒不交出车辆")
    page.evaluate(_WATCH_TOKENS)
    page.locator("#f-拘留所").press("Enter")
    _drawn(page)
    expect(page.locator(".moving-token")).to_have_count(0)
    expect(page.locator("[data-element-id=read_person].here")).to_have_count(1)
    assert page.evaluate("() => window.travelled") > 0


def _advance_and_go_back(page: Page) -> None:
    expect(page.locator(".play-side")).to_contain_text("2026-03-15 00:00 到时")
    _press(page, "快进到下一个定时")
    expect(page.locator(".play-side")).to_contain_text("流程已结束")
    page.locator("h1").click()
    page.keyboard.press("Control+z")
    expect(page.locator(".play-side")).to_contain_text("现在只等时间")
    page.reload()
    _drawn(page)
    expect(page.locator(".play-side")).to_contain_text("2026-03-15 00:00 到时")
    page.get_by_label("前进").fill("13")
    page.get_by_label("前进").press("Enter")
    expect(page.locator(".play-side")).to_contain_text("流程已结束")
    expect(page.locator("[data-log] li").last).to_contain_text("流程结束")


def _keep(page: Page) -> None:
    page.get_by_role("button", name="存为场景").click()
    page.get_by_role("button", name="存入草稿").click()
    expect(page.locator("#keep-title-error")).to_contain_text("请填写标题")
    page.get_by_label("标题").fill(TITLE)
    page.get_by_role("button", name="存入草稿").click()
    expect(page.get_by_text("已存为场景")).to_be_visible()
    expect(page.get_by_text("v2 草稿")).to_be_visible()


def _run_scenarios(site, page: Page) -> None:
    files = db.read_only(design_drafts.texts, site.court.id, "detain")
    assert f"scenarios/{TITLE}.toml" in files
    page.get_by_role("link", name="返回流程图").click()
    page.wait_for_selector("#canvas[data-ready]")
    page.locator("[data-run=scenarios]").click()
    expect(page.locator("#scenario-results")).to_contain_text("3 个通过")
    expect(page.locator("#scenario-results")).to_contain_text(TITLE)
