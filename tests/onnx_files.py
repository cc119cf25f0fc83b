"""Writes small networks as ONNX files: a line recogniser that reads grey tones as letters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

_FLOAT, _INT64 = 1, 7


def write_tone_recognizer(path: Path, letters: Sequence[str] = ("а", "б")) -> Path:
    """Columns of 8 pixels: white is the blank, black the first letter, mid grey the second. The letters stand in the
    file, as in those that are published."""
    pooling = np.full((1, 3, 48, 8), 1 / (3 * 48 * 8), np.float32)
    slopes = np.array([[20.0, -20.0, 0.0, -99.0]], np.float32)
    biases = np.array([0.0, 0.0, 8.0, -99.0], np.float32)
    nodes = [
        _node("Conv", ["x", "pooling"], "a", _ints("strides", [48, 8])),
        _node("Squeeze", ["a", "axis"], "b"),
        _node("Transpose", ["b"], "c", _ints("perm", [0, 2, 1])),
        _node("MatMul", ["c", "slopes"], "d"),
        _node("Add", ["d", "biases"], "e"),
        _node("Softmax", ["e"], "y", _field(5, _text(1, "axis") + _number(3, 2) + _number(20, 2))),
    ]
    constants: list[tuple[str, npt.NDArray[np.float32] | npt.NDArray[np.int64]]] = [
        ("pooling", pooling),
        ("axis", np.array([2], np.int64)),
        ("slopes", slopes),
        ("biases", biases),
    ]
    graph = b"".join(_field(1, node) for node in nodes) + _text(2, "tones")
    graph += b"".join(_field(5, _tensor(name, values)) for name, values in constants)
    graph += _field(11, _value("x", ("n", 3, 48, "w"))) + _field(12, _value("y", ("n", "t", 4)))
    metadata = _text(1, "character") + _text(2, "\n".join(letters) + "\n")
    path.write_bytes(_number(1, 8) + _field(7, graph) + _field(8, _number(2, 13)) + _field(14, metadata))
    return path


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def _field(number: int, body: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(body)) + body


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _text(field: int, text: str) -> bytes:
    return _field(field, text.encode())


def _ints(name: str, values: Iterable[int]) -> bytes:
    return _field(5, _text(1, name) + b"".join(_number(8, value) for value in values) + _number(20, 7))


def _node(kind: str, inputs: Iterable[str], output: str, attribute: bytes = b"") -> bytes:
    return b"".join(_text(1, name) for name in inputs) + _text(2, output) + _text(4, kind) + attribute


def _tensor(name: str, values: npt.NDArray[np.float32] | npt.NDArray[np.int64]) -> bytes:
    kind = _FLOAT if values.dtype == np.float32 else _INT64
    sizes = b"".join(_number(1, size) for size in values.shape)
    return sizes + _number(2, kind) + _text(8, name) + _field(9, values.tobytes())


def _value(name: str, shape: Iterable[int | str]) -> bytes:
    sizes = b"".join(_field(1, _number(1, size) if isinstance(size, int) else _text(2, size)) for size in shape)
    return _text(1, name) + _field(2, _field(1, _number(1, _FLOAT) + _field(2, sizes)))
