"""Any mode of a decoded picture → 8-bit grey or RGB in which the text can be seen.

Works in bands of rows: beside the decoded picture there is never a second one of its size.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from ocrchat.document.image import Pixels

_BAND_PIXELS = 4_000_000
"""A band of RGBA takes 16 MB: small beside any page, large beside the cost of a call."""

_SAMPLE_SIDE = 512
"""Pixels a side of the sample that decides what transparent text stands on."""

_LIGHT = 140
"""Ink lighter than this cannot be read on white: middle grey, and a little for the anti-aliased edges."""

_Convert = Callable[[Image.Image], Pixels]


def upright_pixels(image: Image.Image, orientation: int, reduction: int) -> Pixels:
    """`image` is loaded. `orientation` is EXIF's, what is left of it to do; `reduction` a whole number: that many
    pixels become one."""
    convert = _converter(image)
    width, height = image.size
    rows = max(reduction, _BAND_PIXELS // max(1, width) // reduction * reduction)
    bands = [
        _reduced(convert(image.crop((0, top, width, min(top + rows, height)))), reduction)
        for top in range(0, height, rows)
    ]
    pixels = bands[0] if len(bands) == 1 else np.concatenate(bands)
    return np.ascontiguousarray(_oriented(pixels, orientation))


def resized(pixels: Pixels, width: int, height: int) -> Pixels:
    return np.asarray(cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _reduced(pixels: Pixels, reduction: int) -> Pixels:
    if reduction == 1:
        return pixels
    height, width = pixels.shape[:2]
    return resized(pixels, max(1, -(-width // reduction)), max(1, -(-height // reduction)))


def _oriented(pixels: Pixels, orientation: int) -> Pixels:
    match orientation:
        case 2:
            return pixels[:, ::-1]
        case 3:
            return pixels[::-1, ::-1]
        case 4:
            return pixels[::-1]
        case 5:
            return pixels.swapaxes(0, 1)
        case 6:
            return np.rot90(pixels, -1)
        case 7:
            return np.rot90(pixels, -1)[:, ::-1][::-1, ::-1]
        case 8:
            return np.rot90(pixels)
        case _:
            return pixels


# --- modes -----------------------------------------------------------------------------------------------------------


def _converter(image: Image.Image) -> _Convert:
    if image.has_transparency_data:
        return _compositor(image)
    if image.mode.startswith("I;16") or image.mode in ("I", "F"):
        return _deep_grey_converter(image)
    mode = "L" if image.mode in ("1", "L") else "RGB"
    return lambda band: np.asarray(band.convert(mode))


def _deep_grey_converter(image: Image.Image) -> _Convert:
    """More than 8 bits: the range that is used is brought into 8 bits, never clipped."""
    low, high = _range(image)

    def convert(band: Image.Image) -> Pixels:
        values = np.nan_to_num(np.asarray(band).astype(np.float32), nan=low, posinf=high, neginf=low)
        return ((values - low) * (255.0 / max(high - low, 1e-9))).clip(0.0, 255.0).astype(np.uint8)

    return convert


def _range(image: Image.Image) -> tuple[float, float]:
    """From black to white: the scale the values are in, as scanners write 12 bits into 16; else what there is."""
    if image.mode == "F":
        values = np.asarray(image)
        values = values[np.isfinite(values)]
        least, most = (float(values.min()), float(values.max())) if values.size else (0.0, 1.0)
    else:
        least, most = (float(value) for value in image.getextrema())  # type: ignore[arg-type]  # one band: two numbers
    if image.mode == "F" and least >= 0.0 and most <= 1.0:
        return 0.0, 1.0
    for scale in (255.0, 4095.0, 65535.0):
        if least >= 0 and most <= scale:
            return 0.0, scale
    return least, most


def _compositor(image: Image.Image) -> _Convert:
    """Transparent places get the paper that the visible ink needs."""
    sample = image.crop((0, 0, *image.size)).resize(_sample_size(image), Image.Resampling.NEAREST).convert("RGBA")
    paper = 0.0 if _is_light(np.asarray(sample)) else 255.0

    def convert(band: Image.Image) -> Pixels:
        rgba = band.convert("RGBA")
        if rgba.getchannel("A").getextrema()[0] == 255:  # many writers add a channel that says nothing
            return np.asarray(rgba.convert("RGB"))
        values = np.asarray(rgba).astype(np.float32)
        alpha = values[..., 3:] * (1.0 / 255.0)
        return np.asarray(values[..., :3] * alpha + (paper * (1.0 - alpha) + 0.5), dtype=np.uint8)

    return convert


def _sample_size(image: Image.Image) -> tuple[int, int]:
    return min(image.width, _SAMPLE_SIDE), min(image.height, _SAMPLE_SIDE)


def _is_light(rgba: npt.NDArray[np.uint8]) -> bool:
    """Whether even the darkest of what is visible is light, so that it would vanish on white."""
    visible = rgba[rgba[..., 3] > 128]
    if not visible.size or len(visible) == rgba.shape[0] * rgba.shape[1]:
        return False
    grey = visible[:, :3] @ np.array([0.299, 0.587, 0.114])
    return bool(np.percentile(grey, 5) > _LIGHT)
