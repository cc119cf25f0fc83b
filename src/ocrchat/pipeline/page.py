"""Reading one page: the story in one function. Runs in a worker process.

A page with a text layer that can be trusted and covers all ink costs no engine. Where the layer leaves ink uncovered,
the engine gets just that; where it cannot be trusted, the whole page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from ocrchat.document.blocks import blocks_from_lines
from ocrchat.document.image import PageImage, Region
from ocrchat.document.model import Box, Line, Page, Step
from ocrchat.engines.spec import Engine, EngineInfo
from ocrchat.intake.opened import OpenedSource
from ocrchat.intake.text_layer import TextLayer
from ocrchat.pipeline.figures import areas_on, figures_from, scaled_areas, without_strokes
from ocrchat.pipeline.page_languages import languages_of
from ocrchat.pipeline.prepare.preparation import levelled_again, prepared
from ocrchat.pipeline.readers import read_ink
from ocrchat.pipeline.stacks import with_stacks_parted
from ocrchat.pipeline.stages import scaled_lines, without_text
from ocrchat.pipeline.tables.find import TABLE_MODEL, Tables, tables_in
from ocrchat.pipeline.tables.pixel_rules import pixel_rules
from ocrchat.pipeline.upright import upright as turned


@dataclass(frozen=True, kw_only=True, slots=True)
class PageReading:
    """How one page is to be read."""

    number: int
    languages: Sequence[str] = ()
    force_ocr: bool = False
    engine: Callable[[], Engine]
    """Loads it on first use: many documents never need one."""
    other_engine: Callable[[], Engine]
    """The engine of scripts that the first does not read, likewise."""
    engine_starts: Callable[[], None]
    """Called when opening and rendering are done and the engine's own time begins."""


def read_page(source: OpenedSource, reading: PageReading) -> Page:
    layer = None if reading.force_ocr else source.text_layer(reading.number)
    if layer is not None and layer.is_complete:
        return _page_from_layer(reading.number, layer, reading.languages)
    image = source.page_image(reading.number, None)
    reading.engine_starts()
    engine = reading.engine()
    if layer is not None and layer.trusted and layer.lines:
        # A layer stands upright: what it leaves uncovered does too.
        kept = scaled_lines(layer.lines, image.width / layer.width)
        upright, ink, first = image, without_text(image, kept), None
    else:
        kept = ()
        ready = prepared(image) if engine.info.scripts else image
        upright, first = turned(ready, engine, reading.languages, reading.other_engine)
        # Which way rows lean is told only of a page whose rows run across.
        ink = upright = upright if upright.rotation == ready.rotation else levelled_again(upright)
    found = read_ink(ink, engine, reading.languages, reading.other_engine, first)
    steps = [
        *upright.steps,
        *([_layer_step(layer)] if layer is not None else []),
        *(_read_step(info, reading.languages) for info in found.readers),
    ]
    lines = (*kept, *with_stacks_parted(found.lines, ink, lambda boxes: _read_boxes(ink, boxes, engine)))
    factor = image.width / layer.width if layer is not None else 1.0
    areas = scaled_areas(layer.drawn, factor) if kept and layer is not None else areas_on(upright, lines)
    lines = without_strokes(lines, areas)
    # An engine without scripts does not read: that it found nothing says nothing about the page.
    tables = _tables_on(upright, lines, engine, areas)
    if tables.looked:
        steps.append(Step(name="tables", engine=engine.info.name, model=TABLE_MODEL))
    page = _page_from_image(reading.number, upright, tables, areas, steps, can_tell_blank=bool(engine.info.scripts))
    return replace(page, languages=languages_of(lines, reading.languages) if kept else found.languages)


def _read_step(info: EngineInfo, languages: Sequence[str]) -> Step:
    settings = (("languages", "+".join(languages) or "auto"),)
    return Step(name="read", engine=info.name, model=info.model, version=info.version, settings=settings)


def _read_boxes(image: PageImage, boxes: Sequence[Box], engine: Engine) -> Sequence[Line]:
    return engine.reader.read_lines(image, [Region(box=box) for box in boxes], ()) if engine.reader else ()


def _tables_on(image: PageImage, lines: Sequence[Line], engine: Engine, drawn: Sequence[Box]) -> Tables:
    return tables_in(
        lines,
        lambda: pixel_rules(image, lines),
        image=image,
        reader=engine.table_reader,
        read=(lambda boxes: _read_boxes(image, boxes, engine)) if engine.reader is not None else None,
        drawn=drawn,
    )


def _page_from_layer(number: int, layer: TextLayer, languages: Sequence[str]) -> Page:
    tables = tables_in(layer.lines, lambda: layer.rules, drawn=layer.drawn)
    figures = figures_from(layer.drawn, tables.lines, tables.blocks, width=layer.width, height=layer.height)
    return Page(
        number=number,
        width=layer.width,
        height=layer.height,
        dpi=layer.dpi,
        rotation=layer.rotation,
        to_source=layer.to_source,
        blocks=blocks_from_lines(tables.lines, (*tables.blocks, *figures), across=tables.across),
        steps=(_layer_step(layer),),
        languages=languages_of(layer.lines, languages),
        blank=not layer.lines,
    )


def _page_from_image(
    number: int,
    image: PageImage,
    tables: Tables,
    areas: Sequence[Box],
    steps: Sequence[Step],
    *,
    can_tell_blank: bool,
) -> Page:
    figures = figures_from(areas, tables.lines, tables.blocks, width=image.width, height=image.height)
    blocks = blocks_from_lines(tables.lines, (*tables.blocks, *figures), across=tables.across)
    return Page(
        number=number,
        width=image.width,
        height=image.height,
        dpi=image.dpi,
        rotation=image.rotation,
        to_source=image.to_source,
        blocks=blocks,
        steps=tuple(steps),
        blank=not tables.lines and not tables.blocks and can_tell_blank,
    )


def _layer_step(layer: TextLayer) -> Step:
    settings = (("trusted", "yes"),) if layer.trusted else (("trusted", "no"), ("reason", layer.reason))
    return Step(name="text-layer", engine="pdfium", version=layer.version, settings=settings)
