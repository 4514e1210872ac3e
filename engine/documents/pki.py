"""A certificate authority in software, made at set-up: so that signing works before any UKey is there.

Every certificate says 测试 in its name and every seal 测试专用. Keys lie unencrypted in a folder that
only its owner can read; a court in earnest brings its own certificates (see ``keys``).
"""

import contextlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from asn1crypto import crl as asn1_crl
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from engine import clock
from engine.documents import fonts, issuing, keys, seal
from engine.documents.signature import Signer
from engine.documents.timestamps import SoftwareTimestamps
from engine.documents.trust import Trust, certificate, fingerprint
from engine.errors import EngineError

_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,63}")


class AuthorityMissing(EngineError):
    """没有找到签章证书，请先运行初始化"""

    code = "authority_missing"


class AuthorityDamaged(EngineError):
    """签章证书的文件不完整，请从备份恢复"""

    code = "authority_damaged"


class SignerUnknown(EngineError):
    """签名人的编号无效"""

    code = "signer_unknown"


@dataclass(frozen=True)
class _Pair:
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


@dataclass(frozen=True)
class Authority:
    folder: Path
    court_name: str
    root: _Pair
    issuing: _Pair
    time: _Pair
    seal: _Pair

    @cached_property
    def trust(self) -> Trust:
        return Trust(
            roots=(_asn1(self.root.certificate),),
            others=(_asn1(self.issuing.certificate),),
            lists=self._lists,
            seals=frozenset((fingerprint(_asn1(self.seal.certificate)),)),
        )

    @property
    def chain(self) -> tuple[Any, ...]:
        return (*self.trust.others, *self.trust.roots)

    def _lists(self, at: datetime) -> tuple[Any, ...]:
        return tuple(asn1_crl.CertificateList.load(one) for one in _crls(self, at))

    def stamps(self, at: datetime) -> SoftwareTimestamps:
        return SoftwareTimestamps(_signing(self.time, self.chain), self.chain, at)


def set_up(folder: Path, court_name: str, *, at: datetime | None = None) -> Authority:
    """The authority in ``folder``, made now if it is not there. Nothing half made is left behind."""
    folder = Path(folder)
    if (folder / "court.json").exists():
        return load(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    making = folder.parent / f".{folder.name}.{secrets.token_hex(4)}"
    making.mkdir(mode=0o700)
    try:
        _make(making, court_name, at or clock.now())
        with contextlib.suppress(OSError):
            folder.rmdir()  # an empty one, as a volume may be mounted there
        # Two that set up at once: the second finds the folder full, and takes it.
        with contextlib.suppress(OSError):
            making.rename(folder)
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return load(folder)


def _make(folder: Path, court_name: str, at: datetime) -> None:
    (folder / "judges").mkdir(mode=0o700)
    root_name = issuing.name(court_name, f"{court_name}测试根证书")
    issuer_name = issuing.name(court_name, f"{court_name}测试签发机构")
    keys_made = {one: ec.generate_private_key(ec.SECP256R1()) for one in _PARTS}
    period = issuing.Period.around(at)
    root = issuing.authority(root_name, keys_made["root"], None, period)
    issuer = issuing.authority(
        issuer_name, keys_made["issuing"], _Pair(root, keys_made["root"]), period
    )
    by = _Pair(issuer, keys_made["issuing"])
    made = {
        "root": root,
        "issuing": issuer,
        "time": issuing.stamper(
            issuing.name(court_name, "测试时间戳"), keys_made["time"], by, period
        ),
        "seal": issuing.signer(
            issuing.name(court_name, f"{court_name}（测试专用）"), keys_made["seal"], by, period
        ),
    }
    for name, one in made.items():
        _write(folder / f"{name}.pem", _pem(_Pair(one, keys_made[name])))
    _write(folder / "revoked.json", b"{}")
    _write(folder / "court.json", json.dumps({"court": court_name}, ensure_ascii=False).encode())


_PARTS = ("root", "issuing", "time", "seal")


def load(folder: Path) -> Authority:
    """The authority, or AuthorityMissing, AuthorityDamaged."""
    folder = Path(folder)
    if not (folder / "court.json").exists():
        raise AuthorityMissing(str(folder))
    try:
        court = json.loads((folder / "court.json").read_text("utf-8"))["court"]
        pairs = {name: _read(folder / f"{name}.pem") for name in _PARTS}
        return Authority(folder, court, **pairs)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise AuthorityDamaged(str(folder)) from error


def judge(
    authority: Authority, judge_id: str, name: str, picture: seal.Picture | None = None
) -> Signer:
    """The judge's software key, with a certificate made the first time it is asked for."""
    if not _NAME.fullmatch(judge_id):
        raise SignerUnknown(judge_id)
    path = authority.folder / "judges" / f"{judge_id}.pem"
    if not path.exists():
        key = ec.generate_private_key(ec.SECP256R1())
        subject = issuing.name(authority.court_name, f"{name}（测试）", serial=judge_id)
        period = issuing.Period.of(authority.issuing.certificate)
        _write(path, _pem(_Pair(issuing.signer(subject, key, authority.issuing, period), key)))
    return _signer(authority, name, _read(path), picture)


def court_seal(authority: Authority, picture: seal.Picture | None = None) -> Signer:
    """The court's software seal; its picture is drawn and says 测试专用 unless one is given."""
    drawn = picture or seal.marked(authority.court_name, fonts.check().bold)
    return _signer(authority, authority.court_name, authority.seal, drawn)


def _signer(authority: Authority, name: str, pair: _Pair, picture: seal.Picture | None) -> Signer:
    return Signer(
        name=name,
        key=_signing(pair, authority.chain),
        trust=authority.trust,
        stamps=authority.stamps,
        picture=picture,
    )


# ---------------------------------------------------------------- revocation


def revoke(authority: Authority, serial_number: int, at: datetime) -> None:
    """Ends a certificate from a moment on; what was sealed before stays valid."""
    revoked = {**_revoked(authority.folder), str(serial_number): at.astimezone(UTC).isoformat()}
    _write(authority.folder / "revoked.json", json.dumps(revoked).encode())


def renew_crls(folder: Path, at: datetime | None = None) -> datetime:
    """Writes ``root.crl`` and ``issuing.crl`` for publication; returns until when they hold.

    Signing does not read them: the authority issues its lists for the moment it signs at.
    """
    authority = load(folder)
    moment = at or clock.now()
    for name, data in zip(("root", "issuing"), _crls(authority, moment), strict=True):
        _write(Path(folder) / f"{name}.crl", data)
    return issuing.list_period(moment)[1]


def _crls(authority: Authority, at: datetime) -> tuple[bytes, bytes]:
    revoked = {
        int(serial): moment
        for serial, text in _revoked(authority.folder).items()
        if (moment := datetime.fromisoformat(text)) <= at
    }
    return (
        issuing.revocation_list(authority.root, {}, at),
        issuing.revocation_list(authority.issuing, revoked, at),
    )


def _revoked(folder: Path) -> Mapping[str, str]:
    found: dict[str, str] = json.loads((folder / "revoked.json").read_text("utf-8"))
    return found


# ---------------------------------------------------------------- files


def _pem(pair: _Pair) -> bytes:
    return pair.certificate.public_bytes(serialization.Encoding.PEM) + pair.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _read(path: Path) -> _Pair:
    data = path.read_bytes()
    key = serialization.load_pem_private_key(data[data.index(b"-----BEGIN PRIVATE KEY") :], None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{path.name} holds a key of another kind")
    return _Pair(x509.load_pem_x509_certificate(data), key)


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all, readable by its owner alone. A certificate that another made first stays."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if path.suffix == ".pem":
            with contextlib.suppress(FileExistsError):
                path.hardlink_to(temporary)
        else:
            temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _asn1(one: x509.Certificate) -> Any:
    return certificate(one.public_bytes(serialization.Encoding.DER))


def _signing(pair: _Pair, chain: tuple[Any, ...]) -> Any:
    return keys.held(_asn1(pair.certificate), pair.key, chain)
