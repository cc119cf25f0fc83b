"""The font of the invisible text: one glyph, a box; each character has a code, and a table says what it means.

The font file is made here, byte by byte, so that nobody's font travels with the product. Every character is half as
wide as the font is high.
"""

from __future__ import annotations

import struct
from typing import Final

from ocrchat.export.pdf_writer import PDFWriter, Reference

EM: Final = 1000
ADVANCE: Final = 500
LOW: Final = 2
HIGH: Final = 975
"""Where a glyph's ink would be: nearly the whole height. PDFium drops a word of one letter whose glyph has none, it
selects by these boxes, and takes two lines for one where they touch; it makes them some 15 units higher itself."""

_MOST_CODES: Final = 65_535
_IN_A_BLOCK: Final = 100
"""Entries of a character map's block, by the specification; readers differ in what they do beyond it."""


class Codes:
    """Gives each character of a document its two-byte code, in the order of their coming."""

    def __init__(self) -> None:
        self._hex: dict[str, str] = {}

    def encode(self, text: str) -> str:
        """As the inside of a hexadecimal string."""
        known = self._hex
        try:
            return "".join([known[character] for character in text])
        except KeyError:
            for character in text:
                if character not in known:
                    # Beyond what two bytes count, characters share the last code; no page has so many.
                    known[character] = f"{min(len(known) + 1, _MOST_CODES):04X}"
            return "".join([known[character] for character in text])

    def to_unicode(self) -> bytes:
        """The character map from codes to text that makes it searchable."""
        lines = [
            "/CIDInit /ProcSet findresource begin",
            "12 dict begin",
            "begincmap",
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
            "/CMapName /Adobe-Identity-UCS def",
            "/CMapType 2 def",
            "1 begincodespacerange",
            "<0000> <FFFF>",
            "endcodespacerange",
        ]
        entries = [f"<{code}> <{character.encode('utf-16-be').hex().upper()}>" for character, code in self._hex.items()]
        for start in range(0, len(entries), _IN_A_BLOCK):
            block = entries[start : start + _IN_A_BLOCK]
            lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
        lines += ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"]
        return "\n".join(lines).encode("ascii")


def font_file() -> bytes:
    """A TrueType font with the tables that a PDF needs of one."""
    head = struct.pack(
        ">IIIIHHQQhhhhHHhhh",
        *(0x00010000, 0x00010000, 0, 0x5F0F3CF5, 0, EM, 0, 0),  # version, revision, checksum, magic, flags, em, times
        *(0, LOW, ADVANCE, HIGH),  # the box of all glyphs
        *(0, 8, 2, 0, 0),  # style, smallest size, direction, short offsets
    )
    hhea = struct.pack(">IhhhHhhhhhhhhhhhH", 0x00010000, EM, 0, 0, ADVANCE, *(0,) * 11, 1)
    maxp = struct.pack(">IHHHHHHHHHHHHHH", 0x00010000, 2, 4, 1, 0, 0, 1, *(0,) * 8)
    # A rectangle: contours, box, last point, no instructions, flags, differences of x, of y.
    outline = struct.pack(">hhhhhHH", 1, 0, LOW, ADVANCE, HIGH, 3, 0) + b"\1" * 4
    outline += struct.pack(">hhhhhhhh", 0, ADVANCE, 0, -ADVANCE, LOW, 0, HIGH - LOW, 0)
    tables = {
        b"glyf": outline,
        b"head": head,
        b"hhea": hhea,
        b"hmtx": struct.pack(">Hhh", ADVANCE, 0, 0),
        b"loca": struct.pack(">HHH", 0, 0, len(outline) // 2),
        b"maxp": maxp,
    }
    offset = 12 + 16 * len(tables)
    directory = struct.pack(">IHHHH", 0x00010000, len(tables), 64, 2, 16 * len(tables) - 64)
    body = b""
    for tag, data in tables.items():
        padded = data + b"\0" * (-len(data) % 4)
        directory += struct.pack(">4sIII", tag, _checksum(padded), offset + len(body), len(data))
        body += padded
    font = directory + body
    at = font.index(head) + 8
    return font[:at] + struct.pack(">I", (0xB1B0AFBA - _checksum(font)) & 0xFFFFFFFF) + font[at + 4 :]


def _checksum(data: bytes) -> int:
    total: int = sum(struct.unpack(f">{len(data) // 4}I", data))
    return total & 0xFFFFFFFF


def write_font(out: PDFWriter, reference: Reference, codes: Codes) -> None:
    """All objects of the font; `reference` is the one that pages name."""
    data = font_file()
    file = out.add_stream(data, f"/Length1 {len(data)}")
    meanings = out.add_stream(codes.to_unicode())
    descriptor = out.add(
        "<< /Type /FontDescriptor /FontName /OcrchatInvisible /Flags 4 "
        f"/FontBBox [0 {LOW} {ADVANCE} {HIGH}] /ItalicAngle 0 /Ascent {EM} /Descent 0 /CapHeight {EM} /StemV 80 "
        f"/FontFile2 {file} 0 R >>"
    )
    # Every code shows the second of the two glyphs, so that no reader takes it for a missing one.
    glyphs = out.add_stream(b"\0\1" * 65536)
    descendant = out.add(
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /OcrchatInvisible "
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
        f"/FontDescriptor {descriptor} 0 R /DW {ADVANCE} /CIDToGIDMap {glyphs} 0 R >>"
    )
    out.write_object(
        reference,
        "<< /Type /Font /Subtype /Type0 /BaseFont /OcrchatInvisible /Encoding /Identity-H "
        f"/DescendantFonts [{descendant} 0 R] /ToUnicode {meanings} 0 R >>",
    )
