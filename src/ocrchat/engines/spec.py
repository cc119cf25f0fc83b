"""What an engine is. All here is a contract: engines/contract.py tests it, docs/writing-an-engine.md explains it.

Engines run in worker processes, one page at a time. They MUST NOT start threads of their own beyond the one they are
called on, MUST NOT keep anything of a page between calls, and MUST raise EngineError where they cannot read: an empty
answer means that there is nothing to read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

from ocrchat.document.image import PageImage, Region
from ocrchat.document.model import Box, Line, Page


@dataclass(frozen=True, kw_only=True, slots=True)
class EngineInfo:
    name: str
    model: str
    version: str
    licence: str
    """SPDX expression of code and weights together."""
    scripts: frozenset[str] = frozenset()
    """ISO 15924 codes it reads; empty: it does not read."""
    languages: frozenset[str] = frozenset()
    """BCP 47; empty while `scripts` says it all."""
    word_boxes: bool = False
    confidences: bool = False


class LineFinder(Protocol):
    """Finds where lines are; what they say is another's work."""

    def find_lines(self, page: PageImage) -> Sequence[Region]: ...


class LineReader(Protocol):
    """Reads given lines of a page. The pipeline owns finding, scripts and order, so that one finder serves every
    reader and a page may mix scripts."""

    @property
    def info(self) -> EngineInfo: ...

    def read_lines(self, page: PageImage, regions: Sequence[Region], languages: Sequence[str]) -> Sequence[Line]:
        """One line for each region, in the same order; a region without text gives a line with empty text.
        `languages` are BCP 47 hints and may be empty."""
        ...


ReadRegions = Callable[[Sequence[Region]], Sequence[Line]]
"""Reads given lines of one page, as `LineReader.read_lines`; held by whoever reads the page, and forgotten with it."""


@runtime_checkable
class StepwiseReader(Protocol):
    """What a LineReader MAY be as well: asked for a page's lines in several calls, it reads the later ones by what the
    first ones showed (their letters, how wide they are)."""

    def of_page(self, page: PageImage, languages: Sequence[str]) -> ReadRegions: ...


@runtime_checkable
class ScriptGuesser(Protocol):
    """What a ReadRegions MAY be as well: it tells scripts apart by what its reader sees, also of those it cannot
    read."""

    def likely_scripts(self, regions: Sequence[Region]) -> Sequence[tuple[str, float]]:
        """ISO 15924 and its share of 1, the likeliest first; nothing where these lines look like no script. Costs next
        to nothing for the first lines that were read."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class PageHints:
    """What is known about a page before a page reader sees it."""

    number: int
    languages: Sequence[str] = ()
    regions: Sequence[Region] = ()
    lines: Sequence[Line] = ()


class PageReader(Protocol):
    """Reads a whole page into blocks (vision-language models). Calls over HTTP run in the parent, bounded."""

    @property
    def info(self) -> EngineInfo: ...

    def read_page(self, page: PageImage, hints: PageHints) -> Page: ...


class ScriptFinder(Protocol):
    """Says in which script lines are written, by a look that costs less than reading them."""

    def find_script(
        self,
        page: PageImage,
        regions: Sequence[Region],
        *,
        thorough: bool = True,
        likely: Sequence[tuple[str, float]] = (),
    ) -> str:
        """ISO 15924, "Latn" too; empty where nothing is sure enough. `regions`: a few lines of one script. Without
        `thorough`, what the first glance does not tell is left open. `likely`: as a ScriptGuesser says; what it holds
        for unlikely is not tried."""
        ...

    def proved_script(self, page: PageImage, regions: Sequence[Region], likely: Sequence[tuple[str, float]]) -> str:
        """Which of the scripts that a ScriptGuesser holds for likely it is, by a short trial; empty where that proves
        none. Leaves its reader ready to read the page."""
        ...


class Orienter(Protocol):
    """Says by how many degrees clockwise (0, 90, 180, 270) a page must be turned to stand upright."""

    def find_rotation(self, page: PageImage) -> int: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class SeenCell:
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1
    header: bool = False
    box: Box
    """About where its text stands, in pixels of the page; of an empty cell it means nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SeenTable:
    cells: tuple[SeenCell, ...]
    """By row, then column."""
    confidence: float
    """0..1: of the decision that was the least sure."""


class TableReader(Protocol):
    """Says how a table is built, from its picture; what its cells say is another's work."""

    def read_structure(self, page: PageImage, area: Box) -> SeenTable | None:
        """Of the one table in this area; None where it sees none that it could tell."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class EngineSettings:
    """What a factory is given. Engines know no other settings."""

    models: Path
    """The folder of weights."""
    cache: Path
    """A folder that may be emptied at any time: compiled models."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Engine:
    """A loaded engine: the parts it has. Either a finder and a reader, or a page reader."""

    info: EngineInfo
    finder: LineFinder | None = None
    reader: LineReader | None = None
    page_reader: PageReader | None = None
    orienter: Orienter | None = None
    script_finder: ScriptFinder | None = None
    table_reader: TableReader | None = None
    prefers_dpi: float = 200.0
    """The resolution it reads best; pages of a PDF are rendered at it."""


EngineFactory = Callable[[EngineSettings], Engine]
