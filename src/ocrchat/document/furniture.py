"""Running heads and page numbers: what stands at the same edge of page after page. Pure.

Pages are stored as they were read. What runs through a document is known only when all have been seen: it is kept with
the document as signatures (edge and wording, numbers left open), and applied to each page when it is shown.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from ocrchat.document.model import FigureBlock, Page, TextBlock

_EDGE = 0.13
"""Of the page's height at its head and foot, in which heads, feet and page numbers stand."""

_LONGEST = 120
_FEWEST = 3
"""Pages that bear a signature until it counts as running."""

_SHARE = 0.25
"""And of all pages: heads of chapters change, and left and right pages differ."""

_MOST_KEPT = 5_000
"""Different signatures remembered; a document with more has no running heads among the later ones."""

_NUMBER = re.compile(r"\d+|\b[ivxlc]+\b", re.IGNORECASE)
_PAGE_NUMBER = re.compile(
    r"[^\w#]*(?:(?:page|seite|p|s|стр|第|págin?a|pagina)\W*)?#(?:\W*(?:of|von|de|/|из|sur|di|页|頁)?\W*#?)?\W*"
)


class Running:
    """Show it the signatures of every page in order, then ask for what runs through them."""

    def __init__(self) -> None:
        self._pages = 0
        self._seen: Counter[str] = Counter()

    def add(self, signatures: Iterable[str]) -> None:
        """Of one page that was read."""
        self._pages += 1
        for signature in set(signatures):
            if signature in self._seen or len(self._seen) < _MOST_KEPT:
                self._seen[signature] += 1

    def signatures(self) -> tuple[str, ...]:
        least = max(_FEWEST, _SHARE * self._pages)
        return tuple(sorted(signature for signature, count in self._seen.items() if count >= least))


def edge_signatures(page: Page) -> tuple[str, ...]:
    """Of what stands at its edges, each once."""
    return tuple(dict.fromkeys(signature for _, signature in _signatures(page)))


def with_furniture(page: Page, signatures: Sequence[str]) -> Page:
    """The page with what runs through its document marked as furniture."""
    known = frozenset(signatures)
    running = {index for index, signature in _signatures(page) if signature in known} if known else set()
    words = {index for index, block in enumerate(page.blocks) if not isinstance(block, FigureBlock)}
    if not running or running == words:  # what is all that a page says is not beside the point
        return page
    blocks = tuple(
        replace(block, role="furniture", level=0) if index in running and isinstance(block, TextBlock) else block
        for index, block in enumerate(page.blocks)
    )
    return replace(page, blocks=blocks)


def _signatures(page: Page) -> Iterator[tuple[int, str]]:
    """Of the blocks that may be running: "head" or "foot" and their words. A lone page number is the same on all."""
    for index, block in enumerate(page.blocks):
        if not isinstance(block, TextBlock) or len(block.lines) > 2:
            continue
        if block.box.bottom <= _EDGE * page.height:
            edge = "head"
        elif block.box.top >= (1 - _EDGE) * page.height:
            edge = "foot"
        else:
            continue
        words = " ".join([block.marker, *(line.text for line in block.lines)])
        text = _NUMBER.sub("#", " ".join(words.split()).casefold())
        if text and len(text) <= _LONGEST:
            yield index, f"{edge} #" if _PAGE_NUMBER.fullmatch(text) else f"{edge} {text}"
