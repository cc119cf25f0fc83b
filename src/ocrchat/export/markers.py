"""Lines with the markers of their list items and footnotes, for formats that say where each word stands. The document
keeps a marker apart from the lines, and without a place of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ocrchat.document.model import Block, Box, Line, Page, TextBlock, Word, lines_of_block


def printed_lines_of_page(page: Page) -> Iterator[Line]:
    for block in page.blocks:
        yield from printed_lines(block)


def printed_lines(block: Block) -> Iterator[Line]:
    lines = lines_of_block(block)
    if isinstance(block, TextBlock) and block.marker.strip():
        first = next(lines, None)
        if first is not None:
            yield _with_marker(first, block.marker.strip(), block.box)
    yield from lines


def _with_marker(line: Line, marker: str, block: Box) -> Line:
    """The marker stands before the line, within the block where that leaves room for it."""
    room = 0.5 * len(marker) * line.box.height
    if line.direction == "rtl":
        place = line.box._replace(left=line.box.right, right=max(block.right, line.box.right + room))
    elif line.direction == "ttb":
        room = 0.5 * len(marker) * line.box.width
        place = line.box._replace(top=max(0.0, min(block.top, line.box.top - room)), bottom=line.box.top)
    else:
        place = line.box._replace(left=max(0.0, min(block.left, line.box.left - room)), right=line.box.left)
    around = Box(
        min(place.left, line.box.left),
        min(place.top, line.box.top),
        max(place.right, line.box.right),
        max(place.bottom, line.box.bottom),
    )
    text = f"{marker} {line.text.lstrip()}"
    if not line.words:
        # Where words share their line by their lengths, it must be the line with its marker.
        return replace(line, text=text, box=around, outline=())
    return replace(line, text=text, box=around, words=(Word(text=marker, box=place), *line.words))
