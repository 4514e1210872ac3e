"""What a signed file brings along to be judged by later: archive time stamps, revocation lists.

A signature is judged at the time of the first archive time stamp after it, with the lists that held
then; each time stamp at the time of the next one, and the last at the time of the verification.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.pdf_embedded import (
    async_validate_pdf_signature,
    async_validate_pdf_timestamp,
)
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from engine.documents.trust import Trust


@dataclass(frozen=True)
class Stamp:
    revision: int  #: of the file, that it covers
    at: datetime


class Evidence:
    """The time stamps of one file that can be believed, newest first."""

    def __init__(self, reader: Any, trust: Trust, at: datetime) -> None:
        self._trust = trust
        self._now = at
        try:
            self._stored = DocumentSecurityStore.read_dss(reader)
        except NoDSSFoundError:
            self._stored = None
        self.stamps: list[Stamp] = []
        embedded = list(reader.embedded_timestamp_signatures)
        #: Whether a time stamp covers the file to its last byte, as ``signature`` leaves it.
        self.closed = bool(embedded) and (
            embedded[-1].evaluate_signature_coverage() == SignatureCoverageLevel.ENTIRE_FILE
        )
        for one in reversed(embedded):
            moment = self.stamps[-1].at if self.stamps else at
            status = asyncio.run(async_validate_pdf_timestamp(one, self.context(moment)))
            if not (status.intact and status.valid and status.trusted):
                break
            self.stamps.append(Stamp(one.signed_revision, status.timestamp))

    def archived_at(self, revision: int) -> datetime | None:
        """When that revision of the file provably was there."""
        return next((one.at for one in reversed(self.stamps) if one.revision > revision), None)

    def status(self, embedded: Any) -> Any:
        """PyHanko's status of a signature, at the time it was archived, else now."""
        moment = self.archived_at(embedded.signed_revision) or self._now
        context = self.context(moment)
        return asyncio.run(async_validate_pdf_signature(embedded, context, context))

    def context(self, moment: datetime) -> Any:
        settings = self._trust.settings(moment)
        if self._stored is None:
            return ValidationContext(**settings)
        return self._stored.as_validation_context(settings)
