"""A few lines of a page, read by the tier's engine before anything is decided; and the rest by the same hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from ocrchat.document.image import PageImage, Region
from ocrchat.document.model import Line
from ocrchat.engines.spec import Engine, LineReader, ReadRegions, ScriptGuesser, StepwiseReader
from ocrchat.errors import EngineError
from ocrchat.pipeline.doubt import sample_of

OWN = frozenset({"fast", "accurate"})
"""The tiers' engines. Whoever names another one gets what that one reads."""

_SURELY = 0.9
"""Share of a script from which on a page is held for one in it, and upright."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FirstLines:
    """A few lines of a page, read by the tier's engine before anything is decided, and how to go on reading."""

    image: PageImage
    regions: tuple[Region, ...]
    read: ReadRegions
    engine: str
    sample: dict[int, Line]
    """By their place among the regions."""

    def likely_scripts(self, places: Sequence[int] = ()) -> list[tuple[str, float]]:
        """Of the lines at these places, or of the sample, as the engine sees them; empty where it has no eye for it."""
        reader: object = self.read
        if not isinstance(reader, ScriptGuesser):
            return []
        return list(reader.likely_scripts([self.regions[at] for at in places or self.sample]))

    def sample_again(self) -> list[Line]:
        """With more effort than what looked foreign at first was worth."""
        self.sample.update(
            zip(self.sample, checked(self.read, [self.regions[at] for at in self.sample], self.engine), strict=True)
        )
        return list(self.sample.values())

    def all_lines(self) -> list[Line]:
        rest = [at for at in range(len(self.regions)) if at not in self.sample]
        read = checked(self.read, [self.regions[at] for at in rest], self.engine)
        lines = self.sample | dict(zip(rest, read, strict=True))
        return [lines[at] for at in range(len(self.regions))]


def first_lines(image: PageImage, engine: Engine, languages: Sequence[str]) -> FirstLines:
    assert engine.finder is not None
    assert engine.reader is not None
    regions = tuple(engine.finder.find_lines(image))
    reader = engine.reader
    read = (
        reader.of_page(image, languages)
        if isinstance(reader, StepwiseReader)
        else partial(reader.read_lines, image, languages=languages)
    )
    chosen = sample_of(regions)
    sample = dict(zip(chosen, checked(read, [regions[at] for at in chosen], engine.info.name), strict=True))
    return FirstLines(image=image, regions=regions, read=read, engine=engine.info.name, sample=sample)


def lines_read_by(
    reader: LineReader, image: PageImage, regions: Sequence[Region], languages: Sequence[str]
) -> list[Line]:
    return checked(partial(reader.read_lines, image, languages=languages), regions, reader.info.name)


def checked(read: Callable[[Sequence[Region]], Sequence[Line]], regions: Sequence[Region], name: str) -> list[Line]:
    lines = list(read(regions)) if regions else []
    if len(lines) != len(regions):
        raise EngineError(f"The engine {name!r} lost lines: {len(regions)} found, {len(lines)} read.")
    return lines


def sure_script(likely: Sequence[tuple[str, float]]) -> str:
    """Empty where the eye wavers."""
    return likely[0][0] if likely and likely[0][1] >= _SURELY else ""
