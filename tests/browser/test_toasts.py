"""Short messages leave by themselves and are never in the way of a button."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

SAY = "kind => document.dispatchEvent(new CustomEvent('toast', {detail: {title: '已保存', kind}}))"
#: Whether a click in the middle of the message reaches what lies below it.
GOES_THROUGH = """message => {
  const {x, y, width, height} = message.getBoundingClientRect();
  return !message.contains(document.elementFromPoint(x + width / 2, y + height / 2));
}"""


def _said(page: Page, kind: str):
    page.evaluate(SAY, kind)
    message = page.locator("#toasts > .toast")
    expect(message).to_have_count(1)
    return message


def test_a_message_that_came_with_the_page_leaves_within_seconds(site):
    page = site.open("shen")
    page.evaluate("document.querySelector(\"form[action$='/logout']\").submit()")
    message = page.locator("#toasts > .toast")
    expect(message).to_be_visible()
    expect(message).to_have_count(0, timeout=7_000)


def test_a_message_is_closed_by_its_button_and_by_escape(site):
    page = site.open("shen")
    for kind in ("good", "bad"):
        message = _said(page, kind)
        message.get_by_role("button", name="关闭提示").click()
        expect(message).to_have_count(0, timeout=1_000)
        message = _said(page, kind)
        page.keyboard.press("Escape")
        expect(message).to_have_count(0, timeout=1_000)


def test_a_good_message_lets_clicks_through_and_an_error_leaves_too(site):
    page = site.open("shen")
    assert _said(page, "good").evaluate(GOES_THROUGH)
    page.keyboard.press("Escape")
    expect(_said(page, "bad")).to_have_count(0, timeout=11_000)


def test_escape_closes_a_message_before_it_unticks_a_row(site):
    site.court.accept("shen")
    page = site.open("shen")
    site.goto(page, "/stages/asset_control")
    box = page.locator("input[data-row]").first
    box.check()
    _said(page, "good")
    page.keyboard.press("Escape")
    expect(box).to_be_checked()
    page.keyboard.press("Escape")
    expect(box).not_to_be_checked()
