"""Whether a sentence says nothing but what its citations say: each number, date and name of it must stand in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ocrchat.chat.fields import Kind
from ocrchat.chat.terms import folded
from ocrchat.chat.values import bare, find_values

_EXACT: tuple[Kind, ...] = ("date", "email", "url", "iban")
_NUMBERS: tuple[Kind, ...] = ("amount", "percent", "number")
_PLACE = re.compile(r"\(p\. [^)]*\)")
_NAME = re.compile(r"[^\W\d_a-zα-ωа-я][\w'’.&-]*(?:\s+[^\W\d_a-zα-ωа-я][\w'’.&-]*)*")
_CASED = re.compile(r"[A-Za-zΑ-Ωα-ωА-Яа-я]")
_CODE = re.compile(r"(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{4,}")


def is_supported(sentence: str, cited: Sequence[str]) -> bool:
    return not unsupported(sentence, cited)


def unsupported(sentence: str, cited: Sequence[str]) -> list[str]:
    """What the sentence says and no citation does."""
    text = _PLACE.sub(" ", sentence)
    source = "\n".join(cited)
    found = list(dict.fromkeys((*_unsupported_values(text, source), *_unsupported_names(text, source))))
    return [one for one in found if not any(one != other and one in other for other in found)]


def _unsupported_values(text: str, source: str) -> Iterator[str]:
    for kind in _EXACT:
        known = {value.meaning for value in find_values(source, kind)}
        for value in find_values(text, kind):
            if value.meaning not in known and bare(value.text) not in bare(source):
                yield value.text
    known = {value.meaning.lstrip("-") for kind in _NUMBERS for value in find_values(source, kind)}
    digits = re.sub(r"\D", " ", folded(source)).split()
    dated = [(value.start, value.end) for value in find_values(text, "date")]
    for kind in _NUMBERS:
        for value in find_values(text, kind):
            inside = any(start < value.end and value.start < end for start, end in dated)
            plain = value.meaning.lstrip("-")
            if not inside and plain not in known and plain not in digits:
                yield value.text
    for match in _CODE.finditer(text):
        if bare(match.group()) not in bare(source):
            yield match.group()


def _unsupported_names(text: str, source: str) -> Iterator[str]:
    """Words with a capital that do not begin a sentence. Scripts without capitals have none to tell names by."""
    words = set(re.findall(r"\w+", folded(source)))
    for match in _NAME.finditer(text):
        name = match.group().rstrip(".-'’")
        if not _CASED.match(name):
            continue
        if _begins_sentence(text, match.start()):
            first, _, name = name.partition(" ")
            if not name:
                # One capital at the beginning is grammar, unless the word is all capitals.
                if len(first) < 2 or not first.isupper():
                    continue
                name = first
        if not all(word in words for word in re.findall(r"\w+", folded(name))):
            yield name


def _begins_sentence(text: str, place: int) -> bool:
    before = text[:place].rstrip(" \"'“„«([*-•")
    return not before or before[-1] in ".!?:;\n。"
