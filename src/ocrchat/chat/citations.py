"""Citations: words of a page, with their boxes and how surely they were read; and the check that they are there.

A snippet is verbatim: it follows in the page's own order of reading, in the page's own spelling. What a model quotes is
found in spite of reading errors, and then the page's spelling is what is quoted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from ocrchat.chat.lines import PageLine, PageText
from ocrchat.chat.pieces import Piece
from ocrchat.chat.terms import folded
from ocrchat.document.model import Box

# A quotation is on the page when this much of it is, letter by letter; below, it may be another sentence.
_SAME = 0.85
# Shorter ones must be there as they are: a letter's difference is another number or name.
_EXACT_BELOW = 12
# Shorter lines are cited whole.
_WHOLE_LINE = 120
# What is quoted where the answer is a passage: enough to read on, short enough to see at once.
LONGEST = 480


@dataclass(frozen=True, slots=True)
class Citation:
    page: int
    snippet: str
    boxes: tuple[Box, ...]
    """One a line."""
    confidence: float | None
    """Of the reading: the least sure of the lines quoted."""
    verified: bool = True
    document: int = 0


def cite(pieces: Sequence[Piece], document: int = 0) -> list[Citation]:
    """One citation for each stretch that reads on; what stands apart on the page is cited apart."""
    stretches: list[list[Piece]] = []
    for piece in sorted(set(pieces), key=lambda piece: (piece.line.page, piece.line.order, piece.start)):
        if stretches and _reads_on(stretches[-1][-1], piece):
            stretches[-1].append(piece)
        else:
            stretches.append([piece])
    return [_citation(stretch, document) for stretch in stretches]


def cite_lines(lines: Iterable[PageLine], document: int = 0) -> list[Citation]:
    return cite([Piece(line, 0, len(line.text)) for line in lines], document)


def cite_around(pieces: Sequence[Piece], document: int = 0) -> list[Citation]:
    """The lines that the pieces stand in: a label and its value in the words between them. Of long lines no more than
    from the first piece to the last."""
    lines: dict[tuple[int, int], Piece] = {}
    for piece in pieces:
        line, place = piece.line, (piece.line.page, piece.line.order)
        if len(line.text) <= _WHOLE_LINE:
            lines[place] = Piece(line, 0, len(line.text))
        elif place in lines:
            start, end = min(lines[place].start, piece.start), max(lines[place].end, piece.end)
            lines[place] = Piece(line, start, end)
        else:
            lines[place] = piece
    return cite(list(lines.values()), document)


def _reads_on(one: Piece, other: Piece) -> bool:
    if one.line.page != other.line.page:
        return False
    if one.line.order == other.line.order:
        return not one.line.text[one.end : other.start].strip(" :.-–")
    return other.line.order == one.line.order + 1 and one.end >= len(one.line.text) and other.start == 0


def _citation(stretch: Sequence[Piece], document: int) -> Citation:
    parts: list[tuple[PageLine, int, int]] = []
    for piece in stretch:
        if parts and parts[-1][0] is piece.line:
            parts[-1] = (piece.line, parts[-1][1], piece.end)
        else:
            parts.append((piece.line, piece.start, piece.end))
    # As plain text has it: a space for each end of a line, hyphens kept.
    snippet = " ".join(line.text[start:end].strip() for line, start, end in parts)
    confidences = [line.confidence for line, _, _ in parts if line.confidence is not None]
    return Citation(
        page=stretch[0].line.page,
        snippet=snippet,
        boxes=tuple(box_of(line, start, end) for line, start, end in parts),
        confidence=min(confidences) if confidences else None,
        document=document,
    )


def box_of(line: PageLine, start: int, end: int) -> Box:
    """Where characters of a line stand, by their share of its width: the words' own boxes are not kept in memory."""
    if start <= 0 and end >= len(line.text):
        return line.box
    width = line.box.width / max(1, len(line.text))
    if line.rtl:
        return Box(line.box.right - end * width, line.box.top, line.box.right - start * width, line.box.bottom)
    return Box(line.box.left + start * width, line.box.top, line.box.left + end * width, line.box.bottom)


# --- quotations of others --------------------------------------------------------------------------------------------


def find_quote(page: PageText, quote: str, document: int = 0) -> Citation | None:
    """The place on the page where the words are; None where they are not."""
    wanted = _bare(quote)
    if not wanted:
        return None
    letters: list[str] = []
    places: list[tuple[int, int]] = []
    for line in page.lines:
        for position, character in enumerate(line.text):
            for letter in folded(character):
                if letter.isalnum():
                    letters.append(letter)
                    places.append((line.order, position))
    text = "".join(letters)
    start = text.find(wanted)
    end = start + len(wanted)
    if start < 0:
        if len(wanted) < _EXACT_BELOW:
            return None
        start, end = _nearly(text, wanted)
        if start < 0:
            return None
    pieces = _pieces(page, places[start], places[end - 1])
    return _citation(pieces, document)


def _bare(text: str) -> str:
    return "".join(character for character in folded(text) if character.isalnum())


def _nearly(text: str, wanted: str) -> tuple[int, int]:
    """A stretch of the text that is the wanted one but for misread letters; numbers in it MUST agree."""
    matcher = SequenceMatcher(None, text, wanted, autojunk=False)
    anchor = matcher.find_longest_match(0, len(text), 0, len(wanted))
    if anchor.size < min(8, len(wanted) // 3):
        return -1, -1
    start = max(0, anchor.a - anchor.b)
    end = min(len(text), start + len(wanted))
    near = text[start:end]
    blocks = [
        block for block in SequenceMatcher(None, near, wanted, autojunk=False).get_matching_blocks() if block.size
    ]
    if sum(block.size for block in blocks) < _SAME * len(wanted):
        return -1, -1
    covered = "".join(wanted[block.b : block.b + block.size] for block in blocks)
    if [one for one in wanted if one.isdigit()] != [one for one in covered if one.isdigit()]:
        return -1, -1
    return start + blocks[0].a, start + blocks[-1].a + blocks[-1].size


def _pieces(page: PageText, first: tuple[int, int], last: tuple[int, int]) -> list[Piece]:
    found = []
    for line in page.lines[first[0] : last[0] + 1]:
        start = first[1] if line.order == first[0] else 0
        end = last[1] + 1 if line.order == last[0] else len(line.text)
        found.append(Piece(line, start, end))
    return found
