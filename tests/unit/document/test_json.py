from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings

from ocrchat.document import json as stored
from ocrchat.document.model import (
    SCHEMA,
    Block,
    Box,
    Cell,
    Correction,
    Document,
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
from ocrchat.document.schema import schema_of_documents, schema_text
from ocrchat.errors import DamagedInput, UnsupportedType
from tests import factories

ROOT = Path(__file__).parents[3]

numbers = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**6), 10**6)
texts = st.text(alphabet=st.characters(), max_size=12)
boxes = st.builds(Box, numbers, numbers, numbers, numbers)
confidences = st.none() | st.floats(0, 1)
styles = st.builds(
    Style,
    bold=st.booleans(),
    italic=st.booleans(),
    monospace=st.booleans(),
    script=st.sampled_from(["", "sub", "super"]),
)
words = st.builds(
    Word,
    text=texts,
    box=boxes,
    confidence=confidences,
    style=styles,
    unsure=st.booleans(),
    readings=st.lists(texts, max_size=2).map(tuple),
)
lines = st.builds(
    Line,
    text=texts,
    box=boxes,
    words=st.lists(words, max_size=3).map(tuple),
    confidence=confidences,
    outline=st.lists(st.tuples(numbers, numbers), max_size=4).map(tuple),
    direction=st.sampled_from(["ltr", "rtl", "ttb"]),
    language=texts,
    reader=texts,
    latex=texts,
)
some_lines = st.lists(lines, max_size=2).map(tuple)
cells = st.builds(
    Cell,
    row=st.integers(),
    column=st.integers(),
    box=boxes,
    lines=some_lines,
    row_span=st.integers(),
    column_span=st.integers(),
    header=st.booleans(),
    translation=texts,
)
ROLES = ["title", "heading", "paragraph", "list_item", "caption", "footnote", "code", "furniture"]
blocks: st.SearchStrategy[Block] = st.one_of(
    st.builds(
        TextBlock,
        box=boxes,
        lines=some_lines,
        role=st.sampled_from(ROLES),
        level=st.integers(),
        marker=texts,
        translation=texts,
    ),
    st.builds(
        TableBlock,
        box=boxes,
        cells=st.lists(cells, max_size=2).map(tuple),
        caption=texts,
        continues=st.none() | st.integers(),
    ),
    st.builds(FormulaBlock, box=boxes, latex=texts, lines=some_lines),
    st.builds(FigureBlock, box=boxes, alt=texts),
)
steps = st.builds(
    Step,
    name=texts,
    engine=texts,
    model=texts,
    version=texts,
    settings=st.lists(st.tuples(texts, texts), max_size=2).map(tuple),
)
pages = st.builds(
    Page,
    number=st.integers(1),
    width=st.integers(),
    height=st.integers(),
    dpi=numbers,
    rotation=st.integers(),
    to_source=st.tuples(*[numbers] * 9),
    blocks=st.lists(blocks, max_size=3).map(tuple),
    languages=st.lists(texts, max_size=2).map(tuple),
    steps=st.lists(steps, max_size=2).map(tuple),
    failure=st.none() | st.builds(Failure, code=texts, message=texts),
    blank=st.booleans(),
)
corrections = st.builds(
    Correction,
    page=st.integers(),
    block=st.integers(),
    line=st.none() | st.integers(),
    cell=st.none() | st.integers(),
    before=texts,
    after=texts,
    account=texts,
    time=texts,
)
documents = st.builds(
    Document,
    pages=st.lists(pages, max_size=2).map(tuple),
    title=texts,
    languages=st.lists(texts, max_size=2).map(tuple),
    notices=st.lists(texts, max_size=2).map(tuple),
    corrections=st.lists(corrections, max_size=2).map(tuple),
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(documents)
def test_document_when_written_and_read_is_equal(document: Document) -> None:
    data = stored.bytes_from_document(document)

    assert stored.document_from_bytes(data) == document
    assert stored.document_from_json(json.loads(data)) == document
    assert stored.head_from_json(json.loads(data)) == document.head
    jsonschema.validate(json.loads(data), schema_of_documents())


def test_page_when_written_and_read_is_equal() -> None:
    for page in factories.hostile_document().pages:
        assert stored.page_from_bytes(stored.bytes_from_page(page)) == page


def test_document_when_written_names_only_what_differs_from_the_default() -> None:
    word = Word(text="a", box=Box(1, 2, 3, 4), style=Style(bold=True))
    block = TextBlock(box=Box(1, 2, 3, 4), lines=(Line(text="a", box=Box(1, 2, 3, 4), words=(word,)),))
    document = Document(pages=(Page(number=1, width=5, height=6, dpi=72.0, blocks=(block,)),))

    box = [1, 2, 3, 4]
    expected_word = {"text": "a", "box": box, "style": {"bold": True}}
    expected_line = {"text": "a", "box": box, "words": [expected_word]}
    expected_block = {"kind": "text", "box": box, "lines": [expected_line]}
    page = {"number": 1, "width": 5, "height": 6, "dpi": 72.0, "blocks": [expected_block]}
    data = stored.bytes_from_document(document)
    assert json.loads(data) == {"schema": SCHEMA, "pages": [page]}
    assert json.loads(json.dumps(stored.json_from_document(document))) == {"schema": SCHEMA, "pages": [page]}


def test_document_when_text_is_arabic_stays_readable_as_text() -> None:
    assert "قائمة المخزون" in stored.bytes_from_document(factories.document("arabic table")).decode()


def test_document_when_of_an_unknown_version_is_refused_with_a_sentence() -> None:
    with pytest.raises(UnsupportedType, match=r'stored as "ocrchat.document/99".*knows "ocrchat.document/1"'):
        stored.document_from_json({"schema": "ocrchat.document/99", "pages": []})


def test_document_when_of_an_older_version_is_migrated_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    def from_zero(value: dict[str, Any]) -> dict[str, Any]:
        return {"schema": "half", "sheets": value["sheets"], "title": "migrated"}

    def from_half(value: dict[str, Any]) -> dict[str, Any]:
        return {"schema": SCHEMA, "pages": value["sheets"], "title": value["title"]}

    monkeypatch.setitem(stored.MIGRATIONS, "zero", from_zero)
    monkeypatch.setitem(stored.MIGRATIONS, "half", from_half)

    sheet = {"number": 1, "width": 1, "height": 1, "dpi": 72}
    document = stored.document_from_json({"schema": "zero", "sheets": [sheet]})

    assert document == Document(pages=(Page(number=1, width=1, height=1, dpi=72),), title="migrated")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no json",
        b"[]",
        b"{}",
        b'{"schema":1,"pages":[]}',
        b'{"schema":"ocrchat.document/1"}',
        b'{"schema":"ocrchat.document/1","pages":[{}]}',
        b'{"schema":"ocrchat.document/1","pages":[7]}',
        b'{"schema":"ocrchat.document/1","pages":[],"corrections":[{"x":1}]}',
        b'{"schema":"ocrchat.document/1","pages":[{"number":1,"width":1,"height":1,"dpi":1,"blocks":[{"kind":"x"}]}]}',
        b'{"schema":"ocrchat.document/1","pages":[{"number":1,"width":1,"height":1,"dpi":1,"to_source":[1]}]}',
        b"[" * 100_000,
        b'"\xff"',
    ],
)
def test_document_when_not_one_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(DamagedInput, match=r"This is not a stored document: .*\."):
        stored.document_from_bytes(data)


def test_page_and_head_when_misshapen_are_refused_with_a_sentence() -> None:
    with pytest.raises(DamagedInput, match=r"missing or has another shape"):
        stored.page_from_bytes(b'{"number":1}')
    with pytest.raises(DamagedInput, match=r"missing or has another shape"):
        stored.head_from_json({"schema": SCHEMA, "languages": 7})


def test_published_schema_when_the_model_changes_is_written_anew() -> None:
    path = ROOT / "docs" / "document.schema.json"
    if os.environ.get("REGEN") == "1":
        path.write_text(schema_text())
    assert path.read_text() == schema_text(), "run: python -m ocrchat.document.schema > docs/document.schema.json"


def test_published_schema_when_a_document_has_an_unknown_key_refuses_it() -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"schema": SCHEMA, "pages": [], "extra": 1}, schema_of_documents())


def test_page_of_500_words_when_carried_between_processes_costs_a_few_milliseconds() -> None:
    lines = tuple(
        factories.line_at(" ".join(["words"] * 10), (80.3, 20.1 * row, 900.7, 20.1 * row + 15)) for row in range(50)
    )
    page = Page(number=1, width=1, height=1, dpi=150, blocks=(TextBlock(box=lines[0].box, lines=lines),))
    best = 1.0
    for _ in range(10):
        start = time.process_time()
        assert stored.page_from_bytes(stored.bytes_from_page(page)).number == 1
        best = min(best, time.process_time() - start)
    # About 4 ms on a slow core; several times that means that a slow path crept in.
    assert best < 0.015


def full_document() -> Document:
    """Every key there is, with a value that is not its default."""
    box = Box(1, 2, 3, 4)
    word = Word(
        text="word",
        box=box,
        confidence=0.5,
        style=Style(bold=True, italic=True, monospace=True, script="sub"),
        unsure=True,
        readings=("ward",),
    )
    line = Line(
        text="word",
        box=box,
        words=(word,),
        confidence=0.5,
        outline=((1.0, 2.0),),
        direction="rtl",
        language="ar",
        reader="tesseract",
        latex="x",
    )
    cell = Cell(row=0, column=0, box=box, lines=(line,), row_span=2, column_span=2, header=True, translation="t")
    blocks: tuple[Block, ...] = (
        TextBlock(box=box, lines=(line,), role="heading", level=2, marker="1.", translation="t"),
        TableBlock(box=box, cells=(cell,), caption="c", continues=0),
        FormulaBlock(box=box, latex="x", lines=(line,)),
        FigureBlock(box=box, alt="a"),
    )
    page = Page(
        number=1,
        width=10,
        height=10,
        dpi=72.0,
        rotation=90,
        to_source=(2.0, 0.0, 0.0, 0.0, 2.0, 0.0, 0.0, 0.0, 1.0),
        blocks=blocks,
        languages=("ar",),
        steps=(Step(name="read", engine="e", model="m", version="v", settings=(("a", "b"),)),),
        failure=Failure(code="page.damaged", message="m"),
        blank=True,
    )
    correction = Correction(page=1, block=0, line=0, cell=0, before="a", after="b", account="c", time="d")
    return Document(
        pages=(page,), title="t", languages=("ar",), notices=("n",), corrections=(correction,), furniture=("head a",)
    )


def test_document_when_every_value_differs_from_its_default_comes_back() -> None:
    document = full_document()
    assert stored.document_from_bytes(stored.bytes_from_document(document)) == document


def test_document_when_every_value_is_its_default_comes_back() -> None:
    box = Box(1, 2, 3, 4)
    line = Line(text="", box=box, words=(Word(text="", box=box),))
    blocks: tuple[Block, ...] = (
        TextBlock(box=box, lines=(line,)),
        TableBlock(box=box, cells=(Cell(row=0, column=0, box=box, lines=()),)),
        FormulaBlock(box=box),
        FigureBlock(box=box),
    )
    steps = (Step(name="read", engine="e", model="", version=""),)
    page = Page(number=1, width=10, height=10, dpi=72.0, blocks=blocks, steps=steps)
    document = Document(pages=(page,), corrections=(Correction(page=1, block=0, before="a", after="b"),))
    assert stored.document_from_bytes(stored.bytes_from_document(document)) == document
