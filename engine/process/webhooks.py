"""Signed letters between us and a provider, as Standard Webhooks: id, time, HMAC-SHA256 over both and the body.

A receipt is stored with its three headers in front of its bytes (``sealed``), so that its reader can
check the signature whenever the worker comes to it.
"""

import hmac
from collections.abc import Mapping
from datetime import UTC, datetime

from standardwebhooks import Webhook

from engine import clock

HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")


class LetterForged(Exception):
    """来文的签名不对，没有采用"""


def sign(secret: str, message_id: str, body: bytes) -> dict[str, str]:
    """The headers of a letter written now; the real time, because receivers refuse old letters."""
    at = clock.real_now()
    signature = Webhook(secret).sign(message_id, at, body.decode())
    return dict(zip(HEADERS, (message_id, str(int(at.timestamp())), signature), strict=True))


def sealed(headers: Mapping[str, str], body: bytes) -> bytes:
    """What is stored of a letter that came in: its headers and its bytes, whatever they are."""
    lines = (headers.get(name, "").replace("\n", " ") for name in HEADERS)
    return "\n".join(lines).encode() + b"\n\n" + body


def open_(stored: bytes, secret: str) -> bytes:
    """The body; ``LetterForged`` unless one of its signatures is right. Its age is not looked at."""
    head, _, body = stored.partition(b"\n\n")
    message_id, at, signatures = [*head.decode("utf-8", "replace").split("\n"), "", "", ""][:3]
    if not (at.isascii() and at.isdigit()):
        raise LetterForged(f"来文 {message_id} 的签名不对，没有采用")
    moment = datetime.fromtimestamp(int(at), UTC)
    expected = Webhook(secret).sign(message_id, moment, body.decode("utf-8", "replace"))
    if not any(hmac.compare_digest(expected.encode(), s.encode()) for s in signatures.split(" ")):
        raise LetterForged(f"来文 {message_id} 的签名不对，没有采用")
    return body
