"""What needs all pages: the document's languages, its running heads, its notices. Pages are only looked at, one by one,
and never kept, so that a document of a thousand pages takes no more memory than one of ten. The command line and the
service share it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ocrchat.document.furniture import Running, edge_signatures
from ocrchat.document.model import Document, DocumentHead, Page, lines_of_page
from ocrchat.engines.languages import BY_TAG
from ocrchat.pipeline.tables.breaks import with_continued_tables


@dataclass(frozen=True, kw_only=True, slots=True)
class PageFacts:
    """What a document's head needs to know of a page. Small and plain, so that it can be kept where pages are not."""

    number: int
    failed: bool = False
    blank: bool = False
    read: bool = False
    """An engine worked on it: its text layer was not all."""
    unread: bool = False
    cut: bool = False
    languages: tuple[str, ...] = ()
    untrained: tuple[str, ...] = ()
    characters: int = 0
    rated: int = 0
    """Characters of the words and lines that came with a confidence."""
    confidence: float = 0.0
    """Mean over those."""
    edges: tuple[str, ...] = ()
    """Signatures of what stands at its edges (document/furniture.py)."""


def facts_of(page: Page) -> PageFacts:
    rated, confidence = _confidence(page)
    return PageFacts(
        number=page.number,
        failed=page.failure is not None,
        blank=page.blank,
        read=any(step.name == "read" for step in page.steps),
        unread=any(step.engine == "null" for step in page.steps),
        cut=any(("complete", "no") in step.settings for step in page.steps),
        languages=page.languages,
        untrained=tuple(_untrained(page)),
        characters=sum(len(line.text) for line in lines_of_page(page)),
        rated=rated,
        confidence=confidence,
        edges=edge_signatures(page),
    )


def facts_from_json(value: Mapping[str, Any]) -> PageFacts:
    """Of what a child sent or a database kept; raises ValueError, TypeError or KeyError where it is none."""
    return PageFacts(
        number=int(value["number"]),
        **{name: bool(value[name]) for name in ("failed", "blank", "read", "unread", "cut")},
        languages=tuple(str(tag) for tag in value["languages"]),
        untrained=tuple(str(name) for name in value["untrained"]),
        characters=int(value["characters"]),
        rated=int(value["rated"]),
        confidence=float(value["confidence"]),
        edges=tuple(str(signature) for signature in value.get("edges", ())),
    )


class Overview:
    """Show it every page in order, then ask for the head."""

    def __init__(self) -> None:
        self.pages = 0
        self.failed = 0
        self._languages: Counter[str] = Counter()
        self._blank: list[int] = []
        self._unread: list[int] = []
        self._cut: list[int] = []
        self._by_letters: dict[str, None] = {}
        self._running = Running()
        self._rated = 0
        self._confidence = 0.0

    @property
    def mean_confidence(self) -> float | None:
        """Of words, weighted by their characters; None where nothing was rated."""
        return self._confidence / self._rated if self._rated else None

    def add(self, page: Page) -> None:
        self.add_facts(facts_of(page))

    def add_facts(self, page: PageFacts) -> None:
        self.pages += 1
        self.failed += page.failed
        if page.blank:
            self._blank.append(page.number)
        if page.unread:
            self._unread.append(page.number)
        if page.cut:
            self._cut.append(page.number)
        if not page.failed and not page.blank:
            self._running.add(page.edges)
        self._by_letters.update(dict.fromkeys(page.untrained))
        self._rated += page.rated
        self._confidence += page.rated * page.confidence
        for rank, language in enumerate(page.languages):
            self._languages[language] += (1 + page.characters) >> rank

    def head(self, *, title: str = "", notices: Sequence[str] = ()) -> DocumentHead:
        return DocumentHead(
            title=title,
            languages=tuple(language for language, _ in self._languages.most_common()),
            notices=(*notices, *self._notices()),
            furniture=self._running.signatures(),
        )

    def _notices(self) -> Iterable[str]:
        if self._blank:
            yield f"Nothing on {_pages(self._blank)} looks like text."
        if self._cut:
            yield f"The file is damaged: of {_pages(self._cut)} only the part before the damage was read."
        for name in self._by_letters:
            yield f"No reader was trained on {name}: its letters were read, its words were not known."
        if self._unread:
            yield f"The null engine was asked for, which reads nothing: {_pages(self._unread)} may well hold text."


def _untrained(page: Page) -> Iterable[str]:
    """Names of the languages of this page that its reader knows by their script alone."""
    read = any(step.name == "read" for step in page.steps)
    languages = (BY_TAG.get(tag) for tag in page.languages) if read else ()
    return (language.name for language in languages if language is not None and not language.trained)


def _confidence(page: Page) -> tuple[int, float]:
    """Characters that were rated, and the mean over them; a line counts where its words were not rated."""
    rated, total = 0, 0.0
    for line in lines_of_page(page):
        words = [word for word in line.words if word.confidence is not None]
        for part in words or (line,):
            if part.confidence is not None:
                rated += len(part.text)
                total += len(part.text) * part.confidence
    return rated, total / rated if rated else 0.0


def finish(pages: Sequence[Page], *, title: str = "", notices: Sequence[str] = ()) -> Document:
    pages = tuple(with_continued_tables(pages))
    overview = Overview()
    for page in pages:
        overview.add(page)
    head = overview.head(title=title, notices=notices)
    return Document(
        pages=pages,
        title=head.title,
        languages=head.languages,
        notices=head.notices,
        furniture=head.furniture,
    )


def _pages(numbers: Sequence[int]) -> str:
    """ "page 3", "pages 1-4 and 7": runs are told as runs, as a scan may have a hundred blank backs."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    parts = [str(first) if first == last else f"{first}-{last}" for first, last in runs]
    if len(parts) > 1:
        parts = [*parts[:-2], f"{parts[-2]} and {parts[-1]}"]
    return f"{'page' if len(numbers) == 1 else 'pages'} {', '.join(parts)}"
