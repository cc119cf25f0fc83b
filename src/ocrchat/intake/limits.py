"""What one file and one page may cost. Everything beyond is refused with a sentence before it costs anything."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import BinaryIO

from ocrchat.errors import NoSuchPage, PageTooLarge, TooManyBytes, TooManyPages

_MEGA = 1024 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    max_bytes: int = 512 * _MEGA
    """Scanned books of a thousand pages have 100 to 300 MB."""
    max_pages: int = 5_000
    """The thickest volumes have some 3,000; a page-tree that claims more is a broken or a hostile one."""
    max_pixels: int = 200_000_000
    """Of a stored picture, from its header. A4 at 1,200 dpi has 139 million; decoded, 200 million take 800 MB in
    Pillow, which together with the copy handed on stays below `memory_bytes`."""
    max_frames: int = 100
    """Differing frames of an animation that become pages: more is a film, not a document."""
    max_render_pixels: int = 40_000_000
    """Of what is handed to an engine: A3 at 400 dpi has 31 million. Larger pages come at fewer dpi."""
    max_render_side: int = 12_000
    """Pixels; for long rolls (receipts, web pages in one piece), which stay legible where 40 million alone would let
    them be 400,000 high and break the detectors' tensors."""
    open_seconds: float = 12.0
    """Opening, rendering and the text layer of one page. A hang and its one retry in a fresh process end within 30."""
    read_seconds: float = 120.0
    """The engine's own time for one page: the slowest one on two slow cores needs 20 to 40."""
    memory_bytes: int = 2048 * _MEGA
    """Address space of a worker process: the engines' models and one page's pixels at the limits above."""


def require_file_size(size_bytes: int, limits: Limits) -> None:
    if size_bytes > limits.max_bytes:
        raise TooManyBytes(
            f"The file has {size_bytes / _MEGA:.0f} MB; at most {limits.max_bytes / _MEGA:.0f} MB are read. "
            "Split it, or allow more.",
            bytes=size_bytes,
            limit=limits.max_bytes,
        )


def copy_within(source: BinaryIO, sink: BinaryIO, limits: Limits) -> None:
    """Copies what has no size yet, and stops where it is too much: a pipe may have no end."""
    copied = 0
    while piece := source.read(_MEGA):
        copied += len(piece)
        if copied > limits.max_bytes:
            raise TooManyBytes(
                f"More than {limits.max_bytes / _MEGA:.0f} MB came; no more is read. Split it, or allow more.",
                limit=limits.max_bytes,
            )
        sink.write(piece)
    sink.flush()


def require_page_count(page_count: int, limits: Limits) -> None:
    if page_count > limits.max_pages:
        raise TooManyPages(
            f"The file has {page_count:,} pages; at most {limits.max_pages:,} are read. Split it, or allow more.",
            pages=page_count,
            limit=limits.max_pages,
        )


def require_page(number: int, page_count: int) -> None:
    if not 1 <= number <= page_count:
        pages = "1 page" if page_count == 1 else f"{page_count:,} pages"
        raise NoSuchPage(f"There is no page {number}: the file has {pages}.", page=number)


def require_pixels(number: int, width: int, height: int, limits: Limits) -> None:
    if width * height > limits.max_pixels:
        raise too_many_pixels(number, limits, f" has {width:,} × {height:,} pixels;")


def too_many_pixels(number: int, limits: Limits, what: str = " has more pixels than can be read:") -> PageTooLarge:
    return PageTooLarge(
        f"Page {number}{what} at most {limits.max_pixels // 1_000_000} million are read. Scan or save it smaller.",
        page=number,
        limit=limits.max_pixels,
    )


def scale_within(width: float, height: float, limits: Limits) -> float:
    """The factor, at most 1, that brings a picture of this many pixels within what is handed to an engine."""
    by_area = math.sqrt(limits.max_render_pixels / max(1.0, width * height))
    by_side = limits.max_render_side / max(1.0, width, height)
    return min(1.0, by_area, by_side)
