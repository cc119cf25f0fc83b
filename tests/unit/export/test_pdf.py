"""Pages are kept as they came, whatever they came as."""

from __future__ import annotations

import io
import re
import zlib
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pikepdf
import pypdfium2 as pdfium
import pytest
from fontTools.ttLib import TTFont
from PIL import Image, ImageCms, ImageDraw

import ocrchat
from ocrchat.document.image import PageImage
from ocrchat.document.model import IDENTITY, Document, Page, TableBlock, TextBlock, Transform
from ocrchat.errors import ExportError
from ocrchat.export.pdf_font import Codes, font_file
from ocrchat.export.pdf_images import picture_from_file, picture_from_pixels
from tests import factories
from tests.factories import BytesSource, block_of, line_at
from tests.unit.export.readers import overlap, pdfium_lines, pdfium_pages


def _drawing(mode: str = "RGB", size: tuple[int, int] = (300, 200)) -> Image.Image:
    """A dark rectangle in the upper left of light paper, so that turns and mirrors show."""
    picture = Image.new("RGB", size, (250, 250, 245))
    ImageDraw.Draw(picture).rectangle((20, 20, 120, 60), fill=(20, 30, 160))
    # Not dithered: a renderer that is half a pixel off then changes edges only.
    return picture.convert(mode, dither=Image.Dither.NONE) if mode == "1" else picture.convert(mode)


def _encoded(picture: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def _page(
    width: int = 300, height: int = 200, *, to_source: Transform = IDENTITY, number: int = 1, text: str = "Some text"
) -> Page:
    line = line_at(text, (20, 20, 120, 60))
    block = TextBlock(box=line.box, lines=(line,))
    return Page(number=number, width=width, height=height, dpi=100.0, blocks=(block,), to_source=to_source)


def _pdf_of(source: BytesSource, *pages: Page, title: str = "", languages: tuple[str, ...] = ()) -> bytes:
    document = Document(pages=pages or (_page(),), title=title, languages=languages)
    data = ocrchat.export(document, "pdf", source=source)
    assert data is not None
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert pdf.check_pdf_syntax() == []
    return data


def _shown(data: bytes, dpi: float = 100.0, index: int = 0) -> npt.NDArray[np.uint8]:
    with pdfium.PdfDocument(data) as pdf:
        shown: npt.NDArray[np.uint8] = np.asarray(pdf[index].render(scale=dpi / 72).to_pil().convert("RGB"))
        return shown


def _same(one: npt.NDArray[np.uint8], other: Image.Image) -> bool:
    expected = np.asarray(other.convert("RGB")).astype(int)
    return one.shape == expected.shape and float(np.abs(one.astype(int) - expected).mean()) < 3


JPEG = _encoded(_drawing(), "JPEG", quality=90)
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
AS_THEY_CAME = {
    "jpeg": (JPEG, "image/jpeg", "/DCTDecode"),
    "grey jpeg": (_encoded(_drawing("L"), "JPEG"), "image/jpeg", "/DCTDecode"),
    "progressive jpeg": (_encoded(_drawing(), "JPEG", progressive=True), "image/jpeg", "/DCTDecode"),
    "jpeg with a profile": (_encoded(_drawing(), "JPEG", icc_profile=PROFILE), "image/jpeg", "/DCTDecode"),
    "png": (_encoded(_drawing(), "PNG"), "image/png", "/FlateDecode"),
    "grey png": (_encoded(_drawing("L"), "PNG"), "image/png", "/FlateDecode"),
    "palette png": (_encoded(_drawing("P"), "PNG"), "image/png", "/FlateDecode"),
    "bilevel png": (_encoded(_drawing("1"), "PNG"), "image/png", "/FlateDecode"),
    "16-bit png": (
        _encoded(Image.fromarray(np.asarray(_drawing("L"), dtype=np.uint16) * 257), "PNG"),
        "image/png",
        "/FlateDecode",
    ),
    "png with a profile": (_encoded(_drawing(), "PNG", icc_profile=PROFILE), "image/png", "/FlateDecode"),
    "fax tiff": (_encoded(_drawing("1"), "TIFF", compression="group4"), "image/tiff", "/CCITTFaxDecode"),
    "fax tiff in strips": (
        _encoded(_drawing("1"), "TIFF", compression="group4", tiffinfo={278: 32}, strip_size=1),
        "image/tiff",
        "/CCITTFaxDecode",
    ),
    "jpeg 2000": (_encoded(_drawing(), "JPEG2000"), "image/jp2", "/JPXDecode"),
}


@pytest.mark.parametrize("kind", AS_THEY_CAME)
def test_pdf_when_the_source_is_a_picture_holds_its_own_data(kind: str) -> None:
    data, media_type, name = AS_THEY_CAME[kind]
    made = _pdf_of(BytesSource(data, media_type))
    with pikepdf.open(io.BytesIO(made)) as pdf:
        images = [image for _, image in pdf.pages[0].Resources.XObject.items()]
        assert {str(image.Filter) for image in images} == {name}
        # A PNG's data may be cut into chunks; all others stand in the file in one piece.
        assert media_type == "image/png" or all(image.read_raw_bytes() in data for image in images)
    assert len(made) <= 1.1 * len(data) + 20_000
    assert _same(_shown(made), Image.open(io.BytesIO(data)).convert("RGB")) or kind == "16-bit png"
    assert pdfium_pages(made) == [["Some text"]]


def test_pdf_when_the_picture_has_cmyk_of_adobe_shows_its_colours() -> None:
    data = _encoded(_drawing("CMYK"), "JPEG")
    shown = _shown(_pdf_of(BytesSource(data, "image/jpeg")))
    assert shown[150, 200].mean() > 200
    assert shown[40, 60].mean() < 150


TURNS = {
    # EXIF orientation: what turns the stored pixels upright, as Pillow does it.
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
TO_STORED: dict[int, Transform] = {
    1: (1, 0, 0, 0, 1, 0, 0, 0, 1),
    2: (-1, 0, 300, 0, 1, 0, 0, 0, 1),
    3: (-1, 0, 300, 0, -1, 200, 0, 0, 1),
    4: (1, 0, 0, 0, -1, 200, 0, 0, 1),
    5: (0, 1, 0, 1, 0, 0, 0, 0, 1),
    6: (0, 1, 0, -1, 0, 200, 0, 0, 1),
    7: (0, -1, 300, -1, 0, 200, 0, 0, 1),
    8: (0, -1, 300, 1, 0, 0, 0, 0, 1),
}
"""Upright pixels → the pixels as stored, 300 × 200 of them."""


@pytest.mark.parametrize("orientation", TURNS)
def test_pdf_when_the_picture_is_stored_turned_stands_upright_with_text_on_its_ink(orientation: int) -> None:
    turn = TURNS[orientation]
    stored = _drawing()
    upright = stored if turn is None else stored.transpose(turn)
    ink = np.argwhere(np.asarray(upright)[:, :, 0] < 100)
    (top, left), (bottom, right) = ink.min(axis=0).tolist(), ink.max(axis=0).tolist()
    line = line_at("Ink", (left, top, right + 1, bottom + 1))
    page = replace(
        _page(*upright.size, to_source=TO_STORED[orientation]), blocks=(TextBlock(box=line.box, lines=(line,)),)
    )
    made = _pdf_of(BytesSource(JPEG, "image/jpeg"), page)
    assert _same(_shown(made), upright)
    seen = pdfium_lines(made)
    scale, height = 0.72, upright.height * 0.72
    box = (left * scale, height - (bottom + 1) * scale, (right + 1) * scale, height - top * scale)
    assert [one.text for one in seen] == ["Ink"]
    assert overlap(box, seen[0].box) >= 0.7


def test_pdf_when_the_reader_saw_the_picture_smaller_and_straightened_keeps_the_picture() -> None:
    # Read at half size, turned by two degrees: stored = 2 · rotation · upright.
    cosine, sine = 2 * np.cos(np.radians(2)), 2 * np.sin(np.radians(2))
    transform = (cosine, -sine, 6.0, sine, cosine, -4.0, 0.0, 0.0, 1.0)
    line = line_at("Some text", (20, 20, 90, 32))
    page = Page(
        number=1, width=150, height=100, dpi=50.0, to_source=transform, blocks=(TextBlock(box=line.box, lines=(line,)),)
    )
    made = _pdf_of(BytesSource(JPEG, "image/jpeg"), page)
    assert _same(_shown(made), _drawing())
    seen = pdfium_lines(made)
    centre = np.array(transform).reshape(3, 3) @ np.array([55, 26, 1])
    box = seen[0].box
    assert (box[0] + box[2]) / 2 == pytest.approx(centre[0] * 0.72, abs=1.5)
    assert (box[1] + box[3]) / 2 == pytest.approx((200 - centre[1]) * 0.72, abs=1.5)


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (_encoded(_drawing("RGBA"), "PNG"), "image/png"),
        (_encoded(_drawing(), "PNG")[:40], "image/png"),
        (_encoded(_drawing(), "TIFF"), "image/tiff"),
        (_encoded(_drawing(), "WEBP"), "image/webp"),
        (_encoded(_drawing(), "GIF"), "image/gif"),
        (JPEG[:20], "image/jpeg"),
        (b"", "image/jpeg"),
        (b"II*\0\xff\xff\xff\xff", "image/tiff"),
        (b"nonsense", "image/jp2"),
    ],
)
def test_pdf_when_the_file_cannot_be_taken_over_shows_its_pixels_losslessly(data: bytes, media_type: str) -> None:
    image = PageImage(pixels=np.asarray(_drawing()), dpi=100.0)
    made = _pdf_of(BytesSource(data, media_type, [image]))
    assert np.array_equal(_shown(made), np.asarray(_drawing()))
    assert pdfium_pages(made) == [["Some text"]]


@pytest.mark.parametrize("mode", ["1", "L", "RGB"])
def test_picture_from_pixels_when_decoded_again_is_the_same(mode: str) -> None:
    pixels = np.asarray(_drawing("1").convert("L") if mode == "1" else _drawing(mode))
    picture = picture_from_pixels(pixels, 100.0)
    assert ("/BitsPerComponent 1" in picture.strips[0].entries) == (mode == "1")
    image = PageImage(pixels=pixels, dpi=100.0)
    shown = _shown(_pdf_of(BytesSource(b"", "image/webp", [image])))
    assert np.array_equal(shown, np.asarray(Image.fromarray(pixels).convert("RGB")))


def test_pdf_when_the_file_has_several_pages_takes_each_and_labels_a_choice() -> None:
    frames = [_drawing("1"), _drawing("1").rotate(180)]
    data = _encoded(frames[0], "TIFF", compression="group4", save_all=True, append_images=frames[1:])
    both = _pdf_of(BytesSource(data, "image/tiff"), _page(), _page(number=2, text="Second"))
    assert pdfium_pages(both) == [["Some text"], ["Second"]]
    assert _same(_shown(both, index=1), frames[1])
    with pdfium.PdfDocument(_pdf_of(BytesSource(data, "image/tiff"), _page(number=2))) as pdf:
        assert pdf.get_page_label(0) == "2"


def test_pdf_when_a_page_failed_shows_it_without_text() -> None:
    made = _pdf_of(BytesSource(JPEG, "image/jpeg"), factories.failed_page())
    assert _shown(made, dpi=150).shape == (200, 300, 3)
    nothing = _pdf_of(BytesSource(b"", "image/webp"), factories.failed_page())
    assert pdfium_pages(nothing) == [[]]
    unseen = _pdf_of(BytesSource(b"", "image/webp"), _page())
    assert pdfium_pages(unseen) == [["Some text"]]


def test_pdf_when_text_is_hostile_is_a_valid_file() -> None:
    document = factories.hostile_document()
    made = _pdf_of(factories.source_of(document), *document.pages, title=document.title, languages=document.languages)
    assert "x" * 1000 in "".join(pdfium_pages(made)[4])


def test_pdf_when_there_are_no_pages_is_a_valid_file() -> None:
    data = ocrchat.export(Document(pages=()), "pdf", source=BytesSource(JPEG, "image/jpeg"))
    assert data is not None
    assert pdfium_pages(data) == [[]]


def test_pdf_when_its_source_is_gone_says_what_to_do() -> None:
    with pytest.raises(ExportError, match="Read the file again, or take another format"):
        ocrchat.export(factories.document("plain"), "pdf")


def test_pdf_when_made_of_pictures_names_title_language_and_structure() -> None:
    blocks = (
        block_of("Head", role="heading", level=2),
        block_of("Text", top=140),
        block_of("Fig", role="caption", top=170),
    )
    made = _pdf_of(
        BytesSource(JPEG, "image/jpeg"), replace(_page(), blocks=blocks), title="A (title) \\", languages=("x!", "de")
    )
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert str(pdf.docinfo["/Title"]) == "A (title) \\"
        assert str(pdf.Root.Lang) == "de"
        elements = pdf.Root.StructTreeRoot.K[0].K
        assert [str(element.S) for element in elements] == ["/H2", "/P", "/Caption"]
        assert pdf.Root.StructTreeRoot.ParentTree.Nums[1][2] == elements[2]
        assert b"/Caption << /MCID 2 >> BDC" in pdf.pages[0].Contents.read_bytes()


def test_pdf_when_made_of_pictures_has_lists_and_tables_in_its_structure() -> None:
    items = [
        block_of("one", role="list_item", marker="1.", top=400),
        block_of("inner", role="list_item", marker="•", level=1, top=440),
        block_of("two", role="list_item", marker="2.", top=480),
    ]
    spans = factories.page("spans").blocks[0]
    assert isinstance(spans, TableBlock)
    lost = replace(spans.cells[-1], row=-1, lines=(line_at("lost", (100, 250, 190, 280)),))
    table = replace(spans, cells=(*spans.cells, lost))
    page = replace(factories.page("empty"), blocks=(*items, table, block_of("end", top=700)))
    made = _pdf_of(factories.source_of(Document(pages=(page,))), page)
    assert [line.split()[0] for line in pdfium_pages(made)[0]][:3] == ["1.", "•", "2."]
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert _outline(pdf.Root.StructTreeRoot.K[0]) == (
            "Document(L(LI(LBody(0 L(LI(LBody(1))))) LI(LBody(2))) "
            "Table(TR(TH(3) TH(4)) TR(TD(5) TD(6) TD(7)) TR(TD(8))) P(9) P(10))"
        )
        parents = pdf.Root.StructTreeRoot.ParentTree.Nums[1]
        assert [str(element.S) for element in parents] == ["/LBody"] * 3 + ["/TH"] * 2 + ["/TD"] * 4 + ["/P"] * 2
        assert int(parents[3].A.ColSpan) == 2
        assert int(parents[5].A.RowSpan) == 2


def _outline(element: Any) -> str:
    kids = element.K.as_list() if isinstance(element.K, pikepdf.Array) else [element.K]
    told = [_outline(kid) if isinstance(kid, pikepdf.Object) else str(kid) for kid in kids]
    return f"{str(element.S)[1:]}({' '.join(told)})"


def test_font_file_when_read_by_another_is_a_font_with_a_box() -> None:
    font = TTFont(io.BytesIO(font_file()), checkChecksums=2)
    names = font.getGlyphOrder()
    assert len(names) == 2
    glyph = font["glyf"][names[1]]
    assert (glyph.xMin, glyph.yMin, glyph.xMax, glyph.yMax) == (0, 2, 500, 975)
    assert font["hmtx"][names[1]] == (500, 0)


def test_codes_when_there_are_many_characters_write_blocks_of_a_hundred() -> None:
    codes = Codes()
    text = "".join(map(chr, range(0x4E00, 0x4E00 + 250))) + "\U0002070e"
    assert codes.encode(text) == "".join(f"{number:04X}" for number in range(1, 252))
    assert codes.encode("\u4e01\u4e01") == "00020002"
    table = codes.to_unicode().decode()
    assert [int(count) for count in re.findall(r"(\d+) beginbfchar", table)] == [100, 100, 51]
    assert "<00FB> <D841DF0E>" in table


def test_picture_when_a_profile_unpacks_to_very_much_leaves_it_out() -> None:
    data = _encoded(_drawing(), "PNG", icc_profile=PROFILE)
    at = data.index(b"iCCP")
    bad = data[: at + 4 + 4] + b"\0" * 20 + data[at + 28 :]
    picture = picture_from_file(bad, "image/png", 0)
    assert picture is not None
    assert picture.profile == b""
    assert zlib.crc32(picture.strips[0].data)
