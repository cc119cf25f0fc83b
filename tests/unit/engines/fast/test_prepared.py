"""Networks kept for this machine, made from small ones we write."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from ocrchat.engines.fast import networks, prepared
from ocrchat.engines.fast.heads import Seen
from ocrchat.engines.fast.runtime import Runtime
from ocrchat.errors import ModelInvalid
from tests.onnx_files import write_tone_recognizer

ALPHABET = ("", "a", "b", " ")


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    return write_tone_recognizer(tmp_path / "tones.onnx")


def _read(weights: Path, cache: Path) -> tuple[str, list[float]]:
    network, head = networks.recognizer(Runtime(cache), weights, ALPHABET)
    strip = np.full((1, 1, 48, 160), 255, np.uint8)
    strip[..., 40:80] = 0
    strip[..., 96:120] = 127
    reading = head.read(Seen(features=np.array(network(strip)[0][0])))
    return reading.text, reading.shares.tolist()


def _kept(cache: Path) -> list[Path]:
    return sorted(cache.glob("tones-*"))


def _without_graphs(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Runtime, weights: Path) -> None:
        raise AssertionError(f"{weights.name} was read again")

    monkeypatch.setattr(Runtime, "read", refuse)


def test_network_when_it_was_kept_reads_the_same_without_its_graph(
    weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "cache"
    first = _read(weights, cache)
    assert first[0] == "ab"
    _without_graphs(monkeypatch)
    assert _read(weights, cache) == first


@pytest.mark.parametrize("spoil", [lambda data: b"", lambda data: data[: len(data) // 2], lambda data: b"\0" * 64])
@pytest.mark.parametrize("name", ["network.blob", "matrix.npy"])
def test_network_when_what_was_kept_is_damaged_is_made_again(
    weights: Path, tmp_path: Path, name: str, spoil: object
) -> None:
    cache = tmp_path / "cache"
    first = _read(weights, cache)
    (folder,) = _kept(cache)
    damaged = folder / name
    assert callable(spoil)
    damaged.write_bytes(spoil(damaged.read_bytes()))
    assert _read(weights, cache) == first
    assert _read(weights, cache) == first
    assert _kept(cache) == [folder]


def test_network_when_its_weights_or_its_recipe_change_is_made_anew(
    weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "cache"
    _read(weights, cache)
    os.utime(weights, (1, 1))
    _read(weights, cache)
    assert len(_kept(cache)) == 2
    monkeypatch.setattr(networks, "_RECIPE", "another")
    _read(weights, cache)
    assert len(_kept(cache)) == 3


def test_network_when_its_weights_are_gone_says_so_whatever_is_kept(weights: Path, tmp_path: Path) -> None:
    _read(weights, tmp_path / "cache")
    weights.unlink()
    with pytest.raises(ModelInvalid, match=r"tones\.onnx"):
        _read(weights, tmp_path / "cache")


def test_network_when_nothing_can_be_kept_reads_all_the_same(
    weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(prepared, "_keep", full)
    assert _read(weights, tmp_path / "cache")[0] == "ab"
    assert _kept(tmp_path / "cache") == []
