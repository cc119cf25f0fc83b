"""A page as people have corrected it. The stored page keeps what was read; this makes the page that is shown.

A correction counts only where the text is still what the person saw (`before`): a page that was read again since then
is left as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ocrchat.document.model import (
    Block,
    Box,
    Cell,
    Correction,
    FigureBlock,
    FormulaBlock,
    Line,
    Page,
    TableBlock,
    TextBlock,
    Word,
)


def correct_page(page: Page, corrections: Iterable[Correction]) -> Page:
    """Corrections apply in their order, each to what those before it left."""
    blocks = list(page.blocks)
    changed = False
    for correction in corrections:
        if correction.page == page.number and 0 <= correction.block < len(blocks):
            block = _correct_block(blocks[correction.block], correction)
            changed = changed or block is not blocks[correction.block]
            blocks[correction.block] = block
    return replace(page, blocks=tuple(blocks)) if changed else page


def _correct_block(block: Block, correction: Correction) -> Block:
    match block:
        case TextBlock():
            lines = _correct_lines(block.lines, block.box, correction)
            return block if lines is block.lines else replace(block, lines=lines)
        case TableBlock():
            return _correct_table(block, correction)
        case FormulaBlock():
            if correction.line is None:
                return replace(block, latex=correction.after) if block.latex == correction.before else block
            lines = _correct_lines(block.lines, block.box, correction)
            return block if lines is block.lines else replace(block, lines=lines)
        case FigureBlock():
            return replace(block, alt=correction.after) if block.alt == correction.before else block


def _correct_table(table: TableBlock, correction: Correction) -> TableBlock:
    index = correction.cell
    if index is None or not 0 <= index < len(table.cells):
        return table
    cell: Cell = table.cells[index]
    lines = _correct_lines(cell.lines, cell.box, correction)
    if lines is cell.lines:
        return table
    return replace(table, cells=(*table.cells[:index], replace(cell, lines=lines), *table.cells[index + 1 :]))


def _correct_lines(lines: tuple[Line, ...], box: Box, correction: Correction) -> tuple[Line, ...]:
    """Of one line, or of all of them (`line` None: texts joined by line feeds). The same tuple when nothing changed."""
    if correction.line is not None:
        if not 0 <= correction.line < len(lines) or lines[correction.line].text != correction.before:
            return lines
        corrected = correct_line(lines[correction.line], correction.after)
        return (*lines[: correction.line], corrected, *lines[correction.line + 1 :])
    if "\n".join(line.text for line in lines) != correction.before:
        return lines
    texts = correction.after.split("\n") if correction.after else []
    if len(texts) == len(lines):
        return tuple(correct_line(line, text) for line, text in zip(lines, texts, strict=True))
    return tuple(_lines_in_box(texts, box, lines))


def _lines_in_box(texts: Sequence[str], box: Box, lines: Sequence[Line]) -> list[Line]:
    """Where a person made more or fewer lines of a block, they share its height evenly."""
    height = box.height / max(1, len(texts))
    model = lines[0] if lines else Line(text="", box=box)
    return [
        Line(
            text=text,
            box=Box(box.left, box.top + height * index, box.right, box.top + height * (index + 1)),
            confidence=1.0,
            direction=model.direction,
            language=model.language,
            reader=model.reader,
        )
        for index, text in enumerate(texts)
    ]


def correct_line(line: Line, text: str) -> Line:
    if text == line.text:
        return line
    return replace(line, text=text, words=_correct_words(line.words, text.split()), confidence=1.0, latex="")


def _correct_words(words: tuple[Word, ...], texts: list[str]) -> tuple[Word, ...]:
    """Words that stand keep their places; changed ones between them share the room, by length."""
    before = 0
    while before < min(len(words), len(texts)) and words[before].text == texts[before]:
        before += 1
    after = 0
    while after < min(len(words), len(texts)) - before and words[-1 - after].text == texts[-1 - after]:
        after += 1
    room = words[before : len(words) - after]
    middle = texts[before : len(texts) - after]
    if not middle:
        return (*words[:before], *words[len(words) - after :])
    if not room:
        # Something was added where nothing was read: only the line as a whole has a place.
        return ()
    if len(room) == len(middle):
        changed = [
            replace(word, text=text, confidence=1.0, unsure=False, readings=())
            for word, text in zip(room, middle, strict=True)
        ]
    else:
        changed = _words_in_room(middle, room)
    return (*words[:before], *changed, *words[len(words) - after :])


def _words_in_room(texts: Sequence[str], room: Sequence[Word]) -> list[Word]:
    left, right = min(word.box.left for word in room), max(word.box.right for word in room)
    top, bottom = min(word.box.top for word in room), max(word.box.bottom for word in room)
    if len(room) > 1 and room[0].box.left > room[-1].box.left:
        edges = _edges(texts, right, left)
    else:
        edges = _edges(texts, left, right)
    return [
        Word(text=text, box=Box(min(a, b), top, max(a, b), bottom), confidence=1.0, style=room[0].style)
        for text, (a, b) in zip(texts, edges, strict=True)
    ]


def _edges(texts: Sequence[str], start: float, end: float) -> list[tuple[float, float]]:
    """From start to end, each text as wide as it is long; one character's width between two."""
    step = (end - start) / (sum(len(text) for text in texts) + len(texts) - 1)
    edges = []
    for text in texts:
        edges.append((start, start + step * len(text)))
        start += step * (len(text) + 1)
    return edges
