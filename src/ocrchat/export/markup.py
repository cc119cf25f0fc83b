"""What the formats made of XML share: escaping, whole-pixel boxes within the page, well-formed language tags."""

from __future__ import annotations

import re
from typing import NamedTuple

from ocrchat.document.model import Box, Page

_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})


class Pixels(NamedTuple):
    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top


def xml(text: str) -> str:
    """For text and for attributes in double quotes. The text is printable already: the walk sees to it."""
    return text.translate(_ESCAPES)


def pixels_from_box(box: Box, page: Page) -> Pixels:
    """Whole pixels; what sticks out of the page is cut, as both standards want boxes within it."""
    left, right = sorted((_within(box.left, page.width), _within(box.right, page.width)))
    top, bottom = sorted((_within(box.top, page.height), _within(box.bottom, page.height)))
    return Pixels(left, top, right, bottom)


def _within(value: float, end: int) -> int:
    return max(0, min(end, round(value)))


def language_tag(language: str) -> str:
    """Empty where the tag is not well formed: a wrong attribute would make the whole file invalid."""
    return language if _LANGUAGE.fullmatch(language) else ""
