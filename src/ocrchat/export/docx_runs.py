"""Runs of text for Word: cut where the direction changes, with a font that has the script's letters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from ocrchat.document.model import PLAIN, Style
from ocrchat.document.text import Run, closed_bidi
from ocrchat.export.markup import xml

_RTL = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\U00010800-\U00010fff\U0001e800-\U0001efff"
_STRETCH = re.compile(f"[{_RTL}](?:[^{_RTL}\\w]*(?:[\\d]+[^{_RTL}\\w]*)*[{_RTL}])*|[^{_RTL}]+")
"""From the right: from the first such letter to the last, with digits and signs between but no other letter."""

_FONTS: Final[tuple[tuple[str, str], ...]] = (
    ("\u0590-\u05ff\u0600-\u08ff\ufb1d-\ufdff\ufe70-\ufefe", "Arial"),
    ("\u0780-\u07bf", "MV Boli"),
    ("\u0900-\u0dff", "Nirmala UI"),
    ("\u0e00-\u0eff\u1780-\u17ff", "Leelawadee UI"),
    ("\u0f00-\u0fff", "Microsoft Himalaya"),
    ("\u1000-\u109f", "Myanmar Text"),
    ("\u10a0-\u10ff\u0530-\u058f", "Sylfaen"),
    ("\u1200-\u139f", "Ebrima"),
    ("\u13a0-\u13ff\uab70-\uabbf", "Gadugi"),
)
"""Ranges of a script → the font that Word brings for it; other programs put their own in its place."""

_FONT_PATTERNS = tuple((re.compile(f"[{ranges}]"), font) for ranges, font in _FONTS)
_HAN: Final[dict[str, str]] = {"ja": "Yu Mincho", "ko": "Malgun Gothic", "zh-Hant": "PMingLiU", "zh-TW": "PMingLiU"}
_HAN_ELSE: Final = "SimSun"
_EAST_ASIAN = re.compile("[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
_KANA = re.compile("[\u3040-\u30ff]")
_HANGUL = re.compile("[\u1100-\u11ff\uac00-\ud7ff]")


def runs_xml(runs: Sequence[Run], *, language: str = "") -> str:
    return "".join(run_xml(run.text, run.style, language=language) for run in runs)


def run_xml(text: str, style: Style = PLAIN, *, language: str = "") -> str:
    return "".join(
        f"<w:r>{_properties(stretch, style, rtl=rtl, language=language)}"
        f'<w:t xml:space="preserve">{xml(stretch)}</w:t></w:r>'
        for rtl, stretch in stretches(closed_bidi(text))
    )


def stretches(text: str) -> Iterator[tuple[bool, str]]:
    """(whether it runs from the right, text), in order."""
    pieces = ((bool(re.match(f"[{_RTL}]", piece)), piece) for piece in _STRETCH.findall(text))
    for rtl, group in groupby(pieces, key=lambda piece: piece[0]):
        yield rtl, "".join(piece for _, piece in group)


def _properties(text: str, style: Style, *, rtl: bool, language: str) -> str:
    """In the order the standard wants."""
    out = [_fonts(text, style, language)]
    if style.bold:
        out.append("<w:b/><w:bCs/>")
    if style.italic:
        out.append("<w:i/><w:iCs/>")
    if style.script:
        out.append(f'<w:vertAlign w:val="{"subscript" if style.script == "sub" else "superscript"}"/>')
    if rtl:
        out.append("<w:rtl/>")
    properties = "".join(out)
    return f"<w:rPr>{properties}</w:rPr>" if properties else ""


def _fonts(text: str, style: Style, language: str) -> str:
    attributes = 'w:ascii="Courier New" w:hAnsi="Courier New"' if style.monospace else ""
    if not text.isascii():
        if _EAST_ASIAN.search(text):
            attributes += f' w:eastAsia="{_east_asian_font(text, language)}"'
        for pattern, font in _FONT_PATTERNS:
            if pattern.search(text):
                # Some of these count as complex scripts and some do not: the font is named for both.
                attributes += f' w:cs="{font}"'
                attributes += "" if style.monospace else f' w:ascii="{font}" w:hAnsi="{font}"'
                break
    return f"<w:rFonts {attributes.strip()}/>" if attributes else ""


def _east_asian_font(text: str, language: str) -> str:
    for name in (language, language.split("-")[0]):
        if name in _HAN:
            return _HAN[name]
    if _KANA.search(text):
        return _HAN["ja"]
    return _HAN["ko"] if _HANGUL.search(text) else _HAN_ELSE
