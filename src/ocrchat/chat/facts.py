"""Values that stand with their labels: behind them, beside them, under them; or in the cell of a row and a column.

A fact is what the page prints, with the places of the label and of the value. Which of several is meant is told by how
well the label is what was asked for; two that are asked for equally well are both given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from ocrchat.chat.fields import FIELDS, Kind
from ocrchat.chat.grids import is_crossed
from ocrchat.chat.labels import LabelHit, generic_hits, label_hits
from ocrchat.chat.layout import Layout, Run
from ocrchat.chat.library import Library
from ocrchat.chat.lines import PageLine
from ocrchat.chat.months import SAYS_HOUR
from ocrchat.chat.pieces import Fact, Piece
from ocrchat.chat.question import Part
from ocrchat.chat.running import TEXT_KINDS, closeness, coverage, is_stated, value_after, value_before
from ocrchat.chat.terms import terms_of
from ocrchat.chat.values import Value, bare, find_values, whole_code

# How sure each relation of a value to its label is.
_AFTER, _BESIDE, _BELOW, _COLUMN, _BEFORE = 1.0, 0.95, 0.85, 0.8, 0.55

# A label of several words that the question has word by word.
_BY_NAME = 1.1

# Below this a label is only something like what was asked for.
LEAST = 0.5
# Others that come this close to the best are as likely.
CLOSE = 0.93
# In front of a number they say that it is one.
_NUMBER_SIGNS = ("#", "n°", "nº", "№", "no.", "no ", "nr.", "nr ")
_SCANNED = 60
_ADDRESS = terms_of("address")[0]


def find_facts(library: Library, part: Part, pages: frozenset[int] | None) -> list[Fact]:
    """The best first; several writings of one value count once and strengthen it."""
    weights = {term: weight for term, weight in part.weights if weight >= 0.4}
    scanned = library.find(weights, part.terms, pages=pages, most=_SCANNED)
    facts: list[Fact] = []
    for found in scanned:
        passage = library.passages[found.passage]
        page = library.page(passage.page)
        if page is None:
            continue
        layout = Layout(page)
        for run in layout.runs(passage):
            facts += _facts_in(run, layout, part, library)
    return _merged(facts)


def _merged(facts: Iterable[Fact]) -> list[Fact]:
    best: dict[str, Fact] = {}
    seen: dict[str, set[tuple[int, int]]] = {}
    for fact in facts:
        places = seen.setdefault(fact.meaning, set())
        places.add((fact.page, fact.value[0].line.order))
        other = best.get(fact.meaning)
        if other is None or (fact.score, -fact.page) > (other.score, -other.page):
            best[fact.meaning] = fact
    strengthened = [
        replace(fact, score=fact.score + 0.02 * min(5, len(seen[meaning]) - 1)) for meaning, fact in best.items()
    ]
    return sorted(strengthened, key=lambda fact: (-fact.score, fact.page))


def _facts_in(run: Run, layout: Layout, part: Part, library: Library) -> Iterator[Fact]:
    if part.field is not None:
        hits = list(label_hits(run.text, FIELDS.values()))
        own = [hit for hit in hits if hit.field is part.field]
        rivals = [hit for hit in hits if hit.field is not part.field and not any(_same_place(hit, one) for one in own)]
        asked = max((hit.label.terms for hit in label_hits(part.text, (part.field,))), key=len, default=())
        for hit in own:
            # "Balance due" is not the total where both are printed.
            quality = _BY_NAME if len(asked) > 1 and hit.label.terms == asked else 1.0
            yield from _of_hit(hit, rivals, run, layout, part.field.kind, quality)
        return
    kind: Kind = part.kind or "text"
    for hit, quality in generic_hits(run.text, part, library.rarity):
        if part.counted and (quality < 0.95 or hit.terms > 2):
            # "Customizing the button ..... 7" in a table of contents counts no steps.
            continue
        # The name of a row or a column among others is no label: cells.py finds what it crosses.
        crossed = run.is_cell and is_crossed(library.grids(run.line.page), run.line)
        for fact in _of_hit(hit, [], run, layout, kind, quality, crossed=crossed):
            if _may_answer(fact, part):
                yield fact


def _may_answer(fact: Fact, part: Part) -> bool:
    """A label may leave out "address"; its value may not be anything else then."""
    has_figure = any(one.isdigit() for one in fact.text)
    is_address = _ADDRESS in part.terms and not any(_ADDRESS in terms_of(label) for label in fact.labels)
    if part.asks_hour and not SAYS_HOUR.search(fact.text):
        return False
    return has_figure or not (part.figured or is_address)


def _same_place(one: LabelHit, other: LabelHit) -> bool:
    return one.start == other.start and one.end == other.end


def _of_hit(
    hit: LabelHit,
    rivals: Sequence[LabelHit],
    run: Run,
    layout: Layout,
    kind: Kind,
    quality: float,
    *,
    crossed: bool = False,
) -> Iterator[Fact]:
    label = run.pieces(hit.start, hit.end)
    after = value_after(hit, rivals, run, kind)
    if after is not None:
        near = closeness(run.text, hit, after.start)
        fact = _fact(after, run.pieces(after.start, after.end), label, quality * _AFTER * near)
        yield replace(fact, is_stated=is_stated(run.text, hit, after.start))
        return
    if run.is_cell and not crossed and not layout.is_value_of_form(run.line) and len(run.text) - hit.end <= 30:
        stacked = kind in TEXT_KINDS and layout.is_over_value(run.line)
        beside = [] if stacked else list(_beside(hit, run, layout, kind))
        for value, line, factor in beside:
            if hit.label.inline and not _is_numbered(line):
                continue
            pieces = (Piece(line, value.start, value.end),)
            yield _fact(value, pieces, label, quality * factor * coverage(run.text, hit))
        if not beside and not (kind in TEXT_KINDS and layout.is_of_pairs(run.line)):
            for value, lines, factor in _below(run, layout, kind, hit):
                if hit.label.inline and not _is_numbered(lines[0].line):
                    continue
                yield _fact(value, lines, label, quality * factor * coverage(run.text, hit))
    before = value_before(hit, rivals, run, kind)
    if before is not None:
        yield _fact(before, run.pieces(before.start, before.end), label, quality * _BEFORE)


def _is_numbered(line: PageLine) -> bool:
    return line.text.lower().startswith(_NUMBER_SIGNS)


def _fact(value: Value, pieces: tuple[Piece, ...], label: tuple[Piece, ...], score: float) -> Fact:
    return Fact(value.kind, " ".join(piece.text for piece in pieces), value.meaning, pieces, label, score)


# --- beside and below ------------------------------------------------------------------------------------------------


def _values_of_cell(line: PageLine, kind: Kind) -> list[Value]:
    if kind in TEXT_KINDS:
        text = line.text.strip()
        is_label = text.endswith((":", "：")) or any(
            hit.start == 0 and hit.end >= len(text) - 2 for hit in _all_hits(text)
        )
        return [] if is_label or not bare(text) else [Value(kind, text, 0, len(text), bare(text))]
    code = whole_code(line.text) if kind == "code" else ""
    if code:
        start = line.text.index(code)
        return [Value(kind, code, start, start + len(code), bare(code))]
    return find_values(line.text, kind)


def _all_hits(text: str) -> Iterator[LabelHit]:
    return label_hits(text, FIELDS.values())


def _beside(hit: LabelHit, run: Run, layout: Layout, kind: Kind) -> Iterator[tuple[Value, PageLine, float]]:
    """The cells that follow in the row; of several amounts the one whose column is the asked field's, else the last."""
    found: list[tuple[Value, PageLine]] = []
    for cell in layout.following(run.lines[-1]):
        values = _values_of_cell(cell, kind)
        if not values:
            if any(other.start == 0 for other in _all_hits(cell.text)) or kind in TEXT_KINDS:
                break
            continue
        is_far = cell.box.left - run.line.box.right > 12 * run.line.box.height
        if kind in TEXT_KINDS and is_far and not layout.is_of_pairs(run.line):
            break
        found.append((values[0], cell))
        if kind != "amount":
            break
    if len(found) < 2:
        yield from ((value, cell, _BESIDE) for value, cell in found)
        return
    heads = [[one.field.name for one in _all_hits(layout.head_above(cell))] for _, cell in found]
    fitting = [pair for pair, names in zip(found, heads, strict=True) if hit.field.name in names]
    if fitting:
        yield (*fitting[-1], _BESIDE)
    elif not any(heads) or hit.field.name == "total":
        yield (*found[-1], _BESIDE * 0.9)


def _below(run: Run, layout: Layout, kind: Kind, hit: LabelHit) -> Iterator[tuple[Value, tuple[Piece, ...], float]]:
    """The cell under the label; of a column of amounts the one in the row of totals."""
    column = layout.under(run.line)
    if not column:
        return
    if kind in TEXT_KINDS:
        lines = column[:1] if kind == "name" else [line for line in column if line.block == column[0].block][:4]
        values = _values_of_cell(column[0], kind)
        if values and layout.is_next(run.line, column[0]):
            pieces = tuple(Piece(line, 0, len(line.text)) for line in lines)
            text = " ".join(line.text for line in lines)
            yield Value(kind, text, 0, len(text), bare(text)), pieces, _BELOW
        return
    valued = [(values[0], line) for line in column if (values := _values_of_cell(line, kind))]
    first = [one for one in valued if one[1] is column[0] and layout.is_next(run.line, one[1])]
    totals = [(value, line) for value, line in valued if _is_total_row(layout, line)]
    if kind == "amount" and totals and hit.field.name in ("total", "net", "tax"):
        value, line = totals[0]
        yield value, (Piece(line, value.start, value.end),), _COLUMN
    elif first and not _goes_on(column, valued, layout):
        # Of a column of values the first is not meant more than the others: rows tell them apart (cells.py).
        value, line = first[0]
        if len(value.text) >= 0.4 * len(line.text):
            yield value, (Piece(line, value.start, value.end),), _BELOW


def _goes_on(column: Sequence[PageLine], valued: Sequence[tuple[Value, PageLine]], layout: Layout) -> bool:
    """Whether the second cell of a column is a value like the first."""
    if len(column) < 2 or not layout.is_next(column[0], column[1]):
        return False
    return any(line is column[1] and len(value.text) >= 0.4 * len(line.text) for value, line in valued)


def _is_total_row(layout: Layout, line: PageLine) -> bool:
    return any(
        hit.field.name == "total" and hit.start == 0 and not hit.label.inline
        for cell in layout.row(line)
        for hit in _all_hits(cell.text)
    )
