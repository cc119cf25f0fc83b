"""Draws docs/picture.png, the picture in the README: the first page on the left, what was read from it on the right.

Usage: .venv/bin/python scripts/draw_picture.py
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

import ocrchat
from ocrchat.document.model import lines_of_page
from ocrchat.intake.limits import Limits
from ocrchat.intake.opened import open_source

_ROOT = Path(__file__).parents[1]
_DPI = 100.0
_GAP = 24
_INK, _PAPER, _PANEL, _BOX = "#222222", "#e8eaee", "#ffffff", "#2f6fde"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "first-page.pdf"
        subprocess.run([sys.executable, str(_ROOT / "examples" / "draw_page.py"), str(path)], check=True)
        document = ocrchat.read(path)
        with open_source(path, limits=Limits()) as source:
            scan = Image.fromarray(source.page_image(1, _DPI).pixels).convert("RGB")
    page = document.pages[0]
    canvas = ImageDraw.Draw(scan)
    for line in lines_of_page(page):
        for word in line.words:
            canvas.rectangle([value * _DPI / page.dpi for value in word.box], outline=_BOX)
    scan = scan.crop((40, 60, scan.width - 40, 400))
    markdown = (ocrchat.export(document, "md") or b"").decode()
    panel = _written(markdown, scan.size)
    picture = Image.new("RGB", (2 * scan.width + 3 * _GAP, scan.height + 2 * _GAP), _PAPER)
    picture.paste(scan, (_GAP, _GAP))
    picture.paste(panel, (scan.width + 2 * _GAP, _GAP))
    picture.quantize(64).save(_ROOT / "docs" / "picture.png", optimize=True)


def _written(text: str, size: tuple[int, int]) -> Image.Image:
    panel = Image.new("RGB", size, _PANEL)
    lines = [part for line in text.splitlines() for part in (textwrap.wrap(line, 76) or [""])]
    ImageDraw.Draw(panel).multiline_text(
        (24, 24), "\n".join(lines), fill=_INK, font=ImageFont.load_default(18), spacing=8
    )
    return panel


if __name__ == "__main__":
    main()
