"""A time stamp authority in process (RFC 3161), whose time the caller gives. For the software PKI."""

import hashlib
import secrets
from datetime import datetime
from typing import Any

from asn1crypto import algos, cms, core, tsp
from pyhanko.sign import general
from pyhanko.sign.timestamps.api import TimeStamper

#: A policy of our own under the arc for UUIDs: "time of the software authority, for tests".
_POLICY = "2.25.211883104270143960391480124127470183561"


_dummies: dict[tuple[bytes, str], Any] = {}


class SoftwareTimestamps(TimeStamper):  # type: ignore[misc]
    """Stamps with one fixed moment; a new one for each document."""

    def __init__(self, signer: Any, chain: tuple[Any, ...], at: datetime) -> None:
        self._signer = signer
        self._chain = chain
        self._at = at.replace(microsecond=0)
        super().__init__()

    async def async_request_tsa_response(self, req: Any) -> Any:
        content = self._token_info(req).dump()
        digest = "sha256"
        attributes = cms.CMSAttributes(
            [
                general.simple_cms_attribute("content_type", "tst_info"),
                general.simple_cms_attribute(
                    "signing_time", cms.Time({"utc_time": core.UTCTime(self._at)})
                ),
                general.simple_cms_attribute(
                    "signing_certificate_v2",
                    general.as_signing_certificate_v2(self._signer.signing_cert),
                ),
                general.simple_cms_attribute("message_digest", hashlib.sha256(content).digest()),
            ]
        )
        signature = await self._signer.async_sign_raw(attributes.dump(), digest)
        token = cms.ContentInfo(
            {
                "content_type": "signed_data",
                "content": self._signed_data(content, attributes, signature, digest),
            }
        )
        answer = tsp.TimeStampResp(
            {"status": tsp.PKIStatusInfo({"status": "granted"}), "time_stamp_token": token}
        )
        # What was read from bytes is written again as it is; what was put together is worked out each time.
        return tsp.TimeStampResp.load(answer.dump())

    async def async_dummy_response(self, md_algorithm: str) -> Any:
        """A token of the right size, to keep room for the real one; one for all documents of an authority."""
        key = (self._signer.signing_cert.sha256, md_algorithm)
        if key not in _dummies:
            _dummies[key] = await super().async_dummy_response(md_algorithm)
        self._register_dummy(md_algorithm, _dummies[key])
        return _dummies[key]

    def _token_info(self, request: Any) -> Any:
        info = {
            "version": "v1",
            "policy": tsp.ObjectIdentifier(_POLICY),
            "message_imprint": request["message_imprint"],
            "serial_number": secrets.randbits(64),
            "gen_time": self._at,
        }
        if request["nonce"].native is not None:
            info["nonce"] = request["nonce"]
        return tsp.TSTInfo(info)

    def _signed_data(self, content: bytes, attributes: Any, signature: bytes, digest: str) -> Any:
        certificate = self._signer.signing_cert
        algorithm = algos.DigestAlgorithm({"algorithm": digest})
        return cms.SignedData(
            {
                "version": "v3",
                "digest_algorithms": cms.DigestAlgorithms((algorithm,)),
                "encap_content_info": {
                    "content_type": "tst_info",
                    "content": cms.ParsableOctetString(content),
                },
                "certificates": [certificate, *self._chain],
                "signer_infos": [
                    {
                        "version": "v1",
                        "sid": cms.SignerIdentifier(
                            {
                                "issuer_and_serial_number": cms.IssuerAndSerialNumber(
                                    {
                                        "issuer": certificate.issuer,
                                        "serial_number": certificate.serial_number,
                                    }
                                )
                            }
                        ),
                        "digest_algorithm": algorithm,
                        "signature_algorithm": self._signer.get_signature_mechanism_for_digest(
                            digest
                        ),
                        "signed_attrs": attributes,
                        "signature": signature,
                    }
                ],
            }
        )
