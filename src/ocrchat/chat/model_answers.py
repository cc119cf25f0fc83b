"""Answers in a language model's words, each sentence held to the passages it names.

The model sees the passages that the question finds; of a question about the whole document, all of it in parts, and
then what the parts gave. Its sentences are checked one by one: words quoted are on the page, numbers, dates and names
are in what is cited, or the sentence is marked unverified.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Sequence

from ocrchat.chat.answers import Answer, Sentence, Source
from ocrchat.chat.citations import Citation, cite_lines, find_quote
from ocrchat.chat.facts import find_facts
from ocrchat.chat.language_model import LanguageModel
from ocrchat.chat.library import find_for
from ocrchat.chat.overview import is_overview
from ocrchat.chat.prompt import NOTHING_FOUND, Evidence, Turn, answer_messages, extract_messages
from ocrchat.chat.question import Question, content_terms, parse_question
from ocrchat.chat.quotes import lines_saying
from ocrchat.chat.sentences import sentences_in
from ocrchat.chat.verify import is_supported
from ocrchat.document.text import printable

# Passages given at most; a model reads more of them than a person would, but not well.
_PASSAGES = 12
# Parts that a whole document is read in: beyond it, an even choice of its passages.
_PARTS = 24

_MARKER = re.compile(r"\s*\[\s*(?:passages?\s*)?(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\s*\]", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|(?<=[।။。？！])(?=[^\s)\]”」])|(?<=[।။。？！])\s+|\n+")
_QUOTED = re.compile('[“"«„「]([^”"»“」]{4,300})[”"»“」]')
_ADDRESS = re.compile(r"!?\[([^\]]*)\]\((?:[^)]*)\)|(?:https?://|www\.)\S+|<[^>]{1,200}>")
# What begins a marker, a link, a picture or markup; and what those are when they are whole and what follows is known.
_OPENING = re.compile(r"!?\[|<")
_CLOSED = re.compile(r"!?\[[^\]]*\](?:\([^)]*\)|(?=[^(]))|<[^>]*>|<(?=[\s\d])")
_LONGEST_MARKUP = 400
# Of a sentence without a passage: so much of it must be one passage's words.
_OWN_WORDS = 0.5


def model_answer(
    model: LanguageModel, sources: Sequence[Source], text: str, searched: str, history: Sequence[Turn]
) -> Generator[str, None, Answer]:
    """Yields pieces of the answer as they come and returns it whole and checked. `searched` is the question as it is
    understood with the earlier ones. Raises ModelUnavailable."""
    question = parse_question(searched, page_count=max((source.library.page_count for source in sources), default=0))
    if is_overview(text):
        evidence = yield from _gathered(model, sources, question, text)
    else:
        evidence = chosen_evidence(sources, question, model.context_characters)
    if not evidence:
        return _nothing(question)
    told = yield from _told(model, text, evidence, history)
    return checked_answer(told, evidence, sources, question)


def _told(
    model: LanguageModel, text: str, evidence: Sequence[Evidence], history: Sequence[Turn]
) -> Generator[str, None, str]:
    pages = {one.number: one.passage.page for one in evidence}
    whole: list[str] = []
    pending = ""
    for piece in model.stream(answer_messages(text, evidence, history)):
        whole.append(piece)
        pending += piece
        cut = _ready(pending)
        if cut:
            yield _with_pages(pending[:cut], pages)
            pending = pending[cut:]
    if pending:
        yield _with_pages(pending, pages)
    return "".join(whole)


def _ready(pending: str) -> int:
    """How much can be shown: whole words, and nothing that may become a marker, a link or markup."""
    cut = max(pending.rfind(" "), pending.rfind("\n"), *(pending.rfind(sign) for sign in "。၊။、"))
    for opening in _OPENING.finditer(pending):
        if opening.start() >= cut:
            break
        if _CLOSED.match(pending, opening.start()) is None and len(pending) - opening.start() < _LONGEST_MARKUP:
            return opening.start()
    return max(0, cut)


# --- what the model is given -----------------------------------------------------------------------------------------


def chosen_evidence(sources: Sequence[Source], question: Question, most_characters: int) -> list[Evidence]:
    """The best passages of all documents, the labelled values' first, in the order of the pages."""
    ranked: list[tuple[float, int, int]] = []
    for document, source in enumerate(sources):
        for part in question.parts:
            facts = find_facts(source.library, part, question.pages)[:2]
            ranked += [(1e6 + one.score, document, source.library.passage_of(one.value[0].line)) for one in facts]
        found = find_for(source.library, question, most=_PASSAGES)
        ranked += [(one.score, document, one.passage) for one in found]
        # What stands around the best, after all that was found itself.
        ranked += [(0.0, document, index) for one in found[:2] for index in source.library.neighbours(one.passage)]
    chosen: list[tuple[int, int]] = []
    length = 0
    for _, document, index in sorted(ranked, key=lambda one: -one[0]):
        size = len(sources[document].library.passages[index].text) + 80
        if (document, index) in chosen or len(chosen) >= _PASSAGES or length + size > most_characters:
            continue
        chosen.append((document, index))
        length += size
    return _numbered(sources, sorted(chosen))


def _numbered(sources: Sequence[Source], chosen: Sequence[tuple[int, int]]) -> list[Evidence]:
    named = len(sources) > 1
    return [
        Evidence(number, document, sources[document].library.passages[index], sources[document].name if named else "")
        for number, (document, index) in enumerate(chosen, 1)
    ]


def _gathered(
    model: LanguageModel, sources: Sequence[Source], question: Question, text: str
) -> Generator[str, None, list[Evidence]]:
    """What the parts of the documents have to say, as passages: those that the model named in each part."""
    everything = [
        (document, index)
        for document, source in enumerate(sources)
        for index, passage in enumerate(source.library.passages)
        if question.pages is None or passage.page in question.pages
    ]
    parts = list(_parts(sources, everything, model.context_characters))
    if len(parts) == 1:
        return _numbered(sources, parts[0])
    kept: list[tuple[int, int]] = []
    for part in parts:
        evidence = _numbered(sources, part)
        found = "".join(model.stream(extract_messages(text, evidence)))
        numbers = [number for group in _MARKER.findall(found) for number in _numbers(group)]
        kept += [part[number - 1] for number in dict.fromkeys(numbers) if 1 <= number <= len(part)]
        # Nothing to show yet, but the one who waits may see that work goes on.
        yield ""
    return _numbered(
        sources, next(iter(_parts(sources, kept or [part[0] for part in parts], model.context_characters)), [])
    )


def _parts(
    sources: Sequence[Source], places: Sequence[tuple[int, int]], most_characters: int
) -> Iterator[list[tuple[int, int]]]:
    sizes = [len(sources[document].library.passages[index].text) + 80 for document, index in places]
    if sum(sizes) > _PARTS * most_characters:
        step = sum(sizes) / (_PARTS * most_characters)
        picked = sorted({int(number * step) for number in range(int(len(places) / step))})
        places = [places[number] for number in picked]
        sizes = [sizes[number] for number in picked]
    part: list[tuple[int, int]] = []
    length = 0
    for place, size in zip(places, sizes, strict=True):
        if part and length + size > most_characters:
            yield part
            part, length = [], 0
        part.append(place)
        length += size
    if part:
        yield part


# --- what the model said ---------------------------------------------------------------------------------------------


def checked_answer(told: str, evidence: Sequence[Evidence], sources: Sequence[Source], question: Question) -> Answer:
    told = told.strip()
    if not told or NOTHING_FOUND.casefold() in told.casefold()[: len(NOTHING_FOUND) + 20]:
        return _nothing(question)
    by_number = {one.number: one for one in evidence}
    sentences = []
    for text in _sentences(told):
        named = [
            by_number[number] for group in _MARKER.findall(text) for number in _numbers(group) if number in by_number
        ]
        plain = printable(safe_text(_MARKER.sub("", text))).strip()
        if plain:
            sentences.append(_checked(plain, list(dict.fromkeys(named)), evidence, sources))
    return Answer(tuple(sentences), "answered") if sentences else _nothing(question)


def _sentences(told: str) -> list[str]:
    """Each with the markers that follow it."""
    pieces = [piece for piece in _SENTENCE_END.split(told) if piece and piece.strip()]
    joined: list[str] = []
    for piece in pieces:
        marker = _MARKER.match(piece)
        if joined and marker is not None:
            joined[-1] += marker.group()
            piece = piece[marker.end() :]
        if piece.strip(" .-*"):
            joined.append(piece.strip())
    return joined


def _checked(
    plain: str, named: Sequence[Evidence], evidence: Sequence[Evidence], sources: Sequence[Source]
) -> Sentence:
    cited = list(named) or _home_of(plain, evidence)
    citations: list[Citation] = []
    for one in cited:
        page = sources[one.document].library.page(one.passage.page)
        quotes = [find_quote(page, quote, one.document) for quote in _QUOTED.findall(plain)] if page is not None else []
        found = [quote for quote in quotes if quote is not None]
        citations += found or cite_lines(lines_saying(one.passage.lines, plain), one.document)
    supported = bool(citations) and is_supported(plain, [one.passage.text for one in cited])
    supported = supported and _quotes_stand(plain, citations)
    pages = list(dict.fromkeys((one.passage.page, one.name) for one in cited))
    places = ", ".join(f"p. {page}" + (f", {name}" if name else "") for page, name in pages)
    text = f"{plain.rstrip('.।။。 ')} ({places})." if places else plain
    return Sentence(text, tuple(dict.fromkeys(citations)), supported)


def _quotes_stand(plain: str, citations: Sequence[Citation]) -> bool:
    quotes = [quote for quote in _QUOTED.findall(plain) if len(quote) > 12]
    letters = ["".join(one.snippet.split()).casefold() for one in citations]
    return all(any("".join(quote.split()).casefold()[:20] in one for one in letters) for quote in quotes) or not quotes


def _home_of(plain: str, evidence: Sequence[Evidence]) -> list[Evidence]:
    """The passage that a sentence without a marker speaks of, where one clearly is."""
    terms = set(content_terms(plain))
    best: tuple[float, Evidence] | None = None
    for one in evidence:
        share = len(terms & set(content_terms(one.passage.text))) / max(1, len(terms))
        if is_supported(plain, [one.passage.text]):
            share += 0.2
        if best is None or share > best[0]:
            best = (share, one)
    return [best[1]] if best is not None and best[0] >= _OWN_WORDS + 0.2 else []


def safe_text(text: str) -> str:
    """Without links, pictures and markup: an answer is text, whatever a page or a model would have it be."""
    return _ADDRESS.sub(lambda match: match.group(1) or "", text)


def _with_pages(text: str, pages: dict[int, int]) -> str:
    def shown(match: re.Match[str]) -> str:
        known = list(dict.fromkeys(pages[number] for number in _numbers(match.group(1)) if number in pages))
        return f" ({', '.join(f'p. {page}' for page in known)})" if known else ""

    return safe_text(_MARKER.sub(shown, text))


def _numbers(group: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", group)]


def _nothing(question: Question) -> Answer:
    return Answer((Sentence(sentences_in(question.language).not_said),), "not_said")
