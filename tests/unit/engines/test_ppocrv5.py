"""Readers of single scripts from files that are brought: run by the fast engine's code, here on small ones we write."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ocrchat.document.image import PageImage, Region
from ocrchat.document.model import Box
from ocrchat.engines.fast.runtime import Runtime
from ocrchat.engines.model_catalog import SCRIPT_RECOGNIZERS
from ocrchat.engines.ppocrv5 import ScriptReader, recognizer_from
from ocrchat.engines.spec import EngineSettings
from ocrchat.errors import EngineUnavailable, ModelInvalid
from tests.onnx_files import write_tone_recognizer

LINE = Region(box=Box(0, 0, 320, 48))


def _page() -> PageImage:
    pixels = np.full((48, 320), 255, np.uint8)
    pixels[:, 40:80] = 0
    pixels[:, 120:160] = 127
    pixels[:, 200:240] = 0
    return PageImage(pixels=pixels, dpi=150)


def _reader(folder: Path) -> ScriptReader:
    return ScriptReader(EngineSettings(models=folder, cache=folder / "cache"))


def test_reader_when_its_file_is_here_reads_with_the_letters_in_it(tmp_path: Path) -> None:
    write_tone_recognizer(tmp_path / SCRIPT_RECOGNIZERS["Cyrl"].name)
    (line,) = _reader(tmp_path).read_lines(_page(), [LINE], ["ru"])
    assert line.text == "аба"
    assert (line.reader, line.direction) == ("ppocrv5", "ltr")
    assert line.words[0].box.left <= 48


def test_reader_when_the_script_runs_from_right_to_left_gives_logical_order(tmp_path: Path) -> None:
    write_tone_recognizer(tmp_path / SCRIPT_RECOGNIZERS["Arab"].name, ("\u0628", "7"))
    pixels = _page().pixels.copy()
    pixels[:, 200:240] = 255
    (line,) = _reader(tmp_path).read_lines(PageImage(pixels=pixels, dpi=150), [LINE], ["ar"])
    assert line.text == "7\u0628"
    assert line.direction == "rtl"


def test_reader_when_its_file_is_not_here_names_it_and_the_command(tmp_path: Path) -> None:
    with pytest.raises(EngineUnavailable, match=r"ocrchat models pull ppocrv5_te_rec\.onnx"):
        _reader(tmp_path).read_lines(_page(), [LINE], ["te"])
    with pytest.raises(EngineUnavailable, match="no reader of the script Tibt"):
        _reader(tmp_path).read_lines(_page(), [LINE], ["bo"])


def test_recognizer_when_the_file_has_no_letters_is_invalid(tmp_path: Path) -> None:
    path = write_tone_recognizer(tmp_path / "net.onnx")
    path.write_bytes(path.read_bytes().replace(b"character", b"charactex"))
    with pytest.raises(ModelInvalid):
        recognizer_from(path, Runtime(tmp_path / "cache"))
