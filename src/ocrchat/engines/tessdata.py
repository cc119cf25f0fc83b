"""Where Tesseract's language data is on this machine, and which there is."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from ocrchat.errors import EngineUnavailable

INSTALL_COMMAND = "apt-get install tesseract-ocr-all"
SUFFIX = ".traineddata"
FOLDER = "tessdata"
"""In the folder of models: data brought there by hand or by the model store."""


def require(models: Path, *names: str) -> Path:
    """The folder that holds all of these; EngineUnavailable, with the cure, where there is none."""
    for folder in folders(models):
        if all((folder / f"{name}{SUFFIX}").is_file() for name in names):
            return folder
    missing = [name for name in names if not is_installed(models, name)] or list(names)
    raise EngineUnavailable(
        f"Tesseract's language data {' and '.join(missing)} is not on this machine; "
        f"install it with the command “{INSTALL_COMMAND}”, or name the folder that holds it in TESSDATA_PREFIX.",
        data=missing[0],
        command=INSTALL_COMMAND,
    )


def is_installed(models: Path, name: str) -> bool:
    return name in installed(models)


@cache
def installed(models: Path) -> frozenset[str]:
    """Names of all data there is. Looked up once a process."""
    return frozenset(path.name.removesuffix(SUFFIX) for folder in folders(models) for path in folder.glob(f"*{SUFFIX}"))


def folders(models: Path) -> Iterator[Path]:
    """The first that has what is wanted is used: what was named, what was brought, what the system has."""
    if named := os.environ.get("TESSDATA_PREFIX"):
        yield Path(named)
        yield Path(named) / FOLDER
    yield models / FOLDER
    for root in ("/usr/share", "/usr/local/share", "/opt/homebrew/share"):
        yield from sorted(Path(root).glob(f"tesseract-ocr/*/{FOLDER}"), reverse=True)
        yield Path(root) / FOLDER
