"""`python -m bench.upright`: drawn pages in all four directions, and drawn pages that lean by up to eight degrees.

Letters, full pages, two columns and lists of short lines, at several sizes, with a scanner's grain. A page counts as
set upright when it is turned as it should be; one that leaned, when no more than .3 degrees are left.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from bench.drawn_pdf import page_lines
from ocrchat.document.image import PageImage
from ocrchat.engines.models import cache_folder, models_folder
from ocrchat.engines.registry import load_engine
from ocrchat.engines.spec import Engine, EngineSettings
from ocrchat.pipeline.prepare.preparation import prepared
from ocrchat.pipeline.upright import upright

MOST_DEGREES, LEFT_DEGREES = 8.0, 0.3

_SIZE = (1240, 1754)
"""A4 at 150 dpi."""

_PAPER, _INK = 245, 25


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.upright", description=__doc__)
    parser.add_argument("--pages", type=int, default=200, help="of each kind")
    options = parser.parse_args(arguments)
    levelled = sum(_comes_level(number) for number in range(options.pages))
    print(
        f"{_mark(levelled, options.pages)} level to {LEFT_DEGREES} degrees: {levelled} of {options.pages}", flush=True
    )
    settings = EngineSettings(models=models_folder(), cache=cache_folder())
    engine, other = load_engine("fast", settings, {}), load_engine("tesseract", settings, {})
    turned = sum(_comes_upright(number, engine, other) for number in range(options.pages))
    print(f"{_mark(turned, options.pages)} upright: {turned} of {options.pages}")
    return 0 if levelled == turned == options.pages else 1


def _mark(right: int, pages: int) -> str:
    return "ok " if right == pages else "BAD"


def _comes_level(number: int) -> bool:
    chance = random.Random(1000 + number)
    leans = chance.uniform(-MOST_DEGREES, MOST_DEGREES)
    # Pillow turns against the clock, a page that falls towards its right end has turned with it.
    leaning = _drawn(chance).rotate(-leans, resample=Image.Resampling.BICUBIC, expand=True, fillcolor=_PAPER)
    page = prepared(_page(leaning, chance))
    found = [float(dict(step.settings)["degrees"]) for step in page.steps if step.name == "deskew"]
    left = abs(leans - sum(found))
    if left > LEFT_DEGREES:
        print(f"  page {number} leans by {leans:.2f} degrees and was turned back by {sum(found):.2f}")
    return left <= LEFT_DEGREES


def _comes_upright(number: int, engine: Engine, other: Engine) -> bool:
    chance = random.Random(number)
    turns = number % 4
    image = _drawn(chance).rotate(90 * turns, expand=True)
    page, _ = upright(prepared(_page(image, chance)), engine, (), lambda: other)
    if page.rotation != 90 * turns:
        print(f"  page {number} was turned by {page.rotation} degrees, not by {90 * turns}")
    return page.rotation == 90 * turns


def _page(image: Image.Image, chance: random.Random) -> PageImage:
    grain = np.random.default_rng(chance.randrange(1 << 30)).normal(0, 4, (image.height, image.width))
    return PageImage(pixels=(np.asarray(image) + grain).clip(0, 255).astype(np.uint8), dpi=150)


def _drawn(chance: random.Random) -> Image.Image:
    image = Image.new("L", _SIZE, _PAPER)
    pen = ImageDraw.Draw(image)
    size = chance.choice((18, 20, 24, 28))
    font = ImageFont.load_default(size)
    lines = page_lines(chance)
    top, step = chance.randint(90, 250), round(1.4 * size)
    match chance.choice(("letter", "page", "columns", "list")):
        case "letter":
            places = [(120, top + step * index, line) for index, line in enumerate(lines[: chance.randint(6, 14)])]
        case "page":
            rows = min(len(lines), (_SIZE[1] - top - 100) // step)
            places = [(120, top + step * index, line) for index, line in enumerate(lines[:rows])]
        case "columns":
            rows = min(len(lines) // 2, (_SIZE[1] - top - 100) // step)
            short = [line[: 430 * 2 // size] for line in lines]
            left = [(110, top + step * index, line) for index, line in enumerate(short[:rows])]
            places = [*left, *((650, top + step * index, line) for index, line in enumerate(short[rows : 2 * rows]))]
        case _:
            items = [" ".join(line.split()[: chance.randint(3, 5)]) for line in lines[: chance.randint(12, 24)]]
            places = [(160, top + 2 * step * index, f"{index + 1}. {item}") for index, item in enumerate(items)]
    for x, y, line in places:
        if y < _SIZE[1] - 90:
            pen.text((x, y), line, fill=_INK, font=font)
    return image


if __name__ == "__main__":
    sys.exit(main())
