"""What list items, footnotes and numbered headings begin with: bullets, numbers, letters. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

BULLETS = frozenset("•●○◦▪▫■□‣⁃∙►▶➢✓❖")
"""Signs that stand for nothing else at the start of a row."""

DOUBTFUL = frozenset("·*–—-")
"""Signs that also begin a row by chance: only a second one beside them makes a list."""

_MARK = re.compile(
    r"(?P<bullet>[•●○◦▪▫■□‣⁃∙►▶➢✓❖·*–—-])(?=\s|$)"
    r"|(?P<bullet2>[•●■▪►➢❖])(?=\w)"
    r"|(?P<open>[(（\[]?)(?:(?P<number>\d{1,3})|(?P<roman>[ivx]{2,5}|[IVX]{2,5})|(?P<letter>[A-Za-z]))"
    r"(?P<close>[.)）\]、])(?=\s|$|[^\W\d_])"
    r"|(?P<circled>[①-⑳])"
)
_ROMAN = {"i": 1, "v": 5, "x": 10}


@dataclass(frozen=True, slots=True)
class Mark:
    text: str
    kind: str
    """Marks of one list have one kind: the bullet itself, or how a number is written ("(1)", "a.")."""
    value: int
    """Where it stands in its list; 0 for bullets."""

    @property
    def is_certain(self) -> bool:
        return self.kind in BULLETS


def mark_of(text: str) -> Mark | None:
    text = text.lstrip()
    match = _MARK.match(text)
    if match is None:
        return None
    if bullet := match["bullet"] or match["bullet2"]:
        return Mark(bullet, bullet, 0)
    if circled := match["circled"]:
        return Mark(circled, "circled", ord(circled) - ord("①") + 1)
    if bool(match["open"]) and match["close"] in ".、":
        return None
    if match["number"]:
        kind, value = "1", int(match["number"])
    elif match["roman"]:
        kind, value = "i" if match["roman"].islower() else "I", _roman(match["roman"].lower())
    else:
        kind = "a" if match["letter"].islower() else "A"
        value = ord(match["letter"].lower()) - ord("a") + 1
        # "J.Smith": an initial; a letter without its space is no mark.
        if text[match.end() : match.end() + 1].strip() and match["close"] == ".":
            return None
    return Mark(match.group(), f"{match['open']}{kind}{match['close']}", value)


def _roman(numeral: str) -> int:
    values = [_ROMAN[sign] for sign in numeral]
    return sum(-value if value < after else value for value, after in zip(values, [*values[1:], 0], strict=True))


def follows(one: Mark, other: Mark) -> bool:
    """Whether the two may be neighbours in a list, in this order."""
    if not one.value:
        return one.kind == other.kind
    return any(
        kind == other_kind and other_value == value + 1
        for kind, value in _readings(one)
        for other_kind, other_value in _readings(other)
    )


def _readings(mark: Mark) -> list[tuple[str, int]]:
    """ "i." may be a letter or a number."""
    readings = [(mark.kind, mark.value)]
    letter = mark.text.strip("()[]（）.、")
    if len(letter) == 1 and letter.lower() in _ROMAN and letter.isalpha():
        readings.append((mark.kind.replace("a", "i").replace("A", "I"), _ROMAN[letter.lower()]))
    return readings
