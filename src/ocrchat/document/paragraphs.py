"""A stack of rows cut into paragraphs: at indents, list marks, short last rows, wider white, another style. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from ocrchat.document.marks import mark_of
from ocrchat.document.model import Line
from ocrchat.document.rows import Row
from ocrchat.document.text import is_unspaced

_INDENT, _DEEPEST_INDENT = 0.8, 6.0
"""In heights: the first row of a paragraph is set in by one to three ems."""

_WIDER = 0.4
"""In heights, over what is usual between rows: less is uneven ink."""

_SHORT = 0.55
"""Of the stack's width: a row that ends before it ends a paragraph, whatever its last sign is."""

_SIZES_DIFFER = 1.12
"""Of sizes that a file states; those measured on a scan differ by more from row to row."""

_MOSTLY = 0.5
_ENDS = frozenset('.!?:;。！？：；…»”"')
_TEXT_LAYER = "text-layer"


@dataclass(frozen=True, slots=True)
class Stack:
    """Rows of one column with what is asked of them again and again."""

    rows: Sequence[Row]
    texts: Sequence[str]
    bold: Sequence[bool]
    exact: bool
    """Sizes are those of the file, not of a scan."""
    left: float = field(init=False)
    right: float = field(init=False)
    size: float = field(init=False)
    usual_gap: float = field(init=False)
    hangs: bool = field(init=False)
    """Most rows are set in, and those that are not begin something: references, definitions."""

    def __post_init__(self) -> None:
        lefts = [row.box.left for row in self.rows]
        gaps = [after.box.top - before.box.bottom for before, after in zip(self.rows, self.rows[1:], strict=False)]
        size = median(row.size for row in self.rows)
        set_in = sum(left > min(lefts) + _INDENT * size for left in lefts)
        for name, value in (
            ("left", min(lefts)),
            ("right", max(row.box.right for row in self.rows)),
            ("size", size),
            ("usual_gap", median(gaps) if gaps else 0.0),
            ("hangs", len(lefts) > 3 and _MOSTLY * len(lefts) < set_in < len(lefts) - 1),
        ):
            object.__setattr__(self, name, value)

    @property
    def width(self) -> float:
        return self.right - self.left


def text_of_row(row: Row, lines: Sequence[Line]) -> str:
    return " ".join(lines[piece].text.strip() for piece in row.pieces)


def is_bold(row: Row, lines: Sequence[Line]) -> bool:
    words = [word for piece in row.pieces for word in lines[piece].words]
    return bool(words) and all(word.style.bold for word in words if any(map(str.isalnum, word.text)))


def paragraphs_of(rows: Sequence[Row], lines: Sequence[Line]) -> list[list[Row]]:
    if len(rows) < 2:
        return [list(rows)]
    stack = Stack(
        rows=rows,
        texts=[text_of_row(row, lines) for row in rows],
        bold=[is_bold(row, lines) for row in rows],
        exact=all(lines[row.pieces[0]].reader == _TEXT_LAYER for row in rows),
    )
    paragraphs = [[rows[0]]]
    first = 0
    for index in range(1, len(rows)):
        if _begins(stack, index, first):
            paragraphs.append([])
            first = index
        paragraphs[-1].append(rows[index])
    return paragraphs


def _begins(stack: Stack, index: int, first: int) -> bool:
    """Whether a paragraph begins with this row, the one so far having begun with row `first`."""
    row, before = stack.rows[index], stack.rows[index - 1]
    if mark_of(stack.texts[index]) is not None and _may_begin(stack, index, first):
        return True
    if row.box.top - before.box.bottom > stack.usual_gap + _WIDER * stack.size:
        return True
    if stack.bold[index] != stack.bold[index - 1] and all(
        stack.bold[at] == stack.bold[first] for at in range(first, index)
    ):
        return True
    small, large = sorted((row.size, before.size))
    if stack.exact and large > _SIZES_DIFFER * small:
        return True
    if _is_centred(stack, index):
        return False
    if mark_of(stack.texts[first]) is not None:
        return _ends_short(stack, index) and row.box.left <= stack.rows[first].box.left + 0.5 * stack.size
    if stack.hangs:
        return row.box.left <= stack.left + 0.5 * stack.size
    step = row.box.left - before.box.left
    if _INDENT * stack.size <= step <= _DEEPEST_INDENT * stack.size and index - 1 > first - 1:
        return True
    return _ends_short(stack, index)


def _may_begin(stack: Stack, index: int, first: int) -> bool:
    """A row of prose may begin with "-" or "a)" by chance: a mark begins an item where the row before ends short or in
    a full stop, where the item before it has a mark too, or where it is set in or out."""
    row, before = stack.rows[index], stack.rows[index - 1]
    if mark_of(stack.texts[first]) is not None or stack.texts[index - 1].rstrip()[-1:] in _ENDS:
        return True
    return abs(row.box.left - before.box.left) > 0.5 * stack.size or before.box.right < stack.right - 2 * stack.size


def _is_centred(stack: Stack, index: int) -> bool:
    """Of two rows of different width, the middles in one place."""
    row, before = stack.rows[index].box, stack.rows[index - 1].box
    apart = abs((row.left + row.right) - (before.left + before.right)) / 2
    return abs(row.width - before.width) > 2 * stack.size and apart <= 0.6 * stack.size


def _ends_short(stack: Stack, index: int) -> bool:
    """Whether the row before ends though the first word of this one would have found room in it."""
    before, text = stack.rows[index - 1].box, stack.texts[index - 1].rstrip()
    words = stack.texts[index].split()
    if not text or not words:
        return False
    row = stack.rows[index].box
    share = 2 if is_unspaced(words[0][0]) else len(words[0]) + 1
    needed = row.width * min(1.0, share / max(1, len(stack.texts[index])))
    if before.right + needed > stack.right - 0.5 * stack.size:
        return False
    return text[-1] in _ENDS or before.right < stack.left + _SHORT * stack.width
