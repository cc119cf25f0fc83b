"""E-mail addresses, telephone numbers, accounts and web sites that are printed without a label: letterheads and footers
have them so. What they are shows in how they are written.

With a name in the question, only what stands with that name; and never what another label names, or a table's row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ocrchat.chat.fields import FIELDS, Kind
from ocrchat.chat.grids import is_crossed
from ocrchat.chat.labels import label_hits
from ocrchat.chat.library import Library, plain_words
from ocrchat.chat.lines import PageLine, PageText
from ocrchat.chat.pieces import Fact, Piece
from ocrchat.chat.question import Part
from ocrchat.chat.question_kinds import KIND_TERMS
from ocrchat.chat.values import Value, find_values

_KINDS: tuple[Kind, ...] = ("email", "url", "iban", "phone")
# As many are told; of more, which one is meant cannot be known.
_MOST = 3
# Lines of one letterhead follow each other within so many heights of a line, and a name stands within so many lines.
_CLOSE, _LINES = 1.6, 5
# Of a long document.
_FIRST, _FINAL, _LOOKED_AT = 8, 2, 10
_SEPARATORS = re.compile(r"\s[-–—|•·∙/]\s|[|•·∙;,]|\s{3,}")
# A telephone number without a label is written as one: with a plus or a zero in front, or in groups.
_PHONE = re.compile(r"(?:\+|00|\(?0)\d?|\(\d{3}\)|\d{3}[ .-]\d{3}[ .-]\d{4}$|\d{2}(?:[ .]\d{2}){4}$")


_OTHER = re.compile(
    r"\b(?:no|nr|num|number|nummer|id|ref|code|acc(?:oun)?t|konto|siret|siren|rcs|order|policy|fax|vat|tax|iban|bic|date|sort|"
    r"reference|serial|numéro|número|numer|invoice)\b|n°|№|番号|号",
    re.IGNORECASE,
)


def find_contacts(library: Library, part: Part, pages: frozenset[int] | None) -> list[Fact]:
    if part.kind not in _KINDS or not _asks_only_for_it(part) or (part.field is not None and part.field.name == "fax"):
        return []
    found: dict[str, Fact] = {}
    for page in _letterheads(library, part, pages):
        for line, value in _values_on(page, part.kind, library):
            if all(_stands_with(name, line, page) for name in part.names):
                piece = Piece(line, value.start, value.end)
                found.setdefault(value.meaning, Fact(value.kind, value.text, value.meaning, (piece,), (), 1.0))
        if len(found) > _MOST:
            return []
    return list(found.values())


def _letterheads(library: Library, part: Part, pages: frozenset[int] | None) -> Iterator[PageText]:
    """The pages on which a document says how to reach whom: the first and the last, and those about a name."""
    if pages is not None:
        numbers = set(pages)
    elif part.names:
        found = library.find(dict(part.weights), part.terms, most=_LOOKED_AT)
        numbers = {library.passages[one.passage].page for one in found}
    else:
        numbers = {*range(1, _FIRST + 1), *range(library.page_count - _FINAL + 1, library.page_count + 1)}
    return (page for number in sorted(numbers) if (page := library.page(number)) is not None)


def _asks_only_for_it(part: Part) -> bool:
    """A number of something else ("of the plumber") is not the number that happens to be printed."""
    known = {term for label in part.field.labels for term in label.terms} if part.field is not None else set()
    return all(term in known | KIND_TERMS | part.named_terms for term in part.terms)


def _values_on(page: PageText, kind: Kind, library: Library) -> Iterator[tuple[PageLine, Value]]:
    for line in page.lines:
        values = find_values(line.text, kind)
        if not values or is_crossed(library.grids(page.number), line):
            continue
        for value in values:
            if _is_free(line.text, value, page, line):
                yield line, value


def _is_free(text: str, value: Value, page: PageText, line: PageLine) -> bool:
    """Whether nothing in front says that it is something else."""
    before = _SEPARATORS.split(text[: value.start])[-1].strip()
    if any(hit.field.kind != value.kind or hit.field.name == "fax" for hit in label_hits(before, FIELDS.values())):
        return False
    if before.endswith((":", "：")):
        # "Reservations: 020 7946 0555"; but no number of anything else.
        return value.text.startswith(("+", "0", "(0")) and " " in value.text and _OTHER.search(before) is None
    if not before:
        row = page.rows[page.row_of[line.order]]
        place = row.index(line)
        beside = row[place - 1].text if place else ""
        if beside.rstrip().endswith((":", "：")) or any(True for _ in label_hits(beside, FIELDS.values())):
            return False
    if value.kind != "phone":
        return True
    if _PHONE.match(value.text) is None or any(
        begin.start < value.end and value.start < begin.end for begin in find_values(text, "iban")
    ):
        return False
    is_alone = not before or "@" in before or before.casefold().endswith(("www", "phone", "tel", "tel."))
    return is_alone or value.text.startswith("+")


def _stands_with(name: Sequence[str], line: PageLine, page: PageText) -> bool:
    """Whether a name is in the line, or in lines that follow each other closely with it."""
    phrase = f" {' '.join(name)} "
    if phrase in plain_words(line.text):
        return True
    return any(phrase in plain_words(other.text) for step in (-1, 1) for other in _run(line, page, step))


def _run(line: PageLine, page: PageText, step: int) -> Iterator[PageLine]:
    row = page.row_of[line.order]
    last = line
    for _ in range(_LINES):
        row += step
        if not 0 <= row < len(page.rows) or len(page.rows[row]) > 1:
            return
        other = page.rows[row][0]
        above, below = (other, last) if step < 0 else (last, other)
        if below.box.top - above.box.bottom > _CLOSE * max(1.0, below.box.height) or other.block in page.prose:
            return
        yield other
        last = other
