"""How a document leaves: one module a format.

`ocrchat.export(document, "md")` is the public call, and Python sets a package's attribute to its submodule of that
name once anything in it is imported. So this module can be called, and is the function whichever came first.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from ocrchat.document.model import Document
    from ocrchat.document.source import Source
    from ocrchat.export.spec import ExportOptions


class _CallableModule(ModuleType):
    def __call__(
        self,
        document: Document,
        format: str,
        sink: BinaryIO | None = None,
        *,
        source: Source | None = None,
        options: ExportOptions | None = None,
    ) -> bytes | None:
        from ocrchat.export.registry import export

        return export(document, format, sink, source=source, options=options)


sys.modules[__name__].__class__ = _CallableModule
