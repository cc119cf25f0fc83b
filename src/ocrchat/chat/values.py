"""Values by kind in a line of text: where they stand, and what they mean where that can be compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from ocrchat.chat.fields import Kind
from ocrchat.chat.months import MONTHS
from ocrchat.chat.terms import folded

_NUMBER = r"\d+(?:[ \u00a0\u202f,.'’٬٫]\d+)*"
_CODES = "EUR|USD|GBP|CHF|JPY|CNY|RMB|INR|PLN|BRL|MXN|RWF|AED|SAR|EGP|MMK|KRW|RUB|TRY|CAD|AUD|SEK|NOK|DKK|CZK|HUF"
_SIGNS = r"[$€£¥₹₩₽₺₫฿₪₦¢]"
_UNITS = rf"(?:US\$|R\$|{_SIGNS}|(?:{_CODES})\b|Rs\.?|zł|Frw|Ks|Kč|元|円|원|FCFA"
_UNITS += r"|(?:euros?|dollars?|pounds?|francs?|rupees?|pesos?|reais|złotych|yen|kronor|ευρώ|يورو)\b)"
_CURRENCY = re.compile(rf"\b(?:{_CODES})\b|{_SIGNS}|(?<!\w)(?:Rs|Frw|zł|Kč)(?!\w)|[元円원]")
_SCALE = (
    r"(?:\s*(?:million|billion|thousand|lacs|lakhs|crores?|mn|bn|Mio\.?|Mrd\.?|millones|millions|milliards"
    r"|万|億|亿)\b)?"
)

_AMOUNT = re.compile(
    rf"(?:{_UNITS}\s*[-−(]?\s*{_NUMBER}{_SCALE}\)?|[-−(]?{_NUMBER}{_SCALE}\)?\s*{_UNITS})", re.IGNORECASE
)
_DECIMAL = re.compile(r"(?<![\d.,/-])[-−(]?\d{1,3}(?:[ \u00a0\u202f,.'’]?\d{3})*[.,]\d{2}(?![\d.,/%-])\)?(?!\s*%)")
_COUNT = re.compile(
    r"(?<![\w.,/-])[-−(]?\d{1,3}(?:[,.'’ \u00a0]\d{3})+(?:[.,]\d{1,2})?(?![\w/-])\)?"
    r"|(?<![\w.,/-])[-−]?\d+(?:[.,]\d+)?(?![\w/-])"
)
_PERCENT = re.compile(r"[-−]?\d+(?:[.,]\d+)?\s?(?:%|٪|percent\b|pour cent\b|prozent\b|por ciento\b)", re.IGNORECASE)
# Readers see a gap beside the sign where there is none.
_EMAIL = re.compile(r"[\w.+-]+ ?@ ?[\w-]+(?:\.[\w-]+)+")
_URL = re.compile(r"(?:https?://|www\.)[^\s,;)>\]]+", re.IGNORECASE)
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?(?:[A-Z0-9]*\d[A-Z0-9]*|[A-Z]{4})\b){1,9}")
_BIC = re.compile(r"\b[A-Z]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?\b")
_PHONE = re.compile(r"(?<![\w/.-])\+?\(?\d[\d\s().\-/]{5,20}\d(?![\w/-])")
_CODE = re.compile(
    r"[A-Z]{2} ?\d{2,3}(?: \d{2,3}){2,}|\d{3}(?: \d{3}){2,}|[\w#][\w./#-]*\d[\w./-]*\w|[\w#]*\d[\w]*", re.ASCII
)

_MONTH = "|".join(sorted({re.escape(name) for name in MONTHS}, key=len, reverse=True))
_ORDINAL = r"(?:st|nd|rd|th|er|re|º|ª|\.)?"
_DATES = (
    re.compile(rf"(?P<y>\d{{4}})\s*(?:ခုနှစ်|ခု|နှစ်)?[၊,\s]*(?P<name>{_MONTH})လ?\s*(?P<d>\d{{1,2}})\s*(?:ရက်)?"),
    re.compile(rf"(?P<name>{_MONTH})လ?\s*(?P<d>\d{{1,2}})\s*(?:ရက်)(?:[၊,\s]*(?P<y>\d{{4}}))?"),
    re.compile(r"(?<!\d)(?P<y>\d{4})\s?[-/.年년]\s?(?P<m>\d{1,2})\s?[-/.月월]\s?(?P<d>\d{1,2})(?!\d)[日일]?"),
    re.compile(r"(?<!\d)(?P<d>\d{1,2})\s?[-/.]\s?(?P<m>\d{1,2})\s?[-/.]\s?(?P<y>\d{4}|\d{2})(?!\d)"),
    re.compile(
        rf"(?<!\d)(?P<d>\d{{1,2}})\s?{_ORDINAL}[\s-]*(?:of |de |d'|do )?"
        rf"(?P<name>{_MONTH})\.?(?:[\s,-]*(?:de |del )?(?P<y>\d{{4}}))?(?!\w)"
    ),
    re.compile(rf"(?<!\w)(?P<name>{_MONTH})\.?\s?(?P<d>\d{{1,2}})(?!\d)(?:st|nd|rd|th)?(?:,?\s?(?P<y>\d{{4}}))?(?!\d)"),
    re.compile(r"(?P<m>\d{1,2})[月월]\s?(?P<d>\d{1,2})[日일]"),
    re.compile(rf"(?<!\w)(?P<name>{_MONTH})\.?\s?(?:de )?(?P<y>\d{{4}})(?!\d)"),
)


@dataclass(frozen=True, slots=True)
class Value:
    kind: Kind
    text: str
    start: int
    end: int
    meaning: str
    """What two writings of one value share: an amount's digits and decimals, an ISO date, bare letters of a name."""


def find_values(text: str, kind: Kind) -> list[Value]:
    """In order, without overlaps."""
    return list(_find_values(text, kind))


@lru_cache(maxsize=8192)
def _find_values(text: str, kind: Kind) -> tuple[Value, ...]:
    found: list[Value] = []
    for start, end, meaning in _matches(text, kind):
        if all(end <= other.start or start >= other.end for other in found):
            found.append(Value(kind, text[start:end], start, end, meaning))
    return tuple(sorted(found, key=lambda value: value.start))


def _matches(text: str, kind: Kind) -> Iterator[tuple[int, int, str]]:
    match kind:
        case "date":
            yield from _dates(text)
        case "amount":
            yield from _amounts(text)
        case "percent":
            for start, end, _ in _plain(_PERCENT, text):
                yield start, end, number_meaning(text[start:end])
        case "number":
            dates = list(_dates(text))
            for start, end, _ in _plain(_COUNT, text):
                if not any(begin < end and start < stop for begin, stop, _ in dates):
                    yield start, end, number_meaning(text[start:end])
        case "email":
            yield from _plain(_EMAIL, text)
        case "url":
            yield from _plain(_URL, text)
        case "iban":
            yield from (found for found in _plain(_IBAN, text) if 15 <= len(found[2]) <= 34)
        case "bic":
            yield from _plain(_BIC, text)
        case "phone":
            for start, end, meaning in _plain(_PHONE, text):
                if 7 <= sum(character.isdigit() for character in meaning) <= 15 and not _is_date_or_amount(
                    text[start:end]
                ):
                    yield start, end, meaning
        case "currency":
            yield from _plain(_CURRENCY, text)
        case "code":
            yield from _codes(text)
        case "name" | "text":
            return


def _plain(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int, str]]:
    plain = _ascii_digits(text)
    for match in pattern.finditer(plain):
        yield match.start(), match.end(), bare(match.group())


def _amounts(text: str) -> Iterator[tuple[int, int, str]]:
    plain = _ascii_digits(text)
    dates = list(_dates(text))
    for pattern in (_AMOUNT, _DECIMAL):
        for match in pattern.finditer(plain):
            start, end = match.span()
            while end > start and plain[end - 1] == ")" and "(" not in plain[start:end]:
                end -= 1
            while plain[start] == "(" and ")" not in plain[start:end]:
                start += 1
            inside_date = any(begin < end and start < stop for begin, stop, _ in dates)
            if not (inside_date and pattern is _DECIMAL):
                yield start, end, number_meaning(plain[start:end])


def _codes(text: str) -> Iterator[tuple[int, int, str]]:
    dates = list(_dates(text))
    for start, end, meaning in _plain(_CODE, text):
        if len(meaning) >= 2 and not any(begin < end and start < stop for begin, stop, _ in dates):
            yield start, end, meaning


def _dates(text: str) -> Iterator[tuple[int, int, str]]:
    plain = _month_text(text)
    taken: list[tuple[int, int]] = []
    for pattern in _DATES:
        for match in pattern.finditer(plain):
            start, end = match.span()
            if any(begin < end and start < stop for begin, stop in taken):
                continue
            meaning = _iso(match.groupdict())
            if meaning:
                taken.append((start, end))
                yield start, start + len(text[start:end].rstrip()), meaning


def _iso(parts: dict[str, str | None]) -> str:
    month = MONTHS[str(parts["name"])] if parts.get("name") else int(parts.get("m") or 0)
    day = int(parts.get("d") or 0)
    year = parts.get("y") or ""
    if month > 12 and 1 <= day <= 12:
        # 05/20/2022: the American order shows itself where the day cannot be a month.
        day, month = month, day
    if not 1 <= month <= 12 or day > 31:
        return ""
    if len(year) == 2:
        year = ("20" if int(year) < 70 else "19") + year
    return f"{year or '----'}-{month:02d}-{day:02d}" if day else f"{year}-{month:02d}"


@lru_cache(maxsize=8192)
def _month_text(text: str) -> str:
    """Folded character by character, so that places stay what they are."""
    return "".join(_folded_character(character) for character in text)


@lru_cache(maxsize=8192)
def _folded_character(character: str) -> str:
    plain = folded(character)
    return plain if len(plain) == 1 else character.lower() if len(character.lower()) == 1 else character


@lru_cache(maxsize=8192)
def _ascii_digits(text: str) -> str:
    if text.isascii():
        return text
    return "".join(str(unicodedata.digit(one)) if not one.isascii() and one.isdecimal() else one for one in text)


def _is_date_or_amount(text: str) -> bool:
    return any(True for _ in _dates(text)) or bool(_AMOUNT.search(text))


def number_meaning(text: str) -> str:
    """The digits, with a point before the decimals: "1.204,5 €" and "1,204.50" are both 1204.5. A single separator
    before three digits parts thousands."""
    text = _ascii_digits(text)
    digits = re.sub(r"[^\d.,٫]", "", text).strip(".,").replace("٫", ".")
    whole, decimals = digits, ""
    place = max(digits.rfind("."), digits.rfind(","))
    if place >= 0 and (
        len(digits) - place - 1 != 3 or (digits.count(digits[place]) == 1 and len({",", "."} & set(digits)) == 2)
    ):
        whole, decimals = digits[:place], digits[place + 1 :].rstrip("0")
    whole = re.sub(r"\D", "", whole).lstrip("0") or "0"
    sign = "-" if re.match(r"\s*(?:[^\d\s(-]*\s*)?[-−(]", text) and re.search(r"\d", text) else ""
    return sign + (f"{whole}.{decimals}" if decimals else whole)


def bare(text: str) -> str:
    """Letters, digits and signs of money alone, folded."""
    return "".join(one for one in folded(text) if one.isalnum() or unicodedata.category(one) == "Sc")
