"""Measures that no statement prints, such as an operating margin: the rows that they are computed from are quoted, with
the years over them. What comes of them is left to the reader; nothing is calculated here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ocrchat.chat.library import Library
from ocrchat.chat.lines import PageLine, PageText
from ocrchat.chat.question import Part
from ocrchat.chat.support import Judge
from ocrchat.chat.terms import folded, terms_of

_REVENUE = "total net sales | total revenue | total revenues | net sales | revenue | revenues | sales | net revenue"
_COSTS = "cost of sales | cost of goods sold | total cost of revenue | cost of revenue | cost of products sold"
_OPERATING = "operating income | income from operations | operating profit | operating income loss"
_NET = "net income | net earnings | net income loss | net profit | profit for the year"
_PAYABLE, _RECEIVABLE = "accounts payable", "accounts receivable net | accounts receivable | trade receivables"
_INVENTORY = "inventories | merchandise inventories | inventory | total inventories"
_CASH = (
    "net cash provided by operating activities | net cash provided by used in operating activities | "
    "net cash from operating activities | cash flows from operating activities"
)
_CAPITAL = (
    "purchases of property and equipment | capital expenditures | purchases of property plant and equipment | "
    "purchases of property plant and equipment pp&e | additions to property plant and equipment"
)
_ASSETS, _LIABILITIES = "total current assets", "total current liabilities"

# Asked for => rows, each by what it may be called.
_MEASURES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("operating margin | operating profit margin", (_REVENUE, _OPERATING)),
    ("gross margin | gross profit margin", (_REVENUE, _COSTS, "gross profit | gross margin")),
    ("net margin | net profit margin | profit margin", (_REVENUE, _NET)),
    ("free cash flow | free cashflow | fcf", (_CASH, _CAPITAL, _NET)),
    ("days payable outstanding | dpo", (_PAYABLE, _COSTS, _INVENTORY)),
    ("days sales outstanding | dso", (_RECEIVABLE, _REVENUE)),
    ("days inventory outstanding | dio | inventory turnover", (_INVENTORY, _COSTS)),
    ("working capital | current ratio | quick ratio", (_ASSETS, _LIABILITIES)),
    ("return on assets | roa", (_NET, "total assets")),
    ("change in revenue | revenue growth | growth in revenue | change in sales | sales growth", (_REVENUE,)),
    ("change in net income | net income growth | growth in net income", (_NET,)),
    ("change in operating income | operating income growth", (_OPERATING,)),
)
# Such a question asks for what the text says of it, and not for figures.
_REASON = re.compile(r"\b(?:why|what (?:drove|drives|caused|led)|reasons?|because)\b")
_YEAR = re.compile(r"(?:19|20)\d\d")
# A line that names a measure is no longer than this.
_LABEL_LENGTH = 60
# Rows between a figure and the years over it.
_ABOVE = 60


def _phrases(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(terms_of(phrase)) for phrase in text.split(" | "))


_ROWS_OF = tuple((_phrases(asked), tuple(_phrases(row) for row in rows)) for asked, rows in _MEASURES)


def must_be_computed(library: Library, part: Part) -> bool:
    """Whether a measure is asked for that no line is named after: what is nearest to it in name is not it."""
    return bool(_rows_asked(part)) and not any(
        f" {' '.join(one)} " in f" {' '.join(terms_of(line.text))} "
        for one in _names_asked(part)
        for passage in library.passages_with(one)
        for line in passage.lines
        if len(line.text) <= _LABEL_LENGTH
    )


def _names_asked(part: Part) -> tuple[tuple[str, ...], ...]:
    text = f" {' '.join(terms_of(part.text))} "
    return next((asked for asked, _ in _ROWS_OF if any(f" {' '.join(one)} " in text for one in asked)), ())


def _rows_asked(part: Part) -> tuple[tuple[tuple[str, ...], ...], ...]:
    asked = _names_asked(part)
    return next((rows for names, rows in _ROWS_OF if names is asked), ())


def rows_measured(library: Library, part: Part, pages: frozenset[int] | None) -> tuple[tuple[PageLine, ...], ...]:
    """The rows of a measure that the question asks for, from the financial statements; none without the first."""
    rows = _rows_asked(part)
    if not rows or _REASON.search(folded(part.text)):
        return ()
    judge = Judge(library, part)
    own = [page for page in library.statement_pages if pages is None or page.number in pages]
    by_page = {page.number: _rows_on(page, rows, library, judge) for page in own}
    # One statement that has most of them rather than pieces of several.
    order = sorted(by_page.values(), key=len, reverse=True)
    found: list[tuple[PageLine, ...]] = []
    for place in range(len(rows)):
        row = next((one[place] for one in order if place in one), None)
        if row is None:
            if place == 0:
                return ()
            continue
        page = library.page(row[0].page)
        years = _years_over(row, page) if page is not None else ()
        found += [one for one in (years, row) if one and one not in found]
    return tuple(found)


def _rows_on(
    page: PageText, rows: Sequence[Sequence[tuple[str, ...]]], library: Library, judge: Judge
) -> dict[int, tuple[PageLine, ...]]:
    """Of the rows asked for those of a page, by their place among them."""
    found = {}
    for place, names in enumerate(rows):
        row = next(_rows_called(page, names), None)
        if row is not None and not judge.support(library.passage_of(row[0])).missing:
            found[place] = row
    return found


def _rows_called(page: PageText, names: Sequence[tuple[str, ...]]) -> Iterator[tuple[PageLine, ...]]:
    """Those with figures, by the order of the names."""
    for name in names:
        for row in page.rows:
            has_figures = any(one.isdigit() for line in row[1:] for one in line.text)
            if has_figures and tuple(_called(row)) == name:
                yield row


def _called(row: Sequence[PageLine]) -> list[str]:
    return [term for term in terms_of(row[0].text) if not term.isdigit()]


def _years_over(row: Sequence[PageLine], page: PageText) -> tuple[PageLine, ...]:
    index = page.row_of[row[0].order]
    for above in reversed(page.rows[max(0, index - _ABOVE) : index]):
        if sum(len(_YEAR.findall(line.text)) for line in above) > 1:
            return above
    return ()
