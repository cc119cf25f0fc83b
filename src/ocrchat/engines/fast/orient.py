"""Which way up a page is, by a small network that sees the whole page at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import cv2
import numpy as np

from ocrchat.document.image import PageImage, Pixels
from ocrchat.engines.fast.runtime import Network
from ocrchat.engines.grey import grey_of, shrunk

# What the network was trained on: the shorter side at 256, and of that the middle.
_SHORT_SIDE = 256
_SEEN = 224

# The network is near certain of any page of text, whichever way up. What it is less certain of is hardly text, and a
# picture is better left as it came.
_SURE = 0.75


class PageOrienter:
    def __init__(self, load: Callable[[], Network]) -> None:
        """Loaded with the first page that needs it: most do not."""
        self._network = cache(load)

    def find_rotation(self, page: PageImage) -> int:
        (shares,) = self._network()(_middle_of(grey_of(page))[None, None])
        turned = int(shares[0].argmax())
        if shares[0][turned] < _SURE:
            return 0
        # The classes are quarter turns that the page has already made clockwise.
        return (4 - turned) % 4 * 90


def _middle_of(grey: Pixels) -> Pixels:
    height, width = grey.shape
    scale = _SHORT_SIDE / min(height, width)
    size = max(_SHORT_SIDE, round(width * scale)), max(_SHORT_SIDE, round(height * scale))
    small = shrunk(grey, *size) if scale < 1 else cv2.resize(grey, size, interpolation=cv2.INTER_LINEAR)
    top, left = (small.shape[0] - _SEEN) // 2, (small.shape[1] - _SEEN) // 2
    return np.ascontiguousarray(small[top : top + _SEEN, left : left + _SEEN])
