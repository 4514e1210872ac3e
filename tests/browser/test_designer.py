"""A designer changes 告知 in the browser, is refused once, mends it, and a second person deploys it."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from engine import db
from engine.casefile.design import design_drafts
from engine.casefile.people import users
from engine.process import tasks
from tests.casefile.court import PASSWORD

pytestmark = pytest.mark.browser

NEW_TASK = "送签前复核"
RENAMED = "核对、签章并送达全部告知文书"


def test_a_designer_renames_a_step_and_adds_a_task_with_a_form_that_new_cases_show(site):
    court = site.court
    db.in_transaction(
        users.add,
        court.id,
        login="he",
        name="何予安",
        title="执行指挥中心",
        roles=["deployer"],
        password=PASSWORD,
    )
    running = court.accept()
    page = site.open("lin")
    site.goto(page, "/designs")
    page.get_by_role("link", name="告知", exact=True).click()
    _rename(page)
    _add_task(page)
    _make_form(page)
    _choose_form(page)
    _be_refused(page)
    _mend(page)
    request = _ask(page)
    _confirm(site, request)
    received = court.accept()
    assert _open_tasks(running) == ["核对、签章并送达告知文书"]
    assert _open_tasks(received) == [NEW_TASK]
    _work(site, received)
    assert _open_tasks(received) == [RENAMED]


def _open_tasks(case_id) -> list[str]:
    """Names of the open tasks of the case's 告知."""

    def read(session):
        table = tasks.TASK
        return list(
            session.scalars(
                table.select()
                .with_only_columns(table.c.name)
                .where(table.c.case_id == case_id, table.c.state == "open")
                .where(~table.c.element.startswith("transfer_"))
                .where(table.c.name.in_([NEW_TASK, RENAMED, "核对、签章并送达告知文书"]))
            )
        )

    return db.read_only(read)


def _field(page: Page, name: str) -> Locator:
    return page.locator(f"#bio-properties-panel-{name}")


def _saved(page: Page) -> None:
    expect(page.locator("#saved")).to_have_text(re.compile("林知夏 保存"))


def _rename(page: Page) -> None:
    page.wait_for_selector("#canvas[data-ready]")
    page.click("[data-element-id=issue_notices]")
    _field(page, "fd-name").fill(RENAMED)
    expect(page.locator("[data-element-id=issue_notices]").first).to_contain_text("全部")
    _saved(page)


def _add_task(page: Page) -> None:
    """Dropped on the line between drafting and signing, it stands between them."""
    page.click(".djs-palette [data-action='create.bpmn:UserTask']")
    line = page.locator("[data-element-id=draft_notices_to_issue_notices]").bounding_box()
    assert line is not None
    x, y = line["x"] + line["width"] / 2, line["y"] + line["height"] / 2
    page.mouse.move(x - 2, y)
    page.mouse.move(x, y, steps=3)
    page.mouse.click(x, y)
    page.keyboard.type(NEW_TASK)
    page.keyboard.press("Enter")
    _field(page, "fd-scope").select_option("handler")
    _field(page, "fd-due").fill("尽快")
    expect(page.locator("#findings-count")).to_contain_text("1 个错误")


def _make_form(page: Page) -> None:
    page.locator("summary", has_text="文件").click()
    page.get_by_role("button", name="新建表单…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("名称").fill("复核")
    dialog.get_by_role("button", name="建立").click()
    page.get_by_role("button", name="添加字段").click()
    dialog.get_by_label("类型").select_option("radio")
    dialog.get_by_label("选项").fill("一致\n不一致")
    dialog.get_by_label("名称").fill("文书与案卷是否一致")
    dialog.get_by_label("变量名").fill("复核结论")
    dialog.get_by_label("必填").check()
    dialog.get_by_role("button", name="添加").click()
    expect(page.locator("#form-preview")).to_contain_text("文书与案卷是否一致")
    page.locator("#form-preview").get_by_role("button", name="提交").click()
    expect(page.locator("#form-preview")).to_contain_text("请选择“文书与案卷是否一致”")


def _choose_form(page: Page) -> None:
    page.locator("summary", has_text="文件").click()
    page.get_by_role("link", name="流程图").click()
    page.wait_for_selector("#canvas[data-ready]")
    shape = page.locator(".djs-shape").filter(has_text=NEW_TASK).first.bounding_box()
    assert shape is not None
    page.mouse.click(shape["x"] + shape["width"] / 2, shape["y"] + 12)
    _field(page, "fd-form").select_option("复核.form")
    expect(page.locator("#findings-count")).to_have_text("1 个错误")
    page.get_by_role("button", name="检查").click()
    page.locator("#findings .finding").first.click()
    expect(page.locator("#props")).to_contain_text("用户任务")


def _be_refused(page: Page) -> None:
    page.get_by_role("link", name="部署…").click()
    expect(page.get_by_text("检查：1 个错误")).to_be_visible()
    expect(page.get_by_role("button", name="提交")).to_be_disabled()


def _mend(page: Page) -> None:
    """From the finding straight to its element."""
    page.get_by_role("link", name="去改正").first.click()
    page.wait_for_selector("#canvas[data-ready]")
    _field(page, "fd-due").fill("2天")
    expect(page.locator("#findings-count")).to_have_text("无错误")
    _saved(page)


def _ask(page: Page) -> str:
    page.get_by_role("link", name="部署…").click()
    expect(page.get_by_text(f"增加用户任务“{NEW_TASK}”")).to_be_visible()
    expect(page.get_by_text(f"改为“{RENAMED}”")).to_be_visible()
    page.get_by_label("理由").fill("院务会纪要：告知文书送签前复核")
    page.get_by_label("第二人").select_option(index=1)
    page.get_by_role("button", name="提交，等待第二人确认").click()
    expect(page.get_by_text("等待确认")).to_be_visible()
    expect(page.get_by_role("button", name="确认部署")).to_have_count(0)
    return page.url


def _confirm(site, request: str) -> None:
    second = site.open("he")
    site.goto(second, "/designs")
    second.get_by_role("link", name="等待您确认").click()
    assert second.url == request
    button = second.get_by_role("button", name="确认部署")
    expect(button).to_be_disabled()
    second.get_by_label("我已查看改动和场景结果").check()
    button.click()
    expect(second.get_by_text("已部署 v2")).to_be_visible()
    assert db.read_only(design_drafts.find, site.court.id, "notify") is None


def _work(site, case_id) -> None:
    """The judge finds the new task and its form."""
    judge = site.open("shen")
    site.goto(judge, f"/tasks/{_task(case_id)}")
    expect(judge.get_by_text("文书与案卷是否一致").first).to_be_visible()
    judge.get_by_label("一致", exact=True).check()
    judge.get_by_role("button", name="提交").click()
    judge.wait_for_url(lambda url: "/tasks/" not in url)


def _task(case_id):
    def read(session):
        table = tasks.TASK
        return session.scalar(
            table.select()
            .with_only_columns(table.c.id)
            .where(table.c.case_id == case_id, table.c.name == NEW_TASK, table.c.state == "open")
        )

    return db.read_only(read)
