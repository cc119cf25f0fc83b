"""What stands at the head of a document: where a form does not say who issued it, that is who shows himself there."""

from __future__ import annotations

import re

from ocrchat.chat.grids import grid_with
from ocrchat.chat.library import Library
from ocrchat.chat.lines import PageLine
from ocrchat.chat.pieces import Fact, Piece
from ocrchat.chat.terms import folded
from ocrchat.chat.values import bare

# Of the page's height, from its first line on.
_HEAD = 0.25
_LONGEST = 60
_KINDS_OF_FORM = frozenset(
    folded(word)
    for word in [
        "invoice",
        "tax",
        "invoice",
        "receipt",
        "bill",
        "quote",
        "quotation",
        "order",
        "statement",
        "facture",
        "rechnung",
        "quittung",
        "factura",
        "recibo",
        "fatura",
        "faktura",
        "rachunek",
        "fattura",
        "factuur",
        "τιμολόγιο",
        "απόδειξη",
        "فاتورة",
        "ငွေတောင်းခံလွှာ",
        "प्रेषण",
        "चालान",
        "बिल",
        "发票",
        "請求書",
        "領収書",
        "请款单",
        "inyemezabuguzi",
    ]
)


_LEGAL = re.compile(
    r"registered office|registered in|company (?:no|number|reg)|au capital de|siège social|handelsregister|amtsgericht|"
    r"sitz der gesellschaft|domicilio social|registro mercantil|sede (?:legale|social)|capitale sociale|siedziba|kapitał",
    re.IGNORECASE,
)
_COMPANY = re.compile(
    r"[^,;:]{2,50}?\b(?:SAS|SARL|EURL|SA|GmbH|AG|KG|Ltd|Limited|LLC|LLP|PLC|plc|Inc|BV|SpA|Srl|Lda|SL)\b\.?"
)
# In heights of a line, from top to top.
_ABOVE = 2.6


def head_of_document(library: Library, pages: frozenset[int] | None) -> PageLine | None:
    """The largest line at the head of the first page that is no name of a form."""
    if pages is not None and 1 not in pages:
        return None
    page = library.page(1)
    if page is None or not page.lines:
        return None
    top = min(line.box.top for line in page.lines)
    bottom = max(line.box.bottom for line in page.lines)
    grids = library.grids(1)
    found = [
        line
        for line in page.lines
        if line.box.top <= top + _HEAD * (bottom - top) and _is_name(line) and grid_with(grids, line) is None
    ]
    return max(found, key=lambda line: (round(line.box.height), -line.box.top), default=None)


def owner_of_document(library: Library, pages: frozenset[int] | None) -> Fact | None:
    """Whose registered office or capital the first page names: law has it printed on what a company issues."""
    page = library.page(1) if pages is None or 1 in pages else None
    for line in page.lines if page is not None else ():
        legal = _LEGAL.search(line.text)
        if legal is None:
            continue
        label = (Piece(line, legal.start(), legal.end()),)
        named = _COMPANY.match(line.text[: legal.start()])
        if named is not None:
            name = named.group().strip(" -–—")
            return Fact("name", name, bare(name), (Piece(line, 0, len(name)),), label, 1.0)
        if legal.start() == 0 and page is not None and line.order > 0:
            above = page.lines[line.order - 1]
            close = 0 <= line.box.top - above.box.top <= _ABOVE * line.box.height
            if close and _is_name(above):
                return Fact("name", above.text, bare(above.text), (Piece(above, 0, len(above.text)),), label, 1.0)
    return None


def _is_name(line: PageLine) -> bool:
    letters = sum(character.isalpha() for character in line.text)
    words = set(folded(line.text).replace("-", " ").split())
    return letters >= 2 and len(line.text) <= _LONGEST and ":" not in line.text and not words & _KINDS_OF_FORM
