"""PAdES signatures: the judge certifies the document, the court's seal closes it, a time stamp keeps it.

Both fields are made first; the judge's signature allows nothing but the filling of the other field;
the seal locks all of them (FieldMDP ALL), so that nobody can add a signature of his own. B-LTA at
once: a file without archive time stamp turns indeterminate when a signer is revoked later.
"""

import asyncio
import io
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pyhanko.pdf_utils.content import PdfContent
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import (
    AxisAlignment,
    BoxConstraints,
    InnerScaling,
    Margins,
    SimpleBoxLayoutRule,
)
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_signer import (
    DSSContentSettings,
    PdfSignatureMetadata,
    PdfSigner,
    PdfTimeStamper,
    TimestampDSSContentSettings,
)
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.errors import PathError, ValidationError

from engine.documents.layout import Anchor
from engine.documents.seal import Picture
from engine.documents.trust import Trust
from engine.errors import EngineError

JUDGE_FIELD = "JudgeSignature"
SEAL_FIELD = "CourtSeal"

_PAGE_HEIGHT = 841.89  #: points, A4
_POINTS = 72 / 25.4  #: in a millimetre
_LINE = 16.0  #: height of a line of text
_BELOW_DATE = 10.0  #: of the seal's lower edge under the date: its arc rides on year and month
_APART = 3.0  #: between the image of a signature and the words beside it

# It warns at each signature that nothing is fetched: that is how we want it.
logging.getLogger("pyhanko").setLevel(logging.ERROR)

_STAMP_LAST = TimestampDSSContentSettings(include_vri=False, update_before_ts=True)
_LISTS_BEFORE_STAMP = DSSContentSettings(include_vri=False, next_ts_settings=_STAMP_LAST)

Box = tuple[float, float, float, float]


class CertificateRefused(EngineError):
    """证书已被吊销、已过期或吊销列表失效，不能签名"""

    code = "certificate_refused"


class NoSealPlace(EngineError):
    """文书中没有落款日期，无法盖章"""

    code = "no_seal_place"


class SealOverlaps(EngineError):
    """院印会压住落款姓名，请重新生成文书"""

    code = "seal_overlaps"


class SignerNotNamed(EngineError):
    """签名人不在文书落款中"""

    code = "signer_not_named"


class NotSignable(EngineError):
    """这份文件不能签名，可能已经签过或已损坏"""

    code = "not_signable"


@dataclass(frozen=True)
class Signer:
    name: str  #: as printed in the signature block; of the court for its seal
    key: Any  #: pyHanko signer, from ``keys``
    trust: Trust
    stamps: Callable[[datetime], Any]  #: pyHanko time stamper for a moment
    picture: Picture | None = None


def sign(pdf: bytes, anchors: list[Anchor], judge: Signer, seal: Signer, at: datetime) -> bytes:
    """The signed and sealed file. ``anchors`` are those of the layout that made ``pdf``.

    Raises CertificateRefused, NoSealPlace, SealOverlaps, SignerNotNamed, NotSignable, KeyUnavailable.
    """
    if at.tzinfo is None:
        raise ValueError(f"naive datetime {at!r}")
    seal_page, seal_box = seal_place(anchors, seal.picture)
    judge_page, judge_box = _judge_place(anchors, judge)
    try:
        prepared = _prepared(
            pdf,
            fields.SigFieldSpec(JUDGE_FIELD, on_page=judge_page - 1, box=judge_box),
            fields.SigFieldSpec(
                SEAL_FIELD,
                on_page=seal_page - 1,
                box=seal_box,
                field_mdp_spec=fields.FieldMDPSpec(fields.FieldMDPAction.ALL),
            ),
        )
        certified = _filled(prepared, judge, JUDGE_FIELD, at, certify=True)
        return _filled(certified, seal, SEAL_FIELD, at, certify=False)
    except (PathError, ValidationError) as error:
        raise CertificateRefused(str(error)) from error
    except SigningError as error:
        if isinstance(error.__cause__, PathError | ValidationError):
            raise CertificateRefused(str(error.__cause__)) from error
        raise NotSignable(str(error)) from error


def prolong(pdf: bytes, seal: Signer, at: datetime) -> bytes:
    """The file with one more archive time stamp: before the certificate of the last one ends."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    stamping = PdfTimeStamper(seal.stamps(at))
    out = io.BytesIO()
    asyncio.run(
        stamping.async_timestamp_pdf(
            writer, "sha256", seal.trust.context(at), output=out, dss_settings=_STAMP_LAST
        )
    )
    return out.getvalue()


def _prepared(pdf: bytes, *specs: Any) -> bytes:
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
        signed_before = bool(writer.prev.embedded_signatures)
    except Exception as error:
        # A damaged file is met with whatever pyHanko's parser stumbles over.
        raise NotSignable from error
    if signed_before:
        raise NotSignable
    for spec in specs:
        fields.append_signature_field(writer, spec)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


class _Signing(PdfSigner):  # type: ignore[misc]
    """pyHanko's signer with the caller's time: the system clock is no source of a document's date."""

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._at = at

    def init_signing_session(self, *args: Any, **kwargs: Any) -> Any:
        session = super().init_signing_session(*args, **kwargs)
        session.system_time = self._at
        return session


def _filled(pdf: bytes, signer: Signer, field: str, at: datetime, *, certify: bool) -> bytes:
    metadata = PdfSignatureMetadata(
        field_name=field,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=certify,
        docmdp_permissions=fields.MDPPerm.FILL_FORMS,
        validation_context=signer.trust.context(at),
        embed_validation_info=True,
        # The last signature brings the archive time stamp, over all that is there by then: revocation
        # lists go before it, so that it covers the file to its last byte.
        use_pades_lta=not certify,
        dss_settings=_LISTS_BEFORE_STAMP,
    )
    signing = _Signing(
        metadata,
        signer.key,
        timestamper=signer.stamps(at),
        stamp_style=_style(signer.picture),
        at=at,
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    out = io.BytesIO()
    asyncio.run(signing.async_sign_pdf(writer, existing_fields_only=True, output=out))
    return out.getvalue()


class _Drawn(PdfContent):  # type: ignore[misc]
    """A picture inside a signature. A new one for each document: it keeps the objects of its writer."""

    def __init__(self, picture: Picture) -> None:
        super().__init__(box=BoxConstraints(picture.width * _POINTS, picture.height * _POINTS))
        self._picture = picture

    def render(self) -> bytes:
        page = PdfFileReader(io.BytesIO(self._picture.pdf))
        self.resources.xobject["/Picture"] = self.writer.import_page_as_xobject(page)
        return b"/Picture Do"


def _style(picture: Picture | None) -> Any:
    if picture is None:
        return None
    return StaticStampStyle(
        background=_Drawn(picture),
        border_width=0,
        background_opacity=1.0,
        # Without margins: the default ones would draw a 42 mm seal at 38 mm.
        background_layout=SimpleBoxLayoutRule(
            x_align=AxisAlignment.ALIGN_MID,
            y_align=AxisAlignment.ALIGN_MID,
            margins=Margins.uniform(0),
            inner_content_scaling=InnerScaling.STRETCH_TO_FIT,
        ),
    )


# ---------------------------------------------------------------- places


def seal_place(anchors: list[Anchor], picture: Picture | None) -> tuple[int, Box]:
    """Page and box: centred on the date, the lower arc over year and month, no name under it."""
    date = next((one for one in anchors if one["kind"] == "date"), None)
    if date is None:
        raise NoSealPlace
    if picture is None:
        return date["page"], (0, 0, 0, 0)
    width, height = picture.width * _POINTS, picture.height * _POINTS
    left = date["x"] + (date["width"] - width) / 2
    bottom = date["y"] + _LINE + _BELOW_DATE
    for other in anchors:
        if other["kind"] == "date" or other["page"] != date["page"]:
            continue
        if other["y"] + _LINE > bottom - height and other["y"] < bottom:
            raise SealOverlaps(other["text"])
    return date["page"], _box(left, bottom, width, height)


def _judge_place(anchors: list[Anchor], judge: Signer) -> tuple[int, Box]:
    """In the room before the printed name, touching neither it nor the role; nowhere without a picture."""
    lines = [one for one in anchors if one["kind"] == "signature"]
    line = next((one for one in lines if _same(one["text"], judge.name)), None)
    if lines and line is None:
        raise SignerNotNamed(judge.name)
    if line is None or judge.picture is None:
        return anchors[0]["page"], (0, 0, 0, 0)
    room = line["width"] - 2 * _APART
    # As large as the room allows, and no higher than what leaves the neighbouring lines alone.
    scale = min(room / judge.picture.width, _LINE * 1.4 / judge.picture.height)
    width, height = judge.picture.width * scale, judge.picture.height * scale
    left = line["x"] - line["width"] + _APART + (room - width) / 2
    return line["page"], _box(left, line["y"] + (_LINE + height) / 2, width, height)


def _same(printed: str, name: str) -> bool:
    return "".join(printed.split()) == "".join(name.split())


def _box(left: float, bottom: float, width: float, height: float) -> Box:
    """From distances to the top of the page to PDF's, which count from below."""
    low = _PAGE_HEIGHT - bottom
    return (round(left, 2), round(low, 2), round(left + width, 2), round(low + height, 2))
