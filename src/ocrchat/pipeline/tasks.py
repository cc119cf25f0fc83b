"""What a worker process can be asked: probe a file, read a page, hand over a page's pixels, lay text over a PDF.

The file that was opened last stays open and engines stay loaded, so that a page costs its reading and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from ocrchat.document.json import bytes_from_page
from ocrchat.document.model import Step
from ocrchat.engines.registry import load_engine
from ocrchat.engines.spec import Engine, EngineSettings
from ocrchat.intake.limits import Limits
from ocrchat.intake.opened import OpenedSource, open_source
from ocrchat.pipeline.finish import facts_of
from ocrchat.pipeline.page import PageReading, read_page
from ocrchat.pipeline.points import pass_point
from ocrchat.pipeline.readers import OTHERS

Answer = tuple[dict[str, Any], bytes | memoryview]


class Worker:
    def __init__(self, setup: Mapping[str, Any], *, announce: Callable[[float], None]) -> None:
        self.memory_bytes = int(setup["memory_bytes"])
        self._settings = EngineSettings(models=Path(setup["models"]), cache=Path(setup["cache"]))
        self._addresses: Mapping[str, str] = setup["engines"]
        self._announce = announce
        self._engines: dict[str, Engine] = {}
        self._opened: tuple[object, OpenedSource] | None = None

    def run(self, task: Mapping[str, Any]) -> Answer:
        match task["do"]:
            case "probe":
                return self._probe(task)
            case "read":
                return self._read(task)
            case "image":
                return self._image(task)
            case "lay_over":
                return self._lay_over(task)
            case other:
                raise ValueError(f"unknown task {other}")

    def _probe(self, task: Mapping[str, Any]) -> Answer:
        source = self._open(task)
        header = {
            "media_type": source.media_type,
            "page_count": source.page_count,
            "title": source.title,
            "notices": source.notices,
        }
        return header, b""

    def _read(self, task: Mapping[str, Any]) -> Answer:
        source = self._open(task)
        reading = PageReading(
            number=int(task["number"]),
            languages=tuple(task["languages"]),
            force_ocr=bool(task["force_ocr"]),
            engine=lambda: self._engine(str(task["engine"])),
            other_engine=lambda: self._engine(OTHERS),
            engine_starts=lambda: self._announce(float(task["read_seconds"])),
        )
        pass_point("page_begun", reading.number)
        page = read_page(source, reading)
        pass_point("page_read", reading.number)
        if asked := str(task.get("asked_tier", "")):
            # A page whose text layer was taken is the same on every tier: no engine is named that had no part in it.
            engine = str(task["engine"]) if any(step.name == "read" for step in page.steps) else "text-layer"
            page = replace(page, steps=(*page.steps, _tier_step(asked, engine)))
        return {"facts": asdict(facts_of(page))}, bytes_from_page(page)

    def _image(self, task: Mapping[str, Any]) -> Answer:
        image = self._open(task).page_image(int(task["number"]), task["dpi"])
        header = {
            "shape": list(image.pixels.shape),
            "dpi": image.dpi,
            "rotation": image.rotation,
            "to_source": list(image.to_source),
        }
        return header, image.pixels.data.cast("B")

    def _lay_over(self, task: Mapping[str, Any]) -> Answer:
        # Only here: a child that reads has no use for a second PDF library.
        from ocrchat.export.pdf_graft import graft

        graft(Path(task["path"]), Path(task["layers"]), Path(task["result"]), password=task["password"])
        return {}, b""

    def _open(self, task: Mapping[str, Any]) -> OpenedSource:
        key = (task["path"], task["identity"], task["password"])
        if self._opened is not None and self._opened[0] == key:
            return self._opened[1]
        if self._opened is not None:
            self._opened[1].close()
            self._opened = None
        source = open_source(Path(task["path"]), password=task["password"], limits=Limits(**task["limits"]))
        self._opened = (key, source)
        return source

    def _engine(self, name: str) -> Engine:
        if name not in self._engines:
            self._engines[name] = load_engine(name, self._settings, self._addresses)
        return self._engines[name]


def _tier_step(asked: str, engine: str) -> Step:
    """A page read by something else than was asked for says so itself, wherever it is carried."""
    return Step(name="tier", engine=engine, settings=(("asked", asked), ("paid_as", "cpu")))
