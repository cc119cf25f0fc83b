"""Labels and values in running text: how far apart they may stand, and how much of what stands there is the label."""

from __future__ import annotations

from collections.abc import Sequence

from ocrchat.chat.fields import Kind
from ocrchat.chat.labels import LabelHit
from ocrchat.chat.layout import Run
from ocrchat.chat.question import content_terms
from ocrchat.chat.values import Value, bare, find_values, whole_code

# A label and its value in running text are not further apart than this.
_GAP_CHARACTERS = 60
_GAP_TERMS = 5
# What parts the statements of a line.
_BREAKS = (". ", ": ", "; ", ", ", " - ", " – ", " − ", " — ", " • ", "。", "၊", "|")
TEXT_KINDS = ("name", "text")


def is_stated(text: str, hit: LabelHit, value_start: int) -> bool:
    """By a sentence: words before the label, and letters between it and the value."""
    before = [word for word in text[: hit.start].split() if word.isalpha()]
    return len(before) > 1 and any(one.isalpha() for one in text[hit.end : value_start])


def value_after(hit: LabelHit, rivals: Sequence[LabelHit], run: Run, kind: Kind) -> Value | None:
    if kind in TEXT_KINDS:
        return _text_after(hit, run, kind)
    code = whole_code(run.text[hit.end : run.line_end(hit.end)]) if kind == "code" else ""
    if code:
        start = run.text.index(code, hit.end)
        return Value(kind, code, start, start + len(code), bare(code))
    for value in find_values(run.text, kind):
        if value.start < hit.end:
            continue
        gap = run.text[hit.end : value.start]
        if len(gap) > _GAP_CHARACTERS or len(content_terms(gap)) > _GAP_TERMS or _ends_sentence(gap):
            return None
        if any(hit.end <= rival.start < value.start for rival in rivals):
            return None
        return value
    return None


def _ends_sentence(gap: str) -> bool:
    """A point after an abbreviation ("Invoice No. 17") ends none: something must be said between."""
    said = gap.strip(" .:#°º-–")
    return bool(said) and any(end in gap for end in (". ", "? ", "! ", "。", "။", "؟", "; "))


def _text_after(hit: LabelHit, run: Run, kind: Kind) -> Value | None:
    """The rest of the line, where a sign says that it is the value."""
    line_end = run.line_end(hit.end)
    rest = run.text[hit.end : line_end]
    body = rest.lstrip()
    if body[:1] not in (":", "：", "=") and not (body[:1] in "-–" and body[1:2] == " "):
        return None
    start = hit.end + len(rest) - len(body) + 1
    text = run.text[start:line_end]
    start += len(text) - len(text.lstrip())
    text = text.strip()
    return Value(kind, text, start, start + len(text), bare(text)) if bare(text) else None


def value_before(hit: LabelHit, rivals: Sequence[LabelHit], run: Run, kind: Kind) -> Value | None:
    if kind in TEXT_KINDS or run.is_cell:
        return None
    for value in reversed(find_values(run.text, kind)):
        if value.end <= hit.start:
            gap = run.text[value.end : hit.start]
            near = len(gap) <= 20 and not _ends_sentence(gap) and "," not in gap
            return value if near and not any(value.end <= rival.start < hit.start for rival in rivals) else None
    return None


def closeness(text: str, hit: LabelHit, value_start: int) -> float:
    between = len(content_terms(text[hit.end : value_start]))
    return max(0.3, 1 - 0.12 * between) * coverage(text, hit)


def coverage(text: str, hit: LabelHit) -> float:
    """How much of what stands before the value is the label: "Total" is not quite what "Total net sales" says."""
    start = max(text.rfind(sign, 0, hit.start) for sign in _BREAKS)
    words = content_terms(text[max(0, start) : hit.start])
    extra = len([word for word in words[-4:] if not word.isdigit()])
    following = text[hit.end :].lstrip()
    if following[:1].isalpha() and len(text) - hit.end <= 30:
        extra += min(3, len(content_terms(text[hit.end :])))
    return (hit.terms + 0.5) / (hit.terms + 0.5 + 0.6 * extra) + 0.03 * min(3, hit.terms - 1)
