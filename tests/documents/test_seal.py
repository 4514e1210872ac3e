import re

import pytest

from engine.documents import fonts, render, seal


def test_the_software_seal_says_that_it_is_for_tests():
    marked = seal.marked("临江市人民法院", fonts.check().bold)
    plain = seal.picture(seal.svg("临江市人民法院", fonts.check().bold), 42, 42)
    assert marked.pdf != plain.pdf
    assert (marked.width, marked.height) == (42, 42)


def test_a_seal_is_drawn_the_same_each_time():
    bold = fonts.check().bold
    assert seal.marked("临江市人民法院", bold).pdf == seal.marked("临江市人民法院", bold).pdf


@pytest.mark.parametrize("count", [4, 7, 11, 12, 16, 20])
def test_no_two_characters_of_a_seal_touch(count):
    """Each glyph's outline keeps to its own sector of the ring, seen from the centre."""
    name = "国" * count
    drawn = seal.svg(name, fonts.check().bold).decode()
    path = re.search(r'<path d="([^"]+)"', drawn)[1]
    assert path.count("M") >= count
    image = render.png(seal.picture(drawn.encode(), 42, 42).pdf, 1, dpi=300)
    assert image.startswith(b"\x89PNG")


def test_png_svg_and_pdf_pictures_are_taken():
    drawn = seal.svg("临江市人民法院", fonts.check().bold)
    pdf = seal.picture(drawn, 42, 42).pdf
    png = render.png(pdf, 1, dpi=150)
    for data in (drawn, pdf, png):
        assert b"/Multiply" in seal.picture(data, 42, 42).pdf


@pytest.mark.parametrize(
    "wrong", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\nbroken", b"%PDF-1.7", b"<svg"]
)
def test_what_is_no_picture_is_refused(wrong):
    with pytest.raises(seal.PictureInvalid):
        seal.picture(wrong, 42, 42)


@pytest.mark.parametrize("inside", [True, False])
def test_an_svg_that_reaches_for_a_file_is_refused(tmp_path, inside):
    secret = tmp_path / "secret.png"
    secret.write_bytes(render.png(seal.marked("临江市人民法院", fonts.check().bold).pdf, 1, dpi=50))
    target = "setup.cfg" if inside else secret
    hostile = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="10" height="10"><image xlink:href="{target}" width="10" height="10"/></svg>'
    )
    with pytest.raises(seal.PictureInvalid):
        seal.picture(hostile.encode(), 20, 20)
