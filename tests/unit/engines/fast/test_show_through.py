"""What lightening the back of a thin sheet is for: its mirrored letters are no longer read between the lines."""

from __future__ import annotations

from difflib import SequenceMatcher

import cv2
import numpy as np

from ocrchat.document.image import PageImage
from ocrchat.engines.spec import Engine
from ocrchat.pipeline.prepare.reverse import without_reverse
from tests.pictures import text_pixels

_SIZE = (900, 700)
_FRONT = (
    "The rope walk stood beside the harbour, and hemp was brought to",
    "it by water from the east. Clerks copied each figure twice into",
    "the ledgers, once for the owner and once for the town, because a",
    "fire had taken the first set in the year before. Dues were paid",
    "every quarter in silver coin, which went by carriage under guard.",
) * 3
_BACK = tuple(reversed(_FRONT[2:] + _FRONT[:2]))


def _read(engine: Engine, page: PageImage) -> str:
    assert engine.finder is not None
    assert engine.reader is not None
    return "\n".join(line.text for line in engine.reader.read_lines(page, engine.finder.find_lines(page), ()))


def test_reading_when_the_back_shows_through_then_lightened_it_is_read_as_on_a_clean_sheet(engine: Engine) -> None:
    front = text_pixels(_FRONT, size=_SIZE, height=27).astype(np.float32) / 255
    back = text_pixels(_BACK, size=_SIZE, height=24)[:, ::-1].astype(np.float32) / 255
    light = 1 - 0.35 * (1 - cv2.GaussianBlur(back, (0, 0), 1.0))
    noise = cv2.GaussianBlur(np.random.default_rng(1).normal(0, 7, light.shape), (0, 0), 0.7)
    page = np.clip(235 * light * (0.2 + 0.8 * front) + noise, 0, 255).astype(np.uint8)
    shown = PageImage(pixels=page, dpi=150)
    done = without_reverse(shown, page)
    assert done.steps
    before, after = (SequenceMatcher(None, "\n".join(_FRONT), _read(engine, one), False) for one in (shown, done))
    assert after.ratio() > 0.98
    assert after.ratio() > before.ratio() + 0.03, before.ratio()
