"""A file on its way in, on a disk that takes no more."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocrchat.documents.uploads import Uploads
from ocrchat.errors import StorageError
from tests.limits import files_of_at_most


@pytest.mark.parametrize("size", [100, 1_000_000], ids=["noticed at the end", "noticed while it comes"])
def test_upload_when_the_disk_is_full_then_storage_error_and_nothing_is_left(tmp_path: Path, size: int) -> None:
    with (
        files_of_at_most(50),
        pytest.raises(StorageError, match="could not be written") as failed,
        Uploads(tmp_path, max_bytes=10_000_000).begin() as upload,
    ):
        upload.write(b"x" * size)
        upload.finish()
    assert (failed.value.status, failed.value.retryable) == (503, True)
    assert [one for one in tmp_path.rglob("*") if one.is_file()] == []


def test_upload_when_left_with_bytes_that_find_no_room_then_nothing_is_raised_again(tmp_path: Path) -> None:
    with (
        files_of_at_most(50),
        pytest.raises(KeyError, match="the caller's own"),
        Uploads(tmp_path, max_bytes=1000).begin() as upload,
    ):
        upload.write(b"x" * 100)
        raise KeyError("the caller's own")
    assert [one for one in tmp_path.rglob("*") if one.is_file()] == []


def test_upload_when_its_folder_cannot_be_made_then_storage_error(tmp_path: Path) -> None:
    (tmp_path / "d").write_text("a file where a folder is needed")
    with pytest.raises(StorageError):
        Uploads(tmp_path, max_bytes=1000).begin()
