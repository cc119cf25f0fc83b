"""Running heads and page numbers: what stands at the same edge of page after page. Pure.

Pages are stored as they were read. What runs through a document is known only when all have been seen: it is kept with
the document as signatures (edge and wording, numbers left open), and applied to each page when it is shown.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from ocrchat.document.model import Block, FigureBlock, Page, TextBlock

_EDGE = 0.13
"""Of the page's height at its head and foot, in which heads, feet and page numbers stand."""

_LONGEST = 120
_FEWEST = 3
"""Pages that bear a signature until it counts as running."""

_FEWEST_COUNTED = 2
"""The same where its number is as far ahead of the page's on each: nothing but a page number counts so."""

_SHARE = 0.25
"""And of all pages: heads of chapters change, and left and right pages differ."""

_MOST_KEPT = 5_000
"""Different signatures remembered; a document with more has no running heads among the later ones."""

_COUNTED = "\t"
"""Between a signature and its number: white space within signatures is single spaces."""

_DIGITS = re.compile(r"(?<!\d)\d{1,4}(?!\d)")
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
        least, least_counted = (max(fewest, _SHARE * self._pages) for fewest in (_FEWEST, _FEWEST_COUNTED))
        running: set[str] = set()
        for seen, count in self._seen.items():
            signature, counted, _ = seen.partition(_COUNTED)
            if count >= (least_counted if counted else least):
                running.add(signature)
        return tuple(sorted(running))


def edge_signatures(page: Page) -> tuple[str, ...]:
    """Of what stands at its edges, each once; and for each number in it, how far that is ahead of the page's."""
    found: dict[str, None] = {}
    for index, signature in _signatures(page):
        found[signature] = None
        block = page.blocks[index]
        # Chapters that are a page long are numbered as pages are, but set larger.
        heads = isinstance(block, TextBlock) and block.role in ("title", "heading")
        for place, number in enumerate([] if heads else _DIGITS.findall(_words(block))):
            found[f"{signature}{_COUNTED}{place} {int(number) - page.number}"] = None
    return tuple(found)


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
        text = _NUMBER.sub("#", " ".join(_words(block).split()).casefold())
        if text and len(text) <= _LONGEST:
            yield index, f"{edge} #" if _PAGE_NUMBER.fullmatch(text) else f"{edge} {text}"


def _words(block: Block) -> str:
    return " ".join([block.marker, *(line.text for line in block.lines)]) if isinstance(block, TextBlock) else ""
