"""Whether a file is what the judge signed and the court sealed, in a sentence for people.

Both signatures are required, in the fields and with the locks that ``signature`` gives them; they are
judged at the time of the archive time stamp, so that a later revocation changes nothing.
"""

import hashlib
import io
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.status import SignatureCoverageLevel

from engine import clock
from engine.documents.evidence import Evidence
from engine.documents.signature import JUDGE_FIELD, SEAL_FIELD
from engine.documents.trust import Trust, common_name, fingerprint

_log = logging.getLogger(__name__)
_SHANGHAI = ZoneInfo("Asia/Shanghai")

Role = Literal["judge", "court", "other"]
_ROLES: dict[str, Role] = {JUDGE_FIELD: "judge", SEAL_FIELD: "court"}
#: What may have been added after a signature: after the judge's the seal, after the seal time stamps.
_ALLOWED = {
    "judge": ModificationLevel.FORM_FILLING,
    "court": ModificationLevel.LTA_UPDATES,
    "other": ModificationLevel.NONE,
}
_WHOLE = (SignatureCoverageLevel.ENTIRE_FILE, SignatureCoverageLevel.ENTIRE_REVISION)


@dataclass(frozen=True)
class Signature:
    role: Role
    signer: str  #: as the certificate names him
    at: datetime | None  #: by the time stamp authority, not by the signer's clock
    intact: bool  #: the bytes that were signed are these bytes
    trusted: bool  #: the certificate leads to a root of ours and held at that time
    whole: bool  #: nothing but what is allowed was added afterwards
    problem: str = ""  #: one clause in Chinese, empty when all is well

    @property
    def valid(self) -> bool:
        return self.intact and self.trusted and self.whole and not self.problem


@dataclass(frozen=True)
class Verdict:
    valid: bool
    sentence: str
    signatures: tuple[Signature, ...]
    sha256: str
    archived_at: datetime | None  #: the archive time stamp, which keeps the signatures valid


def verify(
    pdf: bytes, trust: Trust, *, at: datetime | None = None, expected_sha256: str = ""
) -> Verdict:
    """The verdict on a file. ``expected_sha256``: of the file that the court keeps, where it is known.

    Never raises for a bad file: what is wrong with it is the verdict.
    """
    digest = hashlib.sha256(pdf).hexdigest()
    if expected_sha256 and digest != expected_sha256:
        return _refused("文件与本院保存的原件不一致。", digest)
    try:
        reader = PdfFileReader(io.BytesIO(pdf), strict=True)
        evidence = Evidence(reader, trust, at or clock.now())
        signatures = tuple(_signatures(reader, evidence, trust))
    except Exception:
        # pyHanko meets a damaged or hostile file with whatever its parser stumbles over.
        _log.info("file not verifiable", exc_info=True)
        return _refused("文件已损坏或不是完整的PDF，无法核验。", digest)
    problem = next(_problems(signatures, closed=evidence.closed), "")
    sentence = f"签名无效：{problem}。" if problem else _good(signatures)
    return Verdict(not problem, sentence, signatures, digest, evidence.archived_at(0))


def _refused(sentence: str, digest: str) -> Verdict:
    return Verdict(valid=False, sentence=sentence, signatures=(), sha256=digest, archived_at=None)


def _signatures(reader: Any, evidence: Evidence, trust: Trust) -> Iterator[Signature]:
    for embedded in reader.embedded_regular_signatures:
        role = _ROLES.get(embedded.field_name, "other")
        try:
            status = evidence.status(embedded)
        except (SignatureValidationError, PdfError, ValueError):
            yield Signature(
                role=role,
                signer=common_name(embedded.signer_cert),
                at=None,
                intact=False,
                trusted=False,
                whole=False,
            )
        else:
            yield _signature(embedded, role, status, trust)


def _signature(embedded: Any, role: Role, status: Any, trust: Trust) -> Signature:
    whole = (
        status.coverage in _WHOLE
        and status.modification_level is not None
        and status.modification_level <= _ALLOWED[role]
        and status.docmdp_ok
    )
    time = status.timestamp_validity
    stamped = bool(time and time.valid and time.trusted)
    return Signature(
        role=role,
        signer=common_name(embedded.signer_cert),
        at=time.timestamp if stamped else None,
        intact=bool(status.intact and status.valid),
        trusted=bool(status.trusted),
        whole=bool(whole),
        problem=_fault(embedded, role, trust, stamped=stamped),
    )


def _fault(embedded: Any, role: Role, trust: Trust, *, stamped: bool) -> str:
    """What our profile asks for beyond a good signature."""
    sealing = fingerprint(embedded.signer_cert) in trust.seals
    if role == "judge" and embedded.docmdp_level not in (MDPPerm.FILL_FORMS, MDPPerm.NO_CHANGES):
        return "审判人员的签名没有锁定文书内容"
    if role == "judge" and sealing:
        return "审判人员的签名是用院印签的"
    if role == "court" and not sealing:
        return "盖章用的不是本院登记的院印"
    if role != "other" and not stamped:
        return f"{_title(role)}没有可信的时间"
    return ""


def _title(role: Role) -> str:
    return {"judge": "审判人员的签名", "court": "院印", "other": "签名"}[role]


def _problems(signatures: tuple[Signature, ...], *, closed: bool) -> Iterator[str]:
    """All that makes the file invalid, as clauses, the most telling first; none when it is valid."""
    if not signatures:
        yield "文件没有电子签名"
    for one in signatures:
        if not one.intact or not one.whole:
            yield f"文件在{one.signer}签名后被改动过"
    roles = [one.role for one in signatures]
    if roles.count("judge") != 1:
        yield "缺少审判人员的签名"
    if roles.count("court") != 1:
        yield "没有加盖院印"
    if "other" in roles:
        yield "文件中有来历不明的签名"
    for one in signatures:
        if one.problem or not one.trusted:
            yield one.problem or f"{_title(one.role)}的证书不可信，或签名时已失效"
    if not closed:
        yield "文件末尾有归档时间戳没有覆盖的内容，或缺少归档时间戳"


def _good(signatures: tuple[Signature, ...]) -> str:
    judge = next(one for one in signatures if one.role == "judge")
    court = next(one for one in signatures if one.role == "court")
    return (
        f"签名有效：{judge.signer}于{_moment(judge.at)}签名，"
        f"{court.signer}于{_moment(court.at)}盖章，此后文件未被改动。"
    )


def _moment(at: datetime | None) -> str:
    if at is None:
        return "不明时间"
    local = at.astimezone(_SHANGHAI)
    return f"{local.year}年{local.month}月{local.day}日{local:%H:%M}"
