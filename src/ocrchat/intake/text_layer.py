"""A page's own text, as a PDF carries it, and what is to be thought of it."""

from __future__ import annotations

from dataclasses import dataclass

from ocrchat.document.model import IDENTITY, Box, Line, Transform
from ocrchat.document.rules import NO_RULES, Rules

LAYER_DPI = 150.0
"""The resolution in which boxes are given: a text layer has none of its own."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TextLayer:
    """Boxes are pixels of the upright page at `dpi`."""

    width: int
    height: int
    dpi: float
    rotation: int = 0
    to_source: Transform = IDENTITY
    lines: tuple[Line, ...] = ()
    """In the order of the page's content; only text that can be seen, or that lies invisible over a scan."""
    trusted: bool = True
    reason: str = ""
    """Why it is not trusted: a few words."""
    uncovered: tuple[Box, ...] = ()
    """Ink that no line stands on and that may be text. Rules, specks, fills and backgrounds are none."""
    drawn: tuple[Box, ...] = ()
    """Pictures and charts; of a layer that is not trusted nothing is known of them."""
    rules: Rules = NO_RULES
    """As the page draws them; those in a scan are not among them."""
    blank: bool = False
    """No ink at all."""
    version: str = ""
    """Of the library that took it out."""

    @property
    def is_complete(self) -> bool:
        """The page is read with this, and no engine has anything to add."""
        return self.trusted and not self.uncovered
