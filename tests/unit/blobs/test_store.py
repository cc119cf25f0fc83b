"""One contract for every kind of store: a folder, and what behaves as a bucket does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ocrchat.blobs.store import Blobs, blobs_of, memory_blobs, open_blobs
from ocrchat.config import load_settings
from ocrchat.errors import BadSetting, StorageError


@pytest.fixture(params=["folder", "memory"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    return open_blobs("", tmp_path / "blobs") if request.param == "folder" else memory_blobs()


def test_file_when_put_then_it_is_there_in_every_way(blobs: Blobs, tmp_path: Path) -> None:
    big = bytes(range(256)) * 5000
    blobs.put("d/ab/x/source", big)
    (tmp_path / "file").write_bytes(b"page")
    blobs.put_file("d/ab/x/pages/1", tmp_path / "file")
    assert blobs.get("d/ab/x/source") == b"".join(blobs.stream("d/ab/x/source")) == big
    assert (blobs.size("d/ab/x/source"), blobs.size("d/ab/x/none")) == (len(big), None)
    with blobs.local_path("d/ab/x/source") as path:
        assert path.read_bytes() == big
    with pytest.raises(FileNotFoundError):
        blobs.get("d/ab/x/none")
    blobs.check()


def test_prefix_when_deleted_then_its_files_go_and_others_stay(blobs: Blobs) -> None:
    for key in ("d/ab/x/source", "d/ab/x/pages/1", "d/ab/xy/source"):
        blobs.put(key, b"123")
    assert blobs.prefixes("d/ab") == ["d/ab/x", "d/ab/xy"]
    assert blobs.last_change("d/ab/x") is not None
    assert blobs.delete_prefix("d/ab/x") == (2, 6)
    assert blobs.delete_prefix("d/ab/x") == (0, 0)
    assert (blobs.prefixes("d/ab"), blobs.last_change("d/ab/x")) == (["d/ab/xy"], None)
    blobs.delete(["d/ab/xy/source"])
    blobs.delete(["d/ab/xy/source"])
    assert blobs.size("d/ab/xy/source") is None
    assert blobs.prefixes("nothing") == []


def test_folder_when_a_write_was_cut_off_then_its_rest_goes_with_the_prefix(tmp_path: Path) -> None:
    blobs = open_blobs("", tmp_path)
    (tmp_path / "d" / "x" / "pages").mkdir(parents=True)
    (tmp_path / "d" / "x" / "pages" / "1#3").write_bytes(b"half of it")
    assert blobs.last_change("d/x") is not None
    blobs.delete_prefix("d/x")
    assert not (tmp_path / "d" / "x").exists()


def test_store_when_it_does_not_answer_then_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "blobs").mkdir()
    blobs = open_blobs("", tmp_path / "blobs")
    (tmp_path / "blobs" / "d").write_text("a file where a folder is needed")
    with pytest.raises(StorageError) as failed:
        blobs.put("d/x", b"1")
    assert "could not be written" in failed.value.message


def test_check_when_something_else_comes_back_then_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    blobs = memory_blobs()
    monkeypatch.setattr(Blobs, "get", lambda self, key: b"other")
    with pytest.raises(StorageError):
        blobs.check()


def test_settings_when_they_name_no_store_then_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(BadSetting) as refused:
        blobs_of(replace(load_settings({"OCRCHAT_DATA": str(tmp_path)}), blobs="ftp://host/x"))
    assert "BLOBS" in refused.value.message
    assert blobs_of(load_settings({"OCRCHAT_DATA": str(tmp_path)})).folder == (tmp_path / "blobs").absolute()
