"""`ocrchat languages`: what can be read, by which reader, and whether that reader is here."""

from __future__ import annotations

import argparse
import sys
import unicodedata
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ocrchat.engines.languages import Language


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "languages",
        help="list the languages that can be read",
        epilog="A language can be named by any of its codes (ISO 639-1 and -3, BCP 47), its name, or the name another "
        "reading program has for it.",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """0, or 1 where the reader of a language that was named is not here."""
    from ocrchat.engines.language_names import resolve_all
    from ocrchat.engines.languages import BY_TAG, LANGUAGES

    chosen = [BY_TAG[tag] for tag in resolve_all(arguments.names)] or list(LANGUAGES)
    is_here = _presence()
    write = sys.stdout.write
    for language in chosen:
        state = "here" if is_here(language) else "missing"
        note = "" if language.trained else "  by its letters alone: no reader was trained on it"
        write(
            f"{_padded(language.tag, 8)} {_padded(language.code, 4)} {_padded(language.name, 26)} "
            f"{_padded(language.own_name, 22)} {language.script} {language.direction} "
            f"{_padded(language.reader, 9)} {_padded(state, 7)}{note}".rstrip()
            + "\n"
        )
    missing = [language for language in chosen if not is_here(language)]
    write(_summary(chosen, missing))
    return 1 if missing and arguments.names else 0


def _presence() -> Callable[[Language], bool]:
    from ocrchat.engines import tessdata
    from ocrchat.engines.models import MODELS, models_folder

    folder = models_folder()
    fast = all((folder / model.name).is_file() for model in MODELS if model.engine == "fast")
    return lambda one: fast if one.reader == "fast" else tessdata.is_installed(folder, one.model)


def _summary(chosen: Sequence[Language], missing: Sequence[Language]) -> str:
    from ocrchat.engines.models import PULL_COMMAND
    from ocrchat.engines.tessdata import INSTALL_COMMAND

    lines = [f"\n{len(chosen)} languages, {len(chosen) - len(missing)} of which can be read here."]
    readers = {language.reader for language in missing}
    lines += [f"Bring the fast reader with the command “{PULL_COMMAND}”."] if "fast" in readers else []
    lines += [f"Bring the data of the others with the command “{INSTALL_COMMAND}”."] if "tesseract" in readers else []
    return "\n".join(lines) + "\n"


def _padded(text: str, width: int) -> str:
    """By columns of a terminal: wide characters take two, combining marks none."""
    shown = sum(
        0 if unicodedata.combining(character) else 1 + (unicodedata.east_asian_width(character) in "WF")
        for character in text
    )
    return text + " " * (width - shown)
