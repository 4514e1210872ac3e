"""The simulated bank (模拟银行，演示用) as a process of its own: HTTP, signed receipts, a page of its books.

``serve()`` is what ``fenduan bank`` runs. Failures for demonstration: the header ``x-simulate`` of a
request, or one ordered on the page: ``error`` (503), ``silence`` (no answer in time), ``refuse:CODE``,
``delay:SECONDS`` (the receipt comes late), ``twice`` (it comes twice).
"""

import logging
import os
import threading
import time
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
import orjson
from waitress.server import create_server
from werkzeug.wrappers import Request, Response

from engine import config
from engine.process import webhooks
from handlers.bank import exchange
from handlers.simulators import bank_acts, bank_page
from handlers.simulators.bank_books import Books, Receipt, Refused

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

log = logging.getLogger(__name__)

#: Between the answer and its receipt, in seconds.
DELAY = 2.0
_SILENCE = 30.0  #: longer than the platform waits for an answer
_AGAIN = 5.0  #: seconds until a receipt that did not arrive is sent again
_LARGEST = 64 << 20


class Bank:
    """The WSGI application and the thread that sends what is due."""

    def __init__(self, books: Books, delay: float = DELAY) -> None:
        self.books = books
        self.delay = delay
        self._woken = threading.Event()

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        request = Request(environ)
        request.max_content_length = _LARGEST
        return self._answer(request)(environ, start_response)

    def _answer(self, request: Request) -> Response:
        if request.path in bank_acts.ACTS and request.method == "POST":
            return self._asked(request)
        if request.path == "/" and request.method == "GET":
            return Response(bank_page.html(self.books), content_type="text/html; charset=utf-8")
        if request.path in bank_page.FORMS and request.method == "POST":
            if not _is_own_page(request):
                return Response("只能从本页提交", 403)
            with self.books.together():
                bank_page.FORMS[request.path](self.books, request.form.to_dict())
            return Response("", 303, {"Location": "/"})
        return Response("没有这个地址", 404)

    # ------------------------------------------------------------ requests of courts

    def _asked(self, request: Request) -> Response:
        body = request.get_data()
        key = request.headers.get("idempotency-key", "")
        letter = webhooks.sealed(
            {name: request.headers.get(name, "") for name in webhooks.HEADERS}, body
        )
        try:
            asked = orjson.loads(webhooks.open_(letter, exchange.secret()))
        except (webhooks.LetterForged, orjson.JSONDecodeError):
            return _json({"code": "SIGNATURE", "reason": "签名不对"}, 401)
        fault = self._fault(request.path, request.headers.get("x-simulate", ""))
        if fault == "error":
            return _json({"code": "UNAVAILABLE", "reason": "银行系统维护"}, 503)
        if fault == "silence":
            time.sleep(_SILENCE)
            return _json({"code": "UNAVAILABLE", "reason": "没有应答"}, 504)
        with self.books.together():
            known = self.books.answers.get(key)
            answer = known or self._do(request.path, asked, key, fault)
        self._woken.set()
        return _json(answer, 200 if "reference" not in answer else 202)

    def _fault(self, path: str, header: str) -> str:
        """What goes wrong this time; an ordered failure is used up."""
        if header:
            return header
        with self.books.together():
            ordered = next((f for f in self.books.faults if f["path"] in (path, "*")), None)
            if ordered is None:
                return ""
            self.books.write("faulted", **ordered)
            return f"{ordered['fault']}:{ordered['value']}".rstrip(":")

    def _do(self, path: str, asked: Mapping[str, Any], key: str, fault: str) -> dict[str, Any]:
        act, by_receipt = bank_acts.ACTS[path]
        reference = self.books.reference()
        kind, _, value = fault.partition(":")
        noted = {name: value for name, value in asked.items() if name != "documents"}
        if kind == "refuse":
            act = _refusing(value)
        if not by_receipt:
            found = act(self.books, asked, reference)
            self.books.write("answered", key=key, path=path, asked=noted, answer=found)
            return found
        try:
            said: dict[str, Any] = {"outcome": "done", "result": act(self.books, asked, reference)}
        except Refused as refused:
            said = {"outcome": "refused", "code": refused.code, "reason": refused.reason}
        delay = float(value) if kind == "delay" else self.delay
        self._report(reference, str(asked["callback"]), said, delay)
        if kind == "twice":
            self._report(f"{reference}-2", str(asked["callback"]), said, delay, reference)
        answer = {"reference": reference}
        self.books.write("answered", key=key, path=path, asked=noted, answer=answer)
        return answer

    def _report(
        self,
        reference: str,
        url: str,
        said: Mapping[str, Any],
        delay: float,
        as_reference: str | None = None,
    ) -> None:
        body = orjson.dumps({"reference": as_reference or reference, **said}).decode()
        due = time.time() + delay
        self.books.write("reported", reference=reference, url=url, body=body, due=due)

    # ------------------------------------------------------------ receipts

    def send_due(self) -> int:
        """Sends what is due; how many arrived. What does not arrive stays due."""
        with self.books.lock:
            receipts = self.books.receipts.values()
            waiting = [r for r in receipts if not r.sent and not r.of_another]
        arrived = 0
        for receipt in (r for r in waiting if r.due <= time.time()):
            if _send(receipt):
                with self.books.together():
                    self.books.write("sent", reference=receipt.reference)
                arrived += 1
            else:
                receipt.due = time.time() + _AGAIN
        return arrived

    def keep_sending(self, stop: threading.Event) -> None:
        while not stop.is_set():
            try:
                self.send_due()
            except OSError:
                log.exception("bank")
            self._woken.wait(0.5)
            self._woken.clear()


def _refusing(code: str) -> bank_acts.Act:
    def refuse(_books: Books, _asked: Mapping[str, Any], _reference: str) -> dict[str, Any]:
        raise Refused(code or "REFUSED", "银行不予办理（演示）")

    return refuse


def _send(receipt: Receipt) -> bool:
    body = receipt.body.encode()
    if receipt.headers is None:
        # Signed once: sent again it is the same letter, byte for byte.
        receipt.headers = webhooks.sign(exchange.secret(), receipt.reference, body)
    headers = {**receipt.headers, "content-type": "application/json"}
    try:
        answer = httpx.post(receipt.url, content=body, headers=headers, timeout=10)
    except httpx.HTTPError:
        return False
    return answer.is_success


def _is_own_page(request: Request) -> bool:
    origin = request.headers.get("Origin")
    return origin is None or origin == request.host_url.rstrip("/")


def _json(content: Mapping[str, Any], status: int) -> Response:
    return Response(orjson.dumps(content), status, content_type="application/json")


def listens_at() -> str:
    """``BANK_URL``, without a slash at its end."""
    return exchange.address()


def serve() -> None:
    """Runs until it is stopped; listens where ``BANK_URL`` says, books under the data folder."""
    place = urlsplit(exchange.address())
    bank = Bank(Books(config.data_dir() / "bank"), float(os.environ.get("BANK_DELAY", str(DELAY))))
    stop = threading.Event()
    threading.Thread(target=bank.keep_sending, args=(stop,), daemon=True).start()
    server = create_server(bank, host=place.hostname or "127.0.0.1", port=place.port or 80)
    try:
        server.run()
    finally:
        stop.set()
        server.close()
