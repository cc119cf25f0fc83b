"""A page without its colours, and made small."""

from __future__ import annotations

import cv2
import numpy as np

from ocrchat.document.image import PageImage, Pixels


def grey_of(page: PageImage) -> Pixels:
    if page.pixels.ndim == 2:
        return page.pixels
    return np.asarray(cv2.cvtColor(page.pixels, cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def shrunk(grey: Pixels, width: int, height: int, *, last: int = 2) -> Pixels:
    """Each pixel the mean of what it covers. Halving takes a thirtieth of the time of a mean over odd parts: that is
    left for the `last` step, down from less than so many times the size; the larger that is, the truer."""
    while grey.shape[0] >= last * height and grey.shape[1] >= last * width:
        half = grey.shape[1] // 2, grey.shape[0] // 2
        grey = cv2.resize(grey[: 2 * half[1], : 2 * half[0]], half, interpolation=cv2.INTER_AREA).astype(np.uint8)
    return np.asarray(cv2.resize(grey, (width, height), interpolation=cv2.INTER_AREA), dtype=np.uint8)
