"""The accurate engine: reads the vlm tier where no model is set up.

The fast engine's parts, without its haste: every line is read by the larger recogniser, its faint ink made black.
Other scripts go to the same readers as on the cpu tier.
"""

from __future__ import annotations

from dataclasses import replace

from ocrchat.engines.fast import engine as fast
from ocrchat.engines.fast.care import THOROUGH
from ocrchat.engines.fast.recognize import CascadeReader
from ocrchat.engines.spec import Engine, EngineSettings

INFO = replace(fast.INFO, name="accurate", model="PP-OCRv6 small, with contrast")


def load(settings: EngineSettings) -> Engine:
    base = fast.load(settings)
    assert isinstance(base.reader, CascadeReader)
    return replace(base, info=INFO, reader=base.reader.with_care(THOROUGH, INFO))
