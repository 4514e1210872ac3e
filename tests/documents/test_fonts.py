import shutil

import pytest

from engine.documents import fonts


def test_an_empty_font_folder_is_refused(tmp_path):
    with pytest.raises(fonts.FontsMissing, match=str(tmp_path)):
        fonts.check(tmp_path)


def test_a_missing_font_folder_is_refused(tmp_path):
    with pytest.raises(fonts.FontsMissing):
        fonts.check(tmp_path / "nowhere")


def test_a_folder_with_a_damaged_font_is_refused(tmp_path):
    for weight in ("300Light", "400Regular", "700Bold"):
        (tmp_path / f"NotoSerifSC_{weight}.ttf").write_bytes(b"\0\1\0\0 half a file")
    with pytest.raises(fonts.FontsMissing):
        fonts.check(tmp_path)


def test_a_folder_without_the_bold_face_is_refused(tmp_path):
    for file in fonts.folders()[0].rglob("*.ttf"):
        if "300" in file.name or "400" in file.name:
            shutil.copy(file, tmp_path)
    with pytest.raises(fonts.FontsMissing):
        fonts.check(tmp_path)


def test_the_installed_fonts_are_whole():
    found = fonts.check()
    assert found.bold.name.endswith(".ttf")
    assert all(part[-1] == {"name": fonts.SERIF} for part in found.faces.values())


def test_fandol_is_used_for_its_safe_characters_only():
    safe = fonts.safe_characters()
    assert len(safe) - 2 == 6763 + 22
    assert set("执裁〇，。") <= set(safe)
    assert not set("￥醜幹餘準鬱㛃䶮") & set(safe)
