"""The structure of a table from its picture: SLANet, its encoder on OpenVINO, its decoder step by step in numpy.

OpenVINO does not take the published graph, whose decoder is a loop of a kind it cannot convert. The loop is short: a
look at the encoded picture, one recurrent step, and two small layers that say which tag of HTML comes next and where
the cell's text stands. Loaded when the first table is looked at: most pages have none.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from ocrchat.document.image import PageImage, Pixels
from ocrchat.document.model import Box
from ocrchat.engines.fast.prepared import Numbers, prepared, recipe_of
from ocrchat.engines.fast.runtime import Network, Runtime, not_of_shape, openvino
from ocrchat.engines.spec import SeenCell, SeenTable

Floats = npt.NDArray[np.float32]

_RECIPE = recipe_of(__file__)

SIDE = 488
"""Pixels: the longer side of what the network was trained on; the rest of the square is padding."""

_MEANS = (123.675, 116.28, 103.53)
_SPREADS = (58.395, 57.12, 57.375)
"""Of ImageNet, in bytes: the padding's colour is the mean, which is zero to the network."""

_MOST_STEPS = 501
"""After so many tags the network was never trained to go on: a table that needs more is not read by it."""

_TAGS = (
    "", "thead", "row", "", "end row", "end thead", "tbody", "end tbody", "open",
    "colspan 5", "close", "colspan 2", "colspan 3", "rowspan 2", "colspan 4", "colspan 6", "rowspan 3", "colspan 9",
    "colspan 10", "colspan 7", "rowspan 4", "rowspan 5", "rowspan 9", "colspan 8", "rowspan 8", "rowspan 6",
    "rowspan 7", "rowspan 10", "cell", "end",
)  # fmt: skip
"""What the network's classes stand for, in the order that its file gives; "cell" is one without spans."""

_FEATURES = "transpose_0.tmp_0.0"
_LAYERS = ("linear_0", "linear_1", "linear_2", "linear_3", "linear_4", "linear_5", "linear_6")


class TableStructure:
    """Compiled at the first table. Two threads that come at once compile once."""

    def __init__(self, runtime: Runtime, weights: Path) -> None:
        self._runtime = runtime
        self._weights = weights
        self._parts: tuple[Network, _Decoder] | None = None
        self._lock = threading.Lock()

    def read_structure(self, page: PageImage, area: Box) -> SeenTable | None:
        """None where there is no table in the picture, or one with more cells than the network can tell."""
        left, top = max(0, int(area.left)), max(0, int(area.top))
        right, bottom = min(page.width, int(area.right) + 1), min(page.height, int(area.bottom) + 1)
        if right - left < 8 or bottom - top < 8:
            return None
        with self._lock:
            if self._parts is None:
                self._parts = _load(self._runtime, self._weights)
            encode, decoder = self._parts
            tensor = _prepared(page.pixels[top:bottom, left:right])
            features = np.array(encode(tensor)[0][0])
        steps = decoder.tags(features)
        if steps is None:
            return None
        return _table(steps, Box(left, top, left + (right - left), top + (bottom - top)))


def _prepared(pixels: Pixels) -> npt.NDArray[np.uint8]:
    height, width = pixels.shape[:2]
    scale = SIDE / max(height, width)
    size = (max(1, int(width * scale)), max(1, int(height * scale)))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_LINEAR)
    square = np.empty((SIDE, SIDE, 3), np.uint8)
    square[...] = np.round(_MEANS).astype(np.uint8)
    square[: size[1], : size[0]] = small if small.ndim == 3 else small[..., None]
    return square[None]


def _load(runtime: Runtime, weights: Path) -> tuple[Network, _Decoder]:
    encode, constants = prepared(runtime, weights, recipe=_RECIPE, build=lambda: _parted(runtime, weights), seldom=True)
    return encode, _Decoder(constants)


def _parted(runtime: Runtime, weights: Path) -> tuple[Any, Numbers]:
    """The encoder, and what the decoder reckons with."""
    model = runtime.read_in_part(weights)
    outputs = [output for node in model.get_ordered_ops() for output in node.outputs()]
    named = {name: output for output in outputs for name in output.get_names()}
    try:
        constants = _constants(named)
        features = named[_FEATURES]
    except (KeyError, ValueError) as mismatch:
        raise not_of_shape(weights, "table network") from mismatch
    encoder = openvino.Model([openvino.opset13.result(features)], model.get_parameters())
    encoder.reshape([1, 3, SIDE, SIDE])
    steps = openvino.preprocess.PrePostProcessor(encoder)
    steps.input().tensor().set_element_type(openvino.Type.u8).set_layout(openvino.Layout("NHWC"))
    steps.input().model().set_layout(openvino.Layout("NCHW"))
    numbers = steps.input().preprocess().convert_element_type(openvino.Type.f32)
    numbers.mean(list(_MEANS)).scale(list(_SPREADS))
    return steps.build(), constants


def _constants(named: Mapping[str, Any]) -> dict[str, Floats]:
    names = [f"{layer}.w_0" for layer in _LAYERS] + [f"{layer}.b_0" for layer in _LAYERS if layer not in _UNBIASED]
    names += [f"gru_cell_0.{kind}_{place}" for kind in "wb" for place in "01"]
    result = {name: np.array(named[name].get_node().data, dtype=np.float32) for name in names}
    if result["linear_4.w_0"].shape[1] != len(_TAGS) or result["linear_6.w_0"].shape[1] != 4:
        raise ValueError(result["linear_4.w_0"].shape)
    return result


_UNBIASED = ("linear_0", "linear_2")


class _Decoder:
    """Weights as they are used: layers without anything between them are one."""

    def __init__(self, weights: Mapping[str, Floats]) -> None:
        self._key = weights["linear_0.w_0"]
        self._query, self._query_bias = weights["linear_1.w_0"], weights["linear_1.b_0"]
        self._look = np.ascontiguousarray(weights["linear_2.w_0"][:, 0])
        seen = self._key.shape[0]
        self._from_picture = np.ascontiguousarray(weights["gru_cell_0.w_0"][:, :seen])
        self._from_tag = np.ascontiguousarray(weights["gru_cell_0.w_0"][:, seen:].T) + weights["gru_cell_0.b_0"]
        self._from_state, self._state_bias = weights["gru_cell_0.w_1"], weights["gru_cell_0.b_1"]
        self._tag, self._tag_bias = _as_one(weights, "linear_3", "linear_4")
        self._place, self._place_bias = _as_one(weights, "linear_5", "linear_6")

    def tags(self, features: Floats) -> list[tuple[str, float, Floats]] | None:
        """Tag, the network's share for it, where its cell's text stands (parts of the picture's sides). None where the
        end does not come."""
        keys = features @ self._key
        width = self._query.shape[0]
        state = np.zeros(width, np.float32)
        tag = 0
        out: list[tuple[str, float, Floats]] = []
        for _ in range(_MOST_STEPS):
            energy = np.tanh(keys + (state @ self._query + self._query_bias)) @ self._look
            attention = np.exp(energy - energy.max())
            picture = (attention / attention.sum()) @ features
            given = self._from_picture @ picture + self._from_tag[tag]
            kept = self._from_state @ state + self._state_bias
            gates = _sigmoid(given[: 2 * width] + kept[: 2 * width])
            fresh = np.tanh(given[2 * width :] + gates[:width] * kept[2 * width :])
            state = (state - fresh) * gates[width:] + fresh
            likely = state @ self._tag + self._tag_bias
            tag = int(likely.argmax())
            share = float(1.0 / np.exp(likely - likely[tag]).sum())
            if _TAGS[tag] == "end":
                return out
            out.append((_TAGS[tag], share, _sigmoid(state @ self._place + self._place_bias)))
        return None


def _as_one(weights: Mapping[str, Floats], first: str, then: str) -> tuple[Floats, Floats]:
    matrix = weights[f"{then}.w_0"]
    return weights[f"{first}.w_0"] @ matrix, weights[f"{first}.b_0"] @ matrix + weights[f"{then}.b_0"]


def _sigmoid(values: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-values)), dtype=np.float32)


def _table(steps: list[tuple[str, float, Floats]], area: Box) -> SeenTable | None:
    cells: list[SeenCell] = []
    taken: set[tuple[int, int]] = set()
    row, in_head = -1, False
    spans = {"rowspan": 1, "colspan": 1}
    place: Floats | None = None
    for tag, _, where in steps:
        if tag == "row":
            row += 1
        elif tag in ("thead", "end thead"):
            in_head = tag == "thead"
        elif tag == "open":
            place, spans = where, {"rowspan": 1, "colspan": 1}
        elif " " in tag and tag.split()[0] in spans:
            kind, count = tag.split()
            spans[kind] = int(count)
        elif tag == "cell" or (tag == "close" and place is not None):
            if row < 0:
                return None
            if tag == "cell":
                place, spans = where, {"rowspan": 1, "colspan": 1}
            assert place is not None
            cells.append(_cell(row, spans, taken, place, area, header=in_head))
            place = None
    if not cells:
        return None
    return SeenTable(cells=tuple(cells), confidence=min(share for _, share, _ in steps))


def _cell(
    row: int, spans: Mapping[str, int], taken: set[tuple[int, int]], place: Floats, area: Box, *, header: bool
) -> SeenCell:
    column = 0
    while (row, column) in taken:
        column += 1
    for down in range(spans["rowspan"]):
        taken.update((row + down, column + across) for across in range(spans["colspan"]))
    left, top, right, bottom = place.tolist()
    return SeenCell(
        row=row,
        column=column,
        row_span=spans["rowspan"],
        column_span=spans["colspan"],
        header=header,
        box=Box(
            area.left + left * area.width,
            area.top + top * area.height,
            area.left + right * area.width,
            area.top + bottom * area.height,
        ),
    )
