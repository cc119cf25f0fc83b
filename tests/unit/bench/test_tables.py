from __future__ import annotations

import json

import pytest

from bench.tables import html_of, tables_of, truths_of
from bench.teds import teds, teds_page

TABLE = "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>"


def test_teds_when_tables_are_the_same_then_it_is_one() -> None:
    assert teds(TABLE, TABLE.replace("<td>a</td>", "<th>a</th>")) == 1.0


def test_teds_when_a_cell_says_something_else_then_it_costs_that_cell() -> None:
    # Seven nodes: the table, two rows, four cells.
    assert teds(TABLE, TABLE.replace(">d<", ">x<")) == pytest.approx(1 - 1 / 7)


def test_teds_when_a_span_differs_then_it_costs_that_cell() -> None:
    assert teds(TABLE, TABLE.replace("<td>a", '<td colspan="2">a')) == pytest.approx(1 - 1 / 7)


def test_teds_when_there_is_no_table_then_it_is_zero() -> None:
    assert teds(TABLE, "") == 0.0
    assert teds(TABLE, "<p>a b c d</p>") == 0.0


def test_page_when_a_table_is_invented_or_missed_then_it_counts_as_zero() -> None:
    assert teds_page([TABLE], [TABLE, TABLE]) == pytest.approx(0.5)
    assert teds_page([TABLE, TABLE], [TABLE]) == pytest.approx(0.5)
    assert teds_page([], [TABLE]) == 0.0


def test_page_when_tables_come_in_another_order_then_each_finds_its_own() -> None:
    other = TABLE.replace("a", "something else")
    assert teds_page([TABLE, other], [other, TABLE]) == 1.0


def test_document_when_it_has_tables_then_they_come_by_page_as_html() -> None:
    cell = {"row": 0, "column": 1, "column_span": 2, "lines": [{"text": "x < y"}, {"text": "z"}]}
    table = {"kind": "table", "cells": [cell, {"row": 0, "column": 0}]}
    document = json.dumps({"pages": [{"number": 1, "blocks": [table]}, {"number": 2, "blocks": [{"kind": "text"}]}]})
    assert tables_of(document) == {1: [html_of(table)], 2: []}
    assert teds(html_of(table), '<table><tr><td></td><td colspan="2">x &lt; y z</td></tr></table>') == 1.0


def test_truth_when_it_is_one_picture_then_it_is_on_page_one() -> None:
    assert truths_of({"html": TABLE}) == {1: [TABLE]}
    assert truths_of({"tables": [{"page": 3, "html": TABLE}]}) == {3: [TABLE]}
