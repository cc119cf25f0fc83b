"""Draws the images that tests read: text on paper, as pixels or as an encoded file."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from tests.drawing import font_path

Pixels = npt.NDArray[np.uint8]


def text_image(
    lines: Iterable[str] = ("The quick brown fox", "jumps over the lazy dog"),
    *,
    size: tuple[int, int] = (600, 200),
    font: str = "NotoSans",
    height: int = 32,
    ink: Any = 0,
    paper: Any = 255,
    mode: str = "L",
    rtl: bool = False,
) -> Image.Image:
    """Lines of text from the top left (top right where `rtl`), `height` pixels an em, shaped as their script needs.
    `ink` and `paper` are colours of the mode."""
    image = Image.new(mode, size, paper)
    canvas = ImageDraw.Draw(image)
    face = ImageFont.truetype(font_path(font), height)
    for index, line in enumerate(lines):
        place = (size[0] - height // 2 if rtl else height // 2, height // 2 + index * height * 3 // 2)
        # Left open, a line's direction is that of its first letter: a number in front would turn it round.
        direction = "rtl" if rtl else None
        canvas.text(place, line, fill=ink, font=face, anchor="ra" if rtl else "la", direction=direction)
    return image


def text_pixels(*arguments: Any, **settings: Any) -> Pixels:
    return np.asarray(text_image(*arguments, **settings))


def corner_image(size: tuple[int, int] = (60, 40), *, mode: str = "L") -> Image.Image:
    """White, with a black square in the top left corner only: says which way up it is."""
    image = Image.new(mode, size, "white")
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 4, size[1] // 4), fill="black")
    return image


def encoded(image: Image.Image, kind: str, **settings: Any) -> bytes:
    sink = io.BytesIO()
    image.save(sink, kind, **settings)
    return sink.getvalue()


def saved(image: Image.Image, path: Path, **settings: Any) -> Path:
    image.save(path, **settings)
    return path


def blots(seed: int, *, count: int, sizes: tuple[int, int], depth: int) -> Pixels:
    """On a ground of many greys: what a finder takes for lines here and there."""
    noise = np.random.default_rng(seed)
    pixels = noise.normal(120, 12, (360, 480))
    rows, columns = np.mgrid[:360, :480]
    for _ in range(count):
        row, column, size = noise.integers(0, 360), noise.integers(0, 480), noise.integers(*sizes)
        pixels[(rows - row) ** 2 + (columns - column) ** 2 < size**2] += noise.integers(-depth, depth)
    return pixels.clip(0, 255).astype(np.uint8)
