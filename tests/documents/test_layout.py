from datetime import UTC, datetime

import pypdfium2
import pytest

from engine.documents import fonts, layout, template

from .conftest import AT


def page_texts(pdf):
    with pypdfium2.PdfDocument(pdf) as opened:
        return [page.get_textpage().get_text_range() for page in opened]


def paragraph(text, *, indent=True):
    return {"type": "paragraph", "runs": [{"text": text}], "indent": indent}


@pytest.fixture
def document(ruling, case):
    return template.render(ruling, case)


def test_the_same_document_gives_the_same_bytes(document):
    first = layout.to_pdf(document, issued_at=AT)
    assert layout.to_pdf(document, issued_at=AT).pdf == first.pdf
    assert layout.to_pdf(document, issued_at=datetime(2027, 1, 1, tzinfo=UTC)).pdf != first.pdf


def test_the_date_of_the_file_is_the_callers(document):
    with pypdfium2.PdfDocument(layout.to_pdf(document, issued_at=AT).pdf) as opened:
        assert opened.get_metadata_value("CreationDate").startswith("D:20261123090000")
        assert opened.get_metadata_value("Title") == "临江市人民法院执行裁定书"


def test_a_naive_time_of_issue_is_refused(document):
    with pytest.raises(ValueError, match="naive"):
        layout.to_pdf(document, issued_at=datetime(2026, 1, 1))


def test_the_file_says_that_it_is_an_archive_file(document):
    pdf = layout.to_pdf(document, issued_at=AT).pdf
    assert b"pdfaid:part" in pdf
    assert b"<pdfaid:conformance>A" in pdf


def test_the_case_number_is_found_by_searching(document):
    with pypdfium2.PdfDocument(layout.to_pdf(document, issued_at=AT).pdf) as opened:
        search = opened[0].get_textpage().search("（2026）苏0199执1234号")
        assert search.get_next()


def test_a_line_has_28_characters_and_a_page_22_lines(document):
    document["body"] = [paragraph("国" * 28 * 60, indent=False)]
    pages = page_texts(layout.to_pdf(document, issued_at=AT).pdf)
    lines = [line for line in pages[1].splitlines() if line.startswith("国")]
    assert {len(line) for line in lines} == {28}
    assert len(lines) == 22


def test_the_signatures_stand_with_the_text_whatever_its_length(document):
    body = document["body"]
    for count in range(46):
        document["body"] = [
            *body[:2],
            *[paragraph("又查明，被执行人至今未履行。")] * count,
            body[-1],
        ]
        laid = layout.to_pdf(document, issued_at=AT)
        date = next(one for one in laid.anchors if one["kind"] == "date")
        last = page_texts(laid.pdf)[date["page"] - 1]
        above = last.split("审")[0].strip().splitlines()
        assert date["page"] == 1 or len(above) >= 3, (count, above)


def test_a_table_that_ends_the_text_does_not_leave_the_signatures_alone(document):
    table = document["body"][-2]
    for count in range(30):
        document["body"] = [*[paragraph("又查明，被执行人至今未履行。")] * count, table]
        laid = layout.to_pdf(document, issued_at=AT)
        date = next(one for one in laid.anchors if one["kind"] == "date")
        assert date["page"] == 1 or "小型汽车" in page_texts(laid.pdf)[date["page"] - 1], count


def test_the_head_of_a_table_is_repeated_on_the_next_page(document):
    table = document["body"][-2]
    table["rows"] = [[str(i), f"房屋{i}", "—", "三年"] for i in range(60)]
    pages = page_texts(layout.to_pdf(document, issued_at=AT).pdf)
    assert all("权证号码" in page for page in pages[:3])


def test_anchors_say_where_the_seal_and_the_signature_belong(laid):
    date = next(one for one in laid.anchors if one["kind"] == "date")
    name = next(one for one in laid.anchors if one["kind"] == "signature")
    clerk = next(one for one in laid.anchors if one["kind"] == "clerk")
    assert date["text"] == "二〇二六年十一月二十三日"
    assert name["text"] == "张建军"
    assert name["y"] < date["y"] < clerk["y"]
    assert date["x"] + date["width"] < 595


def test_a_long_number_is_not_split_after_one_digit(document):
    number = "990011197805120011"
    for before in range(1, 29):
        document["body"] = [paragraph("国" * before + number + "。")]
        text = page_texts(layout.to_pdf(document, issued_at=AT).pdf)[0]
        parts = [one for one in text.split("国")[-1].split("。")[0].split() if one]
        assert "".join(parts) == number
        assert all(len(part) >= 4 for part in parts)


def test_a_character_without_glyph_is_named_with_its_place(document):
    document["body"][0] = paragraph("被执行人：王\U000e01ef\ue000，男。")
    with pytest.raises(layout.GlyphMissing, match="被执行人：王"):
        layout.to_pdf(document, issued_at=AT)


def test_a_draft_is_marked_and_its_mark_is_no_text(document):
    draft = layout.to_pdf(document, issued_at=None, watermark="草稿")
    assert draft.pdf != layout.to_pdf(document, issued_at=None).pdf
    assert "草" not in "".join(page_texts(draft.pdf))


def test_text_that_did_not_reach_the_page_is_noticed(document, monkeypatch):
    pages = layout._Setting(document, AT, fonts.check()).compiled(
        layout._Look("", handwritten=False)
    )
    document["body"][0]["runs"][0]["text"] += "另有一句。"
    with pytest.raises(layout.TextLost):
        layout._compare(document, pages, pages.laid())


def test_the_preview_escapes_every_text(document):
    document["body"][0] = paragraph("<script>alert(1)</script>")
    document["court"] = "<img src=x>"
    document["clerks"][0]["name"] = '"><b>'
    html = layout.to_html(document)
    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;script&gt;" in html
    assert "<strong>" in html or "<table>" in html


def test_a_document_without_number_signatures_and_clerks_is_set_too(document):
    document |= {"number": "", "signatures": [], "clerks": []}
    laid = layout.to_pdf(document, issued_at=AT)
    assert [one["kind"] for one in laid.anchors] == ["date"]
