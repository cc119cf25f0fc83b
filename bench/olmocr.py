"""`python -m bench.olmocr`: the unit tests of olmOCR's bench over each reader's Markdown or text, share passed by kind.

A page passes "present" when the words are there (nearly: a few wrong letters are let pass), "absent" when they are not,
"order" when one passage comes before another, "math" when the formula is there as LaTeX, spaces aside. Words are folded
as everywhere in the bench.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz

from bench.corpus import CorpusMissing, find_corpus
from bench.engines import ENGINES, ROOT
from bench.pages import rendered_pages
from bench.reader import Reader, ReaderMissing
from bench.score import fold, join_hyphens

FOLDER = "olmocr_bench_sample"
READERS = ("ours", "tesseract", "rapidocr")

_ALIKE = 90.0
"""Per cent; the bench's own tests allow a few errors by `max_diffs`, which most leave at a tenth of the length."""


def passes(test: Mapping[str, Any], text: str) -> bool:
    """Of one page. Kinds not known here fail, so that nobody is given points for them."""
    page = fold(join_hyphens(text)).lower()
    match test["type"]:
        case "present":
            return _find(test["text"], page) >= 0
        case "absent":
            if count := test.get("first_n"):
                page = page[: int(count)]
            if count := test.get("last_n"):
                page = page[-int(count) :]
            return _find(test["text"], page) < 0
        case "order":
            before, after = _find(test["before"], page), _find(test["after"], page)
            return 0 <= before < after
        case "math":
            return _squeezed(test["math"]) in _squeezed(text)
        case _:
            return False


def _find(passage: str, page: str) -> int:
    """Where it begins; -1 where it is not."""
    wanted = fold(passage).lower()
    at = page.find(wanted)
    if at >= 0 or len(wanted) < 8:
        return at
    found = fuzz.partial_ratio_alignment(wanted, page, score_cutoff=_ALIKE)
    return found.dest_start if found is not None else -1


def _squeezed(text: str) -> str:
    return "".join(text.split())


def main() -> int:
    try:
        folder = find_corpus(ROOT) / FOLDER
    except CorpusMissing as missing:
        print(missing)
        return 0
    cache = ROOT / "bench" / ".cache" / "pages"
    cache.mkdir(parents=True, exist_ok=True)
    passed: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for name in READERS:
        try:
            with Reader(ENGINES[name]) as reader:
                for file in sorted(folder.glob("*.pdf")):
                    tests = json.loads(file.with_suffix(".gt.json").read_text(encoding="utf-8"))["tests"]
                    for page, text in enumerate(_texts(reader, file, cache), 1):
                        for test in tests:
                            if int(test.get("page", 1)) == page:
                                passed[test["type"], name].append(passes(test, text))
        except ReaderMissing as missing:
            print(missing)
    _show(passed)
    return 0


def _texts(reader: Reader, file: Path, cache: Path) -> list[str]:
    """A page's Markdown where the reader writes it, else its text. Ours is given pages of the PDF one by one."""
    if not reader.engine.ours:
        return [reader.read((image,), ("en",)).exports.get("txt", "") for image in rendered_pages(file, cache)]
    return [reader.read((page,), ("en",)).exports.get("md", "") for page in _single_pages(file, cache)]


def _single_pages(file: Path, cache: Path) -> list[Path]:
    import pypdfium2

    document = pypdfium2.PdfDocument(file)
    made = []
    try:
        for index in range(len(document)):
            path = cache / f"{file.stem}.{index + 1}.pdf"
            single = pypdfium2.PdfDocument.new()
            single.import_pages(document, [index])
            single.save(path)
            made.append(path)
    finally:
        document.close()
    return made


def _show(passed: Mapping[tuple[str, str], list[bool]]) -> None:
    kinds = sorted({kind for kind, _ in passed})
    print("| kind | " + " | ".join(READERS) + " |")
    print("| --- |" + " --: |" * len(READERS))
    for kind in kinds:
        results = [passed.get((kind, name), []) for name in READERS]
        cells = [f"{sum(one)} of {len(one)}" for one in results]
        print(f"| {kind} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    sys.exit(main())
