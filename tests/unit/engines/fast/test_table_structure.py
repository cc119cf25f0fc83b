"""The table network on tables that are drawn here."""

from __future__ import annotations

import threading
from pathlib import Path

import cv2
import numpy as np
import pytest

from ocrchat.document.image import PageImage
from ocrchat.document.model import Box
from ocrchat.engines.fast.runtime import Runtime
from ocrchat.engines.fast.tables import TableStructure
from ocrchat.engines.spec import Engine, SeenTable
from ocrchat.errors import ModelInvalid
from ocrchat.pipeline.tables.find import tables_in
from ocrchat.pipeline.tables.pixel_rules import pixel_rules
from tests.onnx_files import write_tone_recognizer
from tests.printed import rows, texts_of

TEXTS = (
    ("Date", "Mean", "Std.", "Share"),
    ("11 August", "30.27", "177.3", "32.9%"),
    ("12 August", "54.80", "167.9", "19.5%"),
    ("13 August", "16.52", "189.2", "28.8%"),
    ("14 August", "44.25", "175.8", "23.7%"),
    ("15 August", "66.91", "247.0", "21.6%"),
)
LEFTS = (20.0, 200.0, 340.0, 480.0)


def drawn(top: int = 0) -> PageImage:
    pixels = np.full((260 + top, 620), 255, np.uint8)
    for at, texts in enumerate(TEXTS):
        for text, left in zip(texts, LEFTS, strict=True):
            cv2.putText(pixels, text, (int(left), top + 45 + 38 * at), cv2.FONT_HERSHEY_SIMPLEX, 0.7, 0, 1, cv2.LINE_AA)
    for y in (15, 60, 250):
        pixels[top + y : top + y + 2, 10:610] = 0
    return PageImage(pixels=pixels, dpi=150)


@pytest.fixture(scope="module")
def seen(engine: Engine) -> SeenTable:
    assert engine.table_reader is not None
    found = engine.table_reader.read_structure(drawn(), Box(0, 0, 620, 260))
    assert found is not None
    return found


def test_structure_of_a_drawn_table(seen: SeenTable) -> None:
    assert len(seen.cells) == len(TEXTS) * 4
    assert {cell.row for cell in seen.cells if cell.header} == {0}
    assert seen.confidence > 0.9


def test_cells_are_seen_near_their_words(seen: SeenTable) -> None:
    for cell in seen.cells:
        assert abs(cell.box.left - LEFTS[cell.column]) < 25
        assert abs((cell.box.top + cell.box.bottom) / 2 - (38 + 38 * cell.row)) < 15


def test_area_when_it_is_part_of_a_page_then_boxes_are_the_pages(engine: Engine, seen: SeenTable) -> None:
    assert engine.table_reader is not None
    found = engine.table_reader.read_structure(drawn(top=400), Box(0, 400, 620, 660))
    assert found is not None
    assert [cell.box.top for cell in found.cells] == pytest.approx([cell.box.top + 400 for cell in seen.cells], abs=1)


def test_area_when_it_is_a_speck_then_there_is_no_table(engine: Engine) -> None:
    assert engine.table_reader is not None
    assert engine.table_reader.read_structure(drawn(), Box(10, 10, 13, 14)) is None


def test_two_threads_when_they_ask_at_once_then_both_get_their_own(engine: Engine, seen: SeenTable) -> None:
    reader = engine.table_reader
    assert reader is not None
    beside: list[SeenTable | None] = []
    thread = threading.Thread(target=lambda: beside.append(reader.read_structure(drawn(), Box(0, 0, 620, 130))))
    thread.start()
    assert reader.read_structure(drawn(), Box(0, 0, 620, 260)) == seen
    thread.join()
    assert beside[0] is not None
    assert len(beside[0].cells) < len(seen.cells)


def test_model_when_it_is_another_network_then_the_file_is_named(tmp_path: Path) -> None:
    weights = write_tone_recognizer(tmp_path / "other.onnx")
    structure = TableStructure(Runtime(tmp_path / "cache"), weights)
    with pytest.raises(ModelInvalid, match=r"other\.onnx"):
        structure.read_structure(drawn(), Box(0, 0, 620, 260))


def test_page_when_a_table_stands_on_it_then_words_net_and_rules_make_it(engine: Engine) -> None:
    page = drawn()
    lines = rows(TEXTS, LEFTS, top=28, pitch=38)
    found = tables_in(lines, lambda: pixel_rules(page, lines), image=page, reader=engine.table_reader)
    assert found.looked
    (table,) = found.blocks
    assert texts_of(table) == {(at, c): text for at, texts in enumerate(TEXTS) for c, text in enumerate(texts)}


def test_dash_when_the_finder_passed_over_it_then_it_is_read(engine: Engine) -> None:
    pixels = np.full((200, 640), 255, np.uint8)
    for y in (20, 70, 120, 170):
        pixels[y : y + 2, 20:622] = 0
    for x in (20, 220, 420, 620):
        pixels[20:172, x : x + 2] = 0
    cv2.putText(pixels, "-", (310, 105), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 0, 2, cv2.LINE_AA)
    page = PageImage(pixels=pixels, dpi=150)
    texts = (("Methane", "12", "7"), ("Ozone", "", "9"), ("Halons", "4", "1"))
    lines = rows(texts, (40, 300, 500), top=36, pitch=50)
    asked: list[int] = []

    def read(boxes):  # type: ignore[no-untyped-def]  # as tables_in asks
        from ocrchat.document.image import Region

        asked.append(len(boxes))
        assert engine.reader is not None
        return engine.reader.read_lines(page, [Region(box=box) for box in boxes], ())

    found = tables_in(lines, lambda: pixel_rules(page, lines), image=page, reader=engine.table_reader, read=read)
    assert asked == [1]
    assert texts_of(found.blocks[0])[1, 1] in ("-", "–", "—")
