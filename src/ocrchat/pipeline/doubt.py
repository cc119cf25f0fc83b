"""What a few lines, as read, say of a page: whether its reader knows the script, whether it stands upright, whether
there is text on it at all. Nothing here reads or looks again."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from ocrchat.document.geometry import area
from ocrchat.document.image import Region
from ocrchat.document.model import Line
from ocrchat.engines.scripts import letters_by_script

SAMPLE = 4
"""Lines that are read before it is clear who reads the rest."""

_UNSURE = 0.76
"""Mean confidence of a sample below which its script is looked for. Print in a known script stays above 0.8 down to the
worst typescript of the bench; in scripts that the tier's engine does not know it is 0 to 0.45, as the engine has
no letters for them."""

_BARELY = 0.88
"""Fraktur lies between the two, and up to here; its long s is read as f, which makes words that no language has."""

# fmt: off
_LONG_S = frozenset((
    "ift", "fich", "fie", "feine", "feiner", "feinen", "felbft", "diefe", "diefer", "diefes", "diefen", "alfo",
    "unfer", "unfere", "befonders", "fondern", "fehr", "wiffen", "laffen", "faffen", "müffen", "zwifchen",
    "menfchen", "deutfchen", "wefen", "perfon",
))
# fmt: on

_UNLIKELY = 0.96
_ODD_SHARE = 0.15
"""Below that confidence, this share of words with digits or capitals inside is what a foreign script looks like."""

_LEAST_SIGNS = 0.4
"""Letters and digits for each height of a line that lies in its length; Latin print has two, Chinese one."""

_LINE_UNSURE = 0.55
"""Of a single line on a page that reads well."""

_ODD_WORD = re.compile(r"[^\W\d_]\d+[^\W\d_]|[a-zà-ÿ][A-ZÀ-Þ]|^[^\W\d_]*\d[a-z]|[A-Z]{2,}[a-z]+[A-Z]")

# A line of text is some letters long, no more than so high in pixels of a page's shorter side, and the finder is sure.
_LINE_RATIO = 2.5
_LINE_SHARE = 0.2
_LINE_PIXELS = 6.0
_FOUND_SURELY = 0.65

# Letters that were read from ink come out this sure; a letter or two alone (a page's number) have to be surer.
_READ = 0.6
_READ_ALONE = 0.95
_FEW_LETTERS = 3

# To say that a page stands upright: so many letters in lines that run across.
_ENOUGH_LETTERS = 12


def sample_of(regions: Sequence[Region]) -> list[int]:
    """Long lines from all over the page: the widest of each of as many parts."""
    parts = [range(start, len(regions), SAMPLE) for start in range(min(SAMPLE, len(regions)))]
    return [max(part, key=lambda at: min(regions[at].box.width, 30 * regions[at].box.height)) for part in parts]


def looks_foreign(lines: Sequence[Line], scripts: Collection[str]) -> bool:
    """Whether what was read seems to be in a script that the reader does not know: it is unsure, it has no letters for
    most of the ink, or letters of a script it has only met in formulas, or words that no language has."""
    if not lines:
        return False
    mean = mean_confidence(lines)
    return (
        mean < _UNSURE
        or lacks_letters(lines, scripts)
        or (mean < _UNLIKELY and odd_share(lines) >= _ODD_SHARE)
        or (mean < _BARELY and _has_long_s(lines))
    )


def reads_upright(lines: Sequence[Line], scripts: Collection[str]) -> bool:
    """Whether these lines could only be read so because the page stands upright. Print on its head gives nothing
    sure; print on its side is found as lines that run downwards."""
    across = [line for line in lines if line.direction != "ttb"]
    letters = sum(len(line.text) for line in across)
    return letters >= _ENOUGH_LETTERS and 2 * len(across) > len(lines) and not looks_foreign(lines, scripts)


def runs_down(lines: Sequence[Line]) -> bool:
    """Whether most lines run down the page, as they do on one that lies on its side."""
    return 2 * sum(line.direction == "ttb" for line in lines) > len(lines)


def is_set_downwards(lines: Sequence[Line], scripts: Collection[str]) -> bool:
    """Of lines that run down the page: whether they do so because Japanese and Chinese may be set so."""
    letters = letters_by_script(line.text for line in lines)
    return 2 * (letters["Hani"] + letters["Jpan"]) > letters.total() and not looks_foreign(lines, scripts)


def lacks_letters(lines: Sequence[Line], scripts: Collection[str]) -> bool:
    signs = sum(character.isalnum() for line in lines for character in line.text)
    lengths = sum(
        max(line.box.width, line.box.height) / max(1.0, min(line.box.width, line.box.height)) for line in lines
    )
    counts = letters_by_script(line.text for line in lines)
    foreign = sum(letters for script, letters in counts.items() if script not in scripts)
    return signs < _LEAST_SIGNS * lengths or foreign > counts.total() / 2


def has_odd_words(lines: Sequence[Line]) -> bool:
    return odd_share(lines) >= _ODD_SHARE


def odd_share(lines: Sequence[Line]) -> float:
    words = [word for line in lines for word in line.text.split() if len(word) > 2]
    odd = sum(_ODD_WORD.search(word) is not None for word in words)
    return odd / len(words) if odd >= 2 else 0.0


def mean_confidence(lines: Sequence[Line]) -> float:
    """By area: a speck that the finder took for a line must not decide what a page is written in."""
    areas = [max(1.0, area(line.box)) for line in lines]
    return sum((line.confidence or 0.0) * size for line, size in zip(lines, areas, strict=True)) / max(1.0, sum(areas))


def is_unsure(line: Line) -> bool:
    """Of a line on a page that reads well: whether it may be in another script."""
    return 0.0 < (line.confidence or 0.0) < _LINE_UNSURE and len(line.text) >= 8 and line.direction != "ttb"


def lines_of_text(regions: Sequence[Region], *, width: int, height: int) -> list[Region]:
    """Those that have the shape of a line of text; stains, leaves and faces do not."""
    highest = max(_LINE_PIXELS, _LINE_SHARE * min(width, height))
    return [
        region
        for region in regions
        if (region.confidence is None or region.confidence >= _FOUND_SURELY)
        and _LINE_PIXELS <= min(region.box.width, region.box.height) <= highest
        and max(region.box.width, region.box.height) >= _LINE_RATIO * min(region.box.width, region.box.height)
    ]


def is_picture(lines: Sequence[Line], regions: Sequence[Region], *, width: int, height: int) -> bool:
    """Whether nothing on the page is text: what was read are a few unsure letters, and next to nothing that was found
    has the shape of a line."""
    if not any(character.isalnum() for line in lines for character in line.text):
        return True
    letters = sum(
        sum(character.isalnum() for character in line.text)
        for line in lines
        if (line.confidence or 0.0) >= (_READ if len(line.text) >= _FEW_LETTERS else _READ_ALONE)
    )
    return not letters and 2 * len(lines_of_text(regions, width=width, height=height)) <= len(regions)


def _has_long_s(lines: Sequence[Line]) -> bool:
    return any(word.strip(".,;:!?()„“").lower() in _LONG_S for line in lines for word in line.text.split())
