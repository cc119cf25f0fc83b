"""One page as JSON values and back: the greater part of document/json.py, which says what holds for both.

Written out field by field: this also carries pages between processes, and a loop over fields costs twice as much.
"""

from __future__ import annotations

from typing import Any

from ocrchat.document.model import (
    IDENTITY,
    PLAIN,
    Block,
    Box,
    Cell,
    Failure,
    FigureBlock,
    FormulaBlock,
    Line,
    Page,
    Step,
    Style,
    TableBlock,
    TextBlock,
    Word,
)

JSON = dict[str, Any]


def json_from_page(page: Page) -> JSON:
    out: JSON = {"number": page.number, "width": page.width, "height": page.height, "dpi": page.dpi}
    if page.rotation:
        out["rotation"] = page.rotation
    if page.to_source != IDENTITY:
        out["to_source"] = page.to_source
    if page.languages:
        out["languages"] = page.languages
    if page.steps:
        out["steps"] = [_json_from_step(step) for step in page.steps]
    if page.failure is not None:
        out["failure"] = {"code": page.failure.code, "message": page.failure.message}
    if page.blank:
        out["blank"] = True
    if page.blocks:
        out["blocks"] = [_json_from_block(block) for block in page.blocks]
    return out


def _json_from_step(step: Step) -> JSON:
    out: JSON = {"name": step.name, "engine": step.engine}
    if step.model:
        out["model"] = step.model
    if step.version:
        out["version"] = step.version
    if step.settings:
        out["settings"] = step.settings
    return out


def _json_from_block(block: Block) -> JSON:
    match block:
        case TextBlock():
            return _json_from_text_block(block)
        case TableBlock():
            return _json_from_table(block)
        case FormulaBlock():
            out: JSON = {"kind": "formula", "box": block.box}
            if block.latex:
                out["latex"] = block.latex
            if block.lines:
                out["lines"] = [_json_from_line(line) for line in block.lines]
            return out
        case FigureBlock():
            return {"kind": "figure", "box": block.box, **({"alt": block.alt} if block.alt else {})}


def _json_from_text_block(block: TextBlock) -> JSON:
    out: JSON = {"kind": "text", "box": block.box}
    if block.role != "paragraph":
        out["role"] = block.role
    if block.level:
        out["level"] = block.level
    if block.marker:
        out["marker"] = block.marker
    if block.translation:
        out["translation"] = block.translation
    out["lines"] = [_json_from_line(line) for line in block.lines]
    return out


def _json_from_table(block: TableBlock) -> JSON:
    out: JSON = {"kind": "table", "box": block.box}
    if block.caption:
        out["caption"] = block.caption
    if block.continues is not None:
        out["continues"] = block.continues
    out["cells"] = [_json_from_cell(cell) for cell in block.cells]
    return out


def _json_from_cell(cell: Cell) -> JSON:
    out: JSON = {"row": cell.row, "column": cell.column, "box": cell.box}
    if cell.row_span != 1:
        out["row_span"] = cell.row_span
    if cell.column_span != 1:
        out["column_span"] = cell.column_span
    if cell.header:
        out["header"] = True
    if cell.translation:
        out["translation"] = cell.translation
    if cell.lines:
        out["lines"] = [_json_from_line(line) for line in cell.lines]
    return out


def _json_from_line(line: Line) -> JSON:
    out: JSON = {"text": line.text, "box": line.box}
    if line.confidence is not None:
        out["confidence"] = line.confidence
    if line.outline:
        out["outline"] = line.outline
    if line.direction != "ltr":
        out["direction"] = line.direction
    if line.language:
        out["language"] = line.language
    if line.reader:
        out["reader"] = line.reader
    if line.latex:
        out["latex"] = line.latex
    if line.words:
        out["words"] = [_json_from_word(word) for word in line.words]
    return out


def _json_from_word(word: Word) -> JSON:
    out: JSON = {"text": word.text, "box": word.box}
    if word.confidence is not None:
        out["confidence"] = word.confidence
    if word.style is not PLAIN and word.style != PLAIN:
        out["style"] = _json_from_style(word.style)
    if word.unsure:
        out["unsure"] = True
    if word.readings:
        out["readings"] = word.readings
    return out


def _json_from_style(style: Style) -> JSON:
    out: JSON = {name: True for name in ("bold", "italic", "monospace") if getattr(style, name)}
    if style.script:
        out["script"] = style.script
    return out


# --- in --------------------------------------------------------------------------------------------------------------


def unchecked_page(value: JSON) -> Page:
    """Whatever a value of the wrong shape raises is for the caller to tell."""
    get = value.get
    failure = get("failure")
    return Page(
        number=value["number"],
        width=value["width"],
        height=value["height"],
        dpi=value["dpi"],
        rotation=get("rotation", 0),
        to_source=_transform(get("to_source", IDENTITY)),
        blocks=tuple([_block(block) for block in get("blocks", ())]),
        languages=tuple(get("languages", ())),
        steps=tuple([_step(step) for step in get("steps", ())]),
        failure=None if failure is None else Failure(**failure),
        blank=get("blank", False),
    )


def _transform(value: Any) -> Any:
    if len(value) != 9:
        raise ValueError("a transform has nine numbers")
    return tuple(value)


def _step(value: JSON) -> Step:
    settings = tuple((name, setting) for name, setting in value.get("settings", ()))
    return Step(**{**value, "settings": settings})


def _block(value: JSON) -> Block:
    kind = value["kind"]
    get = value.get
    if kind == "text":
        return TextBlock(
            box=Box(*value["box"]),
            lines=tuple([_line(line) for line in value["lines"]]),
            role=get("role", "paragraph"),
            level=get("level", 0),
            marker=get("marker", ""),
            translation=get("translation", ""),
        )
    if kind == "table":
        return TableBlock(
            box=Box(*value["box"]),
            cells=tuple([_cell(cell) for cell in value["cells"]]),
            caption=get("caption", ""),
            continues=get("continues"),
        )
    if kind == "formula":
        lines = tuple([_line(line) for line in get("lines", ())])
        return FormulaBlock(box=Box(*value["box"]), latex=get("latex", ""), lines=lines)
    if kind == "figure":
        return FigureBlock(box=Box(*value["box"]), alt=get("alt", ""))
    raise ValueError(f"no block of kind {kind!r}")


def _cell(value: JSON) -> Cell:
    return Cell(
        row=value["row"],
        column=value["column"],
        box=Box(*value["box"]),
        lines=tuple([_line(line) for line in value.get("lines", ())]),
        row_span=value.get("row_span", 1),
        column_span=value.get("column_span", 1),
        header=value.get("header", False),
        translation=value.get("translation", ""),
    )


def _line(value: JSON) -> Line:
    get = value.get
    return Line(
        text=value["text"],
        box=Box(*value["box"]),
        words=tuple([_word(word) for word in get("words", ())]),
        confidence=get("confidence"),
        outline=tuple([(x, y) for x, y in get("outline", ())]),
        direction=get("direction", "ltr"),
        language=get("language", ""),
        reader=get("reader", ""),
        latex=get("latex", ""),
    )


_new_tuple = tuple.__new__
"""A third of the time of calling the class, which is written in Python."""


def _word(value: JSON) -> Word:
    box = value["box"]
    if len(value) == 3 and len(box) == 4 and "confidence" in value:  # nearly every word
        return Word(text=value["text"], box=_new_tuple(Box, box), confidence=value["confidence"])
    get = value.get
    style = get("style")
    return Word(
        text=value["text"],
        box=Box(*box),
        confidence=get("confidence"),
        style=PLAIN if style is None else Style(**style),
        unsure=get("unsure", False),
        readings=tuple(get("readings", ())),
    )
