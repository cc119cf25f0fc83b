"""Which way up a page is, when its script may be one the orienter was never shown.

The orienter was trained on Chinese and Latin print; of a Hebrew or Devanagari page it is at times sure that it stands
on its head. So what it says is tried on a few lines before a page is turned; pages that it leaves alone cost nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ocrchat.document.image import PageImage, Region
from ocrchat.engines.languages import BY_TAG
from ocrchat.engines.scripts import letters_by_script
from ocrchat.engines.spec import Engine, LineReader
from ocrchat.errors import EngineUnavailable
from ocrchat.pipeline.readers import OTHERS, OWN, looks_foreign, sample_of
from ocrchat.pipeline.stages import turned_upright

_CLEARLY = 0.1
"""By how much more surely a page must be read turned, in a script that the orienter does not know."""


def upright(image: PageImage, engine: Engine, languages: Sequence[str], other: Callable[[], Engine]) -> PageImage:
    turned = turned_upright(image, engine)
    if turned is image or engine.info.name != OWN or engine.finder is None or engine.reader is None:
        return turned
    if any(BY_TAG[tag].reader == OTHERS for tag in languages):
        reader = other().reader
        assert reader is not None
        turned_confidence, confidence = (
            _confidence(reader, way, _lines_of(engine, way), languages) for way in (turned, image)
        )
        return turned if turned_confidence > confidence + _CLEARLY else image
    for way in (turned, image):
        regions = _lines_of(engine, way)
        if regions and not looks_foreign(engine.reader.read_lines(way, regions, ()), engine.info.scripts):
            return way
    try:
        finder = other().script_finder
        found = finder.find_script(image, _lines_of(engine, image)) if finder is not None else ""
    except EngineUnavailable:
        found = ""
    return image if found and BY_TAG[f"und-{found}"].reader == OTHERS else turned


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
