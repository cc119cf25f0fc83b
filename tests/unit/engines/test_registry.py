"""Engines by name: what is known, what is refused, and that no name is taken over."""

from __future__ import annotations

import importlib.metadata
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from ocrchat.engines.registry import addresses, installed_engines, load_engine, require_name
from ocrchat.engines.spec import EngineSettings
from ocrchat.errors import EngineUnavailable, UnknownEngine


def _settings(folder: Path) -> EngineSettings:
    return EngineSettings(models=folder, cache=folder)


def test_load_engine_when_built_in_loads_it(tmp_path: Path) -> None:
    assert load_engine("null", _settings(tmp_path)).info.name == "null"


def test_load_engine_when_given_by_address_loads_it(tmp_path: Path) -> None:
    engine = load_engine("mine", _settings(tmp_path), {"mine": "ocrchat.engines.null:load"})
    assert engine.info.name == "null"


def test_load_engine_when_its_package_is_missing_names_it(tmp_path: Path) -> None:
    with pytest.raises(EngineUnavailable, match="no_such_package"):
        load_engine("mine", _settings(tmp_path), {"mine": "no_such_package.engine:load"})


def test_require_name_when_unknown_names_the_near_one() -> None:
    with pytest.raises(UnknownEngine, match="Did you mean null"):
        require_name("nul")


def test_addresses_when_a_built_in_name_is_taken_over_refuses() -> None:
    with pytest.raises(ValueError, match="null"):
        addresses({"null": "evil:load"})


class TestInstalledEngines:
    def _offer(self, monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
        points = [EntryPoint(name, f"package_{place}:load", "ocrchat.engines") for place, name in enumerate(names)]
        monkeypatch.setattr(importlib.metadata, "entry_points", lambda group: points)

    def test_installed_engines_when_not_allowed_are_left_out(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._offer(monkeypatch, "one", "two")
        assert installed_engines({"two"}) == {"two": "package_1:load"}

    @pytest.mark.parametrize("names", [("one", "one"), ("null",)])
    def test_installed_engines_when_a_name_is_offered_twice_are_refused(
        self, names: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self._offer(monkeypatch, *names)
        with pytest.raises(ValueError, match="two packages"):
            installed_engines(set(names))
