"""An engine that reads nothing, and says so: the template for authors, and the double that tests use.

Pages read by it come out empty, with its name in their steps and a notice on the document, so that nobody takes them
for blank ones.
"""

from __future__ import annotations

from collections.abc import Sequence

from ocrchat.document.image import PageImage, Region
from ocrchat.document.model import Line
from ocrchat.engines.spec import Engine, EngineInfo, EngineSettings

INFO = EngineInfo(name="null", model="", version="1", licence="Apache-2.0")


class NullFinder:
    def find_lines(self, page: PageImage) -> Sequence[Region]:
        return ()


class NullReader:
    @property
    def info(self) -> EngineInfo:
        return INFO

    def read_lines(self, page: PageImage, regions: Sequence[Region], languages: Sequence[str]) -> Sequence[Line]:
        return [Line(text="", box=region.box, reader=INFO.name) for region in regions]


def load(settings: EngineSettings) -> Engine:
    return Engine(info=INFO, finder=NullFinder(), reader=NullReader())
