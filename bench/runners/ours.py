"""ocrchat through its public Python API, with the options its command line has by default, over one pool of one child
that stays, as a service's would. `ours.py [engine] [--told]`: another engine than the tier's own; told the language."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from bench.runners.protocol import Answer, Reader, serve


def load() -> tuple[Reader, Mapping[str, str]]:
    import ocrchat
    from ocrchat.document.model import Document, lines_of_page
    from ocrchat.pipeline.pipeline import new_pool

    pool = new_pool(slots=1)
    # Not told the language, unlike some peers, unless asked to: nobody tells it in use.
    names = [argument for argument in sys.argv[1:] if argument != "--told"]
    told = "--told" in sys.argv

    def read(files: Sequence[str], languages: Sequence[str], exports: Sequence[str]) -> Answer:
        options = ocrchat.ReadOptions(engine=names[0] if names else "", languages=tuple(languages) if told else ())
        documents = [ocrchat.read(Path(file), options, pool=pool) for file in files]
        pages = [page for document in documents for page in document.pages]
        if failed := next((page.failure for page in pages if page.failure), None):
            raise PageFailed(failed.message)
        return Answer(
            exports={name: "\n".join(_exported(document, name) for document in documents) for name in exports},
            words=[
                (word.text, word.confidence)
                for page in pages
                for line in lines_of_page(page)
                for word in line.words
                if word.confidence is not None
            ],
        )

    def _exported(document: Document, name: str) -> str:
        return (ocrchat.export(document, name) or b"").decode("utf-8")

    return read, {"ocrchat": ocrchat.__version__, "openvino": _version("openvino")}


class PageFailed(Exception):
    """A page was not read; the document's others may have been."""


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


if __name__ == "__main__":
    serve(load)
