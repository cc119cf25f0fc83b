from __future__ import annotations

import numpy as np
import pytest

from ocrchat.document.image import PageImage, Pixels
from ocrchat.engines.fast.script_guess import pooled, script_guess
from ocrchat.engines.scripts import SCRIPTS
from ocrchat.engines.spec import Engine, ScriptGuesser, StepwiseReader
from tests.pictures import text_pixels


def _likely(engine: Engine, pixels: Pixels) -> list[tuple[str, float]]:
    page = PageImage(pixels=pixels, dpi=150)
    assert engine.finder is not None
    regions = engine.finder.find_lines(page)
    reader: object = engine.reader
    assert isinstance(reader, StepwiseReader)
    reading: object = reader.of_page(page, ())
    assert isinstance(reading, ScriptGuesser)
    return list(reading.likely_scripts(regions))


def _drawn(*texts: str, font: str = "NotoSans", rtl: bool = False) -> Pixels:
    return text_pixels(texts, size=(1000, 80 + 66 * len(texts)), font=font, height=44, rtl=rtl)


@pytest.mark.parametrize(
    ("script", "font", "text"),
    [
        ("Armn", "NotoSansArmenian", "Բոլոր մարդիկ ծնվում են ազատ"),
        ("Cyrl", "NotoSans", "Все люди рождаются свободными"),
        ("Ethi", "NotoSansEthiopic", "የሰው ልጅ ሁሉ ሲወለድ ነጻና በክብርና"),
        ("Hebr", "NotoSansHebrew", "כל בני האדם נולדו בני חורין"),
        ("Latn", "NotoSans", "All human beings are born free"),
    ],
)
def test_line_when_its_script_is_not_in_the_alphabet_is_told_by_its_looks(
    engine: Engine, script: str, font: str, text: str
) -> None:
    (first, share), *_ = _likely(engine, _drawn(text, text, font=font, rtl=script == "Hebr"))
    assert (first, share > 0.9) == (script, True)


def test_line_on_its_head_looks_like_no_script(engine: Engine) -> None:
    pixels = _drawn("All human beings are born free", "and equal in dignity and rights")
    upside_down = np.ascontiguousarray(pixels[::-1, ::-1])
    assert sum(share for _, share in _likely(engine, upside_down)) < 0.5


def test_page_without_lines_has_no_likely_script(engine: Engine) -> None:
    assert _likely(engine, np.full((200, 400), 255, np.uint8)) == []


def test_guess_knows_every_script_that_has_a_reader_of_its_own() -> None:
    names = set(script_guess().names)
    assert names >= set(SCRIPTS) - {"Hans", "Hant", "Jpan", "Latf"}


def test_shares_add_up_to_one_when_a_line_is_a_single_step() -> None:
    guess = script_guess()
    seen = pooled(np.ones((1, guess.first.shape[0] // 4), np.float32))
    assert guess.shares(seen).sum() == pytest.approx(1.0, abs=1e-5)
