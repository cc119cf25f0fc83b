"""Which files a command was given, and where its output goes."""

from __future__ import annotations

import glob
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from ocrchat.errors import InputError, UnsupportedType
from ocrchat.intake.limits import Limits, copy_within
from ocrchat.intake.sniff import media_type_of

STANDARD_INPUT = "-"
_HEAD_BYTES = 4096


class UsageError(InputError):
    """The command line asks for something that cannot be."""

    code = "usage"


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """One file to read, and the stem of what is written for it."""

    shown: str
    path: Path
    stem: str
    from_pipe: bool = False
    """`path` names standard input or a pipe: it is copied before it is read."""


def find_jobs(arguments: Sequence[str]) -> list[Job]:
    """Files as named, whether they are there or not (each answers for itself); folders with all in them that may be
    read, by content; patterns that the shell left alone."""
    found: dict[tuple[Path, bool], None] = {}
    for argument in arguments:
        if argument == STANDARD_INPUT:
            found[Path("stdin"), True] = None
            continue
        for path in _paths_of(argument):
            found[path, _is_pipe(path)] = None
    keys = list(found)
    stems = stems_for([path for path, _ in keys])
    return [
        Job(
            shown="standard input" if from_pipe and path == Path("stdin") else str(path),
            path=path,
            stem=stem,
            from_pipe=from_pipe,
        )
        for (path, from_pipe), stem in zip(keys, stems, strict=True)
    ]


def _paths_of(argument: str) -> list[Path]:
    path = Path(argument)
    try:
        if path.is_dir():
            return _files_in(path)
        if not path.exists() and (matches := sorted(glob.glob(argument, recursive=True))):  # noqa: PTH207  absolute patterns
            return [Path(match) for match in matches if Path(match).is_file()]
    except OSError:  # not to be looked at: the reading says why
        return [path]
    return [path]


def _files_in(folder: Path) -> list[Path]:
    """Links to folders are not followed. What cannot be opened is kept, so that its reading says so."""
    unreadable: list[Path] = []
    found: list[Path] = []
    for place, folders, names in os.walk(folder, onerror=lambda error: unreadable.append(Path(error.filename))):
        folders.sort()
        found.extend(path for name in sorted(names) if _may_be_read(path := Path(place, name)))
    return [*found, *unreadable]


def _may_be_read(path: Path) -> bool:
    if path.name.startswith(".") or not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            media_type_of(file.read(_HEAD_BYTES))
    except UnsupportedType:
        return False
    except (InputError, OSError):
        return True
    return True


def _is_pipe(path: Path) -> bool:
    try:
        return path.is_fifo()
    except OSError:
        return False


def stems_for(paths: Sequence[Path]) -> list[str]:
    """`a` for a.pdf; `a.pdf` and `a.png` where both are there; `a.pdf`, `a-2.pdf` for two of one name. Never the same
    twice."""
    shared = Counter(path.stem for path in paths)
    used: set[str] = set()
    names = []
    for path in paths:
        name = path.stem if shared[path.stem] == 1 else path.name
        number = 1
        while name in used:
            number += 1
            name = f"{path.stem}-{number}{path.suffix}"
        used.add(name)
        names.append(name)
    return names


@contextmanager
def copied(pipe: Path, limits: Limits) -> Iterator[Path]:
    """What comes out of a pipe, as a file; not more of it than may be read."""
    stream = sys.stdin.buffer if pipe == Path("stdin") else pipe.open("rb")
    with tempfile.NamedTemporaryFile(prefix="ocrchat-") as copy:
        copy_within(stream, cast(BinaryIO, copy), limits)
        yield Path(copy.name)


@contextmanager
def whole_file(target: Path) -> Iterator[BinaryIO]:
    """A file that appears under its name when it is complete, or not at all. A link stays a link; what is not a plain
    file (a device) is written to as it is."""
    target = target.resolve()
    if target.exists() and not target.is_file():
        with target.open("wb") as device:
            yield device
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".ocrchat-", delete=False) as draft:
        path = Path(draft.name)
        try:
            yield cast(BinaryIO, draft)
            draft.flush()
            path.chmod(mode)
            path.replace(target)
        except BaseException:
            path.unlink(missing_ok=True)
            raise


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
