"""A marker has no place of its own: it gets one before its line."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ocrchat.document.model import Box, Direction, Line, TextBlock
from ocrchat.document.text import spans_of_line
from ocrchat.export.markers import printed_lines
from tests.factories import block_of, line_at


def _block(line: Line, box: Box, marker: str = "12.") -> TextBlock:
    return TextBlock(box=box, lines=(line, line), role="list_item", marker=marker)


@pytest.mark.parametrize(
    ("direction", "block", "place"),
    [
        ("ltr", Box(100, 0, 500, 40), Box(100, 0, 200, 40)),
        ("ltr", Box(200, 0, 500, 40), Box(140, 0, 200, 40)),
        ("ltr", Box(0, 0, 10, 10), Box(0, 0, 200, 40)),
        ("rtl", Box(200, 0, 600, 40), Box(500, 0, 600, 40)),
        ("rtl", Box(200, 0, 500, 40), Box(500, 0, 560, 40)),
        ("ttb", Box(200, 0, 500, 40), Box(200, 0, 500, 0)),
    ],
)
def test_marker_when_the_block_leaves_room_stands_there_else_beside_the_line(
    direction: Direction, block: Box, place: Box
) -> None:
    line = replace(line_at("some text", (200, 0, 500, 40)), direction=direction)
    first, second = printed_lines(_block(line, block))
    assert first.text == "12. some text"
    assert first.words[0].box == place
    assert [span.text for span in spans_of_line(first)] == ["12.", "some", "text"]
    assert second is line


def test_marker_when_the_line_has_no_words_is_part_of_its_text() -> None:
    line = Line(text="bare", box=Box(200, 0, 500, 40), outline=((200, 0), (500, 0), (500, 40), (200, 40)))
    first = next(printed_lines(_block(line, line.box)))
    assert (first.text, first.box, first.words, first.outline) == ("12. bare", Box(140, 0, 500, 40), (), ())


def test_marker_when_there_is_none_or_no_line_changes_nothing() -> None:
    plain = block_of("text")
    assert list(printed_lines(plain)) == list(plain.lines)
    assert list(printed_lines(TextBlock(box=Box(0, 0, 9, 9), lines=(), marker="1."))) == []
