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
from ocrchat.chat.pieces import Fact, Piece
from ocrchat.chat.question import Part, content_terms
from ocrchat.chat.values import Value, bare, find_values

# A label and its value in running text are not further apart than this.
_GAP_CHARACTERS = 60
_GAP_TERMS = 5

# How sure each relation of a value to its label is.
_AFTER, _BESIDE, _BELOW, _COLUMN, _BEFORE = 1.0, 0.95, 0.85, 0.8, 0.55

# Below this a label is only something like what was asked for.
LEAST = 0.5
# Others that come this close to the best are as likely.
CLOSE = 0.93
# What parts the statements of a line.
_BREAKS = (". ", ": ", "; ", ", ", " - ", " – ", " − ", " — ", " • ", "。", "၊", "|")
# In front of a number they say that it is one.
_NUMBER_SIGNS = ("#", "n°", "nº", "№", "no.", "no ", "nr.", "nr ")
_SCANNED = 60
_TEXT_KINDS = ("name", "text")


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
        for hit in own:
            yield from _of_hit(hit, rivals, run, layout, part.field.kind, 1.0)
        return
    kind: Kind = part.kind or "text"
    for hit, quality in generic_hits(run.text, part, library.rarity):
        if part.counted and (quality < 0.95 or hit.terms > 2):
            # "Customizing the button ..... 7" in a table of contents counts no steps.
            continue
        # The name of a row or a column among others is no label: cells.py finds what it crosses.
        crossed = run.is_cell and is_crossed(library.grids(run.line.page), run.line)
        for fact in _of_hit(hit, [], run, layout, kind, quality, crossed=crossed):
            if not part.figured or any(one.isdigit() for one in fact.text):
                yield fact


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
    after = _value_after(hit, rivals, run, kind)
    if after is not None:
        closeness = _closeness(run.text, hit, after.start)
        fact = _fact(after, run.pieces(after.start, after.end), label, quality * _AFTER * closeness)
        yield replace(fact, is_stated=_is_stated(run.text, hit, after.start))
        return
    if run.is_cell and not crossed and len(run.text) - hit.end <= 30:
        stacked = kind in _TEXT_KINDS and layout.is_over_value(run.line)
        beside = [] if stacked else list(_beside(hit, run, layout, kind))
        for value, line, factor in beside:
            if hit.label.inline and not _is_numbered(line):
                continue
            pieces = (Piece(line, value.start, value.end),)
            yield _fact(value, pieces, label, quality * factor * _coverage(run.text, hit))
        if not beside and not (kind in _TEXT_KINDS and layout.is_of_pairs(run.line)):
            for value, lines, factor in _below(run, layout, kind, hit):
                if hit.label.inline and not _is_numbered(lines[0].line):
                    continue
                yield _fact(value, lines, label, quality * factor * _coverage(run.text, hit))
    before = _value_before(hit, rivals, run, kind)
    if before is not None:
        yield _fact(before, run.pieces(before.start, before.end), label, quality * _BEFORE)


def _is_numbered(line: PageLine) -> bool:
    return line.text.lower().startswith(_NUMBER_SIGNS)


def _fact(value: Value, pieces: tuple[Piece, ...], label: tuple[Piece, ...], score: float) -> Fact:
    return Fact(value.kind, " ".join(piece.text for piece in pieces), value.meaning, pieces, label, score)


def _is_stated(text: str, hit: LabelHit, value_start: int) -> bool:
    """By a sentence: words before the label, and letters between it and the value."""
    before = [word for word in text[: hit.start].split() if word.isalpha()]
    return len(before) > 1 and any(one.isalpha() for one in text[hit.end : value_start])


# --- in running text -------------------------------------------------------------------------------------------------


def _value_after(hit: LabelHit, rivals: Sequence[LabelHit], run: Run, kind: Kind) -> Value | None:
    if kind in _TEXT_KINDS:
        return _text_after(hit, run, kind)
    for value in find_values(run.text, kind):
        if value.start < hit.end:
            continue
        gap = run.text[hit.end : value.start]
        if len(gap) > _GAP_CHARACTERS or len(content_terms(gap)) > _GAP_TERMS or _ends_sentence(gap):
            return None
        if any(hit.end <= rival.start < value.start for rival in rivals):
            return None
        return value
    return None


def _ends_sentence(gap: str) -> bool:
    """A point after an abbreviation ("Invoice No. 17") ends none: something must be said between."""
    said = gap.strip(" .:#°º-–")
    return bool(said) and any(end in gap for end in (". ", "? ", "! ", "。", "။", "؟", "; "))


def _text_after(hit: LabelHit, run: Run, kind: Kind) -> Value | None:
    """The rest of the line, where a sign says that it is the value."""
    line_end = run.line_end(hit.end)
    rest = run.text[hit.end : line_end]
    body = rest.lstrip()
    if body[:1] not in (":", "：", "=") and not (body[:1] in "-–" and body[1:2] == " "):
        return None
    start = hit.end + len(rest) - len(body) + 1
    text = run.text[start:line_end]
    start += len(text) - len(text.lstrip())
    text = text.strip()
    return Value(kind, text, start, start + len(text), bare(text)) if bare(text) else None


def _value_before(hit: LabelHit, rivals: Sequence[LabelHit], run: Run, kind: Kind) -> Value | None:
    if kind in _TEXT_KINDS or run.is_cell:
        return None
    for value in reversed(find_values(run.text, kind)):
        if value.end <= hit.start:
            gap = run.text[value.end : hit.start]
            near = len(gap) <= 20 and not _ends_sentence(gap) and "," not in gap
            return value if near and not any(value.end <= rival.start < hit.start for rival in rivals) else None
    return None


def _closeness(text: str, hit: LabelHit, value_start: int) -> float:
    between = len(content_terms(text[hit.end : value_start]))
    return max(0.3, 1 - 0.12 * between) * _coverage(text, hit)


def _coverage(text: str, hit: LabelHit) -> float:
    """How much of what stands before the value is the label: "Total" is not quite what "Total net sales" says."""
    start = max(text.rfind(sign, 0, hit.start) for sign in _BREAKS)
    words = content_terms(text[max(0, start) : hit.start])
    extra = len([word for word in words[-4:] if not word.isdigit()])
    following = text[hit.end :].lstrip()
    if following[:1].isalpha() and len(text) - hit.end <= 30:
        extra += min(3, len(content_terms(text[hit.end :])))
    return (hit.terms + 0.5) / (hit.terms + 0.5 + 0.6 * extra) + 0.03 * min(3, hit.terms - 1)


# --- beside and below ------------------------------------------------------------------------------------------------


def _values_of_cell(line: PageLine, kind: Kind) -> list[Value]:
    if kind in _TEXT_KINDS:
        text = line.text.strip()
        is_label = text.endswith((":", "：")) or any(
            hit.start == 0 and hit.end >= len(text) - 2 for hit in _all_hits(text)
        )
        return [] if is_label or not bare(text) else [Value(kind, text, 0, len(text), bare(text))]
    return find_values(line.text, kind)


def _all_hits(text: str) -> Iterator[LabelHit]:
    return label_hits(text, FIELDS.values())


def _beside(hit: LabelHit, run: Run, layout: Layout, kind: Kind) -> Iterator[tuple[Value, PageLine, float]]:
    """The cells that follow in the row; of several amounts the one whose column is the asked field's, else the last."""
    found: list[tuple[Value, PageLine]] = []
    for cell in layout.following(run.lines[-1]):
        values = _values_of_cell(cell, kind)
        if not values:
            if any(other.start == 0 for other in _all_hits(cell.text)) or kind in _TEXT_KINDS:
                break
            continue
        is_far = cell.box.left - run.line.box.right > 12 * run.line.box.height
        if kind in _TEXT_KINDS and is_far and not layout.is_of_pairs(run.line):
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
    if kind in _TEXT_KINDS:
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
