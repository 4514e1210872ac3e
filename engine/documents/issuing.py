"""Certificates and revocation lists as X.509 wants them; ``pki`` decides which there are."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_YEARS = 20
_LIST_DAYS = 30


class Issuer(Protocol):
    @property
    def certificate(self) -> x509.Certificate: ...
    @property
    def key(self) -> ec.EllipticCurvePrivateKey: ...


@dataclass(frozen=True)
class Period:
    start: datetime
    end: datetime

    @classmethod
    def around(cls, at: datetime) -> "Period":
        """From two years back, because a demo court has signed before the day it was set up."""
        return cls(
            datetime(at.year - 2, 1, 1, tzinfo=UTC), datetime(at.year + _YEARS, 1, 1, tzinfo=UTC)
        )

    @classmethod
    def of(cls, certificate: x509.Certificate) -> "Period":
        return cls(certificate.not_valid_before_utc, certificate.not_valid_after_utc)


def name(court: str, common: str, *, serial: str = "") -> x509.Name:
    parts = [(NameOID.COUNTRY_NAME, "CN"), (NameOID.ORGANIZATION_NAME, court)]
    parts.append((NameOID.COMMON_NAME, common))
    if serial:
        parts.append((NameOID.SERIAL_NUMBER, serial))
    return x509.Name([x509.NameAttribute(kind, text[:64]) for kind, text in parts])


def authority(
    subject: x509.Name, key: ec.EllipticCurvePrivateKey, issuer: Issuer | None, period: Period
) -> x509.Certificate:
    """A root (no issuer) or the authority below it."""
    builder = _builder(subject, key, issuer, period)
    path = x509.BasicConstraints(ca=True, path_length=0 if issuer else 1)
    return _signed(builder.add_extension(path, critical=True), key, issuer, ca=True)


def signer(
    subject: x509.Name, key: ec.EllipticCurvePrivateKey, issuer: Issuer, period: Period
) -> x509.Certificate:
    builder = _builder(subject, key, issuer, period)
    end = x509.BasicConstraints(ca=False, path_length=None)
    return _signed(builder.add_extension(end, critical=True), key, issuer, ca=False)


def stamper(
    subject: x509.Name, key: ec.EllipticCurvePrivateKey, issuer: Issuer, period: Period
) -> x509.Certificate:
    builder = _builder(subject, key, issuer, period).add_extension(
        x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True
    )
    end = x509.BasicConstraints(ca=False, path_length=None)
    return _signed(builder.add_extension(end, critical=True), key, issuer, ca=False)


def _builder(
    subject: x509.Name, key: ec.EllipticCurvePrivateKey, issuer: Issuer | None, period: Period
) -> x509.CertificateBuilder:
    above = issuer.key if issuer else key
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(period.start)
        .not_valid_after(period.end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(above.public_key()), critical=False
        )
    )


def _signed(
    builder: x509.CertificateBuilder,
    key: ec.EllipticCurvePrivateKey,
    issuer: Issuer | None,
    *,
    ca: bool,
) -> x509.Certificate:
    usage = x509.KeyUsage(
        digital_signature=not ca,
        content_commitment=not ca,
        key_cert_sign=ca,
        crl_sign=ca,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
    above = issuer.key if issuer else key
    return builder.add_extension(usage, critical=True).sign(above, hashes.SHA256())


def list_period(at: datetime) -> tuple[datetime, datetime]:
    """A list is issued as of the start of its day: what one day signs shares one list."""
    start = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return start, start + timedelta(days=_LIST_DAYS)


def revocation_list(issuer: Issuer, revoked: Mapping[int, datetime], at: datetime) -> bytes:
    """DER. ``revoked``: serial number → since when."""
    start, end = list_period(at)
    since = max((start, *revoked.values()))
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(since)
        .next_update(end)
        .add_extension(
            x509.CRLNumber(int(since.timestamp()) * 2**16 + secrets.randbits(16)), critical=False
        )
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()),
            critical=False,
        )
    )
    for serial, moment in revoked.items():
        builder = builder.add_revoked_certificate(
            x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(moment).build()
        )
    return builder.sign(issuer.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)
