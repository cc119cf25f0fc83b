"""`ocrchat doctor`: what works here, what is missing, and the command that mends it."""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Literal, NamedTuple

from ocrchat import __version__
from ocrchat.errors import OCRChatError

State = Literal["works", "absent", "broken"]
_MARKS: dict[State, str] = {"works": "ok     ", "absent": "absent ", "broken": "BROKEN "}
_LEAST_FREE_BYTES = 1024**3
"""A large scan is spooled, rendered and exported on disk."""


class Finding(NamedTuple):
    state: State
    """`absent` is an option not taken; `broken` is something that reading needs."""
    what: str
    mend: str = ""


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("doctor", help="say what works here, what is missing, and what mends it")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    write = sys.stdout.write
    write(f"ocrchat {__version__}, Python {platform.python_version()}, {platform.platform(terse=True)}\n\n")
    findings = [finding for check in CHECKS for finding in check()]
    for finding in findings:
        write(f"{_MARKS[finding.state]} {finding.what}\n")
        if finding.mend:
            write(f"         → {finding.mend}\n")
    broken = sum(finding.state == "broken" for finding in findings)
    write("\nEverything that reading needs is here.\n" if not broken else f"\n{broken} to mend, as said above.\n")
    return 1 if broken else 0


def check_machine() -> Iterator[Finding]:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    yield Finding("works", f"{cores} cores: as many pages are read at once")
    free = shutil.disk_usage("/tmp").free
    if free < _LEAST_FREE_BYTES:
        yield Finding("broken", f"only {free / 1024**2:.0f} MB free for temporary files", "free some, or set TMPDIR")


def check_packages() -> Iterator[Finding]:
    for package, module in (
        ("pypdfium2", "pypdfium2"),
        ("pillow", "PIL"),
        ("numpy", "numpy"),
        ("openvino", "openvino"),
        ("tesserocr", "tesserocr"),
        ("cld3-py", "gcld3"),
    ):
        if find_spec(module) is None:
            yield Finding("broken", f"the package {package} is missing", f"pip install {package}")
        else:
            yield Finding("works", f"{package} {_version(package)}")
    if find_spec("pillow_heif") is None:
        yield Finding("absent", "photos in HEIC cannot be opened", "pip install 'ocrchat[heic]'")
    else:
        yield Finding("works", f"pillow-heif {_version('pillow-heif')}: photos in HEIC")


def check_languages() -> Iterator[Finding]:
    from ocrchat.engines import tessdata
    from ocrchat.engines.languages import LANGUAGES
    from ocrchat.engines.models import models_folder

    others = [language for language in LANGUAGES if language.reader == "tesseract"]
    here = [language for language in others if tessdata.is_installed(models_folder(), language.model)]
    found = f"language data for {len(here)} of {len(others)} languages beside the Chinese, Japanese and Latin ones"
    complete = len(here) == len(others) and tessdata.is_installed(models_folder(), "osd")
    yield Finding("works" if complete else "absent", found, "" if complete else tessdata.INSTALL_COMMAND)


def check_reading() -> Iterator[Finding]:
    """Starts a real worker and lets it load the engine of the cpu tier and read a page."""
    from ocrchat.pipeline.options import ReadOptions
    from ocrchat.pipeline.pipeline import DEFAULT_ENGINE, new_pool, read

    try:
        with new_pool(slots=1) as pool:
            page = read(_BLANK_PAGE, ReadOptions(force_ocr=True), pool=pool).pages[0]
    except OCRChatError as error:
        yield Finding("broken", f"no worker process can be started: {error.message}")
        return
    if page.failure is not None:
        yield Finding("broken", f"the engine {DEFAULT_ENGINE['cpu']} does not read: {page.failure.message}")
    else:
        yield Finding("works", f"a worker process and the engine {DEFAULT_ENGINE['cpu']}, tried on a drawn page")


def check_ledger() -> Iterator[Finding]:
    from ocrchat.cli.operator import doctor_ledger
    from ocrchat.config import load_settings

    try:
        is_right, sentence = doctor_ledger(load_settings())
    except OCRChatError as error:
        is_right, sentence = False, error.message
    yield Finding("works" if is_right else "broken", sentence)


CHECKS: tuple[Callable[[], Iterator[Finding]], ...] = (check_machine, check_packages, check_reading, check_ledger)

_BLANK_PAGE = b"P1\n64 64\n" + (b"0 " * 64 + b"\n") * 64


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "(version unknown)"
