"""ocrchat through its public Python API, with the options its command line has by default."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from bench.runners.protocol import Answer, Reader, serve


def load() -> tuple[Reader, Mapping[str, str]]:
    import ocrchat
    from ocrchat.document.model import lines_of_page

    def read(files: Sequence[str], languages: Sequence[str], exports: Sequence[str]) -> Answer:
        # Not told the language, unlike some peers: nobody tells it in use.
        documents = [ocrchat.read(Path(file), ocrchat.ReadOptions()) for file in files]
        failed = [page.failure for document in documents for page in document.pages if page.failure]
        if failed:
            raise RuntimeError(failed[0].message)
        lines = [line for document in documents for page in document.pages for line in lines_of_page(page)]
        return Answer(
            exports={name: "\n".join(_exported(document, name) for document in documents) for name in exports},
            words=[
                (word.text, word.confidence) for line in lines for word in line.words if word.confidence is not None
            ],
        )

    def _exported(document: ocrchat.Document, name: str) -> str:
        written = ocrchat.export(document, name)
        return written.decode("utf-8") if isinstance(written, bytes) else str(written)

    return read, {"ocrchat": ocrchat.__version__, "openvino": _version("openvino")}


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


if __name__ == "__main__":
    serve(load)
