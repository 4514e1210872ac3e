import io

import pytest
from PIL import Image, ImageDraw

from engine.documents import fonts, render, seal


def test_the_software_seal_says_that_it_is_for_tests():
    marked = seal.marked("临江市人民法院", fonts.check().bold)
    plain = seal.picture(seal.svg("临江市人民法院", fonts.check().bold), 42, 42)
    assert marked.pdf != plain.pdf
    assert (marked.width, marked.height) == (42, 42)


def test_a_seal_is_drawn_the_same_each_time():
    bold = fonts.check().bold
    assert seal.marked("临江市人民法院", bold).pdf == seal.marked("临江市人民法院", bold).pdf


def shapes(png):
    """How many separate red shapes a picture has."""
    image = Image.open(io.BytesIO(png)).convert("L").point(lambda light: 255 if light < 200 else 0)
    count = 0
    while (box := image.getbbox()) is not None:
        row = image.crop((box[0], box[1], box[2], box[1] + 1))
        start = (box[0] + row.getbbox()[0], box[1])
        ImageDraw.floodfill(image, start, 0)
        count += 1
    return count


@pytest.mark.parametrize("count", [4, 7, 11, 12, 16, 20])
def test_no_two_characters_of_a_seal_touch(count):
    drawn = seal.svg("田" * count, fonts.check().bold, lower="田田田田")
    png = render.png(seal.picture(drawn, 42, 42).pdf, 1, dpi=300)
    ring_and_star = 2
    assert shapes(png) == ring_and_star + count + 4


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


@pytest.mark.parametrize(
    "target", ["secret.png", "{folder}/secret.png", "file://{folder}/secret.png"]
)
def test_an_svg_that_reaches_for_a_file_is_refused_or_left_empty(tmp_path, monkeypatch, target):
    monkeypatch.chdir(tmp_path)
    marked = seal.marked("临江市人民法院", fonts.check().bold)
    (tmp_path / "secret.png").write_bytes(render.png(marked.pdf, 1, dpi=50))
    link = target.format(folder=tmp_path)
    head = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9">'
    hostile = f'{head}<image xlink:href="{link}" width="9" height="9"/></svg>'
    try:
        drawn = seal.picture(hostile.encode(), 20, 20)
    except seal.PictureInvalid:
        return
    empty = seal.picture(f"{head}</svg>".encode(), 20, 20)
    assert render.png(drawn.pdf, 1) == render.png(empty.pdf, 1)
