"""A question, taken apart: its language, the pages it names, and each thing it asks for with what would answer it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ocrchat.chat.fields import FIELDS, Field, Kind
from ocrchat.chat.labels import label_hits
from ocrchat.chat.page_words import asked_pages
from ocrchat.chat.question_kinds import COMPARED, COUNTED, KIND_TERMS, LISTED, is_figured, kind_asked, without_degree
from ocrchat.chat.question_words import STOP_TERMS, STOP_TERMS_OF, UNSPACED_FUNCTION_WORDS, WORDS
from ocrchat.chat.synonyms import other_terms
from ocrchat.chat.terms import folded, terms_of, words_of
from ocrchat.chat.values import find_values

# What a synonym weighs beside the word itself, and what an instruction ("Round to two decimals.") beside the question.
_SYNONYM = 0.4
_INSTRUCTION = 0.3

_SCRIPT_LANGUAGES = (
    ("el", re.compile("[\u0370-\u03ff\u1f00-\u1fff]")),
    ("ar", re.compile("[\u0620-\u06ff]")),
    ("my", re.compile("[\u1000-\u109f]")),
    ("hi", re.compile("[\u0900-\u097f]")),
    ("ja", re.compile("[\u3041-\u30ff]")),
    ("zh", re.compile("[\u3400-\u9fff]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
)
_CAPITAL_NOUNS = ("de", "lb")
"""They write every noun with a capital."""
_FORM_TERMS = frozenset(
    terms_of(
        "invoice bill receipt payment total amount value field printed paid pay money order form page first last full "
        "exact τιμολόγιο فاتورة ငွေတောင်းခံလွှာ ဘောက်ချာ inyemezabuguzi factura recibo facture reçu rechnung quittung "
        "fatura recibo faktura rachunek चालान बिल 发票 账单 請求書 領収書 hoch wysok élevé haut alto"
    )
)
"""What may stand beside a field's name without meaning something else."""
_WHO = re.compile(
    r"(?:who|which person|qui|quién|quien|wer|quem|kto|chi|wie|ποιος|ποια|من|ninde|nde|कौन|谁|誰|だれ|ဘယ်သူ)\b"
)
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b")
_QUOTED = re.compile('["“”«»„「](.{2,80}?)["“”«»„」]')
_NAME = re.compile(
    r"(?<![\w.])[A-ZÀ-ÖØ-Þ][\w&'’.-]*(?:\s+(?:(?:of|de|du|der|von|la|the|for|&)\s+)*[A-ZÀ-ÖØ-Þ][\w&'’.-]*)*"
)
_NUMBER = re.compile(r"(?<![\d.,])(?:\d{1,2},\s?)?(\d{3,4}(?:[.,]\d+)*|\d{1,3}(?:[.,]\d{3})+(?:[.,]\d+)?)(?![\d%])")
"""Years and large numbers; small ones are as often the question's own ("the two plants")."""


@dataclass(frozen=True, slots=True)
class Part:
    """One thing asked for."""

    text: str
    terms: tuple[str, ...]
    """What the words say that is not grammar, in order, once each."""
    weights: tuple[tuple[str, float], ...]
    """What is searched for: the terms, and others that mean the same."""
    synonyms: dict[str, set[str]]
    kind: Kind | None
    """Of the value that would answer it; None: a passage."""
    field: Field | None
    names: tuple[tuple[str, ...], ...]
    """What is named or quoted, word by word as words_of gives them: an answer about something else is no answer."""
    numbers: tuple[str, ...]
    dates: tuple[str, ...]
    """Meanings of the dates that the question gives."""
    counted: bool
    listed: bool
    asks_who: bool
    figured: bool
    """Only figures can answer it, whatever stands beside its words."""
    compared: bool
    """Asks for a difference, which stands nowhere: it must be computed."""

    @property
    def named_terms(self) -> frozenset[str]:
        return frozenset(term for name in self.names for word in name for term in terms_of(word))


@dataclass(frozen=True, slots=True)
class Question:
    text: str
    language: str
    """Of the answer: BCP 47; empty where it is none that there are sentences in."""
    pages: frozenset[int] | None
    """Those asked for; None: any."""
    parts: tuple[Part, ...]


def parse_question(text: str, *, page_count: int) -> Question:
    text = " ".join(text.split())
    pages, rest = asked_pages(text, page_count)
    language = language_of(text)
    return Question(text, language, pages, _parts(rest, language))


def language_of(text: str) -> str:
    for language, letters in _SCRIPT_LANGUAGES:
        # One kana tells Japanese from Chinese; of other scripts a name may stand in a question of another language.
        found = len(letters.findall(text))
        if found and (language == "ja" or found * 3 >= sum(character.isalpha() for character in text)):
            return language
    words = re.findall(r"[^\W\d_]+", folded(text.replace("'", " ").replace("’", " ")))
    votes = {language: sum(word in known for word in words) for language, known in WORDS.items()}
    most = max(votes.values())
    if most == 0:
        return ""
    rivals = [language for language, count in votes.items() if count == most]
    return "en" if "en" in rivals else rivals[0]


def _parts(text: str, language: str) -> tuple[Part, ...]:
    fields = _fields_in(text)
    if not fields:
        return (_part(text, None, language),)
    # Each field takes the words up to the next one with it; the first also those before it.
    starts = [0] + [start for start, _, _ in fields[1:]]
    ends = [*starts[1:], len(text)]
    parts = [
        _part(text[start:end], field, language) for start, end, (_, _, field) in zip(starts, ends, fields, strict=True)
    ]
    rests = [
        text[start:first] + " " + text[last:end]
        for start, end, (first, last, _) in zip(starts, ends, fields, strict=True)
    ]
    if all(_is_asked_by_name(part, rest, language) for part, rest in zip(parts, rests, strict=True)):
        return tuple(parts)
    return (_part(text, None, language),)


def _is_asked_by_name(part: Part, rest: str, language: str) -> bool:
    """Whether the field is what is asked for, and no word of a longer question ("the total spend on repurchases")."""
    assert part.field is not None
    known = {term for label in part.field.labels for term in label.terms} | _FORM_TERMS | part.named_terms
    # A single character of a script without spaces is an ending, cut off with the label.
    left = [term for term in content_terms(rest, language) if len(term) > 1 or term.isascii()]
    return all(term in known for term in left)


def _fields_in(text: str) -> list[tuple[int, int, Field]]:
    """Fields named, in order: the longest label at each place."""
    found: list[tuple[int, int, Field]] = []
    for hit in label_hits(text, FIELDS.values()):
        if hit.label.inline or (found and hit.start < found[-1][1]):
            continue
        if found and found[-1][2] is hit.field:
            found[-1] = (found[-1][0], hit.end, hit.field)
            continue
        found.append((hit.start, hit.end, hit.field))
    return found


def _part(text: str, field: Field | None, language: str) -> Part:
    main, instructions = _without_instructions(text)
    said = content_terms(without_degree(main), language)
    weights = dict.fromkeys(said, 1.0)
    for term in content_terms(instructions, language):
        weights.setdefault(term, _INSTRUCTION)
    synonyms = other_terms(terms_of(main))
    for term in synonyms:
        if term not in STOP_TERMS:
            weights.setdefault(term, _SYNONYM)
    for term in other_terms(terms_of(instructions)):
        weights.setdefault(term, _SYNONYM * _INSTRUCTION)
    if field is not None:
        for label in field.labels:
            for term in label.terms:
                weights.setdefault(term, _SYNONYM)
    plain = folded(main)
    names = _names_in(main, capitals=language not in _CAPITAL_NOUNS)
    return Part(
        text=main,
        terms=tuple(said),
        weights=tuple(weights.items()),
        synonyms=synonyms,
        kind=field.kind if field is not None else kind_asked(plain),
        field=field,
        names=tuple(name for name in names if not _is_label(name, field)),
        numbers=tuple(dict.fromkeys(match.group(1) for match in _NUMBER.finditer(main))),
        dates=tuple(value.meaning for value in find_values(main, "date")),
        asks_who=_WHO.match(plain) is not None,
        figured=is_figured(plain),
        compared=any(word in plain for word in COMPARED),
        counted=any(word in plain for word in COUNTED),
        listed=any(word in plain for word in LISTED),
    )


def _is_label(name: tuple[str, ...], field: Field | None) -> bool:
    """ "VAT", "ID": what is asked for and not whose."""
    terms = {term for word in name for term in terms_of(word)}
    labels = {term for label in field.labels for term in label.terms} if field is not None else set()
    return terms <= labels | KIND_TERMS


def content_terms(text: str, language: str = "") -> list[str]:
    """Without grammar, once each."""
    plain = _ORDINAL.sub("", folded(text))
    if language in UNSPACED_FUNCTION_WORDS:
        for word in UNSPACED_FUNCTION_WORDS[language]:
            plain = plain.replace(word, " ")
    # Of a known language its own function words only: the "e" of "Appendix E" is none in English.
    stop = STOP_TERMS_OF.get(language, STOP_TERMS)
    # "check-in", "pick-up": what is hyphenated is one word, whatever its parts are alone.
    hyphenated = {term for pair in re.findall(r"\w+-\w+", plain) for term in terms_of(pair)}
    return list(dict.fromkeys(term for term in terms_of(plain) if term not in stop or term in hyphenated))


def _without_instructions(text: str) -> tuple[str, str]:
    """The sentences that ask, and those that say how to answer."""
    sentences = re.split(
        r"(?<=[?!؟;？])\s+|(?<![.\s][A-Za-z])(?<!Inc)(?<!Ltd)(?<!Mr)(?<!Mrs)(?<!Dr)(?<!No)(?<=\.)\s+(?=[^a-z\s])", text
    )
    asking = [one for one in sentences if re.search("[?؟;？]", one)]
    if not asking:
        return sentences[0] if len(sentences) > 1 else text, " ".join(sentences[1:])
    return " ".join(asking), " ".join(one for one in sentences if one not in asking)


def _names_in(text: str, *, capitals: bool) -> tuple[tuple[str, ...], ...]:
    """Names and quoted words. A question all in capitals names nothing by them."""
    found = [match.group(1) for match in _QUOTED.finditer(text)]
    letters = [character for character in text if character.isalpha()]
    if capitals and letters and sum(character.isupper() for character in letters) < 0.6 * len(letters):
        for match in _NAME.finditer(text):
            words = match.group()
            if not any(one.isalnum() for one in text[: match.start()]) or text[: match.start()].rstrip().endswith(
                ("?", ".", "!")
            ):
                # The first word of a sentence is a capital by grammar.
                words = words.partition(" ")[2]
            found += [part for part in re.split(r"['’]s\b", words) if part.strip()[:1].isupper()]
    names = (
        tuple(word for word in words_of(name) if word not in WORDS["en"])
        # Years and quarters are numbers, not names: "FY2022", "Q4".
        for name in (re.sub(r"\S*\d\S*", " ", one) for one in found)
    )
    return tuple(dict.fromkeys(name for name in names if name))


def weights_of(parts: Sequence[Part]) -> dict[str, float]:
    """Of the whole question."""
    merged: dict[str, float] = {}
    for part in parts:
        for term, weight in part.weights:
            merged[term] = max(weight, merged.get(term, 0.0))
    return merged
