import io

import pikepdf
import pypdfium2
import pytest

from engine.documents import fonts, merge, render, seal


def texts(pdf):
    with pypdfium2.PdfDocument(pdf) as opened:
        return [page.get_textpage().get_text_range() for page in opened]


def test_a_dossier_has_catalogue_outline_and_page_numbers(signed, laid):
    pdf = merge.dossier([("执行裁定书", signed), ("执行通知书", laid.pdf)])
    pages = texts(pdf)
    assert "卷内目录" in pages[0]
    assert "执行通知书" in pages[0]
    assert "序号 文书名称 页码" in pages[0]
    assert len(pages) == 1 + 2 * laid.pages
    with pikepdf.open(io.BytesIO(pdf)) as opened, opened.open_outline() as outline:
        assert [one.title for one in outline.root] == ["卷内目录", "执行裁定书", "执行通知书"]
    assert [page.split()[-1] for page in pages[1:]] == [str(n + 1) for n in range(2 * laid.pages)]


def test_the_seal_stays_visible_and_nothing_stays_alive(signed):
    pdf = merge.dossier([("执行裁定书", signed)], catalogue=False)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert "/AcroForm" not in opened.Root
        assert all("/Annots" not in page.obj for page in opened.pages)
    with pypdfium2.PdfDocument(pdf) as opened:
        image = opened[0].render(scale=1).to_pil().convert("RGB")
    red = sum(
        count for count, (r, g, b) in image.getcolors(1 << 24) if r > 180 and g < 80 and b < 80
    )
    assert red > 500


def test_a_flattened_copy_holds_no_script_and_no_attachment(laid):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(laid.pdf)) as opened:
        opened.Root["/OpenAction"] = pikepdf.Dictionary(
            S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)")
        )
        opened.pages[0].obj["/AA"] = pikepdf.Dictionary(
            O=pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(2)"))
        )
        opened.attachments["x.exe"] = b"MZ"
        opened.save(out)
    copy = merge.flattened(out.getvalue())
    with pikepdf.open(io.BytesIO(copy)) as opened:
        assert "/OpenAction" not in opened.Root
        assert "/Names" not in opened.Root
        assert "/AA" not in opened.pages[0].obj


def test_a_catalogue_may_have_many_pages(laid):
    pdf = merge.dossier([(f"文书{i}", laid.pdf) for i in range(60)])
    with pikepdf.open(io.BytesIO(pdf)) as opened, opened.open_outline() as outline:
        assert outline.root[1].title == "文书0"
        assert len(opened.pages) > 60 * laid.pages + 1


def test_pages_of_another_size_are_numbered_too(laid):
    picture = seal.marked("临江市人民法院", fonts.check().bold)
    assert (
        len(texts(merge.dossier([("印章", picture.pdf), ("裁定书", laid.pdf)]))) == 2 + laid.pages
    )


@pytest.mark.parametrize("wrong", [b"", b"no pdf", b"%PDF-1.7"])
def test_a_file_that_cannot_be_opened_is_named(laid, wrong):
    with pytest.raises(merge.FileUnreadable, match="「坏文件」"):
        merge.dossier([("裁定书", laid.pdf), ("坏文件", wrong)])


def test_a_file_with_a_password_is_named(laid):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(laid.pdf)) as opened:
        opened.save(out, encryption=pikepdf.Encryption(user="secret", owner="secret"))
    with pytest.raises(merge.FileUnreadable, match="「加密文件」"):
        merge.dossier([("加密文件", out.getvalue())])


def test_an_empty_dossier_is_refused():
    with pytest.raises(merge.NothingToMerge):
        merge.dossier([])


def test_pages_are_drawn_as_pictures(signed):
    assert render.page_count(signed) >= 1
    assert render.png(signed, 1).startswith(b"\x89PNG")
    for page in (0, 99):
        with pytest.raises(render.PageMissing):
            render.png(signed, page)
    with pytest.raises(render.PageMissing):
        render.png(b"no pdf", 1)
