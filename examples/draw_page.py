"""Draws a one-page PDF with a text layer, with nothing but the standard library: something to read on the first day.

Usage: python examples/draw_page.py FILE
"""

from __future__ import annotations

import sys
from pathlib import Path

_LINES: tuple[tuple[str, int, str], ...] = (
    ("F2", 24, "Your first page"),
    ("F1", 11, ""),
    ("F1", 11, "This page was drawn a moment ago by the program you have just installed, and"),
    ("F1", 11, "then read back by it. A file like this one, written by a computer, carries its"),
    ("F1", 11, "own text: it is taken as it stands, checked against the ink, and never guessed."),
    ("F1", 11, ""),
    ("F2", 16, "Where to go from here"),
    ("F1", 11, ""),
    ("F1", 11, "Scans and photos are read in the same way. Try one of your own, and see what"),
    ("F1", 11, "comes out as Markdown, as plain text, or as the full model with every box."),
)


def draw_pdf(lines: tuple[tuple[str, int, str], ...]) -> bytes:
    content, height = [], 770.0
    for font, size, text in lines:
        escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        content.append(f"BT /{font} {size} Tf 72 {height:.0f} Td ({escaped}) Tj ET")
        height -= size * 1.4
    stream = "\n".join(content).encode("latin-1")
    fonts = "<< /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >> "
    fonts += "/F2 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >> >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        f"/Resources << /Font {fonts} >> >>".encode(),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
    ]
    out, offsets = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(draw_pdf(_LINES))
