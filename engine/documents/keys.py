"""Where private keys live: software, a PKCS#11 token (UKey, HSM), a court's signing server over HTTP.

Each function returns a pyHanko signer; ``signature`` does not know which it was.
"""

import base64
import hashlib
from typing import Any

import httpx
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from pyhanko.sign import signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from engine.errors import EngineError

_HASHES: dict[str, Any] = {
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}
_TIMEOUT = 15.0  #: seconds a signing server has for one signature


class KeyUnavailable(EngineError):
    """签名密钥暂时不可用，请检查密钥设备或签名服务器"""

    code = "key_unavailable"


def _store(chain: tuple[Any, ...]) -> Any:
    store = SimpleCertificateStore()
    store.register_multiple(chain)
    return store


class _SoftwareKey(signers.Signer):  # type: ignore[misc]
    """A key held in memory, parsed once: parsing an RSA key costs more than signing with it."""

    def __init__(self, certificate: Any, key: Any, chain: tuple[Any, ...]) -> None:
        self._key = key
        super().__init__(signing_cert=certificate, cert_registry=_store(chain))

    def raw(self, data: bytes, digest_algorithm: str) -> bytes:
        digest = _HASHES[digest_algorithm.lower()]()
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(data, padding.PKCS1v15(), digest)
        signed: bytes = self._key.sign(data, ec.ECDSA(digest))
        return signed

    async def async_sign_raw(
        self,
        data: bytes,
        digest_algorithm: str,
        dry_run: bool = False,  # noqa: FBT001, FBT002  pyHanko's own signature
    ) -> bytes:
        return self.raw(data, digest_algorithm)


def software(certificate: Any, key_pem: bytes, chain: tuple[Any, ...]) -> Any:
    """A key from a PEM text (PKCS#8, not encrypted)."""
    key = serialization.load_pem_private_key(key_pem, password=None)
    return _SoftwareKey(certificate, key, chain)


def held(certificate: Any, key: Any, chain: tuple[Any, ...]) -> Any:
    """A key that is already in memory (RSA or elliptic curve)."""
    return _SoftwareKey(certificate, key, chain)


def pkcs11(
    module: str,
    token: str,
    pin: str,
    label: str,
    chain: tuple[Any, ...],
    *,
    raw_ecdsa: bool = False,
) -> Any:
    """A key inside a token; needs the package ``python-pkcs11`` 0.9. ``raw_ecdsa`` for SoftHSM.

    Raises KeyUnavailable for a missing module, token, certificate or a wrong PIN.
    """
    try:
        from pyhanko.config.pkcs11 import TokenCriteria
        from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session

        session = open_pkcs11_session(
            module, token_criteria=TokenCriteria(label=token), user_pin=pin
        )
        signer = PKCS11Signer(
            session,
            cert_label=label,
            key_label=label,
            ca_chain=list(chain),
            use_raw_mechanism=raw_ecdsa,
        )
        # Read now: a missing certificate shall be told here, not in the middle of a document.
        signer.signing_cert.dump()
    except ImportError as error:
        raise KeyUnavailable("没有安装python-pkcs11") from error
    except Exception as error:
        # Every vendor's module fails with an exception class of its own.
        raise KeyUnavailable(
            f"密钥设备「{token}」中的「{label}」：{type(error).__name__}"
        ) from error
    return signer


class _ServerKey(signers.Signer):  # type: ignore[misc]
    """Sends digests, never documents, to the court's signing server."""

    def __init__(
        self, url: str, token: str, key: str, certificate: Any, chain: tuple[Any, ...]
    ) -> None:
        self._url, self._token, self._key = url, token, key
        super().__init__(signing_cert=certificate, cert_registry=_store(chain))

    async def async_sign_raw(
        self,
        data: bytes,
        digest_algorithm: str,
        dry_run: bool = False,  # noqa: FBT001, FBT002  pyHanko's own signature
    ) -> bytes:
        if dry_run:
            return bytes(self.signing_cert.public_key.byte_size * 2 + 16)
        digest = hashlib.new(digest_algorithm, data).digest()
        try:
            async with httpx.AsyncClient(timeout=_TIMEOUT, follow_redirects=False) as client:
                answer = await client.post(
                    self._url,
                    headers={"Authorization": f"Bearer {self._token}"},
                    json={
                        "key": self._key,
                        "algorithm": digest_algorithm,
                        "digest": base64.b64encode(digest).decode(),
                    },
                )
            answer.raise_for_status()
            return base64.b64decode(answer.json()["signature"], validate=True)
        except (httpx.HTTPError, KeyError, TypeError, ValueError) as error:
            raise KeyUnavailable(f"签名服务器：{type(error).__name__}") from error


def server(url: str, token: str, key: str, certificate: Any, chain: tuple[Any, ...]) -> Any:
    """A key behind HTTP: POST ``{key, algorithm, digest}`` answers ``{signature}``, both base64.

    The signature is PKCS#1 v1.5 or DER-encoded ECDSA over the digest, as the certificate's key says.
    """
    return _ServerKey(url, token, key, certificate, chain)
