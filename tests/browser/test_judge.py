"""A judge plays the manual: import, 接收, notices signed and delivered in one click, property, 流转."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from engine import blobs, clock, config, db
from engine.casefile.case import cases, queries
from engine.casefile.document import documents
from engine.casefile.oversight import audit_chains
from engine.casefile.party import parties
from engine.documents import pki, verification

pytestmark = pytest.mark.browser
CASE_NO = "（2026）苏0199执6001号"

INTAKE = """案号,收案日期,案由,执行依据文号,执行依据名称,申请执行人,申请人类型,申请人证件号码,申请人联系电话,申请人电子送达地址,被执行人,被执行人类型,被执行人证件号码,被执行人联系电话,被执行人住所,申请执行标的,承办法官,备注
(2026)苏0199执6001号,2026/11/20,追偿权纠纷,（2025）苏0199民初3210号,民事判决书,马永,自然人,990000196208254605,19900004655,a6001@example.invalid,柳才,自然人,990000199011041909,19900008181,江州省临江市青石路202号,"213,214.68",沈若川,
（2026）苏0199执6002号,2026-11-20,买卖合同纠纷,（2025）苏0199民初1号,民事判决书,钱华,自然人,990000196208254605,1,,柳才,自然人,990000199011041909,1,江州省,壹万元,,
"""


def test_a_judge_takes_a_case_from_import_to_the_next_team(site, post_office, eventually, tmp_path):
    page = site.open("shen")
    _import(site, page, tmp_path)
    case = _accept(site, page)
    _debtor_agrees(case)
    _sign_and_deliver(site, page, case, post_office, eventually)
    _addressee_reads(site, post_office)
    clock.move(timedelta(days=4))
    eventually(lambda: db.read_only(_undelivered, case.id) == 0)
    _find_house(site, page, case)
    site.court.meet_first_gates(case.id)
    _transfer(site, page, case)
    _next_team_has_it(site, case)
    # Verification runs a loop of its own, and the browser's runs in this thread.
    with ThreadPoolExecutor(1) as aside:
        aside.submit(_proof, site, case).result()


def _import(site, page: Page, folder: Path) -> None:
    site.goto(page, "/intake/import")
    file = folder / "收案.csv"
    file.write_text(INTAKE, "utf-8-sig")
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name="导入").click()
    expect(page.get_by_text("壹万元")).to_be_visible()
    expect(page.get_by_role("row", name="3 申请执行标的")).to_be_visible()


def _accept(site, page: Page) -> cases.Case:
    site.goto(page, "/intake")
    row = page.get_by_role("row").filter(has_text=CASE_NO)
    row.get_by_role("button", name="接收").click()
    expect(page.get_by_text("已接收 1 件")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text=CASE_NO)).to_contain_text("沈若川")
    found = db.read_only(cases.by_number, site.court.id, CASE_NO)
    assert (found.stage, found.handler_id) == ("asset_control", site.court.user("shen").id)
    return found


def _debtor_agrees(case: cases.Case) -> None:
    """The debtor's confirmation of addresses comes on paper; its entry is not what this test is about."""
    debtor = db.read_only(parties.of_case, case.id, "debtor")[0]
    db.in_transaction(
        parties.set_addresses, debtor.id, phone=debtor.phone, address=debtor.address,
        e_address="debtor@example.invalid", e_consent=True,
    )  # fmt: skip


def _sign_and_deliver(site, page: Page, case, post_office, eventually) -> None:
    site.goto(page, "/stages/asset_control")
    page.get_by_role("row").filter(has_text=CASE_NO).get_by_role("link", name="查控文书").click()
    expect(page.get_by_role("button", name="一键签章并送达")).to_be_disabled()
    page.get_by_role("checkbox", name="选择本页全部").or_(
        page.locator("thead input[type=checkbox]")
    ).first.check()
    page.get_by_role("button", name="一键签章并送达").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="返回核对")).to_be_focused()
    confirm = dialog.get_by_role("button", name="确认签章并送达 6 份")
    expect(confirm).to_be_disabled()
    dialog.locator("[data-gate]").check()
    confirm.click()
    page.wait_for_url("**/batches/*")
    first = page.url
    eventually(lambda: all(d.state == "signed" for d in db.read_only(documents.of_case, case.id)))
    eventually(lambda: len(post_office.mails) == 8)
    page.goto(first)
    expect(page.locator("#results")).to_contain_text("已签章")


def _addressee_reads(site, post_office) -> None:
    mail = next(m for m in post_office.mails if "执行通知书" in str(m["Subject"]))
    body = mail.get_body(("plain",)).get_content()
    link = next(word for word in body.split() if "/r/" in word)
    page = site.open()
    page.goto(link)
    page.get_by_role("button", name="确认阅读").click()
    expect(page.get_by_text("已确认阅读")).to_be_visible()


def _undelivered(session, case_id) -> int:
    from engine.casefile.delivery import deliveries

    found = deliveries.of_case(session, case_id)
    return sum(d.state != "delivered" for each in found.values() for d in each)


def _find_house(site, page: Page, case) -> None:
    site.goto(page, f"/cases/{case.id}/matters")
    page.get_by_role("button", name="登记财产").click()
    dialog = page.get_by_role("dialog")
    dialog.locator("select[name=owner]").select_option(label="柳才（被执行人）")
    dialog.locator("select[name=kind]").select_option("immovable")
    dialog.locator("input[name=name]").fill("东湖镇望江路88号2幢301室")
    dialog.locator("input[name=value]").fill("860,000.00")
    dialog.locator("select[name=disposition]").select_option("auction")
    dialog.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_text("东湖镇望江路88号")).to_be_visible()
    page.locator("[hx-get*='/measures'], [hx-get*='measure']").first.click()
    dialog = page.get_by_role("dialog")
    dialog.locator("select[name=kind]").select_option("seize")
    dialog.locator("input[name=starts_on]").fill(clock.today().isoformat())
    dialog.locator("input[name=ends_on]").fill((clock.today() + timedelta(days=1094)).isoformat())
    dialog.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_text("首封")).to_be_visible()


def _transfer(site, page: Page, case) -> None:
    site.goto(page, f"/cases/{case.id}/transfer")
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("还不能提交")
    page.get_by_role("button", name="暂存", exact=True).click()
    expect(page.get_by_text("其余 3 份")).to_be_visible()
    page.get_by_label("拍卖、变卖").check()
    page.get_by_label("不动产").check()
    page.locator("input[name=has_auction][value='1']").check()
    page.locator("#other_text").fill("房屋系唯一住房，拟先行询价。")
    expect(page.locator("#outlook")).to_contain_text("财产处置")
    expect(page.locator("#outlook")).to_contain_text("顾明远")
    page.get_by_role("button", name="提交", exact=True).click()
    page.wait_for_url(f"**/cases/{case.id}**")
    assert site.court.case(case.id).stage == "asset_disposal"


def _next_team_has_it(site, case) -> None:
    page = site.open("gu")
    site.goto(page, "/stages/asset_disposal")
    row = page.get_by_role("row").filter(has_text=CASE_NO)
    expect(row.get_by_role("link", name="处置文书")).to_be_visible()
    site.goto(page, "/queries/cases?case_no=执6001")
    expect(page.get_by_role("row").filter(has_text=CASE_NO)).to_contain_text("财产处置")


def _proof(site, case) -> None:
    trust = pki.load(config.data_dir() / "pki" / str(site.court.id)).trust
    for document in db.read_only(documents.of_case, case.id):
        verdict = verification.verify(blobs.get(site.court.id, document.blob), trust)
        assert verdict.valid, verdict.sentence
    chains, faults = db.read_only(audit_chains.verify_all)
    assert chains > 10 and faults == []
    assert db.read_only(queries.count_of_court, site.court.id) == 1
