"""A PDF's own pages: kept, with what was read over them."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pikepdf
import pypdfium2 as pdfium
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, String

import ocrchat
from ocrchat.document.image import PageImage
from ocrchat.document.model import Document, Line, Page, TextBlock, Transform
from ocrchat.errors import ExportError
from tests import factories
from tests.factories import BytesSource, line_at
from tests.unit.export.readers import overlap, pdfium_lines, pdfium_pages

DPI = 150.0
SCALE = 72 / DPI


def _own_pdf(
    *,
    content: bytes = b"0.2 g 50 700 200 30 re f",
    count: int = 1,
    rotate: int = 0,
    box: tuple[int, ...] = (0, 0, 600, 800),
    shared: bool = False,
    form: bytes = b"",
    encryption: pikepdf.Encryption | bool = False,
) -> bytes:
    """A PDF with a bookmark, a link and a form field, its pages' resources shared where asked."""
    pdf = Pdf.new()
    font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    resources = Dictionary(Font=Dictionary(H=font))
    if form:
        inner = pdf.make_stream(form)
        inner.Type, inner.Subtype = Name.XObject, Name.Form
        inner.BBox, inner.Resources = Array([0, 0, 600, 800]), Dictionary(Font=Dictionary(H=font))
        resources.XObject = Dictionary(Fm0=inner)
        content += b" /Fm0 Do"
    for _ in range(count):
        page = Dictionary(Type=Name.Page, MediaBox=Array(box), Contents=pdf.make_stream(content), Rotate=rotate)
        if not shared:
            page.Resources = resources
        pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
    if shared:
        pdf.Root.Pages.Resources = pdf.make_indirect(resources)
    link = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Link,
        Rect=[1, 1, 9, 9],
        A=Dictionary(S=Name.URI, URI=String("https://example.org/")),
    )
    pdf.pages[0].Annots = Array([pdf.make_indirect(link)])
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("Chapter", 0))
    pdf.Root.AcroForm = Dictionary(Fields=Array([Dictionary(FT=Name.Tx, T=String("name"), V=String("kept"))]))
    out = io.BytesIO()
    pdf.save(out, encryption=encryption)
    return out.getvalue()


def _to_source(rotate: int = 0, box: tuple[int, ...] = (0, 0, 600, 800)) -> Transform:
    """Upright pixels of the page as shown → its user space, as intake gives it."""
    left, bottom, right, top = box
    return {
        0: (SCALE, 0.0, left, 0.0, -SCALE, top),
        90: (0.0, SCALE, left, SCALE, 0.0, bottom),
        180: (-SCALE, 0.0, right, 0.0, SCALE, bottom),
        270: (0.0, -SCALE, right, -SCALE, 0.0, top),
    }[rotate] + (0.0, 0.0, 1.0)


def _page(
    text: str = "Read by us", *, number: int = 1, to_source: Transform | None = None, reader: str = "fast"
) -> Page:
    line = replace(line_at(text, (105, 146, 521, 208)), reader=reader)
    block = TextBlock(box=line.box, lines=(line,))
    transform = _to_source() if to_source is None else to_source
    return Page(number=number, width=1250, height=1667, dpi=DPI, blocks=(block,), to_source=transform)


def _overlaid(data: bytes, *pages: Page, password: str = "", title: str = "", languages: tuple[str, ...] = ()) -> bytes:
    source = BytesSource(data, "application/pdf", password=password)
    made = ocrchat.export(Document(pages=pages, title=title, languages=languages), "pdf", source=source)
    assert made is not None
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert pdf.check_pdf_syntax() == []
    return made


def _shown(data: bytes, index: int = 0) -> npt.NDArray[np.uint8]:
    with pdfium.PdfDocument(data) as pdf:
        shown: npt.NDArray[np.uint8] = np.asarray(pdf[index].render(scale=1).to_pil().convert("RGB"))
        return shown


def test_overlay_when_a_page_was_read_looks_the_same_and_holds_the_text() -> None:
    own = _own_pdf()
    made = _overlaid(own, _page())
    assert pdfium_pages(made) == [["Read by us"]]
    assert np.array_equal(_shown(own), _shown(made))
    assert len(made) <= 1.1 * len(own) + 20_000


def test_overlay_when_the_page_was_written_carelessly_stands_at_its_place() -> None:
    # The page's own content leaves a scaled and shifted state behind.
    made = _overlaid(_own_pdf(content=b"q 3 0 0 3 100 100 cm 1 0 0 rg"), _page())
    assert pdfium_lines(made)[0].box[0] == pytest.approx(105 * SCALE, abs=1)


def test_overlay_when_the_pdf_has_links_bookmarks_and_forms_keeps_them() -> None:
    with pikepdf.open(io.BytesIO(_overlaid(_own_pdf(count=3), _page(number=2)))) as pdf:
        assert str(pdf.pages[0].Annots[0].A.URI) == "https://example.org/"
        assert str(pdf.Root.AcroForm.Fields[0].V) == "kept"
        with pdf.open_outline() as outline:
            assert outline.root[0].title == "Chapter"
        assert len(pdf.pages) == 3


@pytest.mark.parametrize("shared", [False, True])
def test_overlay_when_pages_share_resources_gives_each_its_own_text(shared: bool) -> None:
    made = _overlaid(
        _own_pdf(count=3, shared=shared), _page("first"), _page("third", number=3), _page("none", number=9)
    )
    assert pdfium_pages(made) == [["first"], [], ["third"]]


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("box", [(0, 0, 600, 800), (50, -30, 650, 770)])
def test_overlay_when_the_page_is_rotated_or_shifted_lies_where_it_was_read(rotate: int, box: tuple[int, ...]) -> None:
    made = _overlaid(_own_pdf(rotate=rotate, box=box), _page(to_source=_to_source(rotate, box)))
    assert pdfium_pages(made) == [["Read by us"]]
    # PDFium gives boxes in user space: back to pixels by the inverse.
    left, bottom, right, top = pdfium_lines(made)[0].box
    inverse = np.linalg.inv(np.array(_to_source(rotate, box)).reshape(3, 3))
    corners = inverse @ np.array([[left, right], [bottom, top], [1, 1]])
    seen = (corners[0].min(), corners[1].min(), corners[0].max(), corners[1].max())
    assert overlap(seen, (105, 146, 521, 208)) >= 0.7


def test_overlay_when_the_page_was_straightened_follows_the_print() -> None:
    angle = np.radians(1.5)
    turn = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]])
    a, b, c, d, e, f, g, h, i = (np.array(_to_source()).reshape(3, 3) @ turn).ravel().tolist()
    made = _overlaid(_own_pdf(), _page(to_source=(a, b, c, d, e, f, g, h, i)))
    assert pdfium_pages(made) == [["Read by us"]]
    seen = pdfium_lines(made)[0].box
    centre = np.array([[a, b, c], [d, e, f]]) @ np.array([313, 177, 1])
    assert (seen[0] + seen[2]) / 2 == pytest.approx(centre[0], abs=2)
    assert (seen[1] + seen[3]) / 2 == pytest.approx(centre[1], abs=2)


def test_overlay_when_the_page_was_unwarped_follows_the_print() -> None:
    # A perspective: lines further down are wider.
    transform = (0.48, 0.0, 0.0, 0.0, -0.48, 800.0, 0.0, 0.0002, 1.0)
    made = _overlaid(_own_pdf(), _page(to_source=transform))
    weight = 0.0002 * 208 + 1
    assert pdfium_lines(made)[0].box[0] == pytest.approx(105 * 0.48 / weight, abs=1)
    assert pdfium_lines(made)[0].box[2] == pytest.approx(521 * 0.48 / weight, abs=1)


TEXT = b"BT /H 20 Tf 50 600 Td (Its own text) Tj ET"


def test_overlay_when_the_text_is_the_pages_own_leaves_the_page_alone() -> None:
    own = _own_pdf(content=TEXT)
    made = _overlaid(own, _page("Its own text", reader="text-layer"))
    assert pdfium_pages(made) == [["Its own text"]]
    with pikepdf.open(io.BytesIO(own)) as before, pikepdf.open(io.BytesIO(made)) as after:
        assert before.pages[0].Contents.read_raw_bytes() == after.pages[0].Contents.read_raw_bytes()


def test_overlay_when_only_a_part_was_read_adds_only_it() -> None:
    page = _page("A stamp")
    own = Line(text="Its own text", box=page.blocks[0].box, reader="text-layer")
    blocks = (TextBlock(box=own.box, lines=(own,)), *page.blocks)
    made = _overlaid(_own_pdf(content=TEXT), replace(page, blocks=blocks))
    assert sorted(pdfium_pages(made)[0]) == ["A stamp", "Its own text"]


OLD_LAYER = b"q BT 3 Tr /H 20 Tf 50 600 Td (0ld errors) Tj ET Q BT /H 20 Tf 50 500 Td (Printed) Tj ET"


@pytest.mark.parametrize("in_form", [False, True])
def test_overlay_when_there_is_an_older_invisible_layer_replaces_it(in_form: bool) -> None:
    own = _own_pdf(form=OLD_LAYER) if in_form else _own_pdf(content=OLD_LAYER)
    made = _overlaid(own, _page())
    assert sorted(pdfium_pages(made)[0]) == ["Printed", "Read by us"]
    assert np.array_equal(_shown(own), _shown(made))


def test_overlay_when_an_older_layer_cannot_be_taken_apart_leaves_the_page_as_it_is() -> None:
    own = _own_pdf(content=b"0.2 g 50 700 200 30 re f BT 3 Tr /X Tr ET")
    made = _overlaid(own, _page())
    assert np.array_equal(_shown(own), _shown(made))
    assert pdfium_pages(made) == [["Read by us"]]


def test_overlay_when_the_pdf_is_encrypted_comes_out_open_and_says_so() -> None:
    own = _own_pdf(encryption=pikepdf.Encryption(owner="o", user="u"))
    made = _overlaid(own, _page(), password="u")
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert not pdf.is_encrypted
        assert "without encryption" in str(pdf.docinfo["/OcrchatNotice"])
    assert pdfium_pages(made) == [["Read by us"]]


def test_overlay_when_the_password_is_no_longer_known_says_what_to_do() -> None:
    own = _own_pdf(encryption=pikepdf.Encryption(owner="o", user="u"))
    with pytest.raises(ExportError, match="Read it again with the password"):
        _overlaid(own, _page())


def test_overlay_when_title_and_language_are_known_adds_what_the_pdf_lacks() -> None:
    with pikepdf.open(io.BytesIO(_overlaid(_own_pdf(), _page(), title="Ein Titel\x00", languages=("de",)))) as pdf:
        assert str(pdf.docinfo["/Title"]) == "Ein Titel"
        assert str(pdf.Root.Lang) == "de"
        assert "/OcrchatNotice" not in pdf.docinfo
    with pikepdf.open(io.BytesIO(_own_pdf())) as own:
        own.docinfo["/Title"], own.Root.Lang = String("Its own"), String("fr")
        out = io.BytesIO()
        own.save(out)
    with pikepdf.open(io.BytesIO(_overlaid(out.getvalue(), _page(), title="Other", languages=("de",)))) as pdf:
        assert (str(pdf.docinfo["/Title"]), str(pdf.Root.Lang)) == ("Its own", "fr")


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 nothing", _own_pdf(count=1)[:200]])
def test_overlay_when_the_file_is_no_usable_pdf_shows_its_pages_as_pictures(data: bytes) -> None:
    image = PageImage(pixels=np.full((1667, 1250, 3), 200, np.uint8), dpi=DPI, to_source=_to_source())
    document = Document(pages=(_page(),))
    made = ocrchat.export(document, "pdf", source=BytesSource(data, "application/pdf", [image]))
    assert made is not None
    assert pdfium_pages(made) == [["Read by us"]]
    assert _shown(made).mean() == 200


def test_overlay_when_text_is_hostile_is_a_valid_file() -> None:
    document = factories.hostile_document()
    made = _overlaid(_own_pdf(count=5), *document.pages, title=document.title, languages=document.languages)
    assert len(pdfium_pages(made)) == 5


def test_overlay_when_the_parents_of_a_page_are_a_ring_still_ends() -> None:
    with pikepdf.open(io.BytesIO(_own_pdf(shared=True))) as pdf:
        del pdf.pages[0].obj["/Resources"]
        pdf.Root.Pages.Parent = pdf.Root.Pages
        out = io.BytesIO()
        pdf.save(out)
    source = BytesSource(out.getvalue(), "application/pdf")
    made = ocrchat.export(Document(pages=(_page(),)), "pdf", source=source)
    assert made is not None
    assert pdfium_pages(made) == [["Read by us"]]
