"""The templates that come with the product."""

import pytest

from engine.documents import citations, layout, pki, signature, template, verification

from .conftest import AT, ROOT, TEMPLATES

CODES = sorted(path.stem for path in TEMPLATES.glob("*.wen"))


def read(code):
    return template.read((TEMPLATES / f"{code}.wen").read_text("utf-8"))


def test_the_notices_of_the_first_matter_are_there():
    assert {"D001", "D002", "D003", "D004", "D005", "D006", "D009"} <= set(CODES)


@pytest.mark.parametrize("code", CODES)
def test_a_template_bears_the_name_of_its_file(code):
    assert read(code).header.code == code


@pytest.mark.parametrize("code", [code for code in CODES if read(code).header.approval])
def test_a_template_gives_a_document_that_can_be_signed(code, case, authority, court):
    laid = layout.to_pdf(template.render(read(code), case), issued_at=AT)
    judge = pki.judge(authority, "judge-1", "张建军")
    pdf = signature.sign(laid.pdf, laid.anchors, judge, court, AT)
    assert verification.verify(pdf, authority.trust, at=AT).valid


@pytest.mark.parametrize("code", CODES)
def test_a_template_can_do_without_assistant_and_clerk(code, case):
    case |= {"法官助理": None, "书记员": ""}
    assert layout.to_pdf(template.render(read(code), case), issued_at=None).pages


@pytest.mark.parametrize("code", CODES)
def test_a_template_reads_only_fields_of_the_readme(code):
    described = (ROOT / "workflows/documents/README.md").read_text("utf-8")
    for field in read(code).fields:
        if not field.startswith("法条."):
            assert field.split(".")[0] in described
            assert field.split(".")[-1].removesuffix("[]") in described


def test_every_quoted_article_is_in_the_table(case):
    quoted = {
        field.removeprefix("法条.")
        for code in CODES
        for field in read(code).fields
        if field.startswith("法条.")
    }
    assert quoted
    assert quoted <= set(case["法条"])


def test_the_articles_have_the_numbers_of_2023(case):
    law = case["法条"]
    assert law["执行通知"] == "《中华人民共和国民事诉讼法》第二百五十一条"
    assert law["报告财产"] == "《中华人民共和国民事诉讼法》第二百五十二条"
    assert law["迟延履行"] == "《中华人民共和国民事诉讼法》第二百六十四条"
    assert law["执行行为异议"] == "《中华人民共和国民事诉讼法》第二百三十六条"


def test_a_new_number_counts_from_its_day():
    text = """
[[citation]]
key = "执行通知"
law = "中华人民共和国民事诉讼法"
article = "第二百五十一条"
valid_from = 2024-01-01
[[citation]]
key = "执行通知"
law = "中华人民共和国民事强制执行法"
article = "第十条"
valid_from = 2030-01-01
"""
    table = citations.read(text)
    assert "民事诉讼法" in citations.on(table, AT.date())["执行通知"]
    assert "强制执行法" in citations.on(table, AT.date().replace(year=2031))["执行通知"]
    assert citations.on(table, AT.date().replace(year=2020)) == {}


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "x = ",
        "[[citation]]\nkey = 'a'",
        "[[citation]]\nkey='a'\nlaw='b'\narticle='c'\nvalid_from='d'",
    ],
)
def test_a_wrong_table_is_refused(wrong):
    with pytest.raises(citations.CitationsInvalid):
        citations.read(wrong)
