"""`python -m bench.tables`: how well tables are read: pictures of tables, PDFs with their own text, and the same PDFs
as scans of 150 dpi. A page counts where the truth has a table on it or one was found."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.corpus import BenchSet, Case, CorpusMissing, find_corpus, load_set, only
from bench.engines import ENGINES, OURS, ROOT
from bench.reader import Reader, ReaderMissing
from bench.teds import teds_page

_CJK_GAP = re.compile("(?<=[\u2e80-\u9fff\uff00-\uffef]) (?=[\u2e80-\u9fff\uff00-\uffef])")

CACHE = ROOT / "bench" / ".cache" / "tables"
SCAN_DPI = 150


@dataclass(frozen=True, kw_only=True)
class TableSet:
    title: str
    folder: str
    wanted: float
    scanned: bool = False


SETS = (
    TableSet(title="pubtabnet", folder="tables_pubtabnet", wanted=0.95),
    TableSet(title="omnidocbench", folder="tables_omnidocbench", wanted=0.88),
    TableSet(title="icdar2013", folder="tables_icdar2013", wanted=0.90),
    TableSet(title="icdar2013-scanned", folder="tables_icdar2013", wanted=0.85, scanned=True),
)


@dataclass(frozen=True, kw_only=True)
class Score:
    case: str
    teds: float
    truths: int
    found: int


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.tables", description=__doc__)
    parser.add_argument("--set", action="append", choices=[one.title for one in SETS], help="repeatable")
    parser.add_argument("--case", action="append", default=[], help="part of a case's id; repeatable")
    options = parser.parse_args(arguments)
    try:
        corpus = find_corpus(ROOT)
        with Reader(ENGINES[OURS]) as reader:
            return max([_run(one, corpus, reader, options.case) for one in SETS if _is_chosen(one, options.set)])
    except (CorpusMissing, ReaderMissing) as missing:
        print(missing)
        return 0


def _is_chosen(one: TableSet, names: Sequence[str] | None) -> bool:
    return not names or one.title in names


def _run(one: TableSet, corpus: Path, reader: Reader, patterns: Sequence[str]) -> int:
    cases, missing = load_set(corpus, BenchSet(name=one.title, folders=(one.folder,)))
    print("\n".join(missing), end="\n" if missing else "")
    scores: list[Score] = []
    core_seconds, pages = 0.0, 0
    for case in only(cases, patterns):
        for files, truths in _given(one, case):
            output = reader.read(files, case.languages)
            core_seconds += output.spent.cpu_seconds
            found = tables_of(output.exports.get("json", ""))
            pages += max(1, len(found))
            names = sorted(truths.keys() | {number for number, tables in found.items() if tables})
            for number in names:
                mine, theirs = found.get(number, []), truths.get(number, [])
                label = f"{case.id} {files[0].stem[-2:] if one.scanned else number}"
                scores.append(Score(case=label, teds=teds_page(theirs, mine), truths=len(theirs), found=len(mine)))
    for score in sorted(scores, key=lambda score: score.teds):
        print(f"  {score.teds:.3f}  {score.found} found of {score.truths}  {score.case}")
    mean = sum(score.teds for score in scores) / max(1, len(scores))
    verdict = "met" if mean >= one.wanted else "MISSED"
    print(f"{one.title}: TEDS {mean:.3f} over {len(scores)} pages, wanted {one.wanted:.2f}: {verdict};", end=" ")
    print(f"{core_seconds / max(1, pages):.2f} core-s a page\n")
    return 0 if mean >= one.wanted else 1


def _given(one: TableSet, case: Case) -> Iterator[tuple[list[Path], Mapping[int, list[str]]]]:
    truths = truths_of(case.annotations)
    if not one.scanned:
        yield [case.file], truths
        return
    for number, path in enumerate(_scanned(case), start=1):
        yield [path], {1: truths[number]} if number in truths else {}


def truths_of(annotations: Any) -> dict[int, list[str]]:
    """By page: a picture of one table has its HTML alone."""
    if "tables" not in annotations:
        return {1: [annotations["html"]]}
    result: dict[int, list[str]] = defaultdict(list)
    for table in annotations["tables"]:
        result[table["page"]].append(table["html"])
    return dict(result)


def tables_of(document: str) -> dict[int, list[str]]:
    """Tables as HTML by page, for every page of a document as its JSON export has it."""
    if not document.strip():
        return {}
    return {
        page["number"]: [html_of(block) for block in page.get("blocks", ()) if block["kind"] == "table"]
        for page in json.loads(document)["pages"]
    }


def html_of(table: Mapping[str, Any]) -> str:
    rows: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for cell in table["cells"]:
        text = _CJK_GAP.sub("", " ".join(line["text"] for line in cell.get("lines", ())))
        spans = f' rowspan="{cell.get("row_span", 1)}" colspan="{cell.get("column_span", 1)}"'
        shown = text.replace("&", "&amp;").replace("<", "&lt;")
        rows[cell["row"]].append((cell["column"], f"<td{spans}>{shown}</td>"))
    count = 1 + max(rows, default=-1)
    body = "".join("<tr>" + "".join(cell for _, cell in sorted(rows[row])) + "</tr>" for row in range(count))
    return f"<table>{body}</table>"


def _scanned(case: Case) -> list[Path]:
    # Only here: pictures need no PDF library.
    import pypdfium2

    CACHE.mkdir(parents=True, exist_ok=True)
    made = []
    document = pypdfium2.PdfDocument(case.file)
    try:
        for index in range(len(document)):
            path = CACHE / f"{case.id}.{index + 1}.png"
            if not path.exists():
                image = document[index].render(scale=SCAN_DPI / 72).to_pil().convert("RGB")
                image.save(path, dpi=(SCAN_DPI, SCAN_DPI))
            made.append(path)
    finally:
        document.close()
    return made


if __name__ == "__main__":
    sys.exit(main())
