"""`ocrchat models`: bring, list and check the files of weights."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ocrchat.engines.models import MODELS, ModelFile, Presence, models_folder, presence, pull
from ocrchat.errors import OCRChatError

if TYPE_CHECKING:
    SubParsers = argparse._SubParsersAction[argparse.ArgumentParser]


def register(subparsers: SubParsers) -> None:
    parser = subparsers.add_parser("models", help="bring, list and check the model files")
    actions = parser.add_subparsers(dest="action", required=True)
    bring = actions.add_parser("pull", help="fetch the model files that are missing or damaged")
    bring.add_argument(
        "--offline", type=Path, metavar="FOLDER", help="take the files, or the wheels that hold them, from this folder"
    )
    show = actions.add_parser("list", help="show every model file, its origin, size and licence")
    check = actions.add_parser("verify", help="check the model files on this machine")
    for action in (bring, show, check):
        action.add_argument("--engine", metavar="NAME", help="only the files of this engine")
        action.add_argument("--folder", type=Path, metavar="FOLDER", help="where the model files are kept")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0: done and whole; 1: a file is missing, damaged or could not be brought; 2: no such engine."""
    folder = args.folder or models_folder()
    chosen = [model for model in MODELS if args.engine in (None, model.engine)]
    if not chosen:
        engines = ", ".join(sorted({model.engine for model in MODELS}))
        print(f"No engine named “{args.engine}” has model files; there are: {engines}.", file=sys.stderr)
        return 2
    actions: dict[str, Callable[[], int]] = {
        "pull": lambda: _pull(chosen, folder, args.offline),
        "list": lambda: _list(chosen, folder),
        "verify": lambda: _verify(chosen, folder),
    }
    return actions[args.action]()


def _pull(chosen: list[ModelFile], folder: Path, offline: Path | None) -> int:
    try:
        pull(chosen, folder, offline=offline, report=lambda model, done: _say(f"{model.name} {done}"))
    except OCRChatError as failure:
        print(failure.message, file=sys.stderr)
        return 1
    return 0


def _list(chosen: list[ModelFile], folder: Path) -> int:
    for model in chosen:
        here = "here" if (folder / model.name).is_file() else "missing"
        _say(
            f"{model.name:28} {here:8} {model.size_bytes / 1e6:6.1f} MB  {model.licence:12} "
            f"{model.package.requirement:18} {model.purpose}"
        )
    return 0


def _verify(chosen: list[ModelFile], folder: Path) -> int:
    found = {model: presence(model, folder) for model in chosen}
    for model, state in found.items():
        _say(f"{model.name:28} {state.value}")
    return 0 if all(state is Presence.VALID for state in found.values()) else 1


def _say(line: str) -> None:
    print(line)
