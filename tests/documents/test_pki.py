import json
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from asn1crypto import crl

from engine.documents import pki
from engine.documents.trust import common_name

from .conftest import AT, COURT


def test_keys_are_readable_by_their_owner_alone(authority, judge):
    files = [path for path in authority.folder.rglob("*") if path.is_file()]
    assert len(files) == 7
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert stat.S_IMODE(authority.folder.stat().st_mode) == 0o700


def test_setting_up_twice_keeps_the_first_authority(authority):
    again = pki.set_up(authority.folder, "另一法院", at=AT)
    assert again.court_name == COURT
    assert again.root.certificate == authority.root.certificate


def test_two_that_set_up_at_once_get_the_same_authority(tmp_path):
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: pki.set_up(tmp_path / "pki", COURT, at=AT), range(4)))
    assert len({one.root.certificate for one in made}) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["pki"]


def test_a_judge_keeps_the_certificate_that_was_made_first(authority):
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: pki.judge(authority, "j-2", "李敏"), range(4)))
    assert len({one.key.signing_cert.serial_number for one in made}) == 1


def test_every_certificate_says_that_it_is_for_tests(authority, judge, court):
    for one in (judge.key.signing_cert, court.key.signing_cert, *authority.chain):
        assert "测试" in common_name(one)


@pytest.mark.parametrize("wrong", ["", "../x", "a/b", "张", "-x", "x" * 65])
def test_an_id_that_is_no_file_name_is_refused(authority, wrong):
    with pytest.raises(pki.SignerUnknown):
        pki.judge(authority, wrong, "张建军")


def test_a_folder_without_authority_is_reported(tmp_path):
    with pytest.raises(pki.AuthorityMissing):
        pki.load(tmp_path)


def test_a_damaged_key_is_reported(authority):
    (authority.folder / "seal.pem").write_text("-----BEGIN CERTIFICATE-----")
    with pytest.raises(pki.AuthorityDamaged):
        pki.load(authority.folder)


def test_revocation_lists_hold_at_any_moment_and_know_the_revoked(authority, judge):
    serial = judge.key.signing_cert.serial_number
    pki.revoke(authority, serial, AT + timedelta(days=10))
    for days, revoked in ((-300, False), (9, False), (11, True), (3000, True)):
        at = AT + timedelta(days=days)
        lists = [one["tbs_cert_list"].native for one in authority.trust.lists(at)]
        assert all(one["this_update"] <= at <= one["next_update"] for one in lists)
        found = lists[1]["revoked_certificates"] or []
        assert [one["user_certificate"] == serial for one in found] == [True] * revoked


def test_lists_can_be_published(authority):
    until = pki.renew_crls(authority.folder, AT)
    written = crl.CertificateList.load((authority.folder / "issuing.crl").read_bytes())
    assert written["tbs_cert_list"]["next_update"].native == until
    assert until > AT + timedelta(days=20)


def test_the_court_is_remembered(authority):
    assert json.loads((authority.folder / "court.json").read_text("utf-8")) == {"court": COURT}
