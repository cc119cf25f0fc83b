"""Makes src/ocrchat/engines/fast/script_guess.npz: what the tiny recogniser sees in print of each script.

Lines of words are drawn with every Noto font of the machine (fonts-noto-core, fonts-droid-fallback, fonts-dejavu,
fonts-liberation), worn as scans are, seen by the tiny recogniser, and a small classifier is fitted to what it saw.
Words come from the locale data of Babel where it has the language, else from a script's letters at random.
Run: `pip install babel`, then `python scripts/train_script_guess.py`; it takes some minutes.
"""

from __future__ import annotations

import argparse
import importlib
import subprocess
import unicodedata
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from ocrchat.document.image import Pixels
from ocrchat.engines.fast.engine import load
from ocrchat.engines.fast.networks import LINE_HEIGHT
from ocrchat.engines.fast.recognize import CascadeReader, Recognizer
from ocrchat.engines.fast.script_guess import NO_TEXT, TURNED, ScriptGuess, pooled
from ocrchat.engines.models import cache_folder, models_folder
from ocrchat.engines.scripts import _RANGES, script_of
from ocrchat.engines.spec import EngineSettings

babel: Any = importlib.import_module("babel")

LOCALES = {
    "Arab": "ar fa ur ckb ps sd ug",
    "Armn": "hy",
    "Beng": "bn as",
    "Cans": "",
    "Cher": "chr",
    "Cyrl": "ru uk bg sr be mk kk ky mn tg",
    "Deva": "hi mr ne sa",
    "Ethi": "am ti",
    "Geor": "ka",
    "Grek": "el",
    "Gujr": "gu",
    "Guru": "pa",
    "Hani": "zh zh_Hant ja",
    "Hebr": "he yi",
    "Khmr": "km",
    "Knda": "kn",
    "Kore": "ko",
    "Laoo": "lo",
    "Latn": "en de fr es it pl cs tr sv id pt",
    "Mlym": "ml",
    "Mymr": "my",
    "Orya": "or",
    "Sinh": "si",
    "Syrc": "syr",
    "Taml": "ta",
    "Telu": "te",
    "Thaa": "",
    "Thai": "th",
    "Tibt": "bo dz",
}
WITHOUT_SPACES = {"Hani", "Khmr", "Laoo", "Mymr", "Thai", "Tibt"}
MARKS = {"Hebr": "ְִֵֶַָֹּׁ", "Arab": "ًٌٍَُِّْ"}  # drawn now and then: they are left out of most words
LATIN = ("DejaVu", "Liberation", "Nimbus", "P052", "C059", "Bookman", "Z003", "NotoSans-", "NotoSerif-")
FALLBACKS = {"Hani": ("DroidSansFallback",), "Kore": ("DroidSansFallback",), "Latn": LATIN}
WIDE = {
    "Cyrl": ("DejaVu", "Liberation", "NotoSans-", "NotoSerif-"),
    "Grek": ("DejaVu", "Liberation", "NotoSerif-", "NotoSans-"),
}


def fonts_of(script: str, every: Sequence[str]) -> list[str]:
    wanted = FALLBACKS.get(script) or WIDE.get(script)
    if wanted:
        return [path for path in every if any(name in Path(path).name for name in wanted) and "Mono" not in path]
    letter = next(chr(first) for first, _, code in _RANGES if code == script)
    names = subprocess.run(
        ["fc-list", f":charset={ord(letter) + 6:x}", "file"], capture_output=True, text=True, check=True
    ).stdout
    here = {line.rstrip(": ") for line in names.splitlines()}
    return [path for path in every if path in here and "Noto" in path and "Mono" not in path]


def words_of(script: str, rng: np.random.Generator) -> list[str]:
    words: list[str] = []
    known = set(babel.localedata.locale_identifiers())
    for name in LOCALES[script].split():
        if name in known:
            locale = babel.Locale.parse(name)
            words += [
                *locale.languages.values(),
                *locale.territories.values(),
                *locale.months["format"]["wide"].values(),
            ]
    lookup = {"Hans": "Hani", "Hant": "Hani", "Jpan": "Hani"}
    words = [
        word
        for word in words
        if all(lookup.get(script_of(letter), script_of(letter)) in ("", script) for letter in word)
    ]
    if len(words) < 300:
        words += [random_word(script, rng) for _ in range(600)]
    if script == "Grek":
        accented = [chr(code) for code in range(0x1F00, 0x1FFD) if unicodedata.category(chr(code)) == "Ll"]
        words += [polytonic(word, accented, rng) for word in words]
    return words


def polytonic(word: str, accented: Sequence[str], rng: np.random.Generator) -> str:
    return "".join(accented[int(rng.integers(len(accented)))] if rng.random() < 0.25 else letter for letter in word)


def random_word(script: str, rng: np.random.Generator) -> str:
    letters = [
        chr(code)
        for first, last, name in _RANGES
        if name == script and (last < 0x1C80 or script in ("Grek",))
        for code in range(first, last + 1)
        if unicodedata.category(chr(code)) in ("Lo", "Ll", "Lu")
    ]
    signs = [
        chr(code)
        for first, last, name in _RANGES
        if name == script
        for code in range(first, last + 1)
        if unicodedata.category(chr(code)) in ("Mn", "Mc")
    ]
    word = ""
    for _ in range(rng.integers(2, 9)):
        word += letters[int(rng.integers(len(letters)))]
        if signs and rng.random() < (0.9 if script == "Thaa" else 0.3):
            word += signs[int(rng.integers(len(signs)))]
    return word


def line_of(script: str, words: Sequence[str], rng: np.random.Generator) -> str:
    length, text = rng.integers(8, 60), ""
    gap = "" if script in WITHOUT_SPACES and rng.random() < 0.7 else " "
    while len(text) < length:
        word = words[int(rng.integers(len(words)))]
        if rng.random() < 0.1:
            word = str(rng.integers(1, 2500))
        if rng.random() < 0.1:
            word += ".,;:!?)"[int(rng.integers(7))]
        if script in MARKS and rng.random() < 0.12:
            word = "".join(
                letter + (MARKS[script][int(rng.integers(len(MARKS[script])))] if rng.random() < 0.7 else "")
                for letter in word
            )
        text += (gap if text else "") + word
    if script in ("Latn", "Cyrl", "Grek", "Armn") and rng.random() < 0.12:
        text = text.upper()
    return text


def drawn(text: str, font_path: str, rng: np.random.Generator) -> Pixels | None:
    font = ImageFont.truetype(font_path, int(rng.integers(22, 56)))
    left, top, right, bottom = font.getbbox(text)
    if right - left < 20 or bottom - top < 8 or right > 6000:
        return None
    picture = Image.new("L", (int(right - left) + 80, int(bottom - top) + 80), 255)
    ImageDraw.Draw(picture).text((40 - left, 40 - top), text, font=font, fill=0)
    return np.asarray(picture, np.uint8)


def worn(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """Cut out and aged: what a finder's box of a line on a scan looks like."""
    angle = rng.normal(0, 0.5)
    height, width = pixels.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle if width < 900 else angle / 4, 1.0)
    pixels = np.asarray(cv2.warpAffine(pixels, turn, (width, height), borderValue=255), np.uint8)
    rows, columns = np.flatnonzero(pixels.min(axis=1) < 128), np.flatnonzero(pixels.min(axis=0) < 128)
    if not len(rows) or not len(columns):
        return pixels
    tall = rows[-1] - rows[0] + 1
    margins = [int(tall * rng.uniform(-0.06, 0.3)) for _ in range(2)]
    side = int(tall * 0.3)
    top, bottom = max(0, rows[0] - margins[0]), rows[-1] + 1 + margins[1]
    pixels = pixels[top:bottom, max(0, columns[0] - side) : columns[-1] + side]
    if rng.random() < 0.5:
        factor = rng.uniform(12, 40) / pixels.shape[0]
        if factor < 1:
            size = max(8, int(pixels.shape[1] * factor)), max(8, int(pixels.shape[0] * factor))
            pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    aged: npt.NDArray[Any] = pixels.astype(np.float32)
    if rng.random() < 0.3:
        bolder = cv2.erode if rng.random() < 0.6 else cv2.dilate
        aged = np.asarray(bolder(aged, np.ones((2, 2), np.float32)), np.float32)
    if rng.random() < 0.6:
        aged = np.asarray(cv2.GaussianBlur(aged, (0, 0), rng.uniform(0.3, 1.4)), np.float32)
    ink, paper = rng.uniform(0, 110), rng.uniform(180, 255)
    aged = ink + aged / 255 * (paper - ink)
    aged = aged + rng.normal(0, rng.choice([0, 2, 6, 14]), aged.shape)
    if rng.random() < 0.03:
        aged = 255 - aged
    return np.clip(aged, 0, 255).astype(np.uint8)


def nothing(rng: np.random.Generator) -> Pixels:
    """What a finder takes for a line though it is none: rules, dots, textures, scribbles."""
    height, width = int(rng.integers(20, 60)), int(rng.integers(60, 900))
    pixels = np.full((height, width), 230, np.float32)
    kind = rng.integers(4)
    if kind == 0:
        pixels = (
            cv2.GaussianBlur(rng.normal(128, 90, (height, width)).astype(np.float32), (0, 0), rng.uniform(1, 8)) * 3
            - 256
        )
    elif kind == 1:
        for _ in range(rng.integers(1, 40)):
            start, end = rng.integers(0, width, 2), rng.integers(0, height, 2)
            cv2.line(pixels, (int(start[0]), int(end[0])), (int(start[1]), int(end[1])), 40, int(rng.integers(1, 4)))
    elif kind == 2:
        points = np.stack([np.sort(rng.integers(0, width, 30)), rng.integers(0, height, 30)], 1).astype(np.int32)
        cv2.polylines(pixels, [points], False, 30, int(rng.integers(1, 4)))
    else:
        for _ in range(rng.integers(1, 60)):
            centre = (int(rng.integers(width)), int(rng.integers(height)))
            cv2.circle(pixels, centre, int(rng.integers(1, height // 3)), float(rng.integers(0, 200)), -1)
    return np.clip(pixels + rng.normal(0, 5, pixels.shape), 0, 255).astype(np.uint8)


def strip_of(pixels: Pixels) -> Pixels:
    height, width = pixels.shape
    size = min(1600, max(8, round(width * LINE_HEIGHT / height))), LINE_HEIGHT
    return np.asarray(
        cv2.resize(pixels, size, interpolation=cv2.INTER_AREA if height > LINE_HEIGHT else cv2.INTER_LINEAR), np.uint8
    )


def samples(tiny: Recognizer, each: int, rng: np.random.Generator) -> tuple[npt.NDArray[Any], list[str]]:
    every = sorted(str(path) for path in Path("/usr/share/fonts").rglob("*") if path.suffix in (".ttf", ".otf", ".ttc"))
    seen, names = [], []
    for script in LOCALES:
        fonts, words = fonts_of(script, every), words_of(script, rng)
        print(script, len(fonts), len(words), flush=True)
        made, tried = 0, 0
        while made < each * (3 if script in ("Latn", "Hani") else 1) and tried < 8 * each:
            tried += 1
            text = line_of(script, words, rng)
            picture = drawn(text, fonts[int(rng.integers(len(fonts)))], rng)
            if picture is None:
                continue
            strip, name = strip_of(worn(picture, rng)), script
            if rng.random() < 0.12:
                strip, name = np.ascontiguousarray(strip[::-1, ::-1]), TURNED
            seen.append(pooled(tiny.see(strip).features))
            names.append(name)
            made += 1
    for _ in range(2 * each):
        seen.append(pooled(tiny.see(strip_of(nothing(rng))).features))
        names.append(NO_TEXT)
    return np.array(seen), names


def fitted(seen: npt.NDArray[Any], names: Sequence[str], rng: np.random.Generator, *, hidden: int = 64) -> ScriptGuess:
    """Two layers, by Adam, with dropout on what was seen."""
    labels = sorted(set(names))
    wanted = np.array([labels.index(name) for name in names])
    middle, spread = seen.mean(axis=0), seen.std(axis=0) + 1e-3
    given = ((seen - middle) / spread).astype(np.float32)
    sizes = (given.shape[1], hidden, len(labels))
    weights = [rng.normal(0, (2 / a) ** 0.5, (a, b)).astype(np.float32) for a, b in pairwise(sizes)]
    biases = [np.zeros(b, np.float32) for b in sizes[1:]]
    parameters = [*weights, *biases]
    first = [np.zeros_like(p) for p in parameters]
    second = [np.zeros_like(p) for p in parameters]
    step, epochs, batch = 0, 60, 128
    for epoch in range(epochs):
        rate = 2e-3 * (1 - epoch / epochs)
        for chosen in np.array_split(rng.permutation(len(given)), len(given) // batch):
            x = given[chosen] * (rng.random((len(chosen), sizes[0])) > 0.1) / 0.9
            x = x + rng.normal(0, 0.15, x.shape)
            h = np.maximum(x @ parameters[0] + parameters[2], 0)
            kept = (rng.random(h.shape) > 0.2) / 0.8
            h *= kept
            z = h @ parameters[1] + parameters[3]
            p = np.exp(z - z.max(axis=1, keepdims=True))
            p /= p.sum(axis=1, keepdims=True)
            p[np.arange(len(chosen)), wanted[chosen]] -= 1
            p /= len(chosen)
            back = (p @ parameters[1].T) * (h > 0) * kept
            slopes = [x.T @ back, h.T @ p, back.sum(axis=0), p.sum(axis=0)]
            step += 1
            for at, slope in enumerate(slopes):
                slope = slope + 1e-4 * parameters[at]
                first[at] = 0.9 * first[at] + 0.1 * slope
                second[at] = 0.999 * second[at] + 0.001 * slope**2
                parameters[at] -= (
                    rate * (first[at] / (1 - 0.9**step)) / (np.sqrt(second[at] / (1 - 0.999**step)) + 1e-8)
                ).astype(np.float32)
    return ScriptGuess(
        names=tuple(labels),
        first=(parameters[0] / spread[:, None]).astype(np.float32),
        first_bias=(parameters[2] - (middle / spread) @ parameters[0]).astype(np.float32),
        second=parameters[1].astype(np.float32),
        second_bias=parameters[3].astype(np.float32),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=350, help="lines of each script")
    parser.add_argument("--keep", type=Path, help="what was seen, kept for another fit")
    options = parser.parse_args()
    rng = np.random.default_rng(7)
    if options.keep and options.keep.exists():
        kept = np.load(options.keep, allow_pickle=False)
        seen, names = kept["seen"], [str(name) for name in kept["names"]]
    else:
        engine = load(EngineSettings(models=models_folder(), cache=cache_folder()))
        assert isinstance(engine.reader, CascadeReader)
        seen, names = samples(engine.reader._tiny, options.each, rng)
        if options.keep:
            np.savez(options.keep, seen=seen, names=np.array(names))
    held = rng.random(len(names)) < 0.1
    trial = fitted(seen[~held], [name for name, out in zip(names, held, strict=True) if not out], rng)
    right = [
        trial.names[int(trial.shares(one).argmax())] == name
        for one, name in zip(seen[held], np.array(names)[held], strict=True)
    ]
    print(f"{np.mean(right):.4f} of {len(right)} held-out lines right")
    fitted(seen, names, rng).save()


if __name__ == "__main__":
    main()
