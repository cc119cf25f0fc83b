"""The Tesseract engine, with the real library and the real language data where it is installed."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from ocrchat.document.image import PageImage, Region
from ocrchat.document.model import Box, Line, lines_of_page
from ocrchat.engines import tessdata
from ocrchat.engines.models import models_folder
from ocrchat.engines.spec import Engine, EngineSettings, PageHints
from ocrchat.engines.tesseract import load
from ocrchat.engines.tesseract_library import Library
from ocrchat.engines.tesseract_reader import _apart, _cut_off
from ocrchat.engines.tesseract_text import lines_of_table, spelled
from ocrchat.errors import EngineUnavailable
from tests.pictures import text_pixels


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    needed = ("Latin", "ara", "fas", "heb", "rus")
    missing = [name for name in needed if not tessdata.is_installed(models_folder(), name)]
    if missing:
        pytest.skip(f"Tesseract's language data {', '.join(missing)} is missing: {tessdata.INSTALL_COMMAND}")
    return load(EngineSettings(models=models_folder(), cache=tmp_path_factory.mktemp("cache")))


def _read(engine: Engine, pixels: np.typing.NDArray[np.uint8], *tags: str) -> list[Line]:
    assert engine.page_reader is not None
    page = engine.page_reader.read_page(PageImage(pixels=pixels, dpi=150), PageHints(number=1, languages=tags))
    return list(lines_of_page(page))


RTL_PAGES = [
    (
        "ar",
        "NotoSansArabic",
        ("ولد جميع الناس أحرارا متساوين", "في الكرامة والحقوق وقد وهبوا", "في عام 1948 اجتمعت الأمم"),
    ),
    ("fa", "NotoSansArabic", ("تمام افراد بشر آزاد به دنیا", "می آیند و از لحاظ حیثیت", "و حقوق با هم برابرند")),
    ("he", "NotoSansHebrew", ("כל בני האדם נולדו בני חורין", "ושווים בערכם ובזכויותיהם", "כולם חוננו בתבונה ובמצפון")),
]


@pytest.mark.parametrize(("tag", "font", "texts"), RTL_PAGES)
def test_page_from_right_to_left_when_clean_is_read_in_logical_order(
    engine: Engine, tag: str, font: str, texts: tuple[str, ...]
) -> None:
    pixels = text_pixels(texts, size=(1000, 400), font=font, height=48, rtl=True)
    lines = _read(engine, pixels, tag)
    assert tuple(line.text for line in lines) == texts
    assert {line.direction for line in lines} == {"rtl"}
    for line in lines:
        lefts = [word.box.left for word in line.words]
        assert lefts == sorted(lefts, reverse=True), "the first word read is the rightmost on paper"


def test_page_when_told_its_language_has_words_boxes_and_confidences(engine: Engine) -> None:
    texts = ("Все люди рождаются свободными", "и равными в своем достоинстве")
    lines = _read(engine, text_pixels(texts, size=(900, 200), height=44), "ru")
    assert tuple(line.text for line in lines) == texts
    assert all((word.confidence or 0) > 0.8 for line in lines for word in line.words)
    assert {(line.language, line.reader) for line in lines} == {("ru", "tesseract")}


def test_page_when_items_have_marks_keeps_them_in_its_lines(engine: Engine) -> None:
    texts = ("A. rope and hemp", "B. jute and wire", "C. cord and yarn")
    lines = _read(engine, text_pixels(texts, size=(1000, 400), height=48), "und-Latn")
    assert tuple(line.text for line in lines) == texts


def test_page_when_the_layout_cut_off_the_start_of_a_line_has_it_read(engine: Engine) -> None:
    shown = Region(box=Box(100, 50, 600, 90))
    assert [end.box for end in _cut_off(shown, [Line(text="rope", box=Box(180, 52, 598, 88))])] == [
        Box(100, 50, 180, 90)
    ]
    assert not _cut_off(shown, [Line(text="A. rope", box=Box(104, 52, 598, 88))])
    assert not _cut_off(shown, [])


def test_regions_when_one_lies_on_a_larger_one_are_not_read_twice() -> None:
    large, within, beside = (Region(box=box) for box in (Box(0, 2, 43, 43), Box(20, 7, 51, 38), Box(41, 2, 90, 43)))
    assert _apart([within, large, beside]) == [large, beside]


def test_library_when_data_was_closed_then_opens_it_again(engine: Engine) -> None:
    library = Library(models_folder())
    first = library.recognizer(["ru"])
    library.recognizer(["he"])
    library.close_all_but("heb")
    assert library.recognizer(["he"]) is not None
    assert library.recognizer(["ru"]) is not first
    texts = ("Все люди рождаются свободными",)
    pixels = text_pixels(texts, size=(900, 100), height=44)
    (line,) = library.read(library.recognizer(["ru"]), pixels, library.modes.AUTO)
    assert line.text == texts[0]


def test_line_when_tilted_is_read_along_its_outline(engine: Engine) -> None:
    assert engine.reader is not None
    pixels = np.rot90(text_pixels(("Все люди рождаются",), size=(700, 80), height=44)).copy()
    region = Region(box=Box(0, 0, 80, 700), outline=((0, 700), (0, 0), (80, 0), (80, 700)))
    (line,) = engine.reader.read_lines(PageImage(pixels=pixels, dpi=150), [region], ["ru"])
    assert line.text == "Все люди рождаются"
    bottoms = [word.box.bottom for word in line.words]
    assert bottoms == sorted(bottoms, reverse=True)


def test_language_when_its_data_is_not_here_says_what_brings_it(engine: Engine, tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tessdata, "folders", lambda models: iter([tmp_path]))
        tessdata.installed.cache_clear()
        lost = load(EngineSettings(models=tmp_path, cache=tmp_path))
        with pytest.raises(EngineUnavailable, match=r"kan .*apt-get install"):
            _read(lost, text_pixels(), "kn")
    tessdata.installed.cache_clear()


@pytest.mark.parametrize(
    ("printed", "kept"),
    [
        ("\ufefb\ufee3", "لام"[0] + "ا" + "م"),
        ("\u200fשלום\u200e", "שלום"),
        ("e\u0301", "é"),
        ("می\u200cآیند", "می\u200cآیند"),
        ("ﬁne", "fine"),
    ],
)
def test_spelled_keeps_letters_and_joiners_and_drops_forms_and_marks(printed: str, kept: str) -> None:
    assert spelled(printed) == kept


def test_lines_of_table_when_words_are_empty_leaves_the_line_out() -> None:
    head = "4\t1\t1\t1\t{}\t0\t0\t{}\t90\t20\t-1\t"
    word = "5\t1\t1\t1\t{}\t1\t0\t{}\t40\t20\t{}\t{}"
    rows = [head.format(1, 0), word.format(1, 0, 50, " "), head.format(2, 30), word.format(2, 30, 95.5, "ja")]
    (line,) = lines_of_table("\n".join(rows))
    assert line.text == "ja"
    assert line.confidence == pytest.approx(0.955)
    assert line.box == Box(0, 30, 90, 50)


_LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
import numpy as np
from pathlib import Path
from ocrchat.document.image import PageImage
from ocrchat.engines.spec import EngineSettings, PageHints
from ocrchat.engines.tesseract import load
engine = load(EngineSettings(models=Path(sys.argv[1]), cache=Path(sys.argv[1])))
image = PageImage(pixels=np.full((3500, 2500), 255, np.uint8), dpi=300)
for tag in ("ru", "ar", "he", "fa", "el"):
    engine.page_reader.read_page(image, PageHints(number=1, languages=(tag,)))
print(len(list(Path("/proc/self/task").iterdir())))
"""


@pytest.mark.skipif(not hasattr(resource, "RLIMIT_AS"), reason="no address space limit on this system")
def test_engine_when_memory_is_limited_as_a_worker_s_reads_on_one_thread(engine: Engine) -> None:
    one_thread = dict.fromkeys(("OMP_NUM_THREADS", "OMP_THREAD_LIMIT", "OPENBLAS_NUM_THREADS"), "1")
    done = subprocess.run(
        [sys.executable, "-c", _LIMITED, str(models_folder())],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **one_thread},
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) == 1
