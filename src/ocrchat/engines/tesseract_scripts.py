"""In which script a few lines are written: a guess from the shapes of their letters, proved by reading them.

The data that guesses (osd) knows most scripts, but not all it claims; what it says is believed only when the reader of
that script reads the lines surely and in letters of that script. Otherwise every reader that is here is tried.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import numpy as np

from ocrchat.document.image import PageImage, Pixels, Region
from ocrchat.engines import tessdata
from ocrchat.engines.crops import cut
from ocrchat.engines.grey import grey_of
from ocrchat.engines.languages import BY_TAG
from ocrchat.engines.scripts import SCRIPTS, letters_by_script
from ocrchat.engines.tesseract_library import Library
from ocrchat.engines.tesseract_text import mean_confidence

# What osd calls a script, where that is not the name of the script's data.
_ALSO = {
    "Armenian": "Armn",
    "Cherokee": "Cher",
    "Khmer": "Khmr",
    "Thai": "Thai",
    "Tibetan": "Tibt",
    "Han": "Hans",
    "Japanese": "Jpan",
    "Katakana": "Jpan",
    "Hiragana": "Jpan",
    "Korean": "Kore",
    "Hangul": "Kore",
}
_BY_NAME = {script.model: code for code, script in SCRIPTS.items()} | _ALSO


# A proof is the reader's confidence, times the share of letters in its script, times that of letters in whole words.
# On the bench's pages the right script had the highest one always, of 0.1 (a blurred scan) to 0.95 (clean print).
_PROVED = 0.75
_LATIN_PROVED = 0.65
# Where the tier's engine read next to nothing, which speaks for another script already.
_PROVED_IF_DOUBTFUL = 0.42
_LEAST = 0.1

# Of what the tier's engine holds for likely: how many are tried, and from which share on; and how many of all scripts a
# thorough search tries (the right one was among the first four on all of the bench's pages).
_TRIED, _WORTH_TRYING = 3, 0.1
_SEARCHED = 8
# Share times proof. A wrong script that looked likely came to 0.16 once (Burmese in a hand-like print: Telugu, of one
# line), else to 0.11 at most; right ones to more than 0.2, but for letterpress of 1800. A certain look needs no more
# than some proof: vowel points and blur make readers unsure, not the look.
_LIKELY_AND_PROVED = 0.18
_CERTAIN = 0.98

# How far the first is before the second, on a piece of one line and on two whole lines.
_AHEAD = 1.5
_AHEAD_OF_FEW = 1.2

# In heights of a line.
_PIECE, _WHOLE = 14.0, 30.0
_LEAST_LETTERS = 3

# Readers of a wrong script see single letters between spaces, and are sometimes sure of them.
_WHOLE_WORD = 2

# Osd has never seen Lao and calls it Thai; the reader of Lao makes nothing of Thai.
_MISTAKEN = {"Thai": ("Laoo", 0.15)}

_OTHERS = tuple(code for code in SCRIPTS if code not in {"Latn", "Latf", "Hans", "Hant", "Jpan"})


class TesseractScripts:
    def __init__(self, library: Library) -> None:
        self._library = library

    def proved_script(self, page: PageImage, regions: Sequence[Region], likely: Sequence[tuple[str, float]]) -> str:
        tried = [(code, share) for code, share in likely[:_TRIED] if share >= _WORTH_TRYING]
        tried = [(code, share) for code, share in tried if code in _OTHERS and self._is_here(code)]
        if not tried or not regions:
            return ""
        line = max(regions, key=lambda region: min(region.box.width, _WHOLE * region.box.height))
        # The likeliest comes last, as it will be needed: only the data used last is kept.
        ranked = sorted(
            (
                (share * proof if share < _CERTAIN else max(proof, share * (proof >= _LEAST)), code)
                for code, share in reversed(tried)
                for proof in (self._proof(page, [line], code, guessed=True),)
            ),
            reverse=True,
        )
        return ranked[0][1] if ranked[0][0] >= _LIKELY_AND_PROVED and _leads(ranked, _AHEAD) else ""

    def find_script(
        self,
        page: PageImage,
        regions: Sequence[Region],
        *,
        thorough: bool = True,
        likely: Sequence[tuple[str, float]] = (),
    ) -> str:
        if not regions:
            return ""
        found = ""
        candidates = [code for code, _ in likely[:_SEARCHED]] or _OTHERS
        try:
            found = self._found(page, regions, candidates if thorough else ())
        finally:
            # A look opens up to thirty sets of data. Where it finds a script, the page and the next ones need that.
            kept = (BY_TAG[f"und-{found}"].model,) if found in _OTHERS else ()
            self._library.close_all_but("osd", *kept)
        return found

    def _found(self, page: PageImage, regions: Sequence[Region], candidates: Sequence[str]) -> str:
        """`candidates`: which scripts a thorough look tries; none for a glance."""
        thorough = bool(candidates)
        guess, lines = self._guess(page, regions), regions[:2]
        if guess == "Latn" and not thorough:
            return guess  # not worth a proof: its data takes half a second and 90 MB to load
        if guess in _MISTAKEN:
            other, least = _MISTAKEN[guess]
            if self._is_here(other):
                # All lines, and the guess beside it: of a blurred photograph each alone may look like the other.
                proof = self._proof(page, regions, other)
                if proof >= least and (not self._is_here(guess) or proof > _AHEAD * self._proof(page, regions, guess)):
                    return other
        if guess in ("Latn", *_OTHERS) and self._is_here(guess):
            least = _LATIN_PROVED if guess == "Latn" else _PROVED_IF_DOUBTFUL if thorough else _PROVED
            if self._proof(page, lines, guess, guessed=True) >= least:
                return guess
        if not thorough:
            return ""
        found = self._best(page, lines, candidates)
        if guess in _OTHERS and found != guess and self._is_here(guess):
            # On poor pages two lines prove little: there the shapes have their say.
            proof = self._proof(page, regions, guess, guessed=True)
            if proof >= _LEAST and (not found or proof > self._proof(page, regions, found)):
                return guess
        if not found and guess in _OTHERS:
            # Raises, and names the data, where what would have proved the guess is not here.
            tessdata.require(self._library.models, BY_TAG[f"und-{guess}"].model)
        return found

    def _best(self, page: PageImage, lines: Sequence[Region], candidates: Sequence[str]) -> str:
        """Of those that are here, Latin among them: that it reads best says that it is none of the others."""
        here = [code for code in ("Latn", *_OTHERS) if code in ("Latn", *candidates) and self._is_here(code)]
        ranked = sorted(((self._proof(page, lines[:1], code, length=_PIECE), code) for code in here), reverse=True)
        if not _leads(ranked, _AHEAD):
            ranked = sorted(((self._proof(page, lines, code), code) for _, code in ranked[:3]), reverse=True)
            if not _leads(ranked, _AHEAD_OF_FEW):
                return ""
        return ranked[0][1]

    def _is_here(self, code: str) -> bool:
        return tessdata.is_installed(self._library.models, BY_TAG[f"und-{code}"].model)

    def _proof(
        self, page: PageImage, regions: Sequence[Region], code: str, *, guessed: bool = False, length: float = _WHOLE
    ) -> float:
        grey = grey_of(page)
        crops = [crop for region in regions if (crop := cut(grey, region)) is not None]
        with self._library.lock:
            recognizer = self._library.recognizer([f"und-{code}"])
            found = [
                word
                for crop in crops
                for line in self._library.read(
                    recognizer, _beginning(crop.pixels, length), self._library.modes.RAW_LINE
                )
                for word in line.words
            ]
        letters = letters_by_script(word.text for word in found)
        total = sum(len(word.text) for word in found)
        if letters.total() < _LEAST_LETTERS:
            return 0.0
        # Where shapes speak for the script too, its words may come out in pieces, as Thai ones do.
        whole = sum(len(word.text) for word in found if guessed or _letters(word.text) >= _WHOLE_WORD)
        return mean_confidence(found) * letters[code] / letters.total() * whole / total

    def _guess(self, page: PageImage, regions: Sequence[Region]) -> str:
        if not tessdata.is_installed(self._library.models, "osd"):
            return ""
        return _BY_NAME.get(self._library.guess_script(_stacked(grey_of(page), regions)), "")


def _leads(ranked: Sequence[tuple[float, str]], ahead: float) -> bool:
    if not ranked or ranked[0][0] < _LEAST:
        return False
    return len(ranked) == 1 or ranked[0][0] >= ahead * ranked[1][0]


def _letters(text: str) -> int:
    """Without the marks over and under them."""
    return sum(unicodedata.category(character).startswith("L") for character in text)


def _beginning(pixels: Pixels, length: float) -> Pixels:
    return np.ascontiguousarray(pixels[:, : max(1, int(pixels.shape[0] * length))])


def _stacked(grey: Pixels, regions: Sequence[Region]) -> Pixels:
    """The lines below each other on white: a page of nothing else."""
    cuts = [cut(grey, region) for region in regions]
    crops = [crop.pixels for crop in cuts if crop is not None]
    gap = 20
    height = sum(crop.shape[0] for crop in crops) + gap * (len(crops) + 1)
    width = max((crop.shape[1] for crop in crops), default=1) + 2 * gap
    sheet = np.full((height, width), int(np.median(crops[0])) if crops else 255, np.uint8)
    top = gap
    for crop in crops:
        sheet[top : top + crop.shape[0], gap : gap + crop.shape[1]] = crop
        top += crop.shape[0] + gap
    return sheet
