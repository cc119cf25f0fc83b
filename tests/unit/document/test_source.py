from __future__ import annotations

from ocrchat.document.source import Source
from ocrchat.pipeline.file_source import FileSource


def test_source_when_a_file_is_read_has_all_that_exporters_may_ask_for() -> None:
    asked = {name for name in vars(Source) if not name.startswith("_")}
    assert asked
    assert asked <= set(dir(FileSource))
