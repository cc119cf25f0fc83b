"""From printed lines to running text: what may be joined, with what between, and which way it runs. Pure.

Lines and words are stored as printed. Here hyphens at line ends are undone, scripts without spaces are joined without
one, and direction controls that a line leaves open are closed, so that they cannot turn round what follows.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ocrchat.document.model import PLAIN, Direction, Line, Style, Word

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff\t\n\v\f\r]")
_BREAKING = frozenset("\t\n\v\f\r\x85\u2028\u2029")
_SOFT_HYPHEN = "\u00ad"
_HYPHENS = frozenset("-\u2010\u00ad¬⸗")
"""What ends a broken word in print: ASCII and Unicode hyphens, the soft one, the not sign that many readers give for
it, and the double hyphen of Fraktur."""

_SUSPENDED_BEFORE = {"und", "oder", "bzw", "sowie", "and", "och", "eller", "nebo", "és", "vagy", "și", "sau"} | set(
    "yeoia"
)
"""Before these a hyphen stands for a left-out part ("Haupt- und Nebensatz") and stays. Only conjunctions that are never
the second half of a broken word: two letters can be ("gold-en", "col-or")."""

_UNSPACED = re.compile(
    "["
    "\u0e00-\u0e7f\u0e80-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\ua980-\ua9df\uaa60-\uaadf"
    "\u2e80-\u2fdf\u2ff0-\u303f\u3040-\u30ff\u3100-\u312f\u31a0-\u31ff\u3200-\u9fff\uf900-\ufaff\ufe30-\ufe4f"
    "\uff01-\uff9f\uffe0-\uffef\U00016fe0-\U00018fff\U0001aff0-\U0001b16f\U00020000-\U0003ffff"
    "]"
)
"""Thai, Lao, Tibetan, Burmese, Khmer, Tai, Javanese; Han, Kana, Bopomofo, their punctuation and full-width forms.
Not Hangul: Korean writes spaces between words."""

_OPENERS = {"\u202a": "\u202c", "\u202b": "\u202c", "\u202d": "\u202c", "\u202e": "\u202c"}
_ISOLATES = frozenset("\u2066\u2067\u2068")
_BIDI_CONTROL = re.compile("[\u202a-\u202e\u2066-\u2069]")


class Run(NamedTuple):
    """A stretch of running text in one style."""

    text: str
    style: Style


class Span(NamedTuple):
    """A word as it stands in its line, and what stands between it and the next."""

    word: Word
    text: str
    gap: str


def printable(text: str) -> str:
    """Without what no text format can hold or what would break its lines: controls and halves of surrogates."""
    return _CONTROL.sub(_replacement, text) if _CONTROL.search(text) else text


def _replacement(match: re.Match[str]) -> str:
    character = match.group()
    if character in _BREAKING:
        return " "
    return "\ufffd" if "\ud800" <= character <= "\udfff" else ""


def is_unspaced(character: str) -> bool:
    """Whether the script writes no spaces between words."""
    return _UNSPACED.match(character) is not None


def gap_between(before: str, after: str) -> str:
    """What stands between two pieces of running text that were printed apart: a space, or nothing."""
    if not before or not after or before[-1].isspace() or after[0].isspace():
        return ""
    if is_unspaced(before[-1]) and is_unspaced(after[0]):
        return ""
    return " "


def joined_text(lines: Iterable[Line | str]) -> str:
    """The lines as one paragraph."""
    pieces: list[str] = []
    for line in lines:
        text = (line if isinstance(line, str) else line.text).strip()
        if text:
            if pieces:
                pieces[-1], text = joined_pair(pieces[-1], text)
            pieces.append(text)
    return "".join(pieces)


def joined_pair(before: str, after: str) -> tuple[str, str]:
    """Two neighbouring lines, so that their concatenation reads on."""
    if not before or not after:
        return before, after
    if before[-1] in _HYPHENS and len(before) > 1:
        return _joined_at_hyphen(before, after)
    return before + gap_between(before, after), after


def _joined_at_hyphen(before: str, after: str) -> tuple[str, str]:
    if before[-1] == _SOFT_HYPHEN:
        return before[:-1], after
    stem = before[:-1]
    if not stem[-1].isalpha():
        # A dash after a space, or a number's: "1914-" / "1918".
        own = stem[-1].isdigit() and after[0].isdigit()
        return (before, after) if own else (before + gap_between(before, after), after)
    if first_word(after).casefold() in _SUSPENDED_BEFORE:
        return before + " ", after
    if after[0].isalpha() and not after[0].isupper():
        return stem, after
    # "Jean-" / "Pierre", "UTF-" / "8": the hyphen is the word's own.
    return (before, after) if after[0].isalnum() else (before + gap_between(before, after), after)


def first_word(text: str) -> str:
    match = re.match(r"\w+", text)
    return match.group() if match else ""


# --- words within a line ---------------------------------------------------------------------------------------------


def spans_of_line(line: Line) -> list[Span]:
    """The line's words with the text between them; their concatenation is exactly the line's text. Empty where the
    words do not spell the text: then only the line as a whole has a place."""
    starts = []
    position = 0
    for word in line.words:
        if not word.text:
            return []
        start = line.text.find(word.text, position)
        if start < 0 or line.text[position:start].strip():
            return []
        starts.append(start)
        position = start + len(word.text)
    if not starts or line.text[position:].strip() or line.text[: starts[0]].strip():
        return []
    ends = [*starts[1:], len(line.text)]
    spans = []
    for word, start, end in zip(line.words, starts, ends, strict=True):
        stop = start + len(word.text)
        spans.append(Span(word, word.text, line.text[stop:end]))
    return spans


def runs_of_line(line: Line) -> list[Run]:
    """The line's text by style. Between two words of one style the space has it too."""
    text = line.text.strip()
    spans = spans_of_line(line)
    if not spans:
        return [Run(text, PLAIN)] if text else []
    runs: list[Run] = []
    gap = ""
    for span in spans:
        if runs and runs[-1].style == span.word.style:
            runs[-1] = Run(runs[-1].text + gap + span.text, span.word.style)
        else:
            if gap:
                runs.append(Run(gap, PLAIN))
            runs.append(Run(span.text, span.word.style))
        gap = span.gap
    return runs


def joined_runs(lines: Iterable[Line]) -> list[Run]:
    """As joined_text, with the styles kept."""
    out: list[Run] = []
    for line in lines:
        runs = runs_of_line(line)
        if not runs:
            continue
        if not out:
            out.extend(runs)
            continue
        so_far = "".join(run.text for run in out[-2:])
        before, _ = joined_pair(so_far, line.text.strip())
        _continue_with(out, before[len(so_far) :] if len(before) >= len(so_far) else None, runs)
    return out


def _continue_with(out: list[Run], gap: str | None, runs: list[Run]) -> None:
    """Appends runs; gap None means that the last character so far, a hyphen, goes."""
    last = out[-1]
    if gap is None:
        out[-1] = Run(last.text[:-1], last.style)
        gap = ""
    if out[-1].style == runs[0].style:
        out[-1] = Run(out[-1].text + gap + runs[0].text, runs[0].style)
        out.extend(runs[1:])
    else:
        if gap:
            out.append(Run(gap, PLAIN))
        out.extend(runs)


def code_text(lines: Sequence[Line]) -> str:
    """Lines of a program as printed, their indentation told from where they begin."""
    lines = [line for line in lines if line.text.strip()]
    if not lines:
        return ""
    left = min(line.box.left for line in lines)
    widths = sorted(line.box.width / len(line.text.strip()) for line in lines)
    width = widths[len(widths) // 2]
    out = []
    for line in lines:
        # More than 80 columns of indentation is a measuring error, not a program.
        indent = min(80, round((line.box.left - left) / width)) if width > 0 else 0
        out.append(" " * indent + line.text.strip())
    return "\n".join(out)


# --- direction -------------------------------------------------------------------------------------------------------


def closed_bidi(text: str) -> str:
    """The text with every direction control it opens closed and none closed that it did not open."""
    if not _BIDI_CONTROL.search(text):
        return text
    out: list[str] = []
    open_controls: list[str] = []
    for character in text:
        if character in _OPENERS:
            open_controls.append("\u202c")
        elif character in _ISOLATES:
            open_controls.append("\u2069")
        elif character in "\u202c\u2069":
            if character not in open_controls:
                continue
            while open_controls[-1] != character:
                out.append(open_controls.pop())
            open_controls.pop()
        out.append(character)
    return "".join(out) + "".join(reversed(open_controls))


def is_rtl_text(text: str) -> bool:
    """By the first strong character, as the Unicode bidirectional algorithm finds a paragraph's direction."""
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in ("R", "AL"):
            return True
        if kind == "L":
            return False
    return False


def direction_of(lines: Iterable[Line]) -> Direction:
    """Which way most of the text runs, by characters."""
    votes: Counter[Direction] = Counter()
    for line in lines:
        votes[line.direction] += max(1, len(line.text))
    return votes.most_common(1)[0][0] if votes else "ltr"
