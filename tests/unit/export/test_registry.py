from __future__ import annotations

import io
from pathlib import Path

import pytest

import ocrchat
from ocrchat.document.json import document_from_bytes
from ocrchat.errors import UnknownFormat
from ocrchat.export import registry
from ocrchat.export.registry import FORMATS, exporter_for
from tests import factories


@pytest.mark.parametrize("name", FORMATS)
def test_exporter_when_its_format_is_asked_for_says_what_it_is(name: str) -> None:
    exporter = exporter_for(name)
    assert exporter.suffix.startswith(".")
    assert "/" in exporter.media_type


def test_exporters_when_several_are_written_beside_each_other_have_different_suffixes() -> None:
    assert len({exporter_for(name).suffix for name in FORMATS}) == len(FORMATS)


@pytest.mark.parametrize(
    ("name", "meant"), [("markdown", "md"), (".txt", "txt"), ("TXT", "txt"), ("jsn", "json"), ("text", "txt")]
)
def test_exporter_when_the_format_is_unknown_names_the_near_one(name: str, meant: str) -> None:
    with pytest.raises(UnknownFormat, match=f"Did you mean .*{meant}.*The formats are txt, md"):
        exporter_for(name)


def test_exporter_when_nothing_is_near_names_the_formats() -> None:
    with pytest.raises(UnknownFormat, match=r'There is no format "qqqq"\. The formats are') as caught:
        exporter_for("qqqq")
    assert caught.value.detail == {"format": "qqqq"}


def test_export_when_called_by_its_public_name_works_before_and_after_the_package_is_imported() -> None:
    document = factories.document("plain")
    first = ocrchat.export(document, "json")
    assert first is not None
    assert document_from_bytes(first) == document
    assert ocrchat.export(document, "txt") == registry.export(document, "txt")


def test_export_when_given_a_sink_writes_there_and_returns_nothing() -> None:
    sink = io.BytesIO()
    assert ocrchat.export(factories.document("plain"), "txt", sink) is None
    assert sink.getvalue().startswith(b"The quick")


def test_formats_page_when_a_format_is_added_names_it() -> None:
    page = (Path(__file__).parents[3] / "docs" / "formats.md").read_text()
    assert [name for name in FORMATS if f"`{name}`" not in page] == []
    assert [name for name in FORMATS if f"`{exporter_for(name).suffix}`" not in page and name != "csv.zip"] == []
