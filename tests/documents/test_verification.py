"""What is signed verifies, and every attack of references/DOCUMENTS.md is refused."""

import io
import re
from dataclasses import replace
from datetime import timedelta

import pikepdf
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner

from engine.documents import layout, pki, signature, template, verification

from .conftest import AT, COURT


def revisions(pdf):
    return [found.end() for found in re.finditer(rb"%%EOF\r?\n?", pdf)]


def appended(pdf, change):
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    change(writer, writer.root["/Pages"]["/Kids"][0].get_object())
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def refused(pdf, authority, *, at=AT):
    verdict = verification.verify(pdf, authority.trust, at=at)
    assert not verdict.valid
    return verdict.sentence


def test_a_signed_document_verifies_and_says_by_whom_and_when(signed, authority):
    verdict = verification.verify(signed, authority.trust, at=AT)
    assert verdict.valid
    assert verdict.sentence == (
        "签名有效：张建军（测试）于2026年11月23日17:00签名，"
        "临江市人民法院（测试专用）于2026年11月23日17:00盖章，此后文件未被改动。"
    )
    assert [one.role for one in verdict.signatures] == ["judge", "court"]
    assert all(one.valid and one.at == AT for one in verdict.signatures)
    assert verdict.archived_at == AT


def test_a_file_other_than_the_one_kept_is_refused(signed, authority):
    verdict = verification.verify(signed, authority.trust, at=AT)
    same = verification.verify(signed, authority.trust, at=AT, expected_sha256=verdict.sha256)
    other = verification.verify(signed, authority.trust, at=AT, expected_sha256="0" * 64)
    assert same.valid
    assert not other.valid


def test_every_single_flipped_byte_is_noticed_where_it_changes_what_is_signed(
    signed, authority, laid
):
    for place in range(200, len(laid.pdf), len(laid.pdf) // 8):
        changed = bytearray(signed)
        changed[place] ^= 1
        refused(bytes(changed), authority)


def test_words_laid_over_the_page_afterwards_are_noticed(signed, authority):
    def overlay(writer, page):
        stream = writer.add_object(generic.StreamObject(stream_data=b"0 0 300 300 re f"))
        page["/Contents"] = generic.ArrayObject([page.raw_get("/Contents"), stream])
        writer.update_container(page)

    assert "改动" in refused(appended(signed, overlay), authority)


def test_a_note_stuck_on_the_page_afterwards_is_noticed(signed, authority):
    def note(writer, page):
        box = generic.ArrayObject([generic.FloatObject(one) for one in (100, 400, 300, 500)])
        annotation = generic.DictionaryObject(
            {
                generic.NameObject("/Type"): generic.NameObject("/Annot"),
                generic.NameObject("/Subtype"): generic.NameObject("/FreeText"),
                generic.NameObject("/Rect"): box,
                generic.NameObject("/Contents"): generic.pdf_string("改判"),
            }
        )
        page["/Annots"] = generic.ArrayObject([*page["/Annots"], writer.add_object(annotation)])
        writer.update_container(page)

    assert "改动" in refused(appended(signed, note), authority)


def test_a_file_saved_anew_is_refused(signed, authority):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(signed)) as opened:
        opened.save(out)
    refused(out.getvalue(), authority)


def test_a_file_cut_back_to_the_judges_signature_is_refused(signed, authority):
    ends = revisions(signed)
    sentences = [refused(signed[:end], authority) for end in ends[:-1]]
    assert "没有电子签名" in sentences[0]
    assert "没有加盖院印" in sentences[2]
    assert len(sentences) >= 4


def test_a_third_signature_is_refused(signed, authority, judge):
    writer = IncrementalPdfFileWriter(io.BytesIO(signed), strict=False)
    fields.append_signature_field(
        writer, fields.SigFieldSpec("Third", on_page=0, box=(9, 9, 99, 99))
    )
    out = io.BytesIO()
    metadata = PdfSignatureMetadata(
        field_name="Third", subfilter=fields.SigSeedSubFilter.PADES, md_algorithm="sha256"
    )
    PdfSigner(metadata, judge.key).sign_pdf(writer, output=out)
    assert refused(out.getvalue(), authority)


def test_the_same_names_from_another_authority_are_not_trusted(laid, authority, tmp_path):
    forged = pki.set_up(tmp_path / "forged", COURT, at=AT)
    pdf = signature.sign(
        laid.pdf, laid.anchors, pki.judge(forged, "judge-1", "张建军"), pki.court_seal(forged), AT
    )
    assert verification.verify(pdf, forged.trust, at=AT).valid
    assert refused(pdf, authority)


def test_a_judge_cannot_seal_with_his_own_certificate(laid, authority, judge):
    other = pki.judge(authority, "judge-2", COURT)
    pdf = signature.sign(laid.pdf, laid.anchors, judge, other, AT)
    assert "不是本院登记的院印" in refused(pdf, authority)


def test_a_revoked_judge_cannot_sign_but_what_he_signed_stays_valid(
    signed, laid, authority, judge, court
):
    later = AT + timedelta(days=50)
    pki.revoke(authority, judge.key.signing_cert.serial_number, later)
    pki.revoke(authority, court.key.signing_cert.serial_number, later)
    with pytest.raises(signature.CertificateRefused):
        signature.sign(laid.pdf, laid.anchors, judge, court, later + timedelta(days=1))
    for days in (0, 49, 51, 3000):
        verdict = verification.verify(signed, authority.trust, at=AT + timedelta(days=days))
        assert verdict.valid, (days, verdict.sentence)


def test_an_old_revocation_list_does_not_help_a_revoked_judge(laid, authority, judge, court):
    """He signs with yesterday's list, which does not know of it, and brings it in the file."""
    pki.revoke(authority, judge.key.signing_cert.serial_number, AT)
    fresh = authority.trust
    old = replace(fresh, lists=lambda at: fresh.lists(at - timedelta(days=1)))
    later = AT + timedelta(hours=3)
    pdf = signature.sign(
        laid.pdf, laid.anchors, replace(judge, trust=old), replace(court, trust=old), later
    )
    assert "不可信" in refused(pdf, authority, at=later)


def test_a_prolonged_file_stays_valid(signed, authority, court):
    later = AT + timedelta(days=4000)
    pdf = signature.prolong(signed, court, later)
    assert verification.verify(pdf, authority.trust, at=later).valid


@pytest.mark.parametrize("wrong", [b"", b"%PDF-1.7", b"%PDF-1.7\n%%EOF", b"\0" * 1000])
def test_a_file_that_is_no_pdf_gets_a_verdict_and_no_crash(authority, wrong):
    assert "无法核验" in refused(wrong, authority)


def test_an_unsigned_draft_is_no_document(laid, authority):
    assert "没有电子签名" in refused(laid.pdf, authority)


def test_garbage_after_the_end_is_refused(signed, authority):
    end = signed[signed.rindex(b"startxref") :]
    for tail in (b"\n1 0 obj <</Type /Catalog>> endobj\n", b"\n1 0 obj <<>> endobj\n" + end, b" "):
        assert refused(signed + tail, authority)


def test_two_signed_documents_do_not_verify_each_other(
    signed, ruling, case, authority, judge, court
):
    case["申请执行标的"] = 1
    other = layout.to_pdf(template.render(ruling, case), issued_at=AT, handwritten=True)
    pdf = signature.sign(other.pdf, other.anchors, judge, court, AT)
    start = len(other.pdf)
    refused(other.pdf + signed[len(signed) - (len(pdf) - start) :], authority)
