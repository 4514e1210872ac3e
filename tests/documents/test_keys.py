"""Keys that are not in this process: a signing server over HTTP, a PKCS#11 token."""

import base64
import json
import os
import shutil
import subprocess
import threading
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from engine.documents import keys, pki, signature, verification

from .conftest import AT

SOFTHSM = next(
    (str(path) for path in Path("/usr/lib").glob("**/softhsm/libsofthsm2.so")), "no SoftHSM here"
)


@pytest.fixture
def server(authority):
    """A signing server that holds the court's key and knows one caller."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append(request)
            if self.headers["Authorization"] != "Bearer secret":
                self.send_error(403)
                return
            digest = base64.b64decode(request["digest"])
            signed = authority.seal.key.sign(digest, ec.ECDSA(Prehashed(hashes.SHA256())))
            body = json.dumps({"signature": base64.b64encode(signed).decode()}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        thread = threading.Thread(target=listening.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{listening.server_address[1]}/sign", asked
        listening.shutdown()
        thread.join()


def sealing(court, url, authority, token="secret"):
    key = keys.server(url, token, "court-seal", court.key.signing_cert, authority.chain)
    return replace(court, key=key)


def test_a_seal_key_behind_a_server_signs_digests_and_never_sees_the_document(
    server, laid, judge, court, authority
):
    url, asked = server
    pdf = signature.sign(laid.pdf, laid.anchors, judge, sealing(court, url, authority), AT)
    assert verification.verify(pdf, authority.trust, at=AT).valid
    assert [set(one) for one in asked] == [{"key", "algorithm", "digest"}]
    assert len(base64.b64decode(asked[0]["digest"])) == 32


@pytest.mark.parametrize("wrong", ["token", "port"])
def test_a_signing_server_that_refuses_or_is_away_stops_the_signature(
    server, laid, judge, court, authority, wrong
):
    url = server[0] if wrong == "token" else "http://127.0.0.1:9/sign"
    away = sealing(court, url, authority, token="wrong")
    with pytest.raises(keys.KeyUnavailable):
        signature.sign(laid.pdf, laid.anchors, judge, away, AT)


def test_a_missing_token_module_is_reported():
    with pytest.raises(keys.KeyUnavailable):
        keys.pkcs11("/nowhere/module.so", "court", "1234", "seal", ())


@pytest.fixture
def token(authority, tmp_path, monkeypatch):
    """A SoftHSM token with the court's key and certificate."""
    import pkcs11

    if not Path(SOFTHSM).exists() or not shutil.which("softhsm2-util"):
        if os.environ.get("CI"):
            pytest.fail("softhsm2 is missing")
        pytest.skip(f"没有找到 {SOFTHSM}，硬件密钥测试跳过")
    (tmp_path / "tokens").mkdir()
    (tmp_path / "softhsm2.conf").write_text(f"directories.tokendir = {tmp_path}/tokens\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(tmp_path / "softhsm2.conf"))
    key = tmp_path / "seal.key"
    key.write_bytes(
        authority.seal.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    for command in (
        ["--init-token", "--free", "--label", "court", "--so-pin", "5678"],
        ["--import", str(key), "--token", "court", "--label", "seal", "--id", "01"],
    ):
        subprocess.run(
            ["softhsm2-util", *command, "--pin", "1234"], check=True, capture_output=True
        )
    from pkcs11.util.x509 import decode_x509_certificate

    certificate = authority.seal.certificate.public_bytes(serialization.Encoding.DER)
    with (
        pkcs11.lib(SOFTHSM).get_token(token_label="court").open(rw=True, user_pin="1234") as session
    ):
        attributes = decode_x509_certificate(certificate)
        session.create_object(
            {**attributes, pkcs11.Attribute.LABEL: "seal", pkcs11.Attribute.TOKEN: True}
        )


def test_a_token_seals(token, laid, judge, court, authority):
    with pytest.raises(keys.KeyUnavailable):
        keys.pkcs11(SOFTHSM, "court", "0000", "seal", authority.chain, raw_ecdsa=True)
    key = keys.pkcs11(SOFTHSM, "court", "1234", "seal", authority.chain, raw_ecdsa=True)
    pdf = signature.sign(laid.pdf, laid.anchors, judge, replace(court, key=key), AT)
    assert verification.verify(pdf, authority.trust, at=AT).valid


def test_a_key_from_a_pem_text_signs(laid, judge, court, authority):
    pem = authority.seal.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    key = keys.software(court.key.signing_cert, pem, authority.chain)
    pdf = signature.sign(laid.pdf, laid.anchors, judge, replace(court, key=key), AT)
    assert verification.verify(pdf, authority.trust, at=AT).valid


def test_an_authority_of_another_day_signs_on_the_demos_clock(tmp_path, laid):
    """The demo court signs in the past and in the future of the day it was set up."""
    made = pki.set_up(tmp_path / "demo", "临江市人民法院", at=datetime(2026, 11, 24, tzinfo=UTC))
    judge, seal = pki.judge(made, "j", "张建军"), pki.court_seal(made)
    for year in (2025, 2030):
        at = AT.replace(year=year)
        pdf = signature.sign(laid.pdf, laid.anchors, judge, seal, at)
        verdict = verification.verify(pdf, made.trust, at=at)
        assert verdict.valid
        assert verdict.archived_at == at
