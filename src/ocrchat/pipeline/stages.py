"""What is done to a page on its way from pixels to lines. Each stage takes a value and returns a new one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ocrchat.document.geometry import clip, compose, invert, scale, scaling, transform_outline, turning
from ocrchat.document.image import PageImage
from ocrchat.document.model import Box, Line, Step
from ocrchat.engines.spec import Engine

_MARGIN = 0.12
"""Of a line's height, painted over around it: letters reach a little out of a text layer's boxes."""


def turned_upright(image: PageImage, engine: Engine) -> PageImage:
    """By quarter turns, where the engine has an opinion."""
    degrees = engine.orienter.find_rotation(image) if engine.orienter is not None else 0
    return turned(image, degrees, engine.info.name) if degrees else image


def turned(image: PageImage, degrees: int, by: str) -> PageImage:
    turn = turning(degrees, width=image.width, height=image.height)
    return PageImage(
        pixels=np.ascontiguousarray(np.rot90(image.pixels, -degrees // 90)),
        dpi=image.dpi,
        rotation=(image.rotation + degrees) % 360,
        to_source=compose(invert(turn), image.to_source),
        steps=(*image.steps, Step(name="turn", engine=by, settings=(("degrees", str(degrees)),))),
    )


def without_text(image: PageImage, lines: Sequence[Line]) -> PageImage:
    """The page with these lines painted over in the colour around each, so that a finder sees only what is left."""
    pixels = image.pixels.copy()
    for line in lines:
        margin = _MARGIN * line.box.height
        left, top, right, bottom = clip(
            Box(line.box.left - margin, line.box.top - margin, line.box.right + margin, line.box.bottom + margin),
            width=image.width,
            height=image.height,
        )
        rows, columns = slice(int(top), int(bottom) + 1), slice(int(left), int(right) + 1)
        patch = pixels[rows, columns]
        if patch.size:
            border = np.concatenate([patch[0], patch[-1], patch[:, 0], patch[:, -1]])
            patch[...] = np.median(border, axis=0).astype(np.uint8)
    return replace(image, pixels=pixels)


def scaled_lines(lines: Sequence[Line], factor: float) -> tuple[Line, ...]:
    matrix = scaling(factor)
    return tuple(
        replace(
            line,
            box=scale(line.box, factor),
            outline=transform_outline(matrix, line.outline),
            words=tuple(replace(word, box=scale(word.box, factor)) for word in line.words),
        )
        for line in lines
    )
