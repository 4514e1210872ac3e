"""The built product in a real browser: a court, its web server and its worker, and a signed-in page.

Without chromium these tests are skipped with the reason printed; in CI that is a failure.
"""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from engine.process import worker
from tests.casefile.court import PASSWORD, Court, make
from webui import server as web_server

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
SIZE = {"width": 1366, "height": 768}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("chromium is missing")
        pytest.skip("没有找到 chromium，浏览器测试跳过")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


def _is_fault(message: Any) -> bool:
    """An error on the console, but not that a form was refused (422) or a race lost (409), which pages show."""
    return message.type == "error" and not any(
        f"status of {code}" in message.text for code in (409, 422)
    )


class Site:
    """The running platform as its people meet it."""

    def __init__(self, court: Court, address: str, browser: Browser) -> None:
        self.court = court
        self.address = address
        self._browser = browser
        self.faults: list[str] = []

    def open(self, login: str | None = None, **options: Any) -> Page:
        """A page of a browser of its own; ``login``: who is signed in."""
        context = self._browser.new_context(viewport=SIZE, locale="zh-CN", **options)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("console", lambda m: self.faults.append(m.text) if _is_fault(m) else None)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        if login is not None:
            page.goto(self.address + "/login")
            page.fill("input[name=login]", login)
            page.fill("input[name=password]", PASSWORD)
            page.click("form[action*='login'] button[type=submit]")
            page.wait_for_url(lambda url: "/login" not in url)
        return page

    def goto(self, page: Page, path: str) -> None:
        page.wait_for_load_state("networkidle")  # what a dialog started must have ended
        page.goto(self.address + path)


@pytest.fixture
def site(database: str, browser: Browser) -> Iterator[Site]:
    running = web_server.listening(host="127.0.0.1", port=0)
    address = f"http://127.0.0.1:{running.effective_port}"
    os.environ["FENDUAN_BASE_URL"] = address
    stop = threading.Event()
    threads = [threading.Thread(target=_serve, args=(running, stop), daemon=True)]
    threads.append(threading.Thread(target=worker.run, args=(stop,), daemon=True))
    found = Site(make(), address, browser)
    for thread in threads:
        thread.start()
    yield found
    stop.set()
    running.close()
    threads[1].join(timeout=30)
    for context in browser.contexts:
        context.close()
    assert found.faults == [], "script errors or policy violations"


def _serve(running: Any, stop: threading.Event) -> None:
    """Until the test closes it, which may be while it listens."""
    try:
        running.run()
    except OSError:
        if not stop.is_set():
            raise


@pytest.fixture
def eventually() -> Callable[[Callable[[], bool]], None]:
    def wait(holds: Callable[[], bool], seconds: float = 60.0) -> None:
        done = threading.Event()
        for _ in range(int(seconds / 0.2)):
            if holds():
                return
            done.wait(0.2)
        raise AssertionError("did not happen in time")

    return wait
