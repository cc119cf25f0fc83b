"""The passage that answers: chosen by what it says of the question, cut to what is needed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ocrchat.chat.citations import LONGEST
from ocrchat.chat.fields import Kind
from ocrchat.chat.grids import grid_with
from ocrchat.chat.library import Library
from ocrchat.chat.lines import PageLine, PageText
from ocrchat.chat.months import SAYS_WHEN
from ocrchat.chat.question import Part, Question
from ocrchat.chat.support import Judge
from ocrchat.chat.terms import terms_of
from ocrchat.chat.values import find_values

# How much of the question, by weight, a passage must speak of. Found on questions with and without an answer
# (bench/chat.py): lower, answers about something else come in; higher, right ones go.
LEAST_COVERAGE = 0.65
# A difference is computed from two figures: a passage must leave no doubt that it has both.
_COMPARED_COVERAGE = 0.85
# And how much of it in its own words: what only the neighbours say is the neighbours' to answer.
_LEAST_HERE = 0.34
_LOOKED_AT = 20
# Characters. Less says nothing by itself: a heading, a label, the line over a list.
_SHORT = 120
_VALUED: tuple[Kind, ...] = ("date", "amount", "percent", "phone", "email", "iban", "number", "url")
_NUMBER_WORDS = frozenset(
    terms_of(
        "one two three four five six seven eight nine ten eleven twelve none un deux trois dos tres zwei drei vier"
    )
)


_EACH = re.compile(
    r"\b(?:respectively|respectivement|respectivamente|jeweils|beziehungsweise|odpowiednio)\b", re.IGNORECASE
)
_ORDINALS = frozenset(
    terms_of(
        "first second third fourth fifth sixth last q1 q2 q3 q4 premier deuxième troisième quatrième ersten zweiten "
        "dritten vierten primero segundo tercero cuarto primeiro terceiro quarto"
    )
)
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Quotable:
    lines: tuple[PageLine, ...]
    coverage: float


def find_quotable(library: Library, part: Part, question: Question) -> Quotable | None:
    judge = Judge(library, part)
    best: tuple[float, float, int] | None = None
    found = library.find(
        dict(part.weights), part.terms, asked=terms_of(question.text), pages=question.pages, most=_LOOKED_AT
    )
    for one in found:
        support = judge.support(one.passage)
        if support.missing or support.coverage < (_COMPARED_COVERAGE if part.compared else LEAST_COVERAGE):
            continue
        if support.here < _LEAST_HERE:
            continue
        if not _has_kind(library.passages[one.passage].lines, part.kind):
            continue
        if (
            part.counted
            and part.terms
            and not library.passages[one.passage].tabular
            and not _counts(library, one.passage, part)
        ):
            continue
        if not _has_row(library, one.passage, part, judge):
            continue
        rank = (round(support.coverage, 1), one.score, one.passage)
        if best is None or rank > best:
            best = rank
    if best is None:
        return None
    passage = library.passages[best[2]]
    page = library.page(passage.page)
    units = _rows(passage.lines, page) if page is not None and passage.tabular else [(line,) for line in passage.lines]
    lines = _window(units, part, judge)
    if page is not None:
        lines = _with_head(lines, library) if passage.tabular else _read_on(lines, page)
    if not _has_each(lines, part):
        return None
    return Quotable(lines, judge.support(best[2]).coverage)


def _counts(library: Library, index: int, part: Part) -> bool:
    """Of "how many radios": where radios are spoken of, a number is in one of those sentences."""
    counted = {part.terms[0], *(other for other, origins in part.synonyms.items() if part.terms[0] in origins)}
    said = [set(terms_of(one)) for one in _sentences_of(library.passages[index].lines)]
    about = [terms for terms in said if terms & counted]
    return not about or any(terms & _NUMBER_WORDS or any(term.isdigit() for term in terms) for terms in about)


def _sentences_of(lines: Sequence[PageLine]) -> list[str]:
    return re.split(r"(?<=[.;!?])\s+", " ".join(line.text for line in lines))


def _has_each(lines: Sequence[PageLine], part: Part) -> bool:
    """Of several things asked for at once ("in the third and the fourth quarter respectively") each must have a figure
    in a sentence of its own, where one of them has."""
    if _EACH.search(part.text) is None:
        return True
    sentences = _sentences_of(lines)
    asked = [term for term in part.terms if term in _ORDINALS]
    about = {term: [one for one in sentences if term in terms_of(one)] for term in asked}
    has_figure = {term: any(_DIGIT.search(one) for one in found) for term, found in about.items() if found}
    return all(has_figure.values()) or not any(has_figure.values())


def _has_row(library: Library, index: int, part: Part, judge: Judge) -> bool:
    """Of a table one row must say what is asked, with the heads over it: the words of two rows are two things."""
    passage = library.passages[index]
    page = library.page(passage.page)
    if page is None or not passage.tabular or part.kind not in _VALUED or part.compared:
        return True
    grids = library.grids(passage.page)
    for row in _rows(passage.lines, page):
        grid = grid_with(grids, row[0])
        heads = () if grid is None else (line for cell in grid.heads for line in cell.lines)
        terms = {term for line in (*row, *heads) for term in terms_of(line.text)}
        if judge.coverage_by(terms, passage.heading) >= LEAST_COVERAGE:
            return True
    return False


def opening_of(library: Library, pages: frozenset[int] | None) -> Quotable | None:
    """The first passage that is more than a heading: what a question about a whole document or page is shown."""
    own = [one for one in library.passages if pages is None or one.page in pages]
    if not own:
        return None
    passage = next((one for one in own if len(one.text) >= _SHORT), own[0])
    window: tuple[PageLine, ...] = (passage.lines[0],)
    for window in _windows([(line,) for line in passage.lines]):
        if len(window) == len(passage.lines) or sum(len(line.text) + 1 for line in window) >= LONGEST - _SHORT:
            break
    return Quotable(window, 1.0)


def _read_on(lines: tuple[PageLine, ...], page: PageText) -> tuple[PageLine, ...]:
    """A short line, or one that announces what follows, with what stands around it."""
    orders = [line.order for line in lines]
    first, last = min(orders), max(orders)
    length = sum(len(line.text) for line in lines)
    announces = page.lines[last].text.rstrip().endswith((":", "："))
    if length >= _SHORT and not announces:
        return lines
    enough = LONGEST if announces else _SHORT * 2
    while last + 1 < len(page.lines) and length + len(page.lines[last + 1].text) <= enough:
        last += 1
        length += len(page.lines[last].text)
    if (
        first > 0
        and length + len(page.lines[first - 1].text) <= LONGEST
        and _is_close(page.lines[first - 1], page.lines[first])
    ):
        first -= 1
    return page.lines[first : last + 1]


def _is_close(above: PageLine, below: PageLine) -> bool:
    return -0.5 * above.box.height <= below.box.top - above.box.bottom <= 1.2 * max(1.0, below.box.height)


def _with_head(lines: tuple[PageLine, ...], library: Library) -> tuple[PageLine, ...]:
    """Rows of a table with the heads of its columns."""
    grid = grid_with(library.grids(lines[0].page), lines[0])
    if grid is None:
        return lines
    head = tuple(line for cell in grid.heads for line in cell.lines if line not in lines)
    return (*head, *lines)


def _has_kind(lines: Sequence[PageLine], kind: Kind | None) -> bool:
    """Whether what is asked for can be in there at all: a question for a date is not answered by a passage without."""
    if kind not in _VALUED:
        return True
    if any(find_values(line.text, kind) for line in lines):
        return True
    if kind == "date":
        return any(SAYS_WHEN.search(line.text) for line in lines)
    if kind == "percent":
        # A share may be asked of two amounts.
        return any(find_values(line.text, "amount") for line in lines)
    return kind == "number" and any(_NUMBER_WORDS & set(terms_of(line.text)) for line in lines)


def _rows(lines: Sequence[PageLine], page: PageText) -> list[tuple[PageLine, ...]]:
    """Cells of one row are quoted together: a figure without its name says nothing."""
    rows: dict[int, list[PageLine]] = {}
    for line in lines:
        rows.setdefault(page.row_of[line.order], []).append(line)
    return [tuple(row) for row in rows.values()]


def _window(units: Sequence[tuple[PageLine, ...]], part: Part, judge: Judge) -> tuple[PageLine, ...]:
    """The neighbouring lines that say most of what is asked for; of equals the first, and no more than is needed."""
    named = part.named_terms
    # Whose document it is, its title says already.
    light = {term for term, _ in part.weights if term in named or judge.is_subject(term)}
    weights = {term: weight * judge.weight(term) * (0.3 if term in light else 1.0) for term, weight in part.weights}
    most = sum(weights.values()) or 1.0
    best: tuple[float, tuple[PageLine, ...]] = (-1.0, units[0])
    for window in _windows(units):
        terms = {term for line in window for term in terms_of(line.text)}
        value = 5 * sum(weight for term, weight in weights.items() if term in terms) / most
        if part.kind in _VALUED and _has_kind(window, part.kind):
            value += 1.0
        # A longer quotation must say more; one that ends where a sentence ends reads better.
        length = sum(len(line.text) for line in window)
        value -= 0.15 * length / LONGEST
        if window[-1].text.rstrip().endswith((".", "。", "।", "။", "?", "!", ":")):
            value += 0.05
        if value > best[0]:
            best = (value, window)
    return best[1]


def _windows(units: Sequence[tuple[PageLine, ...]]) -> Iterator[tuple[PageLine, ...]]:
    """Neighbouring lines or rows, as many as can be quoted; at least one."""
    for first in range(len(units)):
        length = 0
        window: tuple[PageLine, ...] = ()
        for unit in units[first:]:
            length += sum(len(line.text) + 1 for line in unit)
            if length > LONGEST and window:
                break
            window += unit
            yield window


def lines_saying(lines: Sequence[PageLine], sentence: str) -> tuple[PageLine, ...]:
    """The neighbouring lines of a passage that hold most of a sentence's words, and no more than are needed."""
    wanted = set(terms_of(sentence))
    best: tuple[float, tuple[PageLine, ...]] = (-1.0, tuple(lines[:1]))
    for window in _windows([(line,) for line in lines]):
        held = wanted & {term for line in window for term in terms_of(line.text)}
        value = len(held) - 0.5 * len(window)
        if value > best[0]:
            best = (value, window)
    return best[1]
