import hashlib
import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from engine import blobs
from engine.ids import new_id


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    return tmp_path / "blobs"


@pytest.fixture
def court_id():
    return new_id()


def files(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def test_what_is_put_can_be_got(court_id):
    digest = blobs.put(court_id, b"content")
    assert digest == hashlib.sha256(b"content").hexdigest()
    assert blobs.get(court_id, digest) == b"content"


def test_the_same_content_is_kept_once(court_id, folder):
    assert blobs.put(court_id, b"content") == blobs.put(court_id, b"content")
    assert len(files(folder)) == 1


def test_each_court_has_a_folder_of_its_own(court_id, folder):
    digest = blobs.put(court_id, b"content")
    with pytest.raises(blobs.BlobMissing):
        blobs.get(new_id(), digest)
    assert {path.relative_to(folder).parts[0] for path in files(folder)} == {str(court_id)}


def test_a_damaged_file_is_noticed_and_healed_by_the_next_put(court_id, folder):
    digest = blobs.put(court_id, b"content")
    (path,) = files(folder)
    path.chmod(0o600)
    path.write_bytes(b"c0ntent")
    with pytest.raises(blobs.BlobDamaged):
        blobs.get(court_id, digest)
    assert blobs.put(court_id, b"content") == digest
    assert blobs.get(court_id, digest) == b"content"


def test_a_file_that_could_not_be_written_leaves_nothing(court_id, folder, monkeypatch):
    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="space"):
        blobs.put(court_id, b"content")
    assert files(folder) == []


def test_many_writers_of_the_same_content_do_not_disturb_each_other(court_id, folder):
    with ThreadPoolExecutor(8) as pool:
        digests = set(pool.map(lambda _: blobs.put(court_id, b"x" * 100_000), range(40)))
    assert len(digests) == 1
    assert len(files(folder)) == 1


@pytest.mark.parametrize("wrong", ["", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 64])
def test_a_name_that_is_no_hash_or_is_not_there_is_missing(court_id, wrong):
    with pytest.raises(blobs.BlobMissing):
        blobs.get(court_id, wrong)


def test_a_court_id_that_is_no_id_is_refused():
    with pytest.raises(ValueError, match="UUID"):
        blobs.put("../../x", b"content")


def test_stored_files_are_read_only(court_id, folder):
    blobs.put(court_id, b"content")
    assert not files(folder)[0].stat().st_mode & 0o222
