"""Born-digital PDFs of any length, drawn here: A4, one column, a standard font, the same for the same seed."""

from __future__ import annotations

import random
import zlib
from pathlib import Path

# A4 in points, margins of 2 cm; 50 lines of about 60 characters are the 3,000 of a full page.
_WIDTH, _HEIGHT, _MARGIN = 595, 842, 57
_LINES, _LINE_CHARACTERS, _LEADING, _FONT_SIZE = 50, 60, 14, 11

# Everyday words of all lengths: a text that any check of plausibility takes for one.
_PROSE = """
    a an the and or of to in on at for from with by as is was are be has had not but this that these it he she
    they we house river winter letter morning garden table window office report market street paper number
    summer account village station teacher engine harbour question mountain evening business payment customer
    agreement condition different important necessary possible ordinary pleasant reasonable certain several
    another little great early walked opened carried received returned considered remembered followed believed
    delivered measured answered slowly often never always perhaps together yesterday tomorrow between against
    through without before after under information government department development understanding
    responsibility nevertheless administration
"""
_WORDS = tuple(_PROSE.split())


def draw_pdf(path: Path, pages: int, *, seed: int = 1) -> None:
    """Written page by page: a thousand pages take no memory."""
    source = random.Random(seed)
    offsets: list[int] = []
    with path.open("wb") as sink:

        def write_object(number: int, body: bytes) -> None:
            offsets.append(sink.tell())
            sink.write(b"%d 0 obj\n%b\nendobj\n" % (number, body))

        sink.write(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
        # 1 catalogue, 2 page tree, 3 font; then a page and its contents by turns.
        kids = b" ".join(b"%d 0 R" % (4 + 2 * index) for index in range(pages))
        write_object(1, b"<< /Type /Catalog /Pages 2 0 R >>")
        write_object(2, b"<< /Type /Pages /Count %d /Kids [%b] >>" % (pages, kids))
        write_object(3, b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
        for index in range(pages):
            contents = zlib.compress(_contents(page_lines(source)))
            write_object(
                4 + 2 * index,
                b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents %d 0 R"
                b" /Resources << /Font << /F1 3 0 R >> >> >>" % (_WIDTH, _HEIGHT, 5 + 2 * index),
            )
            head = b"<< /Length %d /Filter /FlateDecode >>" % len(contents)
            write_object(5 + 2 * index, head + b"\nstream\n" + contents + b"\nendstream")
        table = sink.tell()
        sink.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(offsets) + 1))
        sink.writelines(b"%010d 00000 n \n" % offset for offset in offsets)
        sink.write(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(offsets) + 1, table))


def page_lines(source: random.Random) -> list[str]:
    """Sentences, broken into lines of even length."""
    lines: list[str] = []
    line, start = "", True
    while len(lines) < _LINES:
        word = source.choice(_WORDS)
        stop = not start and source.random() < 0.09
        word = (word.capitalize() if start else word) + ("." if stop else "")
        start = stop
        if len(line) + 1 + len(word) > _LINE_CHARACTERS + 4:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return lines


def _contents(lines: list[str]) -> bytes:
    # No word holds a bracket or a backslash, so nothing needs escaping.
    shown = b"\n".join(b"(%b) Tj T*" % line.encode("ascii") for line in lines)
    top = _HEIGHT - _MARGIN - _FONT_SIZE
    return b"BT\n/F1 %d Tf\n%d TL\n%d %d Td\n%b\nET\n" % (_FONT_SIZE, _LEADING, _MARGIN, top, shown)
