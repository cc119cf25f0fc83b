"""`ocrchat languages`: what it lists and what it ends with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ocrchat.cli import main
from ocrchat.cli.doctor import check_languages
from ocrchat.engines import tessdata


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    """Before, for what other tests looked up; after, for what these pretended."""
    tessdata.installed.cache_clear()
    yield
    tessdata.installed.cache_clear()


def test_languages_when_asked_for_all_lists_over_a_hundred(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["languages"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert sum(" rtl tesseract " in line for line in lines) >= 9
    assert int(lines[-1].split()[0] if lines[-1][0].isdigit() else lines[-2].split()[0]) > 100


def test_languages_when_the_reader_is_not_here_says_what_brings_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tessdata, "folders", lambda models: iter([tmp_path]))
    assert main(["languages", "persian"]) == 1
    said = capsys.readouterr().out
    assert "missing" in said
    assert tessdata.INSTALL_COMMAND in said
    (tmp_path / "fas.traineddata").touch()
    tessdata.installed.cache_clear()
    assert main(["languages", "persian"]) == 0


def test_languages_when_the_name_means_nothing_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["languages", "klingon"]) == 2
    assert "There is no language 'klingon'" in capsys.readouterr().err


def test_doctor_when_language_data_is_missing_names_what_brings_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tessdata, "folders", lambda models: iter([tmp_path]))
    (finding,) = check_languages()
    assert (finding.state, finding.mend) == ("absent", tessdata.INSTALL_COMMAND)
    assert " 0 of " in finding.what
