"""TEDS: how alike two tables are as trees of rows and cells (Zhong, ShafieiBavani and Jimeno Yepes, 2020), 1 for the
same. Heads count as rows, header cells as cells; of attributes spans alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

from apted import APTED, Config
from lxml import html
from rapidfuzz.distance import Levenshtein


class Node:
    def __init__(self, tag: str, spans: tuple[int, int] = (1, 1), text: str = "") -> None:
        self.tag, self.spans, self.text = tag, spans, text
        self.children: list[Node] = []

    def size(self) -> int:
        return 1 + sum(child.size() for child in self.children)


class _Costs(Config):  # type: ignore[misc]  # apted has no types
    def rename(self, a: Node, b: Node) -> float:
        if (a.tag, a.spans) != (b.tag, b.spans):
            return 1.0
        longest = max(len(a.text), len(b.text))
        return Levenshtein.distance(a.text, b.text) / longest if longest else 0.0

    def children(self, node: Node) -> list[Node]:
        return node.children


def tree_of(source: str) -> Node | None:
    """None where there is no table."""
    root = html.fromstring(source) if source.strip() else None
    table = root if root is not None and root.tag == "table" else root.find(".//table") if root is not None else None
    if table is None:
        return None
    top = Node("table")
    for tr in table.iter("tr"):
        row = Node("tr")
        top.children.append(row)
        for cell in tr:
            if cell.tag in ("td", "th"):
                text = re.sub(r"\s+", " ", "".join(str(piece) for piece in cell.itertext())).strip()
                spans = (int(cell.get("colspan") or 1), int(cell.get("rowspan") or 1))
                row.children.append(Node("td", spans, text))
    return top


def teds(truth: str, got: str) -> float:
    expected, found = tree_of(truth), tree_of(got)
    if expected is None or found is None:
        return float(expected is found)
    distance = APTED(expected, found, _Costs()).compute_edit_distance()
    return float(1 - distance / max(expected.size(), found.size()))


def teds_page(truths: Sequence[str], gots: Sequence[str]) -> float:
    """The mean over a page's tables, each held against the one that is most like it; one missed or invented is 0."""
    pairs = sorted(
        ((teds(truth, got), i, j) for i, truth in enumerate(truths) for j, got in enumerate(gots)), reverse=True
    )
    taken_truths: set[int] = set()
    taken_gots: set[int] = set()
    total = 0.0
    for score, i, j in pairs:
        if i not in taken_truths and j not in taken_gots:
            taken_truths.add(i)
            taken_gots.add(j)
            total += score
    return total / max(1, len(truths), len(gots))
