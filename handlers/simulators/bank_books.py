"""The simulated bank's books: one append-only file, from which everything is worked out.

Several processes may keep the same books (``fenduan bank``, and the demo that makes its cases beside it):
whoever works ``together`` holds the file and has read first what the others wrote.

Each line is an event: an account opened, money moved, an account frozen or released, a request
answered, a receipt sent, a failure ordered. Amounts are whole 分.
"""

import fcntl
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

import orjson

from engine import clock


class Refused(Exception):
    """The bank's refusal: code for the diagram, sentence for people."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


@dataclass
class Account:
    number: str
    institution: str
    holder: str
    id_number: str
    #: 储蓄户, 基本户, 工资户, 法院案款专户 …
    kind: str
    balance: int = 0
    #: Reference of the freeze -> 分, in the order they came; the money is held, not moved.
    frozen: dict[str, int] = field(default_factory=dict)

    @property
    def available(self) -> int:
        return self.balance - sum(self.frozen.values())


@dataclass(frozen=True)
class Entry:
    at: str
    account: str
    amount: int
    text: str
    reference: str
    counterparty: str


@dataclass
class Receipt:
    reference: str
    url: str
    body: str
    due: float
    headers: dict[str, str] | None = None
    sent: bool = False
    #: Reported by another process with the same books, which sends it.
    of_another: bool = False


class Books:
    """All of it in memory. Whoever reads several things holds ``lock``, whoever writes works ``together``."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.lock = threading.RLock()
        self.accounts: dict[str, Account] = {}
        self.entries: list[Entry] = []
        self.answers: dict[str, dict[str, Any]] = {}
        self.receipts: dict[str, Receipt] = {}
        #: Failures ordered and not used up: [{path, kind, value}].
        self.faults: list[dict[str, Any]] = []
        #: What was asked of the bank, for its page.
        self.requests: list[dict[str, Any]] = []
        self._path = folder / "ledger.jsonl"
        self._unwritten = b""
        self._count = 0
        #: Bytes of the file that are worked in.
        self._known = 0
        with self.together():
            # What was there before belongs to whoever goes on with it.
            for receipt in self.receipts.values():
                receipt.of_another = False

    def _catch_up(self, file: IO[bytes]) -> None:
        """The whole lines of others; one that was cut off when its process was killed never happened, and goes."""
        file.seek(self._known)
        content = file.read()
        whole = content[: content.rfind(b"\n") + 1]
        if len(whole) < len(content):
            os.ftruncate(file.fileno(), self._known + len(whole))
        self._known += len(whole)
        for event in map(orjson.loads, whole.splitlines()):
            self._apply(event)
            if event["kind"] == "reported":
                self.receipts[event["reference"]].of_another = True

    @contextmanager
    def together(self) -> Iterator[None]:
        """All lines written inside reach the file at once or not at all: money and the answer about it."""
        with self.lock, self._path.open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # until it is closed
            self._catch_up(file)
            try:
                yield
            finally:
                lines, self._unwritten = self._unwritten, b""
                file.write(lines)
                self._known += len(lines)

    def write(self, kind: str, **content: Any) -> None:
        """Notes what happens; inside ``together``."""
        event = {"kind": kind, "at": clock.now().isoformat(), **content}
        self._unwritten += orjson.dumps(event) + b"\n"
        self._apply(event)

    def _apply(self, event: dict[str, Any]) -> None:
        self._count += 1
        getattr(self, f"_{event['kind']}")(event)

    def _opened(self, event: Mapping[str, Any]) -> None:
        names = ("number", "institution", "holder", "id_number", "type")
        self.accounts[event["number"]] = Account(*(event[name] for name in names))

    def _moved(self, event: Mapping[str, Any]) -> None:
        account = self.accounts.get(event["account"])
        if account is not None:
            account.balance += event["amount"]
        texts = (event["text"], event["reference"], event["counterparty"])
        self.entries.append(Entry(event["at"], event["account"], event["amount"], *texts))

    def _frozen(self, event: Mapping[str, Any]) -> None:
        self.accounts[event["account"]].frozen[event["reference"]] = event["amount"]

    def _released(self, event: Mapping[str, Any]) -> None:
        self.accounts[event["account"]].frozen.pop(event["reference"], None)

    def _answered(self, event: Mapping[str, Any]) -> None:
        self.answers[event["key"]] = event["answer"]
        self.requests.append(dict(event))

    def _reported(self, event: Mapping[str, Any]) -> None:
        fields = (event["reference"], event["url"], event["body"], event["due"])
        self.receipts[event["reference"]] = Receipt(*fields)

    def _sent(self, event: Mapping[str, Any]) -> None:
        self.receipts[event["reference"]].sent = True

    def _fault(self, event: Mapping[str, Any]) -> None:
        fault = {name: event[name] for name in ("path", "fault", "value")}
        self.faults += [fault] * int(event["times"])

    def _faulted(self, event: Mapping[str, Any]) -> None:
        fault = {name: event[name] for name in ("path", "fault", "value")}
        if fault in self.faults:
            self.faults.remove(fault)

    # ------------------------------------------------------------ reading

    def reference(self) -> str:
        """A number of the bank's own: its day and how many lines the books have."""
        return f"LJB{clock.today():%Y%m%d}{self._count:08d}"

    def of_person(self, id_number: str) -> list[Account]:
        return [one for one in self.accounts.values() if one.id_number == id_number]

    def account(self, number: str) -> Account:
        found = self.accounts.get(number)
        if found is None:
            raise Refused("ACCOUNT_NOT_FOUND", f"没有账号为{number}的账户")
        return found

    def of_account(self, number: str) -> list[Entry]:
        return [entry for entry in self.entries if entry.account == number]


def fen(yuan: object) -> int:
    return int((Decimal(str(yuan)) * 100).to_integral_exact())


def yuan(amount: int) -> str:
    return f"{Decimal(amount) / 100:.2f}"


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(clock.COURT_ZONE)
