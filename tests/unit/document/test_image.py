from __future__ import annotations

import numpy as np

from ocrchat.document.image import PageImage


def test_page_image_when_wider_than_high_says_so() -> None:
    image = PageImage(pixels=np.zeros((20, 30, 3), dtype=np.uint8), dpi=150)
    assert (image.width, image.height) == (30, 20)
