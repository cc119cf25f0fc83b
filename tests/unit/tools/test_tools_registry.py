"""Every tool is known; those that cannot be had say what they need."""

from __future__ import annotations

import pytest

from ocrchat.errors import ToolUnavailable
from ocrchat.export.registry import FORMATS
from ocrchat.pipeline.options import TIERS
from ocrchat.tools.registry import TOOLS, require_tool


@pytest.mark.parametrize("slug", list(TOOLS))
def test_tool_when_asked_for_then_it_presets_something_or_says_what_is_missing(slug: str) -> None:
    tool = TOOLS[slug]
    assert tool.format in FORMATS and tool.tier in TIERS
    if tool.missing:
        with pytest.raises(ToolUnavailable) as refused:
            require_tool(slug)
        assert tool.missing in refused.value.message and "Nothing was charged" in refused.value.message
    else:
        assert require_tool(slug) is tool
