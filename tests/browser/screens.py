"""``make screens``: every page of the demo court as a picture in ``screens/``, with axe's findings printed.

python -m tests.browser.screens [part of a name …]
"""

import os
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID, uuid4

import psycopg
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import select

from engine import db, embedded, schema
from engine.casefile.case.cases import CASE
from engine.process import operations
from tests.browser.conftest import CHROMIUM

ROOT = Path(__file__).parents[2]
OUT = ROOT / "screens"
SIZES = {"": (1366, 768), "-1920": (1920, 1080)}
CASES = 24
#: Name -> (login, address); {stage} is a case in that stage.
PAGES = {
    "login": (None, "/login"),
    "todo": ("shen", "/todo"),
    "intake": ("shen", "/intake"),
    "import": ("shen", "/intake/import"),
    "worklist": ("fang", "/stages/asset_control?scope=team"),
    "worklist-stage4": ("cheng", "/stages/closing_archiving?scope=team"),
    "matter": ("fang", "/cases/{asset_control}/matters"),
    "transfer": ("fang", "/cases/{asset_control}/transfer"),
    "case": ("fang", "/cases/{asset_control}"),
    "deliveries": ("fang", "/cases/{asset_control}/deliveries"),
    "dossier": ("fang", "/cases/{asset_control}/dossier"),
    "search": ("fang", "/queries/cases"),
    "court-cases": ("gu", "/queries/court"),
    "instances": ("he", "/instances"),
    "incidents": ("he", "/incidents"),
    "definitions": ("he", "/definitions"),
    "definition": ("he", "/definitions/case_enforcement"),
    "designs": ("lin", "/designs"),
    "dry-run": ("lin", "/designs/detain/dry-run"),
    "parties": ("fang", "/cases/{asset_control}?tab=parties"),
    "worklist-stage2": ("gu", "/stages/asset_disposal?scope=team"),
    "worklist-stage3": ("liang", "/stages/fund_distribution?scope=team"),
    "notices": ("shen", "/notices"),
    "substitutions": ("shao", "/substitutions"),
    "field": ("ma", "/field"),
    "people": ("admin", "/people"),
    "account": ("shen", "/account"),
    "mails": ("shen", "/demo/mail"),
    "error-404": ("shen", "/nowhere"),
}


def main(wanted: list[str]) -> int:
    if CHROMIUM is None:
        sys.stderr.write("没有找到 chromium\n")
        return 1
    OUT.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder, _Database(Path(folder)):
        address = _serve()
        stages = db.read_only(_case_of_each_stage)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            for name, (login, path) in PAGES.items():
                if wanted and not any(part in name for part in wanted):
                    continue
                if "{" in path and path.split("{")[1].split("}")[0] not in stages:
                    continue
                for suffix, (width, height) in SIZES.items():
                    page = browser.new_page(
                        viewport={"width": width, "height": height}, locale="zh-CN"
                    )
                    _signed_in(page, address, login)
                    page.goto(address + path.format(**stages))
                    page.wait_for_load_state("networkidle")
                    page.screenshot(path=OUT / f"{name}{suffix}.png")
                    if not suffix:
                        print(name, *_axe(page), sep="\n  ")
                    page.close()
    return 0


class _Database:
    """A database of its own, with the demo court's first cases."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.name = f"screens_{uuid4().hex[:8]}"

    def __enter__(self) -> None:
        os.environ |= {"FENDUAN_DEMO": "1", "DATA_DIR": str(self.folder)}
        self.base = embedded.start(ROOT / "data" / "test" / "postgres")
        with psycopg.connect(self.base, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{self.name}"')
        os.environ["DATABASE_URL"] = self.base.replace("/postgres", f"/{self.name}", 1)
        from handlers.simulators import bank_beside
        from webui.demo import court, mail_catcher

        os.environ["SMTP_PORT"] = str(_free_port())
        self.mails = mail_catcher.controller()
        self.mails.start()
        operations.load()
        schema.migrate()
        court.set_up()
        with bank_beside.running() as take_receipts:
            court.fill(
                CASES, lambda made, _all: print(f"\r演示案件 {made}/{CASES}", end=""), take_receipts
            )
        print()

    def __exit__(self, *_error: object) -> None:
        self.mails.stop()
        db.dispose()
        with psycopg.connect(self.base, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{self.name}" WITH (FORCE)')


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _serve() -> str:
    from webui import server

    running = server.listening(host="127.0.0.1", port=0)
    threading.Thread(target=running.run, daemon=True).start()
    return f"http://127.0.0.1:{running.effective_port}"


def _case_of_each_stage(session: db.Session) -> dict[str, UUID]:
    rows = session.execute(
        select(CASE.c.stage, CASE.c.id).where(CASE.c.stage.is_not(None)).order_by(CASE.c.id.desc())
    )
    return {row.stage: row.id for row in rows}


def _signed_in(page: Page, address: str, login: str | None) -> None:
    if login is None:
        return
    page.goto(address + "/login")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", "demo")
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "/login" not in url)


def _axe(page: Page) -> Iterator[str]:
    """Findings of axe-core, rule and place; evaluated beside the page's own policy."""
    page.evaluate((ROOT / "node_modules/axe-core/axe.min.js").read_text("utf-8"))
    found = page.evaluate("axe.run()")
    for finding in found["violations"]:
        yield f"axe {finding['id']}: {finding['nodes'][0]['target']}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
