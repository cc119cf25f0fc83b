"""What a caller asks for, checked and settled before a file is looked at: tier, tool, languages, pages, notices."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from ocrchat.errors import BadPageRange, BadRetention, UnknownLanguage
from ocrchat.export.registry import exporter_for
from ocrchat.jobs.views import JobOptions
from ocrchat.pipeline.options import ReadOptions
from ocrchat.pipeline.pipeline import notices_for
from ocrchat.tools.registry import require_tool

MIN_RETENTION_SECONDS = 60

# Of the columns that keep them; longer ones are no sensible request.
_MAX_PAGES_LENGTH = 400
_MAX_LANGUAGE_LENGTH = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """A request that can be carried out."""

    options: JobOptions
    reading: ReadOptions
    tool: str
    served_tier: str
    """What it is read by and paid as."""
    notices: tuple[str, ...]

    def fingerprint(self, sha256: str) -> str:
        """Of the whole request, with the file: a repeated one has the same."""
        asked = self.options
        parts = [asked.tier, asked.language, asked.tool, asked.translate_to, list(asked.formats), asked.force_ocr]
        parts += [asked.pages, asked.password, asked.retention_seconds, sha256]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def settle_options(options: JobOptions, *, max_retention_seconds: int) -> Order:
    """Raises what callers can be told: unknown tier, tool, language, format, pages (400); a tool not here (503)."""
    _check_lengths(options)
    _check_retention(options.retention_seconds, max_retention_seconds)
    slug = options.tool or ("translate" if options.translate_to else "")
    tool = require_tool(slug) if slug else None
    if options.translate_to and slug != "translate":
        require_tool("translate")
    for name in options.formats:
        exporter_for(name)
    tier = options.tier or (tool.tier if tool else "cpu")
    reading = ReadOptions(tier=tier, languages=(options.language,), pages=options.pages, force_ocr=options.force_ocr)
    notices = notices_for(reading)
    return Order(
        options=options,
        reading=reading,
        tool=slug,
        served_tier="cpu" if notices else tier,
        notices=(*notices, *([tool.notice] if tool and tool.notice else [])),
    )


def _check_lengths(options: JobOptions) -> None:
    if len(options.pages) > _MAX_PAGES_LENGTH:
        raise BadPageRange(f"The pages are told in more than {_MAX_PAGES_LENGTH} characters: write ranges, like 1-90.")
    if len(options.language) > _MAX_LANGUAGE_LENGTH:
        raise UnknownLanguage(f"The language has more than {_MAX_LANGUAGE_LENGTH} characters: name a few, like pl+de.")


def _check_retention(seconds: int | None, most: int) -> None:
    if seconds is None or seconds == 0 or MIN_RETENTION_SECONDS <= seconds <= most:
        return
    raise BadRetention(
        f"Results cannot be kept for {seconds} seconds: say {MIN_RETENTION_SECONDS} to {most}, or 0 to take the answer "
        "and keep nothing.",
        least=MIN_RETENTION_SECONDS,
        most=most,
    )
