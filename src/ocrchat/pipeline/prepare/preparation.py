"""A page made ready for reading: laid flat, level, evenly lit, its back lightened. What is done is a Step, and
Page.to_source leads back; a page that needs nothing comes back as it came, after a look that costs a hundredth of its
reading.
"""

from __future__ import annotations

from ocrchat.document.image import PageImage
from ocrchat.engines.grey import grey_of
from ocrchat.pipeline.prepare.light import lit
from ocrchat.pipeline.prepare.perspective import flattened
from ocrchat.pipeline.prepare.reverse import without_reverse
from ocrchat.pipeline.prepare.skew import levelled


def prepared(image: PageImage) -> PageImage:
    grey = grey_of(image)
    for step in (flattened, levelled, lit, without_reverse):
        done = step(image, grey)
        if done is not image:
            image, grey = done, grey_of(done)
    return image


def levelled_again(image: PageImage) -> PageImage:
    """After a quarter turn: of a page on its side it cannot be told how its rows lean."""
    return levelled(image, grey_of(image))
