"""Printed lines as the paragraphs of a Word file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final

from ocrchat.document.model import Line
from ocrchat.document.text import Run, joined_runs
from ocrchat.export.docx_math import equation_from_latex
from ocrchat.export.docx_runs import run_xml, runs_xml

_LONGEST_PARAGRAPH: Final = 30_000
"""Characters: some ten pages. LibreOffice takes minutes for a paragraph of a million."""


def paragraphs_of_lines(lines: Sequence[Line]) -> Iterator[Sequence[Line]]:
    """One paragraph, if only an empty one; more where it would be longer than the programs that lay it out can bear."""
    part: list[Line] = []
    length = 0
    for line in lines:
        pieces = [line]
        if len(line.text) > _LONGEST_PARAGRAPH:
            starts = range(0, len(line.text), _LONGEST_PARAGRAPH)
            pieces = [replace(line, text=line.text[at : at + _LONGEST_PARAGRAPH], words=()) for at in starts]
        for piece in pieces:
            if part and length + len(piece.text) > _LONGEST_PARAGRAPH:
                yield part
                part, length = [], 0
            part.append(piece)
            length += len(piece.text)
    yield part


def content_of_lines(lines: Sequence[Line], *, bold: bool = False) -> str:
    """The lines as one paragraph's runs, lines of mathematics as equations among them."""
    out = []
    for latex, group in groupby(lines, key=lambda line: bool(line.latex.strip())):
        if latex:
            out += [
                equation_from_latex(line.latex.strip().strip("$")) or run_xml(line.text or line.latex) for line in group
            ]
        else:
            together = list(group)
            language = together[0].language if together else ""
            runs = joined_runs(together)
            if bold:
                runs = [Run(run.text, replace(run.style, bold=True)) for run in runs]
            out.append(runs_xml(runs, language=language))
    return run_xml(" ").join(piece for piece in out if piece)
