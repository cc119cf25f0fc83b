"""Where lines are: the detector at a size that shows every letter and no larger."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from ocrchat.document.image import PageImage, Pixels, Region
from ocrchat.engines.fast.outlines import regions_from_map
from ocrchat.engines.fast.runtime import Network

LONGEST_SIDE = 1280

# The network halves its input five times, so 32 would do. Few distinct sizes keep few prepared kernels in memory, and
# an aspect that is wrong by up to a twentieth is no matter to the network; narrow pages get the finer grid.
_MULTIPLE = 128
_NARROW = 768
_NARROW_MULTIPLE = 64


class LineDetector:
    def __init__(self, network: Network) -> None:
        self._network = network

    def find_lines(self, page: PageImage) -> Sequence[Region]:
        grey = grey_pixels(page)
        scale = LONGEST_SIDE / max(page.width, page.height)
        width, height = _rounded(page.width * scale), _rounded(page.height * scale)
        small = cv2.resize(grey, (width, height), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
        (likelihood,) = self._network(small[None, None])
        return regions_from_map(likelihood[0, 0], width=page.width, height=page.height)


def _rounded(length: float) -> int:
    multiple = _MULTIPLE if length >= _NARROW else _NARROW_MULTIPLE
    return max(multiple, round(length / multiple) * multiple)


def grey_pixels(page: PageImage) -> Pixels:
    if page.pixels.ndim == 2:
        return page.pixels
    return np.asarray(cv2.cvtColor(page.pixels, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
