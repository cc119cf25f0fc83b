"""The contract's own example: an invoice drawn as a PDF, read by our reader, and asked in four languages."""

from __future__ import annotations

import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from ocrchat.chat.answers import Answer, Source, extractive_answer
from ocrchat.chat.library import Library
from ocrchat.pipeline.pipeline import read

_LINES = (
    "INVOICE",
    "Acme Corp, 12 Mill Lane, Springfield",
    "Invoice number: 2024-0107",
    "",
    "The invoice total is $42, due on March 3. Please pay to the account named below.",
    "Thank you for your business.",
)
_QUESTIONS = {
    "en": "What is the total and when is it due?",
    "el": "Ποιο είναι το σύνολο και πότε λήγει η προθεσμία πληρωμής;",
    "ar": "ما هو المجموع وما تاريخ الاستحقاق؟",
    "my": "စုစုပေါင်း ဘယ်လောက်လဲ၊ ပေးချေရမည့်ရက်က ဘယ်တော့လဲ။",
}


def drawn_examples() -> Iterator[tuple[str, str, Answer, bool]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "invoice.pdf"
        path.write_bytes(_pdf(_LINES))
        library = Library(read(path).pages)
    for language, question in _QUESTIONS.items():
        answer = extractive_answer([Source(library)], question)
        cited = [citation.snippet for citation in answer.citations]
        right = "$42" in answer.content and "March 3" in answer.content and answer.content.count("(p. 1)") == 2
        yield language, question, answer, right and any("$42" in one for one in cited)


def _pdf(lines: tuple[str, ...]) -> bytes:
    shown = b"\n".join(b"(%b) Tj T*" % line.encode("ascii") for line in lines)
    contents = zlib.compress(b"BT\n/F1 12 Tf\n20 TL\n60 760 Td\n%b\nET\n" % shown)
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [4 0 R] >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R"
        b" /Resources << /Font << /F1 3 0 R >> >> >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%b\nendstream" % (len(contents), contents),
    )
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for offset in offsets:
        out += b"%010d 00000 n \n" % offset
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(out)
