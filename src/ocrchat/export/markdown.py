"""GitHub Markdown: paragraphs on one line, tables as HTML where cells span, formulas between dollars, and text that
only looks like Markdown escaped, so that what is rendered reads as what was printed."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import BinaryIO

from ocrchat.document.model import (
    PLAIN,
    DocumentHead,
    Failure,
    FigureBlock,
    FormulaBlock,
    Line,
    Page,
    Style,
    TableBlock,
    TextBlock,
)
from ocrchat.document.source import Source
from ocrchat.document.text import Run, closed_bidi, code_text, joined_runs, joined_text
from ocrchat.export.spec import ExportOptions
from ocrchat.export.tables import Grid, Placed
from ocrchat.export.walker import Walk, failure_sentence

_SPECIAL = re.compile(
    r"\\(?=[!-/:-@\[-`{-~]|$)|[`*~$]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)|<(?=[a-zA-Z/!?])|\](?=[(\[:])"
)
"""Escaped wherever they stand. An underscore between two letters is no emphasis, an ampersand alone no entity, a
bracket no link unless something follows it."""

_AT_START = re.compile(r"(?:#{1,6}(?=\s|$)|>|[-+](?=\s|$)|-[-\s]*$|=+\s*$|\[(?=[ xX]\]))|(\d{1,9})([.)])(?=\s|$)")
_TAG_IN_LATEX = re.compile(r"<(?=[a-zA-Z/!?])")
_LIST_NUMBER = re.compile(r"(\d{1,9})([.)])")
_BULLETS = frozenset("-–—•●○◦▪▫■□‣⁃∙·*+►▶➢✓❖")


class MarkdownExporter:
    media_type = "text/markdown; charset=utf-8"
    suffix = ".md"

    def export(
        self,
        head: DocumentHead,
        pages: Iterable[Page],
        sink: BinaryIO,
        *,
        source: Source | None,
        options: ExportOptions,
    ) -> None:
        _MarkdownWalk(sink, options).walk(head, pages)


class _MarkdownWalk(Walk):
    def __init__(self, sink: BinaryIO, options: ExportOptions) -> None:
        super().__init__(options)
        self._sink = sink
        self._separator = ""
        self._table: tuple[bool, int] | None = None
        """Of the table that was written last, and after which nothing came: whether in pipes, and its columns."""

    def _add(self, text: str) -> None:
        if text.strip():
            self._close_table()
            self._sink.write((self._separator + text.rstrip() + "\n").encode())
            self._separator = "\n"

    def _close_table(self) -> None:
        if self._table is not None and not self._table[0]:
            self._sink.write(b"</table>\n")
        self._table = None

    def end_document(self) -> None:
        self._close_table()

    def failure(self, page: Page, failure: Failure) -> None:
        self._add(escaped(failure_sentence(page, failure)))

    def text(self, block: TextBlock) -> None:
        self._add(at_start(paragraph(block.lines)))

    def heading(self, block: TextBlock, level: int) -> None:
        text = paragraph(block.lines, bold_is_plain=True)
        if block.marker:
            text = f"{escaped(block.marker)} {text}"
        if text.strip():
            # Number signs that close a heading would be taken for its end mark.
            self._add("#" * level + " " + re.sub(r"#(?=#*$)", r"\\#", text))

    def footnote(self, block: TextBlock) -> None:
        marker = f"{escaped(block.marker)} " if block.marker else ""
        self._add(at_start(marker + paragraph(block.lines)))

    def code(self, block: TextBlock) -> None:
        text = "\n".join(closed_bidi(line) for line in code_text(block.lines).split("\n"))
        if text:
            fence = "`" * max(3, 1 + _longest_run(text, "`"))
            self._add(f"{fence}\n{text}\n{fence}")

    def item_list(self, items: Sequence[TextBlock]) -> None:
        self._add("\n".join(list_lines(items)))

    def table(self, block: TableBlock) -> None:
        part = self.part_of(block)
        grid = part.grid
        plain = not grid.has_spans and not grid.rtl and grid.header_rows <= 1
        if part.continues and self._table is not None and self._table[1] == grid.columns:
            # The table of the page before is still open: its rows go on.
            if plain and self._table[0]:
                self._write_rows(pipe_rows(grid)[part.first_row :])
                return
            if not self._table[0]:
                self._write_rows(html_rows(grid)[part.first_row :])
                return
        self._add(at_start(escaped(block.caption.strip())))
        if grid.cells:
            self._add(pipe_table(grid) if plain else "\n".join([html_opening(grid), *html_rows(grid)]))
            self._table = (plain, grid.columns)

    def _write_rows(self, rows: Sequence[str]) -> None:
        self._sink.write("".join(f"{row}\n" for row in rows).encode())

    def formula(self, block: FormulaBlock) -> None:
        latex = block.latex.strip()
        if latex and is_closed_latex(latex):
            self._add(f"$$\n{untagged(latex)}\n$$")
        else:
            self._add(at_start(paragraph(block.lines) or escaped(latex)))

    def figure(self, block: FigureBlock) -> None:
        # Where nobody has said what a picture shows, its place is marked: caption and words of it stand beside.
        alt = block.alt.strip()
        self._add(escaped(f"[Figure: {alt}]") if alt else "<!-- figure -->")


# --- text ------------------------------------------------------------------------------------------------------------


def escaped(text: str) -> str:
    """Text within a line, so that Markdown shows it as it is."""
    return _SPECIAL.sub(lambda match: "\\" + match.group(), text)


def at_start(text: str) -> str:
    """Already escaped text at the start of a line, so that it begins no heading, list or rule."""
    text = text.lstrip()
    match = _AT_START.match(text)
    if not match:
        return text
    if match[1] is not None:
        return f"{match[1]}\\{text[match.end(1) :]}"
    return "\\" + text


def paragraph(lines: Iterable[Line], *, bold_is_plain: bool = False) -> str:
    """The lines as one line of Markdown. A heading is bold anyway: there only what differs is marked."""
    out: list[str] = []
    for is_formula, group in groupby(lines, key=_is_formula_line):
        if is_formula:
            out.extend(f"${untagged(line.latex.strip().strip('$').strip())}$" for line in group)
        else:
            runs = joined_runs(group)
            out.append(styled(_without_bold(runs) if bold_is_plain else runs))
    return " ".join(piece for piece in out if piece)


def _is_formula_line(line: Line) -> bool:
    return bool(line.latex.strip()) and is_closed_latex(line.latex.strip().strip("$"))


def is_closed_latex(latex: str) -> bool:
    """Whether dollars around it hold it: no dollar of its own, no backslash before the closing one."""
    return "$" not in latex and not latex.endswith("\\") and "\n\n" not in latex


def untagged(latex: str) -> str:
    """A renderer that knows no mathematics must not take a comparison for the start of an HTML tag."""
    return _TAG_IN_LATEX.sub(r"\\lt ", latex)


def _without_bold(runs: Sequence[Run]) -> list[Run]:
    return [
        Run(run.text, Style(italic=run.style.italic, monospace=run.style.monospace, script=run.style.script))
        for run in runs
    ]


def styled(runs: Sequence[Run]) -> str:
    texts = [Run(closed_bidi(run.text), run.style) for run in runs]
    out = []
    for index, run in enumerate(texts):
        before = texts[index - 1] if index else Run("", PLAIN)
        after = texts[index + 1].text[:1] if index + 1 < len(texts) else ""
        out.append(_styled_run(run, before, after))
    return "".join(out)


def _styled_run(run: Run, before: Run, after: str) -> str:
    text, style = run
    core = text.strip()
    if style == PLAIN or not core:
        return escaped(text)
    lead, tail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    marked = _code_span(core) if style.monospace else escaped(core)
    if style.script:
        marked = f"<{style.script[:3]}>{marked}</{style.script[:3]}>"
    previous = (before.text + lead)[-1:]
    touches_marks = not previous.isspace() and (before.style.bold or before.style.italic)
    by_asterisk = (
        not touches_marks and _may_stand_by(marked[0], previous) and _may_stand_by(marked[-1], (tail + after)[:1])
    )
    for on, mark, tag in ((style.italic, "*", "em"), (style.bold, "**", "strong")):
        if on:
            marked = f"{mark}{marked}{mark}" if by_asterisk else f"<{tag}>{marked}</{tag}>"
    return lead + marked + tail


def _may_stand_by(inner: str, outer: str) -> bool:
    """Whether asterisks between the two mark emphasis: a letter may have anything outside, a sign only a space.
    Elsewhere tags do it."""
    return unicodedata.category(inner)[0] in "LNM" or not outer or outer.isspace()


def _code_span(text: str) -> str:
    ticks = "`" * (1 + _longest_run(text, "`"))
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def _longest_run(text: str, character: str) -> int:
    return max((len(run) for run in re.findall(f"{re.escape(character)}+", text)), default=0)


# --- lists -----------------------------------------------------------------------------------------------------------


def list_lines(items: Sequence[TextBlock]) -> list[str]:
    """Nested by level; a marker Markdown does not know ("(b)", "iv.") is kept as text after a bullet."""
    out: list[str] = []
    open_levels: list[tuple[int, str, int]] = []
    for item in items:
        while open_levels and open_levels[-1][0] > item.level:
            open_levels.pop()
        kind, mark, text = _list_item(item)
        if open_levels and open_levels[-1][0] == item.level:
            last = open_levels.pop()
            if last[1] != kind and not open_levels:
                out.append("")
        indent = open_levels[-1][2] if open_levels else 0
        out.append(f"{' ' * indent}{mark} {text}".rstrip())
        open_levels.append((item.level, kind, indent + len(mark) + 1))
    return out


def _list_item(item: TextBlock) -> tuple[str, str, str]:
    """What kind of list it belongs to, its Markdown marker, its text."""
    marker = item.marker.strip()
    text = at_start(paragraph(item.lines))
    number = _LIST_NUMBER.fullmatch(marker)
    if number:
        return number[2], f"{int(number[1])}{number[2]}", text
    if marker in _BULLETS or not marker:
        return "-", "-", text
    return "-", "-", f"{at_start(escaped(marker))} {text}".rstrip()


# --- tables ----------------------------------------------------------------------------------------------------------


def pipe_table(grid: Grid) -> str:
    """The first row is the header, as GitHub's tables need one."""
    lines = pipe_rows(grid)
    return "\n".join([lines[0], "|" + " --- |" * grid.columns, *lines[1:]])


def pipe_rows(grid: Grid) -> list[str]:
    rows = [[_cell_markdown(placed) for placed in row] for row in grid.by_row()]
    return ["| " + " | ".join(row) + " |" for row in rows]


def _cell_markdown(placed: Placed | None) -> str:
    if placed is None:
        return ""
    bold_is_plain = placed.cell.header
    return paragraph(placed.cell.lines, bold_is_plain=bold_is_plain).replace("|", "\\|")


def html_table(grid: Grid) -> str:
    """One row a line and no blank line, which would end the HTML block."""
    return "\n".join([html_opening(grid), *html_rows(grid), "</table>"])


def html_opening(grid: Grid) -> str:
    return '<table dir="rtl">' if grid.rtl else "<table>"


def html_rows(grid: Grid) -> list[str]:
    out = []
    covered = {
        (placed.row + down, placed.column + across)
        for placed in grid.cells
        for down in range(placed.row_span)
        for across in range(placed.column_span)
    }
    for number, row in enumerate(grid.by_row()):
        cells = []
        for column, placed in enumerate(row):
            if placed is not None:
                cells.append(_cell_html(placed))
            elif (number, column) not in covered:
                cells.append("<td></td>")
        out.append(f"<tr>{''.join(cells)}</tr>")
    return out


def _cell_html(placed: Placed) -> str:
    tag = "th" if placed.cell.header else "td"
    spans = f' rowspan="{placed.row_span}"' if placed.row_span > 1 else ""
    spans += f' colspan="{placed.column_span}"' if placed.column_span > 1 else ""
    text = html.escape(closed_bidi(joined_text(placed.cell.lines)), quote=False)
    return f"<{tag}{spans}>{text}</{tag}>"
