"""Which way up a page is.

A page whose first lines read well stands upright: they had to be read anyway, so that most pages pay nothing. Of the
others the orienter is asked. It was trained on Chinese and Latin print; of a Hebrew or Devanagari page it is at times
sure that it stands on its head. So what it says is tried on a few lines before a page is turned.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ocrchat.document.image import PageImage, Region
from ocrchat.engines.languages import BY_TAG
from ocrchat.engines.scripts import letters_by_script
from ocrchat.engines.spec import Engine, LineReader
from ocrchat.errors import EngineUnavailable
from ocrchat.pipeline.doubt import (
    is_set_downwards,
    lines_of_text,
    looks_foreign,
    mean_confidence,
    reads_upright,
    runs_down,
    sample_of,
)
from ocrchat.pipeline.first_lines import OWN, FirstLines, first_lines, sure_script
from ocrchat.pipeline.readers import OTHERS, is_for_other, reads_it_itself
from ocrchat.pipeline.stages import turned as turned_by
from ocrchat.pipeline.stages import turned_upright

_GUESSED = 0.5
"""Mean confidence below which what was read is a guess, whatever the script."""

_CLEARLY = 0.1
"""By how much more surely a page must be read turned, in a script that the orienter does not know."""


def upright(
    image: PageImage, engine: Engine, languages: Sequence[str], other: Callable[[], Engine]
) -> tuple[PageImage, FirstLines | None]:
    """The page as it stands upright, and what was read of that to find it out."""
    if engine.finder is None or engine.reader is None or engine.info.name not in OWN:
        return turned_upright(image, engine), None
    if not reads_it_itself(engine, languages):
        turned = turned_upright(image, engine)
        return (turned if turned is image else _surer_way(turned, image, engine, other, languages)), None
    first = first_lines(image, engine, languages)
    read, scripts = list(first.sample.values()), engine.info.scripts
    if reads_upright(read, scripts):
        return image, first
    # Lines on their heads look like no script; those of another script look so only upright.
    if looks_foreign(read, scripts) and not runs_down(read) and is_for_other(sure_script(first.likely_scripts())):
        return image, first
    turned = turned_upright(image, engine)
    on_its_side = runs_down(read) and (turned is not image or not is_set_downwards(read, scripts))
    if turned is image and not on_its_side:
        return _unless_on_its_head(image, first, engine, languages)
    as_turned = first if turned is image else first_lines(turned, engine, languages)
    for way in (as_turned, first):
        if not (on_its_side and way is first) and way.sample and not looks_foreign([*way.sample.values()], scripts):
            return way.image, way
    # The orienter now and then mistakes the lines' feet for their heads, or misses that they run down the page.
    said = (turned.rotation - image.rotation) % 360
    for degrees in {90, 270} - {said} if on_its_side else {180} - {said}:
        over = first_lines(turned_by(image, degrees, engine.info.name), engine, languages)
        if reads_upright(list(over.sample.values()), scripts):
            return over.image, over
    if turned is image or not looks_foreign(read, scripts):
        return image, first
    try:
        finder = other().script_finder
        regions = [first.regions[at] for at in first.sample]
        found = finder.find_script(image, regions) if finder is not None else ""
    except EngineUnavailable:
        found = ""
    return (image, first) if found and BY_TAG[f"und-{found}"].reader == OTHERS else (turned, as_turned)


def _unless_on_its_head(
    image: PageImage, first: FirstLines, engine: Engine, languages: Sequence[str]
) -> tuple[PageImage, FirstLines]:
    """The orienter misses a page of few lines on its head: what cannot be read as it stands is tried the other way."""
    read, scripts = list(first.sample.values()), engine.info.scripts
    if not read or mean_confidence(read) >= _GUESSED or not looks_foreign(read, scripts):
        return image, first
    # Leaves and faces have no heads to stand on.
    if not lines_of_text(first.regions, width=image.width, height=image.height):
        return image, first
    over = first_lines(turned_by(image, 180, engine.info.name), engine, languages)
    return (over.image, over) if reads_upright(list(over.sample.values()), scripts) else (image, first)


def _surer_way(
    turned: PageImage, image: PageImage, engine: Engine, other: Callable[[], Engine], languages: Sequence[str]
) -> PageImage:
    reader = other().reader
    assert reader is not None
    turned_confidence, confidence = (
        _confidence(reader, way, _lines_of(engine, way), languages) for way in (turned, image)
    )
    return turned if turned_confidence > confidence + _CLEARLY else image


def _lines_of(engine: Engine, image: PageImage) -> list[Region]:
    assert engine.finder is not None
    regions = engine.finder.find_lines(image)
    return [regions[at] for at in sample_of(regions)]


def _confidence(reader: LineReader, image: PageImage, regions: Sequence[Region], languages: Sequence[str]) -> float:
    """Times the share of letters in the scripts that were told: print on its head is read as digits and signs."""
    lines = reader.read_lines(image, regions, languages)
    letters = letters_by_script(line.text for line in lines)
    signs = sum(len(line.text.replace(" ", "")) for line in lines)
    told = sum(letters[BY_TAG[tag].script.replace("Latf", "Latn")] for tag in languages)
    return sum(line.confidence or 0.0 for line in lines) / max(1, len(lines)) * told / max(1, signs)
