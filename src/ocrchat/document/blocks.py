"""Lines in, blocks in reading order out: the same for scanned and for born-digital pages. Pure.

Lines that follow each other closely, are of one height and share a column make a paragraph; one that is set clearly
larger than the page's body and stands alone is a heading.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from statistics import median

from ocrchat.document.geometry import horizontal_overlap, union
from ocrchat.document.model import Block, Line, Role, TextBlock
from ocrchat.document.order import PageDirection, order_boxes

_PARAGRAPH_GAP = 0.65
"""White between two lines of a paragraph, in line heights: printed ones are set with .1 to .5, a blank line is 1."""

_SAME_SIZE = 1.25
"""Line boxes of one font differ by up to a fifth, as some lines have no descender."""

_HEADING_SIZE = 1.3
_HEADING_LINES = 3
_LEVELS = ((1.8, 1), (_HEADING_SIZE, 2))
"""Size over the body's, and the level it stands for."""


def blocks_from_lines(lines: Sequence[Line], others: Sequence[Block] = ()) -> tuple[Block, ...]:
    """`others` are blocks found otherwise (tables), of which no line is among `lines`: they take their place in the
    reading order."""
    written = [line for line in lines if line.text.strip()]
    boxes = [*(line.box for line in written), *(block.box for block in others)]
    blocks: list[Block] = []
    run: list[Line] = []
    body = _body_size(written) if written else 0.0
    for index in order_boxes(boxes, page_direction(written)):
        if index < len(written):
            run.append(written[index])
        else:
            blocks.extend(_block(group, body) for group in _grouped(run))
            blocks.append(others[index - len(written)])
            run = []
    blocks.extend(_block(group, body) for group in _grouped(run))
    return tuple(blocks)


def page_direction(lines: Sequence[Line]) -> PageDirection:
    """How most of the page's characters run."""
    letters: Counter[PageDirection] = Counter()
    for line in lines:
        letters[line.direction] += len(line.text)
    return letters.most_common(1)[0][0] if letters else "ltr"


def _grouped(ordered: Sequence[Line]) -> list[list[Line]]:
    groups: list[list[Line]] = []
    for line in ordered:
        if groups and _goes_on(groups[-1], line):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _goes_on(group: Sequence[Line], line: Line) -> bool:
    last = group[-1]
    if last.direction != line.direction and "ttb" in (last.direction, line.direction):
        return False
    small, large = sorted((_size(last), _size(line)))
    if large > _SAME_SIZE * small:
        return False
    if line.direction == "ttb":
        return 0 <= last.box.left - line.box.right + large <= (1 + _PARAGRAPH_GAP) * large
    gap = line.box.top - last.box.bottom
    if gap > _PARAGRAPH_GAP * small or gap < -0.6 * small:
        return False
    return horizontal_overlap(last.box, line.box) > 0.5


def _size(line: Line) -> float:
    return max(1.0, line.box.width if line.direction == "ttb" else line.box.height)


def _body_size(lines: Sequence[Line]) -> float:
    """The height of most text: by characters, so that many short headings do not outvote the prose."""
    sizes = [_size(line) for line in lines for _ in range(max(1, len(line.text) // 10))]
    return median(sizes)


def _has_words(group: Sequence[Line]) -> bool:
    """Logos and ornaments read as one large letter, and page numbers, are no headings."""
    return sum(character.isalpha() for line in group for character in line.text) > 1


def _block(group: Sequence[Line], body: float) -> TextBlock:
    role, level = _role(group, body)
    return TextBlock(box=union(line.box for line in group), lines=tuple(group), role=role, level=level)


def _role(group: Sequence[Line], body: float) -> tuple[Role, int]:
    size = median(_size(line) for line in group)
    if len(group) <= _HEADING_LINES and _has_words(group):
        for least, level in _LEVELS:
            if size >= least * body:
                return "heading", level
    return "paragraph", 0
