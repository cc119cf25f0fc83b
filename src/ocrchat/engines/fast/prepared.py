"""Networks kept as they were prepared for this machine, beside the numbers that were taken off them.

To read a published graph, change it and look up its compiled form costs a child three times what loading it from here
does, and memory that it never needs again.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ocrchat.engines.fast.runtime import Network, Runtime
from ocrchat.errors import EngineError

Numbers = Mapping[str, npt.NDArray[np.float32]]

_NETWORK = "network.blob"

Build = Callable[[], tuple[Any, Numbers]]
"""The model as it is to be run, and what is kept beside it."""


def prepared(
    runtime: Runtime, weights: Path, *, recipe: str, build: Build, seldom: bool = False
) -> tuple[Network, Numbers]:
    """`recipe`: changes whenever `build` makes something else of the same weights. `seldom`: see `Runtime.prepare`."""
    folder = runtime.cache / f"{weights.stem}-{_key(runtime, weights, recipe)}"
    with suppress(OSError, ValueError, EOFError, EngineError):
        return _kept(runtime, folder, seldom=seldom)
    model, numbers = build()
    network, blob = runtime.prepare(model, seldom=seldom)
    # A full disk or a folder that is not ours to write in costs time at the next start, nothing else.
    with suppress(OSError):
        _keep(folder, blob, numbers)
    return network, numbers


def recipe_of(source: str) -> str:
    """Of the graphs that this file makes: what was kept of others, by an earlier version, is not used."""
    return hashlib.sha256(Path(source).read_bytes()).hexdigest()


def _key(runtime: Runtime, weights: Path, recipe: str) -> str:
    try:
        facts = weights.stat()
        state = [facts.st_size, facts.st_mtime_ns]
    except OSError:  # to be told by who reads them
        state = []
    parts = [recipe, runtime.identity, weights.name, *state]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def _kept(runtime: Runtime, folder: Path, *, seldom: bool) -> tuple[Network, Numbers]:
    # Mapped, not read: children share one copy, and most pages need few of the numbers.
    numbers = {file.stem: np.asarray(np.load(file, mmap_mode="r")) for file in folder.glob("*.npy")}
    return runtime.load(np.asarray(np.memmap(folder / _NETWORK, np.uint8, "c")), seldom=seldom), numbers


def _keep(folder: Path, blob: bytes, numbers: Numbers) -> None:
    """Appears whole or not at all: other processes may look for it at this moment."""
    growing = Path(tempfile.mkdtemp(dir=folder.parent))
    try:
        for name, array in numbers.items():
            with (growing / f"{name}.npy").open("wb") as file:
                np.save(file, array)
                os.fsync(file.fileno())
        with (growing / _NETWORK).open("wb") as file:
            file.write(blob)
            os.fsync(file.fileno())
        if folder.exists():  # damaged, or another process was faster
            shutil.rmtree(folder, ignore_errors=True)
        growing.rename(folder)
    finally:
        shutil.rmtree(growing, ignore_errors=True)
