"""A plugin for OCRmyPDF that reads nothing: it hands over the hOCR file named by OCRMYPDF_WORDS, so that only how the
words get into the PDF is compared. Runs in OCRmyPDF's own environment."""

# mypy: ignore-errors

from __future__ import annotations

import os
import shutil
from pathlib import Path

from ocrmypdf import hookimpl
from ocrmypdf.builtin_plugins.null_ocr import NullOcrEngine


class GivenWords(NullOcrEngine):
    @staticmethod
    def supports_generate_ocr() -> bool:
        return False

    @staticmethod
    def languages(options) -> set[str]:
        return {"eng"}

    @staticmethod
    def generate_hocr(input_file: Path, output_hocr: Path, output_text: Path, options) -> None:
        shutil.copyfile(os.environ["OCRMYPDF_WORDS"], output_hocr)
        output_text.write_text("")


@hookimpl(tryfirst=True)
def get_ocr_engine(options=None):
    return GivenWords()
