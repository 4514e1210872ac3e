"""One signed request to the banks' gateway, and the reader of what it reports back later.

The same idempotency key gets the same answer, so a repeated call freezes and pays once.
"""

import os
import secrets
from base64 import b64encode
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import orjson

from engine import config
from engine.process import operations, webhooks
from engine.process.operations import BpmnError, PermanentError, Reading, Wait

CHANNEL = "bank"
TIMEOUT = 20.0  #: seconds for one answer
_ACCEPTED, _REFUSED, _CLIENT_ERROR, _SERVER_ERROR = 202, 422, 400, 500
_TOO_MANY = 429
#: Names that end so hold sums.
_SUMS = ("金额", "余额")


def address() -> str:
    """Without a slash at its end."""
    return os.environ.get("BANK_URL", "http://127.0.0.1:8026").rstrip("/")


def secret() -> str:
    """The shared key, base64."""
    given = os.environ.get("BANK_SECRET")
    if given:
        return given
    path = config.data_dir() / "bank" / "secret"
    if not path.exists():
        _make_secret(path)
    return path.read_text("ascii").strip()


def _make_secret(path: Path) -> None:
    """Two processes may come first at once; a link fails for the second, whose key is dropped."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"secret.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(b64encode(secrets.token_bytes(32)).decode())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def ask(path: str, content: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """The gateway's answer. A refusal is a ``BpmnError`` with its code; 5xx is tried again."""
    body = orjson.dumps(content)
    headers = {"content-type": "application/json", "idempotency-key": key}
    headers |= webhooks.sign(secret(), key, body)
    answer = httpx.post(f"{address()}{path}", content=body, headers=headers, timeout=TIMEOUT)
    if answer.status_code == _REFUSED:
        said = answer.json()
        raise BpmnError(str(said["code"]), {"回执": {"原因": str(said["reason"])}})
    if _CLIENT_ERROR <= answer.status_code < _SERVER_ERROR and answer.status_code != _TOO_MANY:
        raise PermanentError(f"银行网关拒绝了请求（{answer.status_code}）：{answer.text[:200]}")
    answer.raise_for_status()
    found: dict[str, Any] = answer.json()
    return found


def ask_and_wait(path: str, content: Mapping[str, Any], court_id: UUID, key: str) -> Wait:
    """For what the bank works on: its receipt with this reference brings the result."""
    callback = f"{config.base_url()}/receipts/{CHANNEL}?court={court_id}"
    answer = ask(path, {**content, "callback": callback}, key)
    return Wait(CHANNEL, str(answer["reference"]))


# ---------------------------------------------------------------- receipts


@operations.channel(CHANNEL)
def read(stored: bytes) -> Reading:
    """Its reference and result, or the error that the bank names; ``LetterForged`` if it is not the bank's."""
    said = orjson.loads(webhooks.open_(stored, secret()))
    reference = str(said["reference"])
    if said["outcome"] == "refused":
        detail = {"编号": reference, "原因": str(said["reason"])}
        return Reading(reference, BpmnError(str(said["code"]), {"回执": detail}))
    return Reading(reference, {"回执": {"编号": reference, **typed(said["result"])}})


def typed(said: Any) -> Any:
    """The bank's words with sums as ``Decimal`` yuan; they come as text, because JSON has no exact numbers."""
    if isinstance(said, list):
        return [typed(one) for one in said]
    if not isinstance(said, dict):
        return said
    return {
        name: Decimal(value) if name.endswith(_SUMS) and value is not None else typed(value)
        for name, value in said.items()
    }
