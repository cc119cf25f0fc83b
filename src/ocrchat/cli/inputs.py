"""Which files a command was given, and where its output goes."""

from __future__ import annotations

import glob
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from ocrchat.errors import InputError, MissingInput
from ocrchat.intake.sniff import media_type_of

STANDARD_INPUT = "-"
_HEAD_BYTES = 4096


class UsageError(InputError):
    """The command line asks for something that cannot be."""

    code = "usage"


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """One file to read, and the stem of what is written for it (empty: to standard output)."""

    shown: str
    path: Path
    stem: str


def find_files(arguments: Sequence[str]) -> list[Path]:
    """Files as named; folders with all in them that can be read, by content; patterns that the shell left alone."""
    found: list[Path] = []
    for argument in arguments:
        path = Path(argument)
        if argument == STANDARD_INPUT or path.is_file():
            found.append(path)
        elif path.is_dir():
            found.extend(sorted(file for file in path.rglob("*") if file.is_file() and _is_readable(file)))
        elif matches := sorted(glob.glob(argument, recursive=True)):  # noqa: PTH207  pathlib's has no absolute patterns
            found.extend(Path(match) for match in matches if Path(match).is_file())
        else:
            raise MissingInput(f"Cannot open {argument}: there is no such file.")
    return list(dict.fromkeys(found))


def _is_readable(path: Path) -> bool:
    if path.name.startswith("."):
        return False
    try:
        with path.open("rb") as file:
            media_type_of(file.read(_HEAD_BYTES))
    except (InputError, OSError):
        return False
    return True


def stems_for(paths: Sequence[Path]) -> list[str]:
    """`a` for a.pdf; `a.pdf` and `a.png` where both are there; `a.pdf`, `a-2.pdf` for two of one name."""
    stems = Counter(path.stem for path in paths)
    used: Counter[str] = Counter()
    names = []
    for path in paths:
        name = path.stem if stems[path.stem] == 1 else path.name
        used[name] += 1
        if used[name] > 1:
            name = f"{path.stem}-{used[name]}{path.suffix}"
        names.append("stdin" if name == STANDARD_INPUT else name)
    return names


@contextmanager
def spooled_standard_input() -> Iterator[Path]:
    with tempfile.NamedTemporaryFile(prefix="ocrchat-") as copy:
        while piece := sys.stdin.buffer.read(1 << 20):
            copy.write(piece)
        copy.flush()
        yield Path(copy.name)


@contextmanager
def whole_file(target: Path) -> Iterator[BinaryIO]:
    """A file that appears under its name when it is complete, or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}-", delete=False) as draft:
        path = Path(draft.name)
        try:
            yield cast(BinaryIO, draft)
            draft.flush()
            path.chmod(0o666 & ~_umask())
            path.replace(target)
        except BaseException:
            path.unlink(missing_ok=True)
            raise


def _umask() -> int:
    import os

    mask = os.umask(0o077)
    os.umask(mask)
    return mask
