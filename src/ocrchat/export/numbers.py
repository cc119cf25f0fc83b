"""What number a printed cell stands for, and how a spreadsheet shows it as it was printed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

_COMMA_LANGUAGES = re.compile(
    "af|az|be|bg|bs|ca|cs|da|de|el|es|et|eu|fi|fr|gl|hr|hu|hy|id|is|it|ka|kk|ky|lt|lv|mk|mn|nb|nl|nn|no|pl|pt|ro|ru|"
    "sk|sl|sq|sr|sv|tr|uk|uz|vi"
)
"""Where 1.234 is a thousand and more, by CLDR. Everywhere else it is a little more than one."""

_SHAPE = re.compile(
    r"(?P<sign>[-+−‒–]?)(?P<whole>\d{1,3}(?:(?P<group>[.,'’\u00a0\u202f ٬])\d{3})(?:(?P=group)\d{3})*|\d+)"
    r"(?:(?P<point>[.,٫])(?P<part>\d+))?\s?(?P<percent>[%٪]?)"
)
_MOST_DIGITS = 15
"""What a spreadsheet's number holds; a longer one is an account's or an article's and must keep every digit."""


class Number(NamedTuple):
    value: str
    """As a file of numbers writes it: ASCII digits, a point."""
    code: str
    """The spreadsheet's format code that shows it as printed."""


def decimal_comma(texts: Iterable[str], languages: Sequence[str]) -> bool:
    """Whether a table's cells write 3,5 for three and a half: by those that leave no doubt, else by the language."""
    votes = 0
    for text in texts:
        match = _SHAPE.fullmatch(text.strip())
        if not match:
            continue
        group, point, part = match["group"], match["point"], match["part"]
        if point and (group or len(part) != 3):
            votes += 1 if point == "," else -1
        elif group in (".", ",") and text.count(group) > 1:
            votes += 1 if group == "." else -1
    if votes:
        return votes > 0
    return bool(languages) and _COMMA_LANGUAGES.fullmatch(languages[0].split("-")[0]) is not None


def number_from_text(text: str, *, comma: bool) -> Number | None:
    """None where it is text: words, dates, leading zeros, too many digits, or separators that contradict each other."""
    match = _SHAPE.fullmatch(text.strip())
    if not match:
        return None
    sign, whole, group, point, part, percent = match.group("sign", "whole", "group", "point", "part", "percent")
    part = part or ""
    mark = "," if comma else "."
    if group == mark:
        # "1,234" where the comma is the decimal sign: a group that is none.
        if point or whole.count(group) > 1:
            return None
        whole, _, part = whole.partition(group)
        group = None
    elif point in (",", ".") and point != mark:
        return None
    digits = re.sub(r"\D", "", whole)
    if len(digits) + len(part) > _MOST_DIGITS or (len(digits) > 1 and int(digits[0]) == 0):
        return None
    value = f"{'-' if sign and sign != '+' else ''}{int(digits)}"
    if percent:
        shifted = _as_ascii(digits).rjust(3, "0")
        value = f"{'-' if sign and sign != '+' else ''}{int(shifted[:-2])}.{shifted[-2:]}{_as_ascii(part)}"
    elif part:
        value += "." + _as_ascii(part)
    code = ("#,##0" if group else "0") + ("." + "0" * len(part) if part else "") + ("%" if percent else "")
    return Number(value, code)


def _as_ascii(digits: str) -> str:
    return "".join(str(int(digit)) for digit in digits)
