"""Scripts found by themselves, and a reader for each: the whole way, with the real engines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

import ocrchat
from ocrchat.document.image import PageImage, Region
from ocrchat.document.model import Box, Line, Page, lines_of_page
from ocrchat.engines import tessdata
from ocrchat.engines.models import cache_folder, models_folder
from ocrchat.engines.registry import load_engine
from ocrchat.engines.spec import Engine, EngineSettings
from ocrchat.errors import EngineUnavailable, ScriptUnreadable
from ocrchat.pipeline.doubt import looks_foreign
from ocrchat.pipeline.page_languages import languages_of
from ocrchat.pipeline.pipeline import new_pool
from ocrchat.pipeline.pool import WorkerPool
from ocrchat.pipeline.readers import read_ink
from tests.pictures import encoded, text_image, text_pixels

ARABIC = (
    "ولد جميع الناس أحرارا متساوين",
    "في الكرامة والحقوق وقد وهبوا",
    "عقلا وضميرا وعليهم أن يعامل",
    "بعضهم بعضا بروح الإخاء",
)
HEBREW = (
    "כל בני האדם נולדו בני חורין",
    "ושווים בערכם ובזכויותיהם",
    "כולם חוננו בתבונה ובמצפון",
    "לפיכך חובה עליהם לנהוג איש",
)
PERSIAN = (
    "تمام افراد بشر آزاد به دنیا",
    "می آیند و از لحاظ حیثیت",
    "و حقوق با هم برابرند",
    "همه دارای عقل و وجدان هستند",
)
RUSSIAN = ("Все люди рождаются свободными", "и равными в своем достоинстве", "и правах. Они наделены разумом")
ENGLISH = ("All human beings are born free", "and equal in dignity and rights", "They are endowed with reason")


def _page(texts: tuple[str, ...], font: str = "NotoSans", *, rtl: bool = False) -> bytes:
    size = (1000, 140 + 66 * len(texts))
    return encoded(text_image(texts, size=size, font=font, height=44, rtl=rtl), "PNG", dpi=(150, 150))


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    missing = [name for name in ("Arabic", "Hebrew", "Cyrillic", "fas", "osd") if not _is_here(name)]
    if missing:
        pytest.skip(f"Tesseract's language data {', '.join(missing)} is missing: {tessdata.INSTALL_COMMAND}")
    with new_pool(slots=1) as made:
        yield made


def _is_here(name: str) -> bool:
    return tessdata.is_installed(models_folder(), name)


def _read(pool: WorkerPool, data: bytes, language: str = "auto") -> Page:
    (page,) = ocrchat.read(data, ocrchat.ReadOptions(languages=(language,)), pool=pool).pages
    assert page.failure is None
    return page


def _texts(page: Page) -> tuple[str, ...]:
    return tuple(line.text for line in lines_of_page(page))


@pytest.mark.parametrize(
    ("texts", "font", "tag", "told"),
    [
        (ARABIC, "NotoSansArabic", "ar", "ar"),
        (ARABIC, "NotoSansArabic", "ar", "auto"),
        (HEBREW, "NotoSansHebrew", "he", "he"),
        (HEBREW, "NotoSansHebrew", "he", "auto"),
        (PERSIAN, "NotoSansArabic", "fa", "fa"),
        (PERSIAN, "NotoSansArabic", "fa", "auto"),
    ],
)
def test_page_from_right_to_left_is_read_in_logical_order(
    pool: WorkerPool, texts: tuple[str, ...], font: str, tag: str, told: str
) -> None:
    page = _read(pool, _page(texts, font, rtl=True), told)
    assert _texts(page) == texts
    assert page.languages == (tag,)
    assert {(line.direction, line.reader) for line in lines_of_page(page)} == {("rtl", "tesseract")}


def test_page_when_latin_is_read_by_the_tier_s_engine_alone(pool: WorkerPool) -> None:
    page = _read(pool, _page(ENGLISH))
    assert _texts(page) == ENGLISH
    assert page.languages == ("en",)
    assert [step.engine for step in page.steps if step.name == "read"] == ["fast"]


def test_page_when_cyrillic_is_read_by_a_reader_that_knows_it(pool: WorkerPool) -> None:
    page = _read(pool, _page(RUSSIAN))
    assert _texts(page) == RUSSIAN
    assert page.languages == ("ru",)


def test_page_in_a_script_that_no_glance_tells_is_found_by_trying(pool: WorkerPool) -> None:
    texts = ("የሰው ልጅ ሁሉ ሲወለድ ነጻና በክብርና", "በመብትም እኩልነት ያለው ነው የተፈጥሮ", "ማስተዋልና ሕሊና ስላለው አንዱ ሌላውን")
    page = _read(pool, _page(texts, "NotoSansEthiopic"))
    assert page.languages == ("am",)
    assert sum(len(line.text) for line in lines_of_page(page)) > 60


def test_page_when_told_two_languages_reads_both(pool: WorkerPool) -> None:
    page = _read(pool, _page((*RUSSIAN, *ENGLISH)), "russian+en")
    assert _texts(page) == (*RUSSIAN, *ENGLISH)
    assert set(page.languages) == {"ru", "en"}


@pytest.fixture(scope="module")
def fast(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return load_engine("fast", EngineSettings(models=models_folder(), cache=cache_folder()))


def _none_here() -> Engine:
    raise EngineUnavailable("The reader is not here; “install it”.")


def test_page_in_a_script_that_nothing_here_reads_fails_and_says_the_cure(fast: Engine) -> None:
    pixels = text_pixels(ARABIC, size=(1000, 400), font="NotoSansArabic", height=44, rtl=True)
    with pytest.raises(ScriptUnreadable, match="install it"):
        read_ink(PageImage(pixels=pixels, dpi=150), fast, (), _none_here)


def test_page_in_latin_script_when_no_other_reader_is_here_is_read(fast: Engine) -> None:
    pixels = text_pixels(ENGLISH, size=(1000, 400), height=44)
    ink = read_ink(PageImage(pixels=pixels, dpi=150), fast, (), _none_here)
    assert tuple(line.text for line in ink.lines) == ENGLISH


def _line(text: str, confidence: float = 0.99, width: float = 400) -> Line:
    return Line(text=text, box=Box(0, 0, width, 20), confidence=confidence)


@pytest.mark.parametrize(
    ("line", "foreign"),
    [
        (_line("Plain print of forty letters, as it comes"), False),
        (_line("Plain print of forty letters, as it comes", 0.6), True),
        (_line(", - ."), True),
        (_line("τ πλιτι, νι διν σττ τ"), True),
        (_line("Bce 6e3 MOJIo 3aKoH npaBo cBo6o y4acT", 0.93), True),
    ],
)
def test_looks_foreign(line: Line, foreign: bool) -> None:
    assert looks_foreign([line], {"Latn", "Hani"}) is foreign


def test_languages_of_when_the_script_has_one_language_needs_no_words() -> None:
    assert languages_of([_line("ไทย")], ()) == ("th",)
    assert languages_of([_line("12 345")], ()) == ()


def test_languages_of_when_told_counts_what_the_letters_allow() -> None:
    lines = [_line("Все люди"), _line("free")]
    assert languages_of(lines, ("ru", "en")) == ("ru", "en")
    assert languages_of([_line("all human beings are born free and equal")], ("ru",)) == ("en",)


def test_region_of_a_blank_page_asks_for_no_other_reader(fast: Engine, tmp_path: Path) -> None:
    white = PageImage(pixels=np.full((300, 300), 255, np.uint8), dpi=150)
    assert read_ink(white, fast, (), _none_here).lines == ()
    assert fast.reader is not None
    assert fast.reader.read_lines(white, [Region(box=Box(0, 0, 10, 10))], ())[0].text == ""


def test_drawing_that_no_reader_knows_is_no_page_that_cannot_be_read(fast: Engine) -> None:
    pixels = np.full((900, 1200, 3), 255, np.uint8)
    for at in range(12):
        x, y = 120 + 250 * (at % 4), 120 + 200 * (at // 4)
        cv2.ellipse(pixels, (x, y), (24, 20), 25 * at, 0, 300, (30, 30, 30), 5)
        cv2.line(pixels, (x - 20, y - 20), (x + 15, y + 20), (30, 30, 30), 4)
    for row in range(2):
        steps = np.arange(120)
        waves = 720 + 60 * row + (14 * np.sin(steps * (0.9 + 0.3 * row)) + 8 * np.sin(steps * 0.37)).astype(int)
        cv2.polylines(pixels, [np.column_stack([100 + 4 * steps, waves]).astype(np.int32)], False, (30, 30, 30), 4)
    ink = read_ink(PageImage(pixels=pixels, dpi=150), fast, (), lambda: fast)
    assert all((line.confidence or 0.0) < 0.96 for line in ink.lines)
