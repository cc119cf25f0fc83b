"""Draws the PDFs that tests read: pages with text at given places, pictures, fills and every odd page attribute.

Coordinates are points of the page's default user space, origin bottom left, as in the format itself.
"""

from __future__ import annotations

import functools
import io
import math
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import manimgx_fonts
import numpy as np
import numpy.typing as npt
from fontTools import subset
from fontTools.ttLib import TTFont

A4 = (595.0, 842.0)
BASE_FONTS = frozenset(
    f"{family}{style}"
    for family, styles in {
        "Helvetica": ("", "-Bold", "-Oblique", "-BoldOblique"),
        "Courier": ("", "-Bold", "-Oblique", "-BoldOblique"),
        "Times": ("-Roman", "-Bold", "-Italic", "-BoldItalic"),
        "Symbol": ("",),
        "ZapfDingbats": ("",),
    }.items()
    for style in styles
)
FONT_FOLDER = Path(next(iter(manimgx_fonts.__path__)))
Color = tuple[float, float, float]
BLACK: Color = (0.0, 0.0, 0.0)
WHITE: Color = (1.0, 1.0, 1.0)


def font_path(name: str) -> Path:
    """A Noto font by its family, such as "NotoSans", "NotoSansArabic" or "NotoSansDevanagari"."""
    return FONT_FOLDER / f"{name}[wght].ttf"


@dataclass(frozen=True)
class FontUse:
    """A font as one file uses it; `unicode_of` gives what the file claims a character to be (None: it says nothing)."""

    name: str
    unicode_of: Callable[[str], str] | None = str


@dataclass
class PDFPage:
    width: float = A4[0]
    height: float = A4[1]
    rotation: int = 0
    crop: tuple[float, float, float, float] | None = None
    user_unit: float = 1.0
    origin: tuple[float, float] = (0.0, 0.0)
    """Lower left corner of the media box."""
    operators: list[bytes] = field(default_factory=list)
    characters: dict[FontUse, set[str]] = field(default_factory=dict)
    pictures: list[bytes] = field(default_factory=list)
    """Complete stream objects, drawn as /P0, /P1 …"""
    annotations: list[bytes] = field(default_factory=list)
    entries: bytes = b""
    """Further entries of the page's dictionary."""

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = 11.0,
        font: str | FontUse = "Helvetica",
        color: Color = BLACK,
        mode: int = 0,
        angle: float = 0.0,
        stretch: float = 100.0,
    ) -> PDFPage:
        """One run on a baseline. `mode` is the text rendering mode (3: invisible), `angle` counter-clockwise."""
        use = FontUse(font) if isinstance(font, str) else font
        self.characters.setdefault(use, set()).update(text)
        cosine, sine = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        # The file's writer knows the glyph ids only when all pages are drawn: until then the text stands between marks.
        self.operators.append(
            f"BT {_color(color)} rg {mode} Tr {stretch:g} Tz {cosine:.5f} {sine:.5f} {-sine:.5f} {cosine:.5f} "
            f"{x:.3f} {y:.3f} Tm ".encode()
            + b"\0".join((b"", use.name.encode(), str(id(use.unicode_of)).encode(), f"{size:g}".encode()))
            + b"\0"
            + text.encode("utf-32-be").hex().encode()
            + b"\0 ET"
        )
        return self

    def paragraph(
        self, x: float, y: float, lines: Iterable[str], *, size: float = 11.0, leading: float = 1.3
    ) -> PDFPage:
        for index, line in enumerate(lines):
            self.text(x, y - index * size * leading, line, size=size)
        return self

    def fill(self, x: float, y: float, width: float, height: float, *, color: Color = BLACK) -> PDFPage:
        return self.draw(f"{_color(color)} rg {x:g} {y:g} {width:g} {height:g} re f")

    def draw(self, operators: str) -> PDFPage:
        """Content operators as they are; wrapped so that no state leaks."""
        self.operators.append(b"q " + operators.encode("latin-1") + b" Q")
        return self

    def picture(self, x: float, y: float, width: float, height: float, pixels: npt.NDArray[np.uint8]) -> PDFPage:
        """Grey (height × width) or RGB pixels, losslessly."""
        space = b"DeviceGray" if pixels.ndim == 2 else b"DeviceRGB"
        data = zlib.compress(np.ascontiguousarray(pixels).tobytes())
        head = b"/ColorSpace /%s /BitsPerComponent 8 /Filter /FlateDecode" % space
        return self._place(x, y, width, height, pixels.shape[1], pixels.shape[0], head, data)

    def jpeg(self, x: float, y: float, width: float, height: float, data: bytes, size: tuple[int, int]) -> PDFPage:
        head = b"/ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode"
        return self._place(x, y, width, height, *size, head, data)

    def _place(
        self, x: float, y: float, width: float, height: float, columns: int, rows: int, head: bytes, data: bytes
    ) -> PDFPage:
        entries = b"/Type /XObject /Subtype /Image /Width %d /Height %d " % (columns, rows)
        self.pictures.append(_stream(data, entries + head))
        return self.draw(f"{width:g} 0 0 {height:g} {x:g} {y:g} cm /P{len(self.pictures) - 1} Do")

    def note(self, x: float, y: float, width: float, height: float, text: str, *, size: float = 11.0) -> PDFPage:
        """A free-text annotation with its own appearance, drawn by every viewer."""
        content = f"BT /F0 {size:g} Tf 2 {height - size:g} Td ({_escaped(text)}) Tj ET".encode("cp1252")
        resources = b"/Resources << /Font << /F0 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
        head = b"/Type /XObject /Subtype /Form /BBox [0 0 %g %g] " % (width, height) + resources
        self.annotations.append(
            f"/Subtype /FreeText /F 4 /Rect [{x:g} {y:g} {x + width:g} {y + height:g}] "
            f"/DA (/Helv {size:g} Tf) /Contents ({_escaped(text)})".encode("cp1252")
            + b"\0"
            + _stream(content, head)
        )
        return self


class PDFDrawing:
    """A file of pages; `title` goes into the document information."""

    def __init__(self, title: str = "") -> None:
        self.title = title
        self.pages: list[PDFPage] = []

    def page(
        self,
        width: float = A4[0],
        height: float = A4[1],
        *,
        rotation: int = 0,
        crop: tuple[float, float, float, float] | None = None,
        user_unit: float = 1.0,
        origin: tuple[float, float] = (0.0, 0.0),
        entries: bytes = b"",
    ) -> PDFPage:
        page = PDFPage(width, height, rotation, crop, user_unit, origin, entries=entries)
        self.pages.append(page)
        return page

    def to_bytes(self) -> bytes:
        writer = _Writer()
        catalog, tree = writer.reserve(), writer.reserve()
        fonts = self._write_fonts(writer)
        kids = [self._write_page(writer, page, tree, fonts) for page in self.pages]
        references = b" ".join(b"%d 0 R" % kid for kid in kids)
        writer.put(tree, b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), references))
        writer.put(catalog, b"<< /Type /Catalog /Pages %d 0 R >>" % tree)
        title = b"\xfe\xff" + self.title.encode("utf-16-be")
        info = writer.add(b"<< /Title <%s> >>" % title.hex().encode()) if self.title else 0
        return writer.finish(catalog, info)

    def save(self, path: Path) -> Path:
        path.write_bytes(self.to_bytes())
        return path

    def _write_fonts(self, writer: _Writer) -> dict[tuple[str, int], _Font]:
        characters: dict[FontUse, set[str]] = {}
        for page in self.pages:
            for use, used in page.characters.items():
                characters.setdefault(use, set()).update(used)
        return {
            (use.name, id(use.unicode_of)): _write_font(writer, use, "".join(sorted(used)))
            for use, used in characters.items()
        }

    def _write_page(self, writer: _Writer, page: PDFPage, tree: int, fonts: dict[tuple[str, int], _Font]) -> int:
        content = b"\n".join(_with_glyphs(operator, fonts) for operator in page.operators)
        names = {(use.name, id(use.unicode_of)) for use in page.characters}
        font_entries = b" ".join(b"/F%d %d 0 R" % (fonts[name].number, fonts[name].number) for name in sorted(names))
        pictures = b" ".join(b"/P%d %d 0 R" % (index, writer.add(p)) for index, p in enumerate(page.pictures))
        notes = []
        for note in page.annotations:
            head, _, appearance = note.partition(b"\0")
            form = writer.add(appearance)
            notes.append(writer.add(b"<< /Type /Annot %s /AP << /N %d 0 R >> >>" % (head, form)))
        left, bottom = page.origin
        box = f"[{left:g} {bottom:g} {left + page.width:g} {bottom + page.height:g}]".encode()
        entries = [b"/Type /Page /Parent %d 0 R /MediaBox %s /Rotate %d" % (tree, box, page.rotation), page.entries]
        if page.crop:
            entries.append("/CropBox [{:g} {:g} {:g} {:g}]".format(*page.crop).encode())
        if page.user_unit != 1.0:
            entries.append(f"/UserUnit {page.user_unit:g}".encode())
        if notes:
            entries.append(b"/Annots [%s]" % b" ".join(b"%d 0 R" % n for n in notes))
        entries.append(b"/Resources << /Font << %s >> /XObject << %s >> >>" % (font_entries, pictures))
        entries.append(b"/Contents %d 0 R" % writer.add(_stream(zlib.compress(content), b"/Filter /FlateDecode")))
        return writer.add(b"<< %s >>" % b" ".join(entries))


class _Writer:
    """Numbered objects and their cross-reference table."""

    def __init__(self) -> None:
        self._objects: list[bytes] = []

    def reserve(self) -> int:
        return self.add(b"null")

    def add(self, body: bytes) -> int:
        self._objects.append(body)
        return len(self._objects)

    def put(self, number: int, body: bytes) -> None:
        self._objects[number - 1] = body

    def finish(self, catalog: int, info: int) -> bytes:
        sink = io.BytesIO()
        sink.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        offsets = []
        for number, body in enumerate(self._objects, start=1):
            offsets.append(sink.tell())
            sink.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
        start = sink.tell()
        sink.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(offsets) + 1))
        sink.write(b"".join(b"%010d 00000 n \n" % offset for offset in offsets))
        trailer = b"/Size %d /Root %d 0 R" % (len(offsets) + 1, catalog)
        if info:
            trailer += b" /Info %d 0 R" % info
        sink.write(b"trailer\n<< %s >>\nstartxref\n%d\n%%%%EOF\n" % (trailer, start))
        return sink.getvalue()


@dataclass(frozen=True)
class _Font:
    number: int
    glyph_of: dict[str, int] | None = None
    """None: a base font, addressed by Windows-1252 codes."""


@functools.cache
def _subset(name: str, characters: str) -> tuple[bytes, dict[str, int], dict[int, int]]:
    """Font file, glyph ids and widths (thousandths of the size)."""
    with TTFont(font_path(name), lazy=True) as font:
        options = subset.Options(layout_features=[], notdef_outline=True)
        options.drop_tables += ["GSUB", "GPOS", "GDEF", "STAT", "DSIG", "fvar", "gvar", "avar", "HVAR", "MVAR", "VVAR"]
        subsetter = subset.Subsetter(options)
        subsetter.populate(text=characters)
        subsetter.subset(font)
        sink = io.BytesIO()
        font.save(sink)
        scale = 1000 / font["head"].unitsPerEm
        cmap = font.getBestCmap()
        glyph_of = {chr(code): font.getGlyphID(glyph) for code, glyph in cmap.items()}
        widths = {font.getGlyphID(glyph): round(font["hmtx"][glyph][0] * scale) for glyph in cmap.values()}
    return sink.getvalue(), glyph_of, widths


def _write_font(writer: _Writer, use: FontUse, characters: str) -> _Font:
    if use.name in BASE_FONTS:
        encoding = b"" if use.name in {"Symbol", "ZapfDingbats"} else b"/Encoding /WinAnsiEncoding"
        return _Font(writer.add(b"<< /Type /Font /Subtype /Type1 /BaseFont /%s %s >>" % (use.name.encode(), encoding)))
    data, glyph_of, widths = _subset(use.name, characters)
    name = b"ABCDEF+" + use.name.encode()
    file = writer.add(_stream(zlib.compress(data), b"/Length1 %d /Filter /FlateDecode" % len(data)))
    descriptor = writer.add(
        b"<< /Type /FontDescriptor /FontName /%s /Flags 4 /FontBBox [-500 -300 1500 1100] /ItalicAngle 0 "
        b"/Ascent 1069 /Descent -293 /CapHeight 714 /StemV 80 /FontFile2 %d 0 R >>" % (name, file)
    )
    listed = " ".join(f"{glyph} [{width}]" for glyph, width in sorted(widths.items())).encode()
    descendant = writer.add(
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /%s /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) "
        b"/Supplement 0 >> /FontDescriptor %d 0 R /CIDToGIDMap /Identity /W [%s] >>" % (name, descriptor, listed)
    )
    entries = b"/Type /Font /Subtype /Type0 /BaseFont /%s /Encoding /Identity-H /DescendantFonts [%d 0 R]"
    body = entries % (name, descendant)
    if use.unicode_of is not None:
        body += b" /ToUnicode %d 0 R" % writer.add(_stream(_unicode_map(glyph_of, use.unicode_of)))
    return _Font(writer.add(b"<< %s >>" % body), glyph_of)


def _unicode_map(glyph_of: dict[str, int], unicode_of: Callable[[str], str]) -> bytes:
    rows = [f"<{glyph:04X}> <{unicode_of(c).encode('utf-16-be').hex()}>" for c, glyph in sorted(glyph_of.items())]
    # The format allows 100 rows in one section.
    sections = [rows[start : start + 100] for start in range(0, len(rows), 100)]
    body = "\n".join(f"{len(section)} beginbfchar\n" + "\n".join(section) + "\nendbfchar" for section in sections)
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Drawn def /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <FFFF> endcodespacerange\n{body}\n"
        "endcmap CMapName currentdict /CMap defineresource pop end end"
    ).encode()


def _with_glyphs(operator: bytes, fonts: dict[tuple[str, int], _Font]) -> bytes:
    if b"\0" not in operator:
        return operator
    head, name, unicode_of, size, text_hex, tail = operator.split(b"\0")
    font = fonts[name.decode(), int(unicode_of)]
    text = bytes.fromhex(text_hex.decode()).decode("utf-32-be")
    if font.glyph_of is None:
        codes = text.encode("cp1252")
    else:
        codes = b"".join(font.glyph_of[character].to_bytes(2, "big") for character in text)
    return head + b"/F%d %s Tf <%s> Tj" % (font.number, size, codes.hex().encode()) + tail


def _stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(data), data)


def _color(color: Color) -> str:
    return "{:g} {:g} {:g}".format(*color)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
