"""Engines by name. Built-in ones, then those of installed packages that the caller allows: a name is never taken over.

An address is "module:factory"; the module is imported only where the engine is loaded, in a worker process.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from importlib import import_module
from typing import TYPE_CHECKING

from ocrchat.errors import EngineUnavailable, UnknownEngine

if TYPE_CHECKING:
    # Its values hold pixels: whoever only asks for names would load NumPy for it.
    from ocrchat.engines.spec import Engine, EngineFactory, EngineSettings

BUILT_IN: Mapping[str, str] = {
    "accurate": "ocrchat.engines.accurate:load",
    "fast": "ocrchat.engines.fast.engine:load",
    "null": "ocrchat.engines.null:load",
    "ppocrv5": "ocrchat.engines.ppocrv5:load",
    "tesseract": "ocrchat.engines.tesseract:load",
}
ENTRY_POINT_GROUP = "ocrchat.engines"


def addresses(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Every engine that may be asked for; ValueError where `extra` takes a name that exists."""
    taken = sorted(set(BUILT_IN) & set(extra or {}))
    if taken:
        raise ValueError(f"engine name already taken: {', '.join(taken)}")
    return {**BUILT_IN, **(extra or {})}


def installed_engines(allowed: Collection[str]) -> dict[str, str]:
    """Engines of other packages, as `extra` for the functions here. Code of a package runs only when it is allowed by
    name: installing something must not change what reads a document."""
    # Only here: it takes a twentieth of a second to load, and a command that reads a page has no use for it.
    from importlib.metadata import entry_points

    found: dict[str, str] = {}
    for point in entry_points(group=ENTRY_POINT_GROUP):
        if point.name not in allowed:
            continue
        if point.name in found or point.name in BUILT_IN:
            raise ValueError(f"two packages offer an engine named {point.name}")
        found[point.name] = point.value
    return found


def require_name(name: str, extra: Mapping[str, str] | None = None) -> None:
    known = sorted(addresses(extra))
    if name not in known:
        near = get_close_matches(name, known, n=2, cutoff=0.4) or known
        raise UnknownEngine(f"There is no engine {name!r}. Did you mean {' or '.join(near)}?")


def load_engine(name: str, settings: EngineSettings, extra: Mapping[str, str] | None = None) -> Engine:
    require_name(name, extra)
    module, _, attribute = addresses(extra)[name].partition(":")
    try:
        factory: EngineFactory = getattr(import_module(module), attribute)
    except ImportError as error:
        raise EngineUnavailable(
            f"The engine {name!r} cannot be loaded: the Python package {error.name!r} is missing. "
            "`ocrchat doctor` says what to install."
        ) from error
    return factory(settings)
