"""Photos are what is in them: decoded with limits, upright when shown, and refused with what to do."""

import io

import pytest
from PIL import Image

from engine.casefile.errand import pictures


def jpeg(size: tuple[int, int] = (1600, 1200), *, turned: int = 1, taken: str = "") -> bytes:
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x112] = turned
    exif.get_ifd(0x8769)[0x9003] = taken
    Image.effect_noise(size, 40).convert("RGB").save(out, "JPEG", exif=exif)
    return out.getvalue()


JPEG = jpeg()


def test_the_camera_s_time_is_a_remark_and_nonsense_is_none() -> None:
    assert pictures.examine(jpeg(taken="2026:11:24 10:21:07")).taken_at == "2026-11-24 10:21:07"
    assert pictures.examine(jpeg(taken="<b>yesterday</b>")).taken_at == ""


def test_a_turned_photo_stands_upright_and_shows_nothing_that_the_camera_wrote() -> None:
    small = Image.open(io.BytesIO(pictures.small(jpeg(turned=6))))
    assert small.size == (480, 640)
    assert not small.getexif()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "请选择照片"),
        (b"<html><script>alert(1)</script>", "只能上传JPG和PNG"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "兼容性最佳"),
        (JPEG[:-4000], "请重拍"),
        (b"\xff\xd8\xff" + b"0" * 500, "请重拍"),
        (b"\xff\xd8\xff" + bytes(pictures.LARGEST), "不能超过20 MB"),
    ],
    ids=["empty", "html", "heic", "cut off", "broken", "large"],
)
def test_what_is_no_photo_is_refused_with_what_to_do(content: bytes, sentence: str) -> None:
    with pytest.raises(pictures.PhotoRefused, match=sentence):
        pictures.examine(content)


def test_a_small_file_that_unfolds_to_too_many_points_is_refused() -> None:
    out = io.BytesIO()
    Image.new("1", (6000, 6000)).save(out, "PNG")
    assert len(out.getvalue()) < 10_000
    with pytest.raises(pictures.PhotoRefused, match="像素过多"):
        pictures.examine(out.getvalue())
