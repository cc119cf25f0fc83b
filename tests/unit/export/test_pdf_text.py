"""The invisible text, read back by others, is the text that was put in."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import replace

import pikepdf
import pytest

import ocrchat
from ocrchat.document.model import Box, Direction, Document, Line, Page, TextBlock, Word
from ocrchat.export.pdf_bidi import Piece, bidi_runs, is_read_from_right
from tests import factories
from tests.unit.export.readers import overlap, pdfium_lines, pdfium_pages, poppler_lines

LATIN_LIKE = [
    ("The quick brown fox", None),
    ("Здравствуй, мир и", None),
    ("Ελληνικά η", None),
    ("हिन्दी दुनिया में", None),
    ("தமிழ் உறுப்புரை 2", None),
    ("한국어는 띄어 쓴다", None),
    ("東京都庁です。", ["東京", "都庁", "です", "。"]),
    ("使用 Python 语言", ["使用", "Python", "语言"]),
    ("ภาษาไทยดี", ["ภาษา", "ไทย", "ดี"]),
    ("འགྲོ་བ་མིའི་ཐོབ་ཐང་", None),
    ("ሰላም ለዓለም", None),
    ("emoji 👍 and 𠜎 end", None),
    ("a", None),
    ("a b", None),
    ("e\u0301 decomposed Å", None),
]
FROM_RIGHT = [
    "لكل إنسان الحق في الحرية",
    "المادة 9",
    "لكل إنسان الحق في 1948",
    "في عام 2024 كتب PDF جديد",
    "محمد (1990-2020) كاتب",
    'سעיף (א) של "חוק" 12.5%',
    "שלום עולם",
    "שלום hello שלום",
    "קרא (PDF) עכשיו [1]",
    "שלום example.com A4 ב",
    "גרסה v2.0-beta3 כאן",
    "טלפון 03-1234567 או 50%",
    'סכום ₪1,234.50 סה"כ',
    "ב-2024",
    "שלום abc def",
    "אב hello x שלום עולם",
    "مَرْحَبًّا بِكُمْ",
    "کتاب‌های فارسی",
    "چونکہ انسانی حقوق سے",
    "ހަމަ ކޮންމެ",
]
POPPLER_READS = [
    "لكل إنسان الحق في الحرية",
    "שלום עולם",
    "کتاب‌های فارسی",
    "چونکہ انسانی حقوق سے",
]
"""Of those from the right, what Poppler gives back too; beside digits and Latin words it loses or moves a space."""


def _page_of(lines: list[Line]) -> Page:
    block = TextBlock(box=Box(0, 0, 1, 1), lines=tuple(lines))
    return replace(factories.page("empty"), blocks=(block,))


def _pdf_of(page: Page) -> bytes:
    document = Document(pages=(page,))
    data = ocrchat.export(document, "pdf", source=factories.source_of(document))
    assert data is not None
    return data


def _lines_of(texts: Sequence[tuple[str, list[str] | None]], *, rtl: bool) -> list[Line]:
    """Lines of a usual width for their text, one below the other with touching boxes."""
    return [
        factories.line_at(text, (100, 60 + 40 * index, 100 + 20 * len(text), 100 + 40 * index), rtl=rtl, words=words)
        for index, (text, words) in enumerate(texts)
    ]


def test_pdf_text_when_read_by_pdfium_is_the_lines_text() -> None:
    data = _pdf_of(_page_of(_lines_of(LATIN_LIKE, rtl=False)))
    assert pdfium_pages(data) == [[text for text, _ in LATIN_LIKE]]


def test_pdf_text_when_lines_run_from_the_right_is_read_by_pdfium_as_the_lines_text() -> None:
    data = _pdf_of(_page_of(_lines_of([(text, None) for text in FROM_RIGHT], rtl=True)))
    assert pdfium_pages(data) == [FROM_RIGHT]


def test_pdf_text_when_read_by_poppler_is_the_lines_text() -> None:
    assert poppler_lines(_pdf_of(_page_of(_lines_of(LATIN_LIKE, rtl=False)))) == [text for text, _ in LATIN_LIKE]
    data = _pdf_of(_page_of(_lines_of([(text, None) for text in POPPLER_READS], rtl=True)))
    assert poppler_lines(data) == POPPLER_READS


def test_pdf_text_when_a_line_from_the_left_holds_words_from_the_right_is_read_in_order() -> None:
    line = factories.line_at("see כתב אחד here", (100, 100, 420, 140))
    # On paper the second word from the right stands left of the first.
    see, first, second, here = line.words
    words = (see, replace(first, box=second.box), replace(second, box=first.box), here)
    assert pdfium_pages(_pdf_of(_page_of([replace(line, words=words)]))) == [["see כתב אחד here"]]


def test_pdf_text_when_a_phrase_from_the_left_stands_as_printed_is_read_in_order() -> None:
    line = factories.line_at("אבג hello world דהו זחט יכל", (100, 100, 640, 140), rtl=True)
    first, hello, world, *rest = line.words
    words = (first, replace(hello, box=world.box), replace(world, box=hello.box), *rest)
    assert pdfium_pages(_pdf_of(_page_of([replace(line, words=words)]))) == [[line.text]]


def test_pdf_text_when_words_have_no_boxes_is_read_all_the_same() -> None:
    lines = _lines_of([("no word boxes here", None), ("שלום לכל העולם", None)], rtl=False)
    bare = [replace(lines[0], words=()), replace(lines[1], words=(), direction="rtl")]
    assert pdfium_pages(_pdf_of(_page_of(bare))) == [["no word boxes here", "שלום לכל העולם"]]


@pytest.mark.parametrize("rtl", [False, True])
def test_pdf_text_when_selected_covers_the_line(rtl: bool) -> None:
    texts: Sequence[tuple[str, list[str] | None]] = [(text, None) for text in FROM_RIGHT] if rtl else LATIN_LIKE
    page = _page_of(_lines_of(texts, rtl=rtl))
    seen = pdfium_lines(_pdf_of(page))
    scale = 72 / page.dpi
    for line in page.blocks[0].lines:  # type: ignore[union-attr]
        left, top, right, bottom = (value * scale for value in line.box)
        height = page.height * scale
        assert max(overlap((left, height - bottom, right, height - top), one.box) for one in seen) >= 0.7, line.text


def test_pdf_text_when_a_word_is_selected_covers_the_word() -> None:
    line = Line(
        text="one two",
        box=Box(100, 100, 700, 140),
        words=(Word(text="one", box=Box(100, 100, 200, 140)), Word(text="two", box=Box(400, 100, 700, 140))),
    )
    data = _pdf_of(_page_of([line]))
    seen = pdfium_lines(data)
    assert [one.text for one in seen] == ["one two"]
    assert seen[0].box[2] == pytest.approx(700 * 72 / 150, abs=1)


@pytest.mark.parametrize("angle", [-3.0, 0.7, 45.0, 90.0, 180.0, -90.0])
def test_pdf_text_when_a_line_is_slanted_lies_along_it(angle: float) -> None:
    cosine, sine = math.cos(math.radians(angle)), math.sin(math.radians(angle))

    def turned(x: float, y: float) -> tuple[float, float]:
        return 600 + x * cosine - y * sine, 800 + x * sine + y * cosine

    outline = (turned(-200, -20), turned(200, -20), turned(200, 20), turned(-200, 20))
    words = []
    for text, start, end in (("slanted", -200, 60), ("line", 90, 200)):
        corners = [turned(x, y) for x in (start, end) for y in (-20, 20)]
        words.append(Word(text=text, box=_box_around(corners)))
    line = Line(text="slanted line", box=_box_around(list(outline)), words=tuple(words), outline=outline)
    page = _page_of([line])
    seen = pdfium_lines(_pdf_of(page))
    assert " ".join(one.text.strip() for one in seen) == "slanted line"
    scale, height = 72 / 150, page.height * 72 / 150
    left, top, right, bottom = (value * scale for value in line.box)
    around = _box_around([(one.box[0], one.box[1]) for one in seen] + [(one.box[2], one.box[3]) for one in seen])
    assert overlap((left, height - bottom, right, height - top), around) >= 0.7


LONG = "{0} the quick brown fox jumps over the lazy dog and runs home before the rain sets in {0}"
LONG_FROM_RIGHT = "{0} لكل إنسان الحق في الحرية والأمن على شخصه وفي أن تنظر قضيته أمام محكمة مستقلة نزيهة {0}"
PLACES = {180: (900.0, 900.0), 90: (900.0, 0.0), -90: (0.0, 900.0)}
"""Where the upper left corner of a turned page goes, to be in sight."""


@pytest.mark.parametrize(
    ("angle", "tilt"),
    [(-3, 0), (1, 0), (2, 0), (2.3, 0), (5, 0), (180, 0), (90, 0), (-90, 0), (-2, 0.0001), (4, 0.0001)],
)
@pytest.mark.parametrize("text", [LONG, LONG_FROM_RIGHT])
def test_pdf_text_when_the_page_was_turned_or_straightened_is_read_line_by_line(
    angle: float, tilt: float, text: str
) -> None:
    rtl = text == LONG_FROM_RIGHT
    first = ord("ا" if rtl else "a")
    lines = [
        factories.line_at(text.format(chr(first + index)), (100, 200 + 40 * index, 1100, 232 + 40 * index), rtl=rtl)
        for index in range(8)
    ]
    cosine, sine = 0.7 * math.cos(math.radians(angle)), 0.7 * math.sin(math.radians(angle))
    x, y = PLACES.get(round(angle), (100.0, 200.0))
    transform = (cosine, -sine, x, -sine, -cosine, 1000.0 - y, tilt, tilt, 1.0)
    page = replace(_page_of(lines), to_source=transform)
    blank = pikepdf.new()
    blank.add_blank_page(page_size=(1000, 1000))
    own = io.BytesIO()
    blank.save(own)
    source = factories.BytesSource(own.getvalue(), "application/pdf")
    data = ocrchat.export(Document(pages=(page,)), "pdf", source=source)
    assert data is not None
    assert pdfium_pages(data) == [[line.text for line in lines]]


@pytest.mark.parametrize("rtl", [False, True])
def test_pdf_text_when_words_stand_far_apart_is_read_line_by_line(rtl: bool) -> None:
    lines = []
    for index in range(4):
        top = 200.0 + 32 * index
        texts = ("א", "תפוחים", "גד") if rtl else (str(index), "Apples", "9")
        places = [(100.0, 112.0), (600.0, 700.0), (1000.0, 1012.0)]
        words = tuple(
            Word(text=text, box=Box(left, top, right, top + 26))
            for text, (left, right) in zip(texts, places[::-1] if rtl else places, strict=True)
        )
        box = Box(100, top, 1012, top + 26)
        lines.append(Line(text=" ".join(texts), box=box, words=words, direction="rtl" if rtl else "ltr"))
    assert pdfium_pages(_pdf_of(_page_of(lines))) == [[line.text for line in lines]]


@pytest.mark.parametrize("texts", [("one", "inner", "two"), ("אבג", "דהח", "הוז")])
def test_pdf_text_when_letters_are_spaced_out_is_read_line_by_line(texts: tuple[str, ...]) -> None:
    rtl = texts[0] > "z"
    lines = [
        factories.line_at(text, (100, 200 + 40 * index, 700, 230 + 40 * index), rtl=rtl)
        for index, text in enumerate(texts)
    ]
    assert pdfium_pages(_pdf_of(_page_of(lines))) == [list(texts)]


def test_pdf_text_when_lines_overlap_is_read_line_by_line_and_covers_them() -> None:
    lines = [
        factories.line_at(LONG.format(index), (100, 200 + 30 * index, 1100, 245 + 30 * index)) for index in range(8)
    ]
    page = _page_of(lines)
    data = _pdf_of(page)
    assert pdfium_pages(data) == [[line.text for line in lines]]
    scale, height = 72 / page.dpi, page.height * 72 / page.dpi
    for line, one in zip(lines, pdfium_lines(data), strict=True):
        left, top, right, bottom = (value * scale for value in line.box)
        assert overlap((left, height - bottom, right, height - top), one.box) >= 0.7


def _box_around(points: list[tuple[float, float]]) -> Box:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return Box(min(xs), min(ys), max(xs), max(ys))


def test_pdf_text_when_a_line_runs_downwards_covers_its_column() -> None:
    box = Box(500, 100, 540, 500)
    words = (Word(text="縦書", box=Box(500, 100, 540, 300)), Word(text="き文", box=Box(500, 300, 540, 500)))
    page = _page_of([Line(text="縦書き文", box=box, words=words, direction="ttb")])
    seen = pdfium_lines(_pdf_of(page))
    assert "".join(one.text for one in seen) == "縦書き文"
    around = _box_around([one.box[:2] for one in seen] + [one.box[2:] for one in seen])
    scale, height = 72 / 150, page.height * 72 / 150
    assert overlap((500 * scale, height - 500 * scale, 540 * scale, height - 100 * scale), around) >= 0.7


@pytest.mark.parametrize("direction", ["ltr", "rtl", "ttb"])
def test_pdf_text_when_boxes_have_no_size_is_still_a_valid_page(direction: Direction) -> None:
    point = Box(5, 5, 5, 5)
    lines = [
        Line(text="point", box=point, direction=direction),
        Line(text="שלום לך", box=point, direction=direction),
        Line(text="flat", box=Box(10, 10, 90, 10), outline=((10, 10), (90, 10), (90, 10), (10, 10))),
        Line(text="בלי עולם", box=point, words=(Word(text="בלי", box=point), Word(text="עולם", box=point))),
    ]
    assert pdfium_pages(_pdf_of(_page_of(lines)))


class TestBidi:
    @pytest.mark.parametrize(
        ("text", "right"), [("שלום", True), ("abc", False), ("שלום abc", False), ("אב גד abc", True), ("12 34", False)]
    )
    def test_is_read_from_right_when_stretches_are_counted_needs_more_from_the_right(
        self, text: str, right: bool
    ) -> None:
        assert is_read_from_right(text) is right

    def test_runs_when_words_lie_in_no_order_are_laid_anew(self) -> None:
        pieces = [
            Piece("אבג", 50, 60, True),
            Piece("דהו", 0, 10, True),
            Piece("זחט", 90, 100, True),
            Piece("יכל", 20, 30, False),
        ]
        starts = [start for _, start, _ in bidi_runs(pieces)]
        assert starts == sorted(starts, reverse=True)
