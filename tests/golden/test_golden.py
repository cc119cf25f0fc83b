"""Exports of drawn documents, byte for byte. REGEN=1 rewrites them; the difference is then reviewed like code."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import ocrchat
from tests import factories

HERE = Path(__file__).parent
CASES = {
    "styles": factories.document("styles", "failed", "plain", title="On styles"),
    "english-table": factories.document("english table", title="Stock"),
    "arabic-table": factories.document("arabic table", title="المخزون"),
    "spans": factories.document("spans", "empty", "two columns"),
}
TEXT_FORMATS = ("txt", "md", "json", "csv", "hocr", "alto")


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", TEXT_FORMATS)
def test_export_when_the_document_is_known_is_the_golden_file(case: str, name: str) -> None:
    path = HERE / f"{case}.{name}"
    data = ocrchat.export(CASES[case], name)
    assert data is not None
    if os.environ.get("REGEN") == "1":
        path.write_bytes(data)
    assert data == path.read_bytes()


def test_regen_flag_when_the_tests_run_is_off() -> None:
    assert "REGEN" not in os.environ, "the golden files were rewritten: unset REGEN and look at the difference"
