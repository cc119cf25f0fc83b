"""Tesseract as people call it: its command, a page a call, told the language, one thread (more make it slower and
dearer: OpenMP waits by spinning)."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.runners.protocol import Answer, Reader, serve

# BCP 47 to the names of its language data. What is missing here is read as English, as its command would.
LANGUAGES = {
    "am": "amh",
    "ar": "ara",
    "bg": "bul",
    "bn": "ben",
    "bo": "bod",
    "chr": "chr",
    "cs": "ces",
    "da": "dan",
    "de": "deu",
    "de-Latf": "Fraktur",
    "dv": "div",
    "dz": "dzo",
    "el": "ell",
    "en": "eng",
    "es": "spa",
    "fa": "fas",
    "fr": "fra",
    "grc": "grc",
    "gu": "guj",
    "he": "heb",
    "hi": "hin",
    "hy": "hye",
    "it": "ita",
    "ja": "jpn",
    "ka": "kat",
    "km": "khm",
    "kn": "kan",
    "ko": "kor",
    "la": "lat",
    "lo": "lao",
    "ml": "mal",
    "mr": "mar",
    "my": "mya",
    "ne": "nep",
    "or": "ori",
    "pa": "pan",
    "pt": "por",
    "ru": "rus",
    "sa": "san",
    "si": "sin",
    "sk": "slk",
    "sr": "srp",
    "ta": "tam",
    "te": "tel",
    "th": "tha",
    "ti": "tir",
    "uk": "ukr",
    "ur": "urd",
    "vi": "vie",
    "yi": "yid",
    "zh": "chi_sim",
    "zh-Hans": "chi_sim",
    "zh-Hant": "chi_tra",
}


def load() -> tuple[Reader, Mapping[str, str]]:
    said = subprocess.run(["tesseract", "--version"], capture_output=True, text=True, check=True)
    version = (said.stdout or said.stderr).split()[1]
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}

    def read(files: Sequence[str], languages: Sequence[str], exports: Sequence[str]) -> Answer:
        named = "+".join(LANGUAGES[code] for code in languages if code in LANGUAGES) or "eng"
        texts: list[str] = []
        words: list[tuple[str, float]] = []
        with tempfile.TemporaryDirectory() as folder:
            base = Path(folder) / "page"
            for file in files:
                command = ["tesseract", file, str(base), "-l", named, "txt", "tsv"]
                subprocess.run(command, env=environment, capture_output=True, check=True)
                texts.append(base.with_suffix(".txt").read_text(encoding="utf-8"))
                words += _words(base.with_suffix(".tsv").read_text(encoding="utf-8"))
        return Answer(exports={"txt": "\n".join(texts)}, words=words)

    return read, {"tesseract": version}


def _words(table: str) -> list[tuple[str, float]]:
    rows = csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE)
    # Level 5 is a word; confidence in percent.
    return [(row["text"], float(row["conf"]) / 100) for row in rows if row["level"] == "5" and row["text"].strip()]


if __name__ == "__main__":
    serve(load)
