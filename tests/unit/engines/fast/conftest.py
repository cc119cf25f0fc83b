from __future__ import annotations

from pathlib import Path

import pytest

from ocrchat.engines.fast import load
from ocrchat.engines.models import MODELS, PULL_COMMAND, models_folder
from ocrchat.engines.spec import Engine, EngineSettings


@pytest.fixture(scope="session")
def weights() -> Path:
    folder = models_folder()
    missing = [model.name for model in MODELS if model.engine == "fast" and not (folder / model.name).is_file()]
    if missing:
        pytest.fail(
            f"These tests read with the real models, and {', '.join(missing)} are not in {folder}. "
            f"Fetch them with “{PULL_COMMAND}” (make test does) or set OCRCHAT_MODELS.",
            pytrace=False,
        )
    return folder


@pytest.fixture(scope="session")
def engine(weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return load(EngineSettings(models=weights, cache=tmp_path_factory.mktemp("compiled")))
