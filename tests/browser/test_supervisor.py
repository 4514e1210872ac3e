"""A supervisor who holds 运维 finds the overdue case, sees where it stands, and clears an incident."""

import os
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from engine import clock, db
from engine.casefile.delivery import deliveries
from engine.casefile.document import batches, documents
from engine.casefile.party import parties
from engine.process import incidents

pytestmark = pytest.mark.browser


@pytest.fixture
def broken_mail_server(outside_world, monkeypatch):
    """Nobody listens where the court's mail server should be, until it is repaired."""
    port = os.environ["SMTP_PORT"]
    monkeypatch.setenv("SMTP_PORT", "9")
    yield lambda: os.environ.__setitem__("SMTP_PORT", port)
    os.environ["SMTP_PORT"] = port


def test_a_supervisor_finds_the_overdue_case_and_clears_an_incident(
    broken_mail_server, site, post_office, eventually
):
    court = site.court
    case_id = court.accept()
    document = next(d for d in db.read_only(documents.of_case, case_id) if d.code == "D002")
    debtor = db.read_only(parties.of_case, case_id, "debtor")[0]
    picks = {document.id: [debtor.id]}
    db.in_transaction(batches.request, court.user("shen"), case_id, "sign_and_deliver", picks, "k")
    # Every wait between two tries passes.
    eventually(lambda: _tried(document.id) or clock.move(timedelta(hours=1)) or False, 90)
    clock.move(timedelta(days=40))
    page = site.open("luo")
    _find_overdue(site, page)
    _clear_incident(site, page, broken_mail_server)
    eventually(lambda: len(post_office.mails) == 1)
    eventually(lambda: db.read_only(deliveries.of_document, document.id)[0].state != "requested")


def _tried(document_id) -> bool:
    def look(session):
        return session.scalar(incidents.INCIDENT.select().limit(1)) is not None

    return db.read_only(look)


def _find_overdue(site, page) -> None:
    site.goto(page, "/instances")
    page.get_by_label("只看超期").check()
    page.get_by_role("button", name="查询").click()
    row = page.get_by_role("row").filter(has_text="四阶段主流程")
    expect(row).to_contain_text("超期")
    row.get_by_role("link", name="查看").click()
    expect(page.get_by_text("财产查控：办理与流转").first).to_be_visible()
    expect(page.get_by_text("沈若川").first).to_be_visible()


def _clear_incident(site, page, repair) -> None:
    """Three clicks: 异常处理, 重试, 重试 with a ready-made note."""
    repair()
    page.get_by_role("link", name="异常处理").click()
    row = page.get_by_role("row").filter(has_text="发送电子邮件")
    expect(row).to_contain_text("连接不上或者中断，请恢复后重试")
    row.get_by_role("button", name="重试").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="重试 1 项").click()
    expect(page.get_by_text("没有未处理的异常")).to_be_visible()
