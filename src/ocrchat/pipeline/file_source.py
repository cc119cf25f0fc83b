"""A file on disk as the pool and the exporters see it."""

from __future__ import annotations

import math
import stat
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from ocrchat.document.model import Transform
from ocrchat.errors import EmptyInput, InputError, MissingInput
from ocrchat.intake.limits import Limits, require_file_size
from ocrchat.pipeline.pool import Ticket, WorkerPool

if TYPE_CHECKING:
    from ocrchat.document.image import PageImage

_SECONDS_A_PAGE = 0.2
_BYTES_A_SECOND = 20_000_000
"""What writing a PDF again may take at most beyond opening it: some twenty times what it takes on a slow machine."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Probe:
    """What is known of a file before any page is read."""

    media_type: str
    page_count: int
    title: str
    notices: tuple[str, ...]


class FileSource:
    """Implements document.source.Source over a pool: the parent never opens a file's insides itself."""

    def __init__(self, path: Path, *, pool: WorkerPool, limits: Limits, password: str = "", group: str = "") -> None:
        """`group`: whose the work is; a pool that several share serves them in turns."""
        self.path = path.absolute()
        self.limits = limits
        self.pool = pool
        self._password = password
        self._group = group
        self._identity = _identity(self.path, limits)
        self._probe: Probe | None = None

    @property
    def media_type(self) -> str:
        return self.probe().media_type

    @property
    def password(self) -> str:
        return self._password

    def open(self) -> BinaryIO:
        return self.path.open("rb")

    def probe(self) -> Probe:
        if self._probe is None:
            header = self.pool.submit(self._task("probe"), group=self._group).result().header
            self._probe = Probe(
                media_type=str(header["media_type"]),
                page_count=int(header["page_count"]),
                title=str(header["title"]),
                notices=tuple(str(notice) for notice in header["notices"]),
            )
        return self._probe

    def page_image(self, number: int, dpi: float | None = None) -> PageImage:
        header, payload = self.pool.submit(self._task("image", number=number, dpi=dpi), group=self._group).result()
        shape = tuple(int(size) for size in header["shape"])
        if math.prod(shape) != len(payload):
            raise InputError(f"Page {number} could not be shown: its picture is incomplete.")
        # Only here: most commands show no picture, and NumPy takes a tenth of a second to load.
        import numpy as np

        from ocrchat.document.image import PageImage

        return PageImage(
            pixels=np.frombuffer(payload, dtype=np.uint8).reshape(shape),
            dpi=float(header["dpi"]),
            rotation=int(header["rotation"]),
            to_source=cast(Transform, tuple(float(value) for value in header["to_source"])),
        )

    def lay_over(self, layers: Path, result: Path) -> None:
        seconds = self.limits.open_seconds + _SECONDS_A_PAGE * self.probe().page_count
        seconds += self.path.stat().st_size / _BYTES_A_SECOND
        task = self._task("lay_over", layers=str(layers), result=str(result), open_seconds=seconds)
        self.pool.submit(task).result()

    def submit_page(
        self, number: int, *, engine: str, languages: tuple[str, ...], force_ocr: bool, asked_tier: str = ""
    ) -> Ticket:
        """`asked_tier`: where this engine is not that tier's own; a step of the page will say so."""
        return self.pool.submit(
            self._task(
                "read",
                number=number,
                engine=engine,
                languages=languages,
                force_ocr=force_ocr,
                asked_tier=asked_tier,
                read_seconds=self.limits.read_seconds,
            ),
            group=self._group,
        )

    def _task(self, do: str, **more: Any) -> Mapping[str, Any]:
        return {
            "do": do,
            "path": str(self.path),
            "identity": self._identity,
            "password": self._password,
            "limits": asdict(self.limits),
            "open_seconds": self.limits.open_seconds,
        } | more


def _identity(path: Path, limits: Limits) -> list[int]:
    """Tells a child whether the file it holds open is still the one meant."""
    try:
        facts = path.stat()
    except OSError as error:
        raise MissingInput(f"Cannot open {path.name}: {error.strerror or 'it is not there'}.") from error
    if not stat.S_ISREG(facts.st_mode):
        raise MissingInput(f"Cannot open {path.name}: it is not a file.")
    if facts.st_size == 0:
        raise EmptyInput("The file is empty: it has no bytes at all.")
    require_file_size(facts.st_size, limits)
    return [facts.st_ino, facts.st_mtime_ns, facts.st_size]
