"""One signed request to the banks' gateway, and the reader of what it reports back later.

The same idempotency key gets the same answer, so a repeated call freezes and pays once.
"""

import os
import secrets
from base64 import b64encode
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
import orjson

from engine import config, secret_keys
from engine.process import operations, webhooks
from engine.process.operations import BpmnError, PermanentError, Reading, Wait

CHANNEL = "bank"
TIMEOUT = 20.0  #: seconds for one answer
_ACCEPTED, _REFUSED, _CLIENT_ERROR, _SERVER_ERROR = 202, 422, 400, 500
_TOO_MANY = 429
#: Names that end so hold sums.
_SUMS = ("金额", "余额")


class GatewayAway(Exception):
    """银行网关暂时不可用"""


def address() -> str:
    """Without a slash at its end."""
    return os.environ.get("BANK_URL", "http://127.0.0.1:8026").rstrip("/")


def secret() -> str:
    """The shared key, base64."""
    given = os.environ.get("BANK_SECRET")
    if given:
        return given
    return secret_keys.kept(
        config.data_dir() / "bank" / "secret", lambda: b64encode(secrets.token_bytes(32)).decode()
    )


def ask(path: str, content: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """The gateway's answer. A refusal is a ``BpmnError`` with its code; 5xx is tried again."""
    body = orjson.dumps(content)
    headers = {"content-type": "application/json", "idempotency-key": key}
    headers |= webhooks.sign(secret(), key, body)
    try:
        answer = httpx.post(f"{address()}{path}", content=body, headers=headers, timeout=TIMEOUT)
    except httpx.TransportError as error:
        raise GatewayAway("银行网关连接不上或者没有应答，请确认网关恢复后重试") from error
    if answer.status_code == _REFUSED:
        said = answer.json()
        raise BpmnError(str(said["code"]), {"回执": {"原因": str(said["reason"])}})
    if _CLIENT_ERROR <= answer.status_code < _SERVER_ERROR and answer.status_code != _TOO_MANY:
        raise PermanentError(f"银行网关拒绝了请求（{answer.status_code}）：{answer.text[:200]}")
    if not answer.is_success:
        raise GatewayAway(f"银行网关暂时不能受理（{answer.status_code}），请稍后重试")
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
