"""The cpu tier's own engine. Importing this package loads nothing heavy."""

from __future__ import annotations

from ocrchat.engines.spec import Engine, EngineSettings


def load(settings: EngineSettings) -> Engine:
    """The engine's factory; OpenVINO is loaded here and not before."""
    from ocrchat.engines.fast.engine import load as load_engine

    return load_engine(settings)
