"""Where lines are: the detector at a size that shows every letter and no larger."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from ocrchat.document.image import PageImage, Pixels, Region
from ocrchat.engines.fast.outlines import Place, regions_from_map
from ocrchat.engines.fast.runtime import Network
from ocrchat.engines.grey import grey_of

LONGEST_SIDE = 1280

# The network halves its input five times, so 32 would do. Few distinct sizes keep few prepared kernels in memory.
_MULTIPLE = 64

# Margins are cut off before the network sees the page: a quarter of a book page and of the time it takes. A margin is
# where no two neighbouring pixels differ by more than this, which paper's grain does not do once the page is this
# small, and print of any shade does. In a picture that had to be made larger edges are less steep.
_EDGE = 16
_KEPT_MARGIN = 24


class LineDetector:
    def __init__(self, network: Network) -> None:
        self._network = network

    def find_lines(self, page: PageImage) -> Sequence[Region]:
        grey = grey_of(page)
        scale = LONGEST_SIDE / max(page.width, page.height)
        size = max(1, round(page.width * scale)), max(1, round(page.height * scale))
        # Not by way of halves: they cost one book in four its reading order.
        small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
        window = _window(small, _EDGE / max(1.0, scale))
        if window is None:
            return []
        columns, rows = window
        seen = _padded(small[rows, columns])
        (odds,) = self._network(seen[None, None])
        height, width = small[rows, columns].shape
        place = Place(left=columns.start, top=rows.start, scale_x=page.width / size[0], scale_y=page.height / size[1])
        return regions_from_map(odds[0, 0, :height, :width], place, width=page.width, height=page.height)


def _window(small: Pixels, edge: float) -> tuple[slice, slice] | None:
    """Columns and rows that hold all ink, and some margin; None where there is none."""
    right = cv2.absdiff(small[:, 1:], small[:, :-1])
    down = cv2.absdiff(small[1:], small[:-1])
    if right.size == 0 or down.size == 0:
        return None
    columns = _span(np.maximum(right.max(axis=0), down.max(axis=0)[1:]) > edge, small.shape[1])
    rows = _span(np.maximum(right.max(axis=1)[1:], down.max(axis=1)) > edge, small.shape[0])
    return None if columns is None or rows is None else (columns, rows)


def _span(inked: npt.NDArray[np.bool_], length: int) -> slice | None:
    """Grown to a whole number of the network's steps where the page has room for it."""
    found = np.flatnonzero(inked)
    if not len(found):
        return None
    start, end = max(0, int(found[0]) - _KEPT_MARGIN), min(length, int(found[-1]) + 2 + _KEPT_MARGIN)
    start = max(0, min(start, end - _whole(end - start)))
    return slice(start, min(length, start + _whole(end - start)))


def _padded(part: Pixels) -> Pixels:
    height, width = part.shape
    below, beside = _whole(height) - height, _whole(width) - width
    return np.pad(part, ((0, below), (0, beside)), mode="edge")


def _whole(length: int) -> int:
    return -(-length // _MULTIPLE) * _MULTIPLE
