"""A mail server that keeps what it gets in a folder and sends nothing on; the demo's page shows it."""

import mailbox
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from engine import config
from engine.errors import NotFound


@dataclass(frozen=True)
class Mail:
    key: str
    to: str
    subject: str
    sent_at: datetime
    text: str
    attachments: list[str]


#: Addresses that are busy for ever, so that the demo has an incident to clear.
BUSY = "busy"


class _Keep:
    async def handle_RCPT(  # noqa: N802  the library's name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address.startswith(BUSY) and not is_repaired():
            return "450 4.2.1 mailbox temporarily unavailable"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  the library's name
        _box().add(mailbox.MaildirMessage(message_from_bytes(envelope.content, policy=policy.SMTP)))
        return "250 OK"


def _repaired() -> Path:
    """While this file is there, busy addresses take their mail: the provider has mended its fault."""
    return config.data_dir() / "mail-repaired"


def is_repaired() -> bool:
    return _repaired().exists()


def repair() -> None:
    _repaired().touch()


def _box() -> mailbox.Maildir:
    folder: Path = config.data_dir() / "mail"
    folder.parent.mkdir(parents=True, exist_ok=True)
    return mailbox.Maildir(folder)


def controller() -> Controller:
    """Listening where the court's mail server is expected; ``start()`` and ``stop()``."""
    host, port, _ = config.smtp()
    return Controller(_Keep(), hostname=host, port=port)


def mails(limit: int = 100) -> list[Mail]:
    """The newest first."""
    box = _box()
    newest = sorted(box.keys(), key=_arrival, reverse=True)[:limit]
    return [_mail(key, box.get_bytes(key)) for key in newest]


def _arrival(key: str) -> float:
    """A Maildir name begins with the second of its delivery, then a counter of the process."""
    second, _, rest = key.partition(".")
    counter = rest.partition("Q")[2].partition(".")[0]
    return int(second) + int(counter or 0) / 1_000_000


def attachment(key: str, name: str) -> bytes:
    box = _box()
    if key not in box:
        raise NotFound(key)
    for part in _parsed(box.get_bytes(key)).iter_attachments():
        if part.get_filename() == name:
            return bytes(part.get_payload(decode=True) or b"")
    raise NotFound(name)


def _parsed(data: bytes) -> EmailMessage:
    found = message_from_bytes(data, policy=policy.default)
    if not isinstance(found, EmailMessage):
        raise TypeError("no mail")
    return found


def _mail(key: str, data: bytes) -> Mail:
    found = _parsed(data)
    body = found.get_body(("plain",))
    return Mail(
        key=key,
        to=str(found["To"]),
        subject=str(found["Subject"]),
        sent_at=parsedate_to_datetime(str(found["Date"])),
        text=str(body.get_content()) if body is not None else "",
        attachments=[str(part.get_filename()) for part in found.iter_attachments()],
    )
