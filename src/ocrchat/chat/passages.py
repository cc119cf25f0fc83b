"""Pages → passages: the pieces that are searched and quoted.

A passage is some neighbouring lines of one page under one heading. Rows of cells are read across, whole ("Total: 215.00
USD"), with the heads above them, whatever order the page's blocks came in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ocrchat.chat.lines import PageLine, PageText

# Characters. Shorter passages say too little to be found by, longer ones too much to be quoted.
_ENOUGH = 350
_MOST = 900
# Rows of cells that make one passage: a table's head and what follows must not be torn apart more than needed.
_ROWS = 14
# Characters. A line alone between rows of cells is no longer than this.
_SENTENCE = 45

_HEADINGS = ("title", "heading")


@dataclass(frozen=True, slots=True)
class Passage:
    document: int
    """Index among the documents asked about."""
    page: int
    lines: tuple[PageLine, ...]
    """As read: across where they are cells."""
    heading: str = ""
    tabular: bool = False
    text: str = field(default="", compare=False)
    head: str = ""
    """Of the table that this is the rest of."""


@dataclass(slots=True)
class Headings:
    """The last heading goes on over page breaks."""

    last: str = ""


def passages_of_page(page: PageText, headings: Headings, document: int = 0) -> Iterator[Passage]:
    heads = _TableHead()
    for group in _groups(page):
        if all(line.role in _HEADINGS for line in group):
            headings.last = " ".join(line.text for line in group)[:200]
        tabular = sum(page.is_tabular(page.row_of[line.order]) for line in group) * 2 > len(group)
        if tabular and len(group) > 1:
            heads.note(group, page)
        head = heads.above() if tabular and len(group) > 1 else ""
        text = "\n".join(line.text for line in group)
        yield Passage(document, page.number, tuple(group), headings.last, tabular, text, head)


class _TableHead:
    """Of the table that goes on from one passage to the next."""

    def __init__(self) -> None:
        self._text = ""
        self._last: PageLine | None = None
        self._is_first = False

    def note(self, group: Sequence[PageLine], page: PageText) -> None:
        first = page.row_of[group[0].order]
        goes_on = self._last is not None and first > 0 and page.row_of[self._last.order] == first - 1
        self._is_first = not (goes_on and _joins(page, first - 1, first))
        if self._is_first:
            row = page.rows[first]
            is_head = len(row) > 1 and not any(line.text[:1].isdigit() for line in row)
            self._text = " ".join(line.text for line in row) if is_head else ""
        self._last = max(group, key=lambda line: page.row_of[line.order])

    def above(self) -> str:
        return "" if self._is_first else self._text


def _groups(page: PageText) -> Iterator[list[PageLine]]:
    """Prose by blocks, cells by rows; either in the order in which the page is read."""
    done: set[int] = set()
    group: list[PageLine] = []
    for unit, tabular in _units(page, done):
        size = sum(len(line.text) for line in group)
        heading = unit[0].role in _HEADINGS
        was_heading = bool(group) and group[-1].role in _HEADINGS
        if group and (size >= _ENOUGH or (heading and not was_heading) or (tabular and not was_heading)):
            yield group
            group = []
        # The line over a table is the table's too, whatever it was before; but once.
        group = group + [line for line in unit if line not in group]
        if tabular:
            yield group
            group = []
    if group:
        yield group


def _units(page: PageText, done: set[int]) -> Iterator[tuple[list[PageLine], bool]]:
    block: list[PageLine] = []
    for line in page.lines:
        if line.order in done:
            continue
        row = page.row_of[line.order]
        if page.is_tabular(row):
            if block:
                yield block, False
                block = []
            yield _tabular_unit(page, row, done), True
            continue
        if block and (line.block != block[-1].block or sum(len(one.text) for one in block) > _MOST):
            yield block, False
            block = []
        block.append(line)
    if block:
        yield block, False


def _tabular_unit(page: PageText, row: int, done: set[int]) -> list[PageLine]:
    """The neighbouring rows of cells, from the first of them that is not in a passage yet."""
    while row > 0 and _joins(page, row - 1, row) and not any(line.order in done for line in page.rows[row - 1]):
        row -= 1
    units: list[list[PageLine]] = []
    for index in range(row, min(len(page.rows), row + _ROWS)):
        fresh = [line for line in page.rows[index] if line.order not in done]
        if index > row and (not fresh or not _joins(page, index - 1, index)):
            break
        units.append(fresh)
    while len(units) > 1 and not page.is_tabular(page.row_of[units[-1][0].order]) and _says_much(units[-1]):
        # What follows a table is not of it.
        units.pop()
    lines = [line for unit in units for line in unit]
    done.update(line.order for line in lines)
    return lines


def _says_much(lines: Sequence[PageLine]) -> bool:
    return max(len(line.text) for line in lines) > _SENTENCE or lines[-1].text.rstrip().endswith((".", "!", "?", "。"))


def _joins(page: PageText, above: int, below: int) -> bool:
    """Whether two rows belong to one table: cells both, or a short line between rows of cells, close together."""
    upper, lower = page.rows[above], page.rows[below]
    if not (page.is_tabular(above) or page.is_tabular(below)):
        return False
    if max(len(line.text) for line in (*upper, *lower)) > 90:
        return False
    height = max(line.box.height for line in (*upper, *lower))
    gap = min(line.box.top for line in lower) - max(line.box.bottom for line in upper)
    return gap < 2.5 * height


def text_of(lines: Sequence[PageLine]) -> str:
    return " ".join(line.text for line in lines)
