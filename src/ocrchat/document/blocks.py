"""Lines in, blocks in reading order out: the same for scanned and for born-digital pages. Pure.

The page is cut into columns (columns.py), the lines of each make rows and stacks (rows.py) or rows of figures
(tabular.py); these and what others have found on the page (tables, figures) are put in reading order (order.py); stacks
are cut into paragraphs (paragraphs.py), and each is told what it is (lists.py, roles.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median

from ocrchat.document import roles
from ocrchat.document.columns import regions_of
from ocrchat.document.geometry import area, horizontal_overlap, intersection_area, union
from ocrchat.document.lists import items_of, levels_of, without_mark
from ocrchat.document.marks import Mark, mark_of
from ocrchat.document.model import Block, Box, FigureBlock, FormulaBlock, Line, TableBlock, TextBlock
from ocrchat.document.order import PageDirection, order_boxes, reading_frame
from ocrchat.document.paragraphs import is_bold, paragraphs_of, text_of_row
from ocrchat.document.rows import Row, rows_of, stacks_of
from ocrchat.document.tabular import rows_across, tabular_groups

_IN_FIGURE = 0.7
"""Share of a line within a figure that makes it a label: text that runs around one reaches into its box."""

_PROSE_WIDTH = 20.0
"""In heights: a single row this wide is running text."""


@dataclass(frozen=True, slots=True)
class _Unit:
    """What is read in one go."""

    box: Box
    stacks: tuple[tuple[Row, ...], ...] = ()
    block: Block | None = None
    in_table: bool = False


@dataclass(frozen=True, slots=True)
class _Draft:
    """A block to be: a paragraph of rows, or one that others have made. Boxes are in the reading frame."""

    region: int
    box: Box
    rows: tuple[Row, ...] = ()
    block: Block | None = None
    in_table: bool = False
    text: str = ""
    mark: Mark | None = None


def blocks_from_lines(
    lines: Sequence[Line], others: Sequence[Block] = (), *, across: Sequence[Box] = ()
) -> tuple[Block, ...]:
    """`others` are blocks found otherwise (tables, figures), of which no line is among `lines`: they take their place
    in the reading order, and what is written within a figure follows it. What stands within one of the boxes `across`
    is read row by row, whatever it looks like."""
    figures = [block for block in others if isinstance(block, FigureBlock)]
    labels: dict[int, list[Line]] = {}
    written: list[Line] = []
    for line in lines:
        if line.text.strip():
            within = next((at for at, figure in enumerate(figures) if _is_label(line, figure)), None)
            (written if within is None else labels.setdefault(id(figures[within]), [])).append(line)
    direction = page_direction(written)
    boxes = [reading_frame(thing.box, direction) for thing in (*written, *others)]
    for at, other in enumerate(others, start=len(written)):
        if isinstance(other, FigureBlock):
            boxes[at] = _clear_of(boxes[at], boxes[: len(written)])
    texts = [line.text for line in written] + [""] * len(others)
    rowwise = [reading_frame(box, direction) for box in across]
    drafts: list[_Draft] = []
    for number, region in enumerate(regions_of(boxes, texts)):
        units = [_Unit(boxes[index], block=others[index - len(written)]) for index in region if index >= len(written)]
        members = [index for index in region if index < len(written)]
        units += _units(members, written, boxes, direction, rowwise)
        for index in order_boxes([unit.box for unit in units]):
            drafts += _drafts(units[index], number, written)
    made = _Assembly(drafts, written).blocks() if drafts else ()
    return tuple(block for one in made for block in (one, *_labels(labels.get(id(one), ()))))


def _clear_of(figure: Box, lines: Sequence[Box]) -> Box:
    """The figure without the margins into which text runs around it: those are no part of it, and its box must not
    stand in the column beside it."""
    left, top, right, bottom = figure
    x, y = (left + right) / 2, (top + bottom) / 2
    for line in lines:
        if line.bottom <= top or line.top >= bottom or line.right <= left or line.left >= right:
            continue
        if line.left > x:
            right = min(right, line.left)
        elif line.right < x:
            left = max(left, line.right)
        elif line.bottom < y:
            top = max(top, line.bottom)
        elif line.top > y:
            bottom = min(bottom, line.top)
    return Box(left, top, right, bottom)


def _is_label(line: Line, figure: FigureBlock) -> bool:
    shared = intersection_area(line.box, figure.box)
    return shared > _IN_FIGURE * area(line.box) and not roles.begins_caption(line.text)


def _labels(lines: Sequence[Line]) -> Iterator[Block]:
    """What stands closely together is one. Words of a picture are no headings and no list, however they are set, and
    none of them runs along the page's edge."""
    direction = page_direction(lines)
    boxes = [reading_frame(line.box, direction) for line in lines]
    stacks = stacks_of(rows_of(boxes, [line.text for line in lines]))
    for index in order_boxes([union(row.box for row in stack) for stack in stacks]):
        own = tuple(lines[piece] for row in stacks[index] for piece in row.pieces)
        yield TextBlock(box=union(line.box for line in own), lines=own)


def page_direction(lines: Sequence[Line]) -> PageDirection:
    """How most of the page's characters run."""
    letters: Counter[PageDirection] = Counter()
    for line in lines:
        letters[line.direction] += len(line.text)
    return letters.most_common(1)[0][0] if letters else "ltr"


def _units(
    members: Sequence[int],
    lines: Sequence[Line],
    boxes: Sequence[Box],
    direction: PageDirection,
    rowwise: Sequence[Box],
) -> list[_Unit]:
    with_page = [index for index in members if (lines[index].direction == "ttb") == (direction == "ttb")]
    rows = rows_of([boxes[index] for index in with_page], [lines[index].text for index in with_page])
    rows = [Row(tuple(with_page[piece] for piece in row.pieces), row.box, row.size) for row in rows]
    stacks = stacks_of(rows)
    units = []
    taken: set[tuple[int, ...]] = set()
    groups = tabular_groups(stacks, [line.text for line in lines])
    for around in (*rowwise, *(union(cell.box for cells in group for cell in cells) for group in groups)):
        inside = [row for row in rows if row.pieces not in taken and _is_inside(row.box, around)]
        if not inside:
            continue
        taken.update(row.pieces for row in inside)
        units.append(_Unit(union(row.box for row in inside), tuple(map(tuple, rows_across(inside))), in_table=True))
    for stack in stacks:
        for is_taken, run in groupby(stack, key=lambda row: row.pieces in taken):
            if not is_taken:
                left = tuple(run)
                units.append(_Unit(union(row.box for row in left), (left,)))
    # What runs another way than the page (a label beside an axis, a line along the margin) stands alone.
    for index in sorted(set(members) - set(with_page)):
        row = Row((index,), boxes[index], max(1.0, min(boxes[index].width, boxes[index].height)))
        units.append(_Unit(row.box, ((row,),)))
    return units


def _is_inside(box: Box, around: Box) -> bool:
    x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    return around.left <= x <= around.right and around.top <= y <= around.bottom


def _drafts(unit: _Unit, region: int, lines: Sequence[Line]) -> Iterator[_Draft]:
    if unit.block is not None:
        yield _Draft(region, unit.box, block=unit.block)
    for stack in unit.stacks:
        for rows in [list(stack)] if unit.in_table else paragraphs_of(stack, lines):
            text = " ".join(text_of_row(row, lines) for row in rows)
            mark = None if unit.in_table else mark_of(text)
            box = union(row.box for row in rows)
            yield _Draft(region, box, tuple(rows), in_table=unit.in_table, text=text, mark=mark)


class _Assembly:
    def __init__(self, drafts: Sequence[_Draft], lines: Sequence[Line]) -> None:
        self._drafts = drafts
        self._lines = lines
        self._page = union(draft.box for draft in drafts)
        written = [(self._lines[piece], row.size) for draft in drafts for row in draft.rows for piece in row.pieces]
        self._body = roles.body_size([line for line, _ in written], [size for _, size in written]) if written else 1.0
        self._columns: dict[int, Box] = {}
        for draft in drafts:
            around = self._columns.get(draft.region, draft.box)
            self._columns[draft.region] = union((around, draft.box))

    def blocks(self) -> Iterator[Block]:
        facts = [self._facts(index) if draft.rows else None for index, draft in enumerate(self._drafts)]
        footnotes = self._footnotes(facts)
        boxes = [draft.box for draft in self._drafts]
        marks = [
            None if note or fact is None or roles.is_set_apart(fact, self._body) else draft.mark
            for draft, fact, note in zip(self._drafts, facts, footnotes, strict=True)
        ]
        is_item = items_of(marks, boxes, self._body)
        levels = levels_of(is_item, boxes, self._body)
        for draft, fact, note, item, level in zip(self._drafts, facts, footnotes, is_item, levels, strict=True):
            if fact is not None:
                yield self._text_block(draft, fact, note, level if item else None)
            else:
                assert draft.block is not None
                yield draft.block

    def _text_block(self, draft: _Draft, facts: roles.Facts, note: str, item_level: int | None) -> Block:
        lines = tuple(self._lines[piece] for row in draft.rows for piece in row.pieces)
        box = union(line.box for line in lines)
        if note:
            marked = Mark(note, note, 0)
            return TextBlock(box=box, lines=without_mark(lines, marked), role="footnote", marker=note)
        if item_level is not None and draft.mark is not None:
            kept = without_mark(lines, draft.mark)
            return TextBlock(box=box, lines=kept, role="list_item", level=item_level, marker=draft.mark.text)
        if roles.is_formula(facts):
            return FormulaBlock(box=box, lines=lines)
        role, level = roles.role_of(facts, self._body)
        return TextBlock(box=box, lines=lines, role=role, level=level)

    def _facts(self, index: int) -> roles.Facts:
        draft = self._drafts[index]
        pieces = [self._lines[piece] for row in draft.rows for piece in row.pieces]
        words = [word for line in pieces for word in line.words]
        near = self._drafts[max(0, index - 1) : index + 2]
        return roles.Facts(
            text=draft.text,
            rows=len(draft.rows),
            size=median(row.size for row in draft.rows),
            box=draft.box,
            # A lone heading at the page's edge is a region of its own, and says nothing of the column below it.
            column=self._page if self._columns[draft.region] == draft.box else self._columns[draft.region],
            bold=all(is_bold(row, self._lines) for row in draft.rows),
            exact=all(line.reader == "text-layer" for line in pieces),
            monospace=bool(words) and all(word.style.monospace for word in words),
            mark=draft.mark,
            in_table=draft.in_table,
            pieces=max(len(row.pieces) for row in draft.rows),
            before_prose=self._is_before_prose(index),
            beside_picture=any(isinstance(other.block, (FigureBlock, TableBlock)) for other in near),
        )

    def _is_before_prose(self, index: int) -> bool:
        """Running text follows, or a heading of its own that it does (which is told by its being as short)."""
        draft = self._drafts[index]
        for after in self._drafts[index + 1 : index + 3]:
            if after.block is not None or after.in_table or after.box.top < draft.box.bottom - self._body:
                return False
            if horizontal_overlap(draft.box, after.box) == 0:
                return False
            if any(len(row.pieces) > 2 for row in after.rows):
                return False
            if len(after.rows) > 1 or after.box.width >= _PROSE_WIDTH * self._body or after.mark is not None:
                return True
        return False

    def _footnotes(self, facts: Sequence[roles.Facts | None]) -> list[str]:
        """Their marks. From the end of each column upwards, as long as there are some."""
        notes = [""] * len(facts)
        closed: set[int] = set()
        for index in range(len(facts) - 1, -1, -1):
            fact, region = facts[index], self._drafts[index].region
            if region in closed or fact is None:
                continue
            notes[index] = roles.footnote_mark(fact, self._body, self._page)
            # A page number may stand below the notes.
            if not notes[index] and not fact.text.strip().isdecimal():
                closed.add(region)
        return notes
