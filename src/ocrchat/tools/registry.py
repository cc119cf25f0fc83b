"""Slug → preset. A tool that needs what is not here yet is known and refused, never faked with plain text."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from types import MappingProxyType

from ocrchat.errors import ToolUnavailable, UnknownTool


@dataclass(frozen=True, kw_only=True, slots=True)
class Tool:
    slug: str
    tier: str = "cpu"
    """Where the caller names none."""
    format: str = "md"
    """What the tool is for; all others can be had too."""
    notice: str = ""
    missing: str = ""
    """What it needs and this server does not have; empty where it works."""


_HANDWRITING = (
    "No model on this server was trained on handwriting: printed letters are read well, handwritten ones often are not."
)

_ALL = (
    Tool(slug="image-to-text", format="txt"),
    Tool(slug="pdf-to-text", format="txt"),
    Tool(slug="extract-tables", format="csv"),
    Tool(slug="handwriting-to-text", tier="vlm", format="txt", notice=_HANDWRITING),
    Tool(slug="translate", tier="vlm", missing="a translator"),
    Tool(slug="searchable-pdf", format="pdf"),
    Tool(slug="pdf-to-word", format="docx"),
    Tool(slug="pdf-to-markdown"),
    Tool(slug="screenshot-to-text", format="txt"),
    Tool(slug="receipt-to-json", format="json", missing="a model that finds fields"),
    Tool(slug="invoice-to-json", format="json", missing="a model that finds fields"),
    Tool(slug="business-card", format="json", missing="a model that finds fields"),
    Tool(slug="extract", format="json", missing="a model that finds fields"),
    Tool(slug="math-to-latex", tier="vlm", missing="a model that reads formulas"),
    Tool(slug="summarize", missing="a language model"),
)

TOOLS = MappingProxyType({tool.slug: tool for tool in _ALL})


def require_tool(slug: str) -> Tool:
    """Raises UnknownTool, or ToolUnavailable where it is known and cannot be had here."""
    if slug not in TOOLS:
        near = difflib.get_close_matches(slug, TOOLS, n=2, cutoff=0.5)
        hint = f"Did you mean {' or '.join(near)}? " if near else ""
        raise UnknownTool(f'There is no tool "{slug[:40]}". {hint}The tools are {", ".join(TOOLS)}.', tool=slug[:40])
    tool = TOOLS[slug]
    if tool.missing:
        raise ToolUnavailable(
            f'The tool "{slug}" needs {tool.missing}, which this server does not have. Nothing was charged.', tool=slug
        )
    return tool
