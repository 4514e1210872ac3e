"""A design's folder as a ZIP file, out and in. What comes in is read in memory, by names that we know, within limits."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import PurePosixPath

from engine.casefile.design import designs
from engine.errors import EngineError

LARGEST_ZIP = 8_000_000  #: bytes, packed
LARGEST = 16_000_000  #: bytes of all files together, unpacked
MOST_ENTRIES = 200
#: What computers put into a folder by themselves.
_DEBRIS = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")
_UTF8_NAME = 0x800
_ENCRYPTED = 0x1
#: The same moment in every entry, so that the same folder is the same file.
_MOMENT = (2026, 1, 1, 0, 0, 0)


class ZipRefused(EngineError):
    """这个压缩包不能使用"""

    code = "zip_refused"


def pack(files: Mapping[str, str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, _MOMENT), text, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def unpack(content: bytes, subject: str) -> dict[str, str]:
    """Name -> text, every name one that has its place in the subject's folder. Raises ``ZipRefused``."""
    if len(content) > LARGEST_ZIP:
        raise ZipRefused("压缩包超过 8 MB，请精简后再上传")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = {_name(info): info for info in archive.infolist() if not info.is_dir()}
            entries = {name: i for name, i in entries.items() if not _is_debris(name)}
            return _read(archive, _without_folder(entries), subject)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise ZipRefused("文件已损坏，或者不是 ZIP 压缩包，请重新压缩后再上传") from error


def _name(info: zipfile.ZipInfo) -> str:
    """Windows writes Chinese names in its own encoding, without saying so."""
    if info.flag_bits & _UTF8_NAME:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return info.filename


def _is_debris(name: str) -> bool:
    return any(part in _DEBRIS or part.startswith("._") for part in name.split("/"))


def _without_folder(entries: dict[str, zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """People pack the folder itself; then everything stands below one name."""
    tops = {PurePosixPath(name).parts[0] for name in entries if name}
    nested = all("/" in name for name in entries)
    if len(tops) == 1 and nested and tops != {"scenarios"}:
        top = next(iter(tops)) + "/"
        return {name.removeprefix(top): info for name, info in entries.items()}
    return entries


def _read(
    archive: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo], subject: str
) -> dict[str, str]:
    if not entries:
        raise ZipRefused("压缩包是空的，请把文件夹里的文件一起压缩")
    if len(entries) > min(MOST_ENTRIES, designs.MOST):
        raise ZipRefused(f"文件太多，最多 {designs.MOST} 个")
    found: dict[str, str] = {}
    left = LARGEST
    for name, info in entries.items():
        if info.flag_bits & _ENCRYPTED:
            raise ZipRefused("压缩包设有密码，请去掉密码后再上传")
        text, left = _text(archive, info, name, left)
        try:
            designs.must_be_file(subject, name, text)
        except EngineError as error:
            raise ZipRefused(f"“{name[:80]}”，{error}") from error
        found[name] = text
    if designs.file_of(subject) not in found:
        raise ZipRefused(f"没有找到 {designs.file_of(subject)}，请把它放在文件夹的最上层")
    return found


def _text(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, left: int) -> tuple[str, int]:
    # The size that the entry states is not believed: no more is unpacked than may still come.
    with archive.open(info) as opened:
        content = opened.read(left + 1)
    if len(content) > left:
        raise ZipRefused("解压后太大，请精简后再上传")
    try:
        return content.decode("utf-8-sig"), left - len(content)
    except UnicodeDecodeError as error:
        raise ZipRefused(f"“{name[:80]}”不是 UTF-8 编码的文本，请另存后再上传") from error
