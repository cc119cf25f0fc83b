"""The fast engine alone, told the language: lines found and read in this process, in reading order, and nothing else.
No look at script or orientation, no table, figure or picture made ready: what those cost is the rest of `ours`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from bench.runners.protocol import Answer, Reader, serve


def load() -> tuple[Reader, Mapping[str, str]]:
    import ocrchat
    from ocrchat.document.blocks import blocks_from_lines
    from ocrchat.document.model import Page
    from ocrchat.engines.models import cache_folder, models_folder
    from ocrchat.engines.registry import load_engine
    from ocrchat.engines.spec import EngineSettings
    from ocrchat.intake.limits import Limits
    from ocrchat.intake.opened import open_source
    from ocrchat.pipeline.finish import finish

    engine = load_engine("fast", EngineSettings(models=models_folder(), cache=cache_folder()), {})

    def pages_of(file: str, languages: Sequence[str]) -> list[Page]:
        source = open_source(Path(file), limits=Limits())
        pages = []
        for number in range(1, source.page_count + 1):
            image = source.page_image(number, None)
            assert engine.finder is not None and engine.reader is not None
            lines = engine.reader.read_lines(image, engine.finder.find_lines(image), languages)
            blocks = blocks_from_lines(lines)
            pages.append(Page(number=number, width=image.width, height=image.height, dpi=image.dpi, blocks=blocks))
        source.close()
        return pages

    def read(files: Sequence[str], languages: Sequence[str], exports: Sequence[str]) -> Answer:
        pages = [page for file in files for page in pages_of(file, languages)]
        document = finish(pages)
        texts = {name: (ocrchat.export(document, name) or b"").decode("utf-8") for name in exports}
        return Answer(exports=texts, words=[])

    return read, {"ocrchat": ocrchat.__version__, "openvino": version("openvino")}


if __name__ == "__main__":
    serve(load)
