"""Whom a verification believes: root certificates, revocation lists, and the court's registered seals."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import pem, x509
from pyhanko_certvalidator import ValidationContext

#: Certificate revocation lists that hold at a moment: (asn1crypto CertificateList, …).
Lists = Callable[[datetime], tuple[Any, ...]]


@dataclass(frozen=True)
class Trust:
    roots: tuple[Any, ...]  #: asn1crypto certificates
    others: tuple[Any, ...]  #: issuing authorities below the roots
    lists: Lists
    seals: frozenset[str] = frozenset()  #: SHA-256 of the certificates that may seal for the court

    def settings(self, at: datetime) -> dict[str, Any]:
        """For pyHanko, at a moment; a certificate without revocation list is refused, nothing is fetched."""
        return {
            "trust_roots": list(self.roots),
            "other_certs": list(self.others),
            "crls": list(self.lists(at)),
            "allow_fetching": False,
            "revocation_mode": "require",
            "moment": at,
        }

    def context(self, at: datetime) -> Any:
        return ValidationContext(**self.settings(at))


def certificate(data: bytes) -> Any:
    """An asn1crypto certificate from PEM or DER."""
    return x509.Certificate.load(pem.unarmor(data)[2] if pem.detect(data) else data)


def fingerprint(one: Any) -> str:
    """SHA-256 of a certificate, in hexadecimal: how a seal is registered with the court."""
    return str(one.sha256.hex())


def common_name(one: Any) -> str:
    return str(one.subject.native.get("common_name", one.subject.human_friendly))
