"""What stands at the head of a document: where a form does not say who issued it, that is who shows himself there."""

from __future__ import annotations

from ocrchat.chat.library import Library
from ocrchat.chat.lines import PageLine
from ocrchat.chat.terms import folded

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


def head_of_document(library: Library, pages: frozenset[int] | None) -> PageLine | None:
    """The largest line at the head of the first page that is no name of a form."""
    if pages is not None and 1 not in pages:
        return None
    page = library.page(1)
    if page is None or not page.lines:
        return None
    top = min(line.box.top for line in page.lines)
    bottom = max(line.box.bottom for line in page.lines)
    found = [line for line in page.lines if line.box.top <= top + _HEAD * (bottom - top) and _is_name(line)]
    return max(found, key=lambda line: (round(line.box.height), -line.box.top), default=None)


def _is_name(line: PageLine) -> bool:
    letters = sum(character.isalpha() for character in line.text)
    words = set(folded(line.text).replace("-", " ").split())
    return letters >= 2 and len(line.text) <= _LONGEST and ":" not in line.text and not words & _KINDS_OF_FORM
