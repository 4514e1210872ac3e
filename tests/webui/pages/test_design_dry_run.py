"""试运行: a draft played through its page, strictly read, never stored; kept as a scenario that runs green."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import html5lib
import pytest
from flask.testing import FlaskClient

from engine import db
from engine.casefile.design import design_drafts
from tests.casefile.court import Court
from tests.webui.conftest import ORIGIN

Login = Callable[[str], FlaskClient]
MATTERS = sorted(path.name for path in Path("workflows/matters").iterdir())


class Table:
    """Plays as the browser does: it keeps the play and sends all of it each time."""

    def __init__(
        self, client: Any, headers: dict[str, str], subject: str, sample: str | None = None
    ) -> None:
        self.client = client
        self.url = f"/designs/{subject}/dry-run"
        self.state: dict[str, Any] = {"play": None, "chosen": "", "sample": sample}
        self.headers = headers
        self.told: dict[str, Any] = {}
        self.status = 0

    def ask(self, **act: Any) -> "Table":
        content = {**self.state, "act": act or None}
        answer = self.client.post(self.url, json=content, headers=self.headers, raw=True)
        self.status, self.told = answer.status_code, answer.get_json()
        if "side" in self.told:
            self.state["play"] = self.told["play"]
            html5lib.HTMLParser(strict=True).parseFragment(self.told["side"], container="aside")
            html5lib.HTMLParser(strict=True).parseFragment(self.told["log"], container="ol")
        return self

    def start(self, **act: Any) -> "Table":
        self.ask()
        form = {"rows": self.rows("start"), "facts": self.rows("fact")}
        return self.ask(do="start", **(form | act))

    @property
    def side(self) -> str:
        return self.told["side"]

    @property
    def keys(self) -> list[str]:
        return re.findall(r'data-choose="([^"]+)"', self.side)

    @property
    def ended(self) -> bool:
        return "流程已结束" in self.side

    def log(self) -> list[str]:
        return re.findall(r"<span>([^<]+)</span></li>", self.told["log"])

    def rows(self, prefix: str) -> list[dict[str, str]]:
        """Of the rows as they are drawn."""
        tree = html5lib.parseFragment(self.side, namespaceHTMLElements=False)
        found = []
        for row in tree.iter("div"):
            if "data-value-row" not in row.attrib:
                continue
            value = next(e for e in row.iter() if "data-value" in e.attrib)
            if not value.get("id", "").startswith(f"{prefix}-"):
                continue
            kind = next(e for e in row.iter("select") if "data-kind" in e.attrib)
            found.append({"name": row.get("data-name", ""), "kind": _of(kind), "value": _of(value)})
        return found


def _of(field: Any) -> str:
    if field.tag == "select":
        options = list(field.iter("option"))
        chosen = next((o for o in options if "selected" in o.attrib), options[0])
        return chosen.get("value", chosen.text or "")
    return field.get("value") or (field.text or "").lstrip("\n")


@pytest.fixture
def table(court: Court, as_login: Login) -> Callable[..., Table]:
    client: Any = as_login("lin")
    # Once, not with each of a hundred steps.
    token = client.form_token()
    headers = {"Origin": ORIGIN, "X-CSRFToken": token, "HX-Request-Type": "partial"}
    return lambda subject, sample=None: Table(client, headers, subject, sample)


def play_on(table: Table) -> None:
    """Whatever is open is done as it is proposed; then messages, then time."""
    for _ in range(40):
        if table.ended or not (table.keys or "data-next" in table.side):
            return
        key = next(iter(table.keys), "")
        table.state["chosen"] = key
        if key.startswith("task:"):
            typed = filled(table.ask(do="fill", key=key).side)
            table.ask(do="complete", key=key, typed=typed, rows=table.rows("item"))
        elif key.startswith("service:"):
            table.ask()
            table.ask(do="complete", key=key, rows=table.rows("item"))
        elif key:
            table.ask()
            table.ask(do="send", key=key, rows=table.rows("item"))
        else:
            table.ask(do="next")
        assert table.status == 200, (key, re.findall(r'class="error"[^>]*>.*?</div>', table.side))


def filled(side: str) -> dict[str, Any]:
    """What a browser would send of the form as it is drawn."""
    typed: dict[str, Any] = {}
    for field in html5lib.parseFragment(side, namespaceHTMLElements=False).iter():
        name = field.get("name")
        if field.tag not in ("input", "select", "textarea") or not name:
            continue
        is_box = field.get("type") in ("radio", "checkbox")
        if is_box and "checked" in field.attrib:
            typed.setdefault(name, []).append(field.get("value"))
        elif not is_box:
            typed[name] = _of(field)
    return typed


# ---------------------------------------------------------------- playing


def test_everything_delivered_starts_four_matters_end_and_the_main_process_goes_where_one_chooses(
    table,
):
    for subject in (*MATTERS, "case_enforcement", "document_flow", "delivery"):
        started = table(subject).start()
        assert started.status == 200, subject
        assert started.log()[0].endswith("启动"), subject
    for subject, sample in {
        "online_freeze": "frozen",
        "close_full": "closed",
        "debt_calc": "computed",
        "network_query": "answered",
    }.items():
        played = table(subject, f"scenarios/{sample}.toml").start()
        play_on(played)
        assert played.ended, (subject, played.log()[-3:])
    _main_process(table)


def _main_process(table) -> None:
    """It goes where the outcome that was chosen leads."""
    played = table("case_enforcement").ask()
    assert '<option value="asset_disposal">财产处置</option>' in played.side
    first = [{"name": "去向", "kind": "text", "value": "fund_distribution"}]
    played.start(rows=first)
    (key,) = played.keys
    assert key == "task:transfer_fund_distribution:1:0"
    assert "办理时打开“流转”页面" in played.side
    played.ask(do="complete", key=key, rows=[])
    (key,) = played.keys
    assert key.startswith("service:decide_fund_distribution")
    there = [{"name": "去向", "kind": "text", "value": "closing_archiving"}]
    played.ask(do="complete", key=key, rows=there)
    assert played.keys == ["task:transfer_closing_archiving:1:0"]
    assert any("选择 closing_archiving" in s or "去向 = " in s for s in played.log())
    assert "route_fund_distribution" in played.told["picture"]["visited"]


def test_what_is_wrong_is_told_at_its_place_and_a_service_can_end_with_an_error(table):
    played = table("pay_out").start()
    (key,) = played.keys
    played.ask(do="complete", key=key, typed={}, rows=[])
    assert played.status == 422
    assert 'aria-invalid="true"' in played.side and played.told["steps"] == 0
    typed = filled(played.ask(do="fill", key=key).side)
    played.ask(do="complete", key=key, typed=typed, rows=[])
    (key,) = played.keys
    assert key == "service:plan_payment:1:0"
    played.ask(do="error", key=key, code="NOTHING_TO_PAY")
    assert played.status == 200 and "“确定发放金额”以错误 NOTHING_TO_PAY 结束" in "".join(
        played.log()
    )
    assert played.told["picture"]["fresh"]
    _wrong_rows(table)
    _time(table)


def _wrong_rows(table) -> None:
    played = table("notify").ask()
    bad = [
        {"name": "事项", "kind": "feel", "value": "[甲"},
        {"name": "", "kind": "text", "value": "x"},
    ]
    played.ask(do="start", rows=bad, facts=[])
    assert played.status == 422 and played.told["play"] is None
    assert "请填写名称" in played.side and played.side.count('class="error"') == 2


def _time(table) -> None:
    played = table("detain", "scenarios/detained.toml").start()
    played.ask(do="days", days="3")
    assert played.told["now"] == "2026-03-05 09:00"
    for days in ("0", "99999", "x", "-1"):
        assert played.ask(do="days", days=days).status == 422
        assert "请填写 1 到 3660 天" in played.side
    assert played.told["steps"] == 1


# ---------------------------------------------------------------- read strictly


def test_what_is_no_play_is_refused_in_a_sentence_and_only_designers_play(table, as_login):
    played = table("notify").start()
    good = played.told["play"]
    deep: Any = {}
    for _ in range(200):
        deep = {"x": deep}
    for bad in (
        [],
        {},
        good | {"more": 1},
        good | {"at": "2026-03-02T09:00:00"},
        good | {"commands": [{"do": "fly"}]},
        good | {"commands": [{"do": "next", "more": 1}]},
        good | {"commands": [{"do": "wait", "for": 3}]},
        good | {"commands": [{"do": "next"}] * 301},
        good | {"start": {"x": {"$date": 5}}},
        good | {"start": {"x": {"$decimal": "NaN"}}},
        good | {"start": deep},
        good | {"facts": {"案件": 1}},
    ):
        played.state["play"] = bad
        assert played.ask().status == 422, bad
        assert "side" not in played.told and played.told["message"]
    answer = played.client.post(played.url, data=b"{" * 5000, content_type="application/json")
    assert answer.status_code == 422
    answer = played.client.post(played.url, data=b" " * 1_000_001)
    assert answer.status_code == 422
    _goes_back(table)
    _only_designers(table, as_login)


def _goes_back(table) -> None:
    """A play that fits no longer goes back as far as it must."""
    played = table("notify").start()
    gone = {"do": "complete", "element": "gone", "number": 1, "item": 0, "data": {}}
    played.state["play"]["commands"] = [{"do": "wait", "for": "P1D"}, gone]
    played.ask()
    assert played.told["steps"] == 1 and "已退回到第 1 步之后" in played.side


def _only_designers(table, as_login) -> None:
    assert as_login("shen").get("/designs/notify/dry-run").status_code == 403
    assert as_login("shen").post("/designs/notify/dry-run", json={}).status_code == 403
    page = table("notify").client.get("/designs/notify/diagram").get_data(as_text=True)
    assert 'href="/designs/notify/dry-run"' in page
    shared = table("notify").client.get("/designs/documents/templates/D001.wen/dry-run")
    assert shared.status_code == 404


def test_a_folder_with_errors_lists_them_and_does_not_start(table):
    played = table("notify").start()
    text = played.client.get("/designs/notify/text?file=process.bpmn").get_data(as_text=True)
    broken = text.replace("documents.draft_set", "documents.nothing")
    saved = played.client.post(
        "/designs/notify/text?file=process.bpmn&seen=0",
        data=broken.encode(),
        content_type="text/plain; charset=utf-8",
    )
    assert saved.status_code == 200
    page = played.client.get("/designs/notify/dry-run").get_data(as_text=True)
    assert "检查有 1 个错误，改正后才能试运行" in page and "dry_run.js" not in page
    assert "element=draft_notices" in page
    assert played.ask().status == 422 and "检查有错误" in played.told["message"]


# ---------------------------------------------------------------- kept


def test_a_play_is_kept_as_a_scenario_that_runs_green_and_never_over_another(table, court):
    played = table("detain", "scenarios/detained.toml").start()
    play_typed = {
        "拘留事由": "拒绝报告或者虚假报告财产情况",
        "违法事实": "两次通知仍不报告财产情况",
    }
    key = played.keys[0]
    typed = filled(played.ask(do="fill", key=key).side) | play_typed
    played.ask(do="complete", key=key, typed=typed, rows=[])
    play_on(played)
    assert played.ended and any("到时" in s for s in played.log())

    def keep(**act: str) -> Any:
        return played.client.post(played.url + "/scenario", json={**played.state, "act": act})

    assert keep(title="").get_json()["errors"].keys() == {"title"}
    assert keep(title="走通一次", file="../x").get_json()["errors"].keys() == {"file"}
    assert db.read_only(design_drafts.find, court.id, "detain") is None
    kept = keep(title="走通一次")
    assert kept.get_json() == {"file": "scenarios/走通一次.toml", "version": "v2 草稿"}
    again = keep(title="走通一次")
    assert again.status_code == 422 and "已有同名的场景" in again.get_json()["errors"]["file"]
    url = "/designs/detain/scenarios"
    ran = played.client.post(url, headers={"HX-Request": "true"}).get_data(as_text=True)
    assert "3 个通过" in ran and "不符" not in ran
    text = db.read_only(design_drafts.texts, court.id, "detain")["scenarios/走通一次.toml"]
    assert "ended = true" in text and 'wait = "P' in text and "begin_detention" in text
