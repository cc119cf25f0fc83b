"""Downloads made while the disk is full, or while their job is being deleted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from ocrchat.document.model import Page
from ocrchat.errors import NoSuchJob, StorageError
from ocrchat.export.spec import ExportOptions
from tests.letters import letter
from tests.limits import files_of_at_most
from tests.services import Service


@pytest.mark.parametrize("format", ["txt", "docx", "pdf"])
def test_export_when_the_disk_is_full_then_storage_error_and_later_it_works(opened: Service, format: str) -> None:
    who = opened.account()
    job = opened.read(who, letter())
    stored, document_id = opened.jobs._stored(who, job.id)
    opened.jobs._exports.file(stored, document_id, "md", ExportOptions(), "")  # children and fonts are there now
    with files_of_at_most(10), pytest.raises(StorageError) as failed:
        opened.jobs._exports.file(stored, document_id, format, ExportOptions(), "")
    assert (failed.value.status, failed.value.retryable) == (503, True)
    assert b"".join(opened.jobs.export(who, job.id, format).pieces())


@pytest.mark.parametrize("format", ["pdf", "docx", "txt"])
@pytest.mark.parametrize("moment", ["before the file is opened", "while pages are read", "when they were read"])
def test_export_when_its_job_is_deleted_meanwhile_then_no_such_job_and_no_file(
    opened: Service, format: str, moment: str
) -> None:
    who = opened.account()
    job = opened.read(who, letter(2))
    stored, document_id = opened.jobs._stored(who, job.id)

    def pages() -> Iterator[Page]:
        first, second = list(stored.pages())
        yield first
        if moment == "while pages are read":
            opened.jobs.delete(who, job.id)
        yield second
        if moment == "when they were read" and opened.files():
            opened.jobs.delete(who, job.id)

    if moment == "before the file is opened":
        opened.jobs.delete(who, job.id)
    with pytest.raises(NoSuchJob):
        opened.jobs._exports.file(replace(stored, pages=pages), document_id, format, ExportOptions(), "")
    assert opened.files() == []


def test_export_when_its_job_is_deleted_before_it_is_sent_then_no_such_job(opened: Service) -> None:
    who = opened.account()
    job = opened.read(who, letter())
    file = opened.jobs.export(who, job.id, "txt")
    opened.jobs.delete(who, job.id)
    with pytest.raises(NoSuchJob):
        list(file.pieces())
