"""Whether what stands in columns is a table, or must stay text: a list, contents, a form, a transcript, prose."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from ocrchat.document.geometry import union
from ocrchat.pipeline.tables.aligned import Columns, numeric
from ocrchat.pipeline.tables.cells import is_number
from ocrchat.pipeline.tables.rows import Row, Run

_LIST_MARK = re.compile(r"[•●○◦▪▫■□‣–—*·+-]|\(?(\d{1,3}|[a-zA-Z]|[ivxlcIVXLC]{1,5})[.)]|\[\d{1,3}\]|§+\s*\d*")
_LEADER = re.compile(r"(?:\.\s?){4,}|…{2,}|_{4,}")
_PAGE_NUMBER = re.compile(r"\d{1,4}|[ivxlc]{1,6}")


_LONG = 36
_MANY_LONG = 8
"""So many entries of so many characters, right of the first column, are a column of the page beside a table."""

_LEAST_ROWS = 4
"""Of a table without rules: three names with three dates below may be anything."""


_CARDS_APART = 2.0
"""Of the distance between lines of one stack: that between two stacks."""

_PROSE_LETTERS = 24
_PROSE_FILL = 0.7
"""A column whose middle row has so many characters, and fills so much of it, is prose."""


def is_table(rows: Sequence[Row], columns: Columns, *, ruled: bool, row_ruled: bool, em: float) -> bool:
    """`ruled`: between rules; `row_ruled`: with rules between its rows."""
    several = [row for row in rows if len(row.runs) >= 2]
    if len(several) < 2 or columns.count < 2:
        return False
    by_column = texts_by_column(several, columns, em)
    figures = numeric(columns, several, em)
    prose = [column for column, runs in enumerate(by_column) if _is_prose(runs)]
    unlikely = not ruled or (len(figures) < 2 and not row_ruled)
    if len(prose) >= 2 or (prose and unlikely) or _looks_like_text(rows, by_column, ruled=ruled):
        return False
    if not figures and not row_ruled and _are_cards(several, columns):
        return False
    if figures and any(sum(len(run.text) >= _LONG for run in runs) >= _MANY_LONG for runs in by_column[1:]):
        return False
    if ruled:
        return len(several) >= (3 if row_ruled else 2)
    filled = sum(map(len, by_column)) / (columns.count * len(several))
    if len(several) < _LEAST_ROWS or filled < 0.5 or len(several) < 0.5 * len(rows):
        return False
    if figures:
        return len(figures) >= 2 or _lines_up(by_column[figures[0]], em)
    return columns.count >= 3 and filled >= 0.75


def _are_cards(rows: Sequence[Row], columns: Columns) -> bool:
    """Names with titles below them, addresses, the boxes of a chart: equal stacks of lines, well apart."""
    middles = [(row.box.top + row.box.bottom) / 2 for row in rows]
    pitches = [below - above for above, below in pairwise(middles)]
    apart = _CARDS_APART * min(pitches)
    stacks: list[list[frozenset[int]]] = [[]]
    for row, pitch in zip(rows, [0.0, *pitches], strict=True):
        if pitch > apart:
            stacks.append([])
        stacks[-1].append(frozenset(columns.at((run.box.left + run.box.right) / 2) for run in row.runs))
    alike = {tuple(stack) for stack in stacks}
    return len(stacks) >= 2 and len(alike) == 1 and len(stacks[0]) >= 2 and len(set(stacks[0])) == 1


def texts_by_column(rows: Sequence[Row], columns: Columns, em: float) -> list[list[Run]]:
    result: list[list[Run]] = [[] for _ in range(columns.count)]
    for row in rows:
        for run in row.runs:
            for column, pieces in columns.parts(run, em):
                result[column].append(Run(tuple(pieces), union(piece.box for piece in pieces)))
    return result


def _is_prose(runs: Sequence[Run]) -> bool:
    if len(runs) < 3:
        return False
    widest = max(run.box.width for run in runs)
    letters = median(len(run.text) for run in runs)
    return letters >= _PROSE_LETTERS and median(run.box.width for run in runs) >= _PROSE_FILL * widest


def _looks_like_text(rows: Sequence[Row], by_column: Sequence[Sequence[Run]], *, ruled: bool) -> bool:
    """Lists, contents, forms."""
    first = [run.text for run in by_column[0]]
    if first and sum(_LIST_MARK.fullmatch(text) is not None for text in first) > 0.6 * len(first):
        return len(by_column) == 2
    figures_beside = any(is_number(run.text) for runs in by_column[1:] for run in runs)
    if (_are_line_numbers(first) and not figures_beside) or sum(
        all(_is_letter(run.text) for run in runs) for runs in by_column
    ) >= 2:
        return True
    if sum(_LEADER.search(row.text) is not None for row in rows) > 0.3 * len(rows):
        return True
    if ruled:
        return False
    last = [run.text for run in by_column[-1]]
    if len(by_column) == 2 and all(_PAGE_NUMBER.fullmatch(text) for text in last):
        numbers = [int(text) for text in last if text.isdigit()]
        if numbers == sorted(numbers):
            return True
    texts = [run.text for runs in by_column for run in runs]
    return sum(text.rstrip().endswith((":", "：")) for text in texts) > 0.3 * len(texts)


def _are_line_numbers(texts: Sequence[str]) -> bool:
    """Of a transcript or a program: one more on each line, beside what is no figure."""
    if len(texts) < 5 or not all(text.isdigit() for text in texts):
        return False
    numbers = [int(text) for text in texts]
    return numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _is_letter(text: str) -> bool:
    """The letter before a choice to tick."""
    return len(text.strip("().")) == 1 and text.strip("().").isalpha()


def _lines_up(runs: Sequence[Run], em: float) -> bool:
    """Whether most of a column's entries begin, or end, or have their middles under each other."""
    for places in (
        [run.box.left for run in runs],
        [run.box.right for run in runs],
        [(run.box.left + run.box.right) / 2 for run in runs],
    ):
        middle = median(places)
        if sum(abs(place - middle) < 0.5 * em for place in places) >= 0.7 * len(places):
            return True
    return False
