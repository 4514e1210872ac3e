import io
from datetime import datetime

import pikepdf
import pytest

from engine.documents import layout, pki, signature, template

from .conftest import AT

POINTS = 72 / 25.4


def boxes(pdf):
    """Field name → (page, left, top, right, bottom) from the top left corner."""
    found = {}
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        for number, page in enumerate(opened.pages, start=1):
            for widget in page.obj.get("/Annots", []):
                left, low, right, high = (float(one) for one in widget["/Rect"])
                found[str(widget["/T"])] = (number, left, 841.89 - high, right, 841.89 - low)
    return found


def anchor(laid, kind):
    return next(one for one in laid.anchors if one["kind"] == kind)


def test_the_seal_rides_on_the_date_and_covers_no_name(laid, signed):
    page, left, top, right, bottom = boxes(signed)[signature.SEAL_FIELD]
    date, name, clerk = anchor(laid, "date"), anchor(laid, "signature"), anchor(laid, "clerk")
    assert page == date["page"]
    assert right - left == pytest.approx(42 * POINTS, abs=0.1)
    assert (left + right) / 2 == pytest.approx(date["x"] + date["width"] / 2, abs=0.1)
    assert top < date["y"] < date["y"] + 16 < bottom
    assert bottom - date["y"] < (bottom - top) / 4
    assert name["y"] + 16 <= top
    assert bottom <= clerk["y"]


@pytest.mark.parametrize("handwritten", [True, False])
def test_the_image_of_a_signature_touches_neither_role_nor_name(
    ruling, case, judge, court, handwritten
):
    laid = layout.to_pdf(template.render(ruling, case), issued_at=AT, handwritten=handwritten)
    pdf = signature.sign(laid.pdf, laid.anchors, judge, court, AT)
    _, left, top, right, bottom = boxes(pdf)[signature.JUDGE_FIELD]
    name = anchor(laid, "signature")
    assert name["x"] - name["width"] + 2 < left < right < name["x"] - 2
    assert right - left > 40
    assert name["y"] - 6 < top < bottom < name["y"] + 22
    assert (right - left) / (bottom - top) == pytest.approx(3, rel=0.05)


def test_a_notice_without_signature_line_is_signed_invisibly(ruling, case, authority, court):
    document = template.render(ruling, case) | {"signatures": []}
    laid = layout.to_pdf(document, issued_at=AT)
    pdf = signature.sign(laid.pdf, laid.anchors, pki.judge(authority, "j", "李敏"), court, AT)
    _, left, top, right, bottom = boxes(pdf)[signature.JUDGE_FIELD]
    assert (left, top) == (right, bottom)


def test_who_is_not_printed_in_the_document_does_not_sign_it(laid, authority, court):
    with pytest.raises(signature.SignerNotNamed, match="李敏"):
        signature.sign(laid.pdf, laid.anchors, pki.judge(authority, "j", "李敏"), court, AT)


def test_blanks_in_a_printed_name_do_not_matter(ruling, case, authority, court):
    case["承办人"]["姓名"] = "刘　敏"
    laid = layout.to_pdf(template.render(ruling, case), issued_at=AT)
    assert signature.sign(laid.pdf, laid.anchors, pki.judge(authority, "j", "刘敏"), court, AT)


def test_a_document_without_date_line_is_not_sealed(laid, judge, court):
    without = [one for one in laid.anchors if one["kind"] != "date"]
    with pytest.raises(signature.NoSealPlace):
        signature.sign(laid.pdf, without, judge, court, AT)


def test_a_seal_that_would_cover_a_name_is_refused(laid, judge, court):
    moved = [one | {"y": one["y"] - 40} if one["kind"] == "clerk" else one for one in laid.anchors]
    with pytest.raises(signature.SealOverlaps, match="周倩"):
        signature.sign(laid.pdf, moved, judge, court, AT)


def test_a_signed_file_is_not_signed_again(signed, laid, judge, court):
    with pytest.raises(signature.NotSignable):
        signature.sign(signed, laid.anchors, judge, court, AT)


def test_a_damaged_file_is_not_signed(laid, judge, court):
    for wrong in (b"", b"%PDF-1.7 nothing", laid.pdf[:2000]):
        with pytest.raises(signature.NotSignable):
            signature.sign(wrong, laid.anchors, judge, court, AT)


def test_a_naive_time_is_refused(laid, judge, court):
    with pytest.raises(ValueError, match="naive"):
        signature.sign(laid.pdf, laid.anchors, judge, court, datetime(2026, 11, 23))


def test_signing_is_refused_outside_the_life_of_the_certificates(laid, judge, court):
    with pytest.raises(signature.CertificateRefused):
        signature.sign(laid.pdf, laid.anchors, judge, court, AT.replace(year=2090))


def test_the_signed_file_keeps_every_byte_of_the_approved_one(laid, signed):
    assert signed.startswith(laid.pdf)
