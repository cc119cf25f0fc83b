"""What is asked for is settled before a file is looked at."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ocrchat.errors import (
    BadPageRange,
    BadRetention,
    OCRChatError,
    ToolUnavailable,
    UnknownFormat,
    UnknownLanguage,
    UnknownTier,
    UnknownTool,
)
from ocrchat.jobs.options import settle_options
from ocrchat.jobs.views import JobOptions

MOST = 1000


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        (JobOptions(tier="gpu"), UnknownTier, "cpu or vlm"),
        (JobOptions(tool="pdf-to-wrd"), UnknownTool, "pdf-to-word"),
        (JobOptions(tool="zzz"), UnknownTool, "The tools are"),
        (JobOptions(tool="translate"), ToolUnavailable, "a translator"),
        (JobOptions(translate_to="de"), ToolUnavailable, "a translator"),
        (JobOptions(tool="pdf-to-text", translate_to="de"), ToolUnavailable, "a translator"),
        (JobOptions(formats=("doc",)), UnknownFormat, "docx"),
        (JobOptions(language="klingonese"), UnknownLanguage, ""),
        (JobOptions(language="de+" * 100), UnknownLanguage, "200"),
        (JobOptions(pages="x"), BadPageRange, ""),
        (JobOptions(pages="1," * 300), BadPageRange, "400"),
        (JobOptions(retention_seconds=59), BadRetention, "60 to 1000"),
        (JobOptions(retention_seconds=1001), BadRetention, "60 to 1000"),
        (JobOptions(retention_seconds=-1), BadRetention, "60 to 1000"),
    ],
)
def test_options_when_they_cannot_be_then_refused_with_a_sentence(
    options: JobOptions, error: type[OCRChatError], words: str
) -> None:
    with pytest.raises(error) as refused:
        settle_options(options, max_retention_seconds=MOST)
    assert words in refused.value.message


def test_options_when_an_explicit_tier_is_named_then_it_beats_the_tools_preset() -> None:
    preset = settle_options(JobOptions(tool="handwriting-to-text"), max_retention_seconds=MOST)
    named = settle_options(JobOptions(tool="handwriting-to-text", tier="cpu"), max_retention_seconds=MOST)
    assert (preset.reading.tier, named.reading.tier) == ("vlm", "cpu")
    assert (preset.served_tier, len(preset.notices), len(named.notices)) == ("cpu", 2, 1)


@pytest.mark.parametrize("seconds", [None, 0, 60, MOST])
def test_retention_when_within_bounds_then_taken(seconds: int | None) -> None:
    assert settle_options(JobOptions(retention_seconds=seconds), max_retention_seconds=MOST).notices == ()


def test_fingerprint_when_anything_differs_then_it_does_too() -> None:
    def fingerprint(options: JobOptions, sha256: str = "a") -> str:
        return settle_options(options, max_retention_seconds=MOST).fingerprint(sha256)

    plain = JobOptions()
    others = [
        replace(plain, language="de"),
        replace(plain, pages="1"),
        replace(plain, password="x"),
        replace(plain, force_ocr=True),
        replace(plain, tier="cpu"),
        replace(plain, formats=("txt",)),
        replace(plain, retention_seconds=60),
    ]
    found = {fingerprint(plain), fingerprint(plain, "b"), *(fingerprint(one) for one in others)}
    assert len(found) == 2 + len(others)
    assert fingerprint(plain) == fingerprint(JobOptions())
