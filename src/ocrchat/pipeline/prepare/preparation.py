"""A page made ready for reading: laid flat, upright, level, evenly lit. What is done is a Step, and Page.to_source
leads back; a page that needs nothing comes back as it came, after a look that costs a hundredth of its reading.
"""

from __future__ import annotations

from collections.abc import Callable

from ocrchat.document.image import PageImage
from ocrchat.engines.crops import grey_of
from ocrchat.pipeline.prepare.light import lit
from ocrchat.pipeline.prepare.perspective import flattened
from ocrchat.pipeline.prepare.skew import levelled


def prepared(image: PageImage, turned: Callable[[PageImage], PageImage], *, reads: bool = True) -> PageImage:
    """`turned` brings a page upright by quarter turns. That comes second: whether a page lies on its side is told best
    from a flat one; and only what stands upright can be levelled. For an engine that does not read nothing is done."""
    if not reads:
        return turned(image)
    grey = grey_of(image)
    for step in (flattened, lambda page, _: turned(page), levelled, lit):
        done = step(image, grey)
        if done is not image:
            image, grey = done, grey_of(done)
    return image
