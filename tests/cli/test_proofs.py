"""``fenduan verify`` and ``audit verify``: what was signed and what was noted stands, or the first break is named."""

import json

import pytest
from sqlalchemy import text

from engine import blobs, db
from tests.durability import acts


@pytest.fixture
def signed(court, tmp_path):
    case_id = court.accept()
    acts.ask(court, case_id, "D002", kind="sign")
    court.work()
    path = tmp_path / "执行通知书.pdf"
    path.write_bytes(blobs.get(court.id, acts.document(case_id, "D002").blob))
    return path


def test_a_signed_document_is_verified_with_its_signers(fenduan, signed):
    ran = fenduan("verify", signed)
    assert (ran.code, ran.err) == (0, "")
    assert "沈若川" in ran.out and "临江市人民法院" in ran.out


def test_each_signature_has_its_verdict_as_json(fenduan, signed):
    said = json.loads(fenduan("verify", signed, "--json").out)
    assert said["valid"] and said["sentence"] and len(said["sha256"]) == 64
    assert [(one["role"], one["valid"], one["problem"]) for one in said["signatures"]] == [
        ("judge", True, ""),
        ("court", True, ""),
    ]
    assert all(one["signer"] and one["at"].endswith("Z") for one in said["signatures"])
    signed.write_bytes(signed.read_bytes()[:-300])
    ran = fenduan("verify", signed, "--json")
    assert ran.code == 1 and json.loads(ran.out)["valid"] is False


def test_one_changed_byte_is_found(fenduan, signed):
    data = bytearray(signed.read_bytes())
    middle = data.index(b"stream") + 40
    data[middle] ^= 1
    signed.write_bytes(data)
    ran = fenduan("verify", signed)
    assert ran.code == 1 and "Traceback" not in ran.out + ran.err


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n", "没有签名".encode(), b"\x00" * 100])
def test_what_is_no_signed_document_is_refused(fenduan, court, tmp_path, content):
    path = tmp_path / "a.pdf"
    path.write_bytes(content)
    ran = fenduan("verify", path)
    assert ran.code == 1 and "Traceback" not in ran.out + ran.err
    assert ran.out + ran.err != ""


def test_audit_chains_stand_until_somebody_writes_into_them(fenduan, court):
    case_id = court.accept()
    ran = fenduan("audit", "verify")
    assert (ran.code, ran.err) == (0, "") and "0 条有问题" in ran.out
    with db.engine().begin() as session:
        session.execute(text("SET LOCAL session_replication_role = replica"))
        session.execute(
            text("UPDATE audit_entry SET actor = '某人' WHERE chain_id = :c AND number = 1"),
            {"c": case_id},
        )
    ran = fenduan("audit", "verify")
    assert (ran.code, str(case_id) in ran.err, "第1条" in ran.err) == (1, True, True)
