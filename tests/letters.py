"""Born-digital letters for a service to read."""

from __future__ import annotations

from tests.drawing import PDFDrawing


def letter(pages: int = 1, *, title: str = "", blank: tuple[int, ...] = ()) -> bytes:
    """Every page but the blank ones says which it is."""
    drawing = PDFDrawing(title)
    for number in range(1, pages + 1):
        page = drawing.page()
        if number not in blank:
            page.paragraph(72, 760, [f"This is page number {number} of the letter.", "It says very little else."])
    return drawing.to_bytes()
