"""A self-hosted document reader. `ocrchat.read(path)` gives a `Document`.

Importing the package loads nothing heavy: the names below arrive on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from ocrchat.document.model import Document as Document
    from ocrchat.export.registry import export as export
    from ocrchat.pipeline.options import ReadOptions as ReadOptions
    from ocrchat.pipeline.pipeline import read as read
    from ocrchat.pipeline.pipeline import read_pages as read_pages

_HOME_OF = {
    "Document": "ocrchat.document.model",
    "ReadOptions": "ocrchat.pipeline.options",
    "export": "ocrchat.export.registry",
    "read": "ocrchat.pipeline.pipeline",
    "read_pages": "ocrchat.pipeline.pipeline",
}

__all__ = ["Document", "ReadOptions", "__version__", "export", "read", "read_pages"]


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'ocrchat' has no attribute '{name}'")
    from importlib import import_module

    return getattr(import_module(_HOME_OF[name]), name)
