"""Every failure a caller can be told about. Anything else is a defect: 500, logged, code "internal".

Codes are part of both API contracts and the keys of translated messages: never renamed, never reused.
A message says what happened, on which page where one is concerned, and what to do about it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar


class OCRChatError(Exception):
    code: ClassVar[str] = "internal"
    status: ClassVar[int] = 500
    retryable: ClassVar[bool] = False

    def __init__(self, message: str, **detail: str | int | float) -> None:
        super().__init__(message)
        self.message = message
        self.detail: Mapping[str, str | int | float] = detail
        """Facts a client may see, flat beside the message."""


# --- what was sent ---------------------------------------------------------------------------------------------------


class InputError(OCRChatError):
    """The file cannot be read as it is; sending it again will not help."""

    code = "input.invalid"
    status = 400


class EmptyInput(InputError):
    code = "input.empty"


class UnsupportedType(InputError):
    code = "input.unsupported_type"


class DamagedInput(InputError):
    code = "input.damaged"


class MissingInput(InputError):
    code = "input.missing"


class PasswordNeeded(InputError):
    code = "input.password_needed"


class PasswordWrong(InputError):
    code = "input.password_wrong"


class TooManyBytes(InputError):
    code = "input.too_large"


class TooManyPages(InputError):
    code = "input.too_many_pages"


class NoSuchPage(InputError):
    code = "pages.out_of_range"


class BadPageRange(InputError):
    code = "pages.invalid"


class UnknownFormat(InputError):
    code = "format.unknown"


class UnknownEngine(InputError):
    code = "engine.unknown"


class UnknownTier(InputError):
    code = "tier.unknown"


class UnknownLanguage(InputError):
    code = "language.unknown"


# --- one page of it --------------------------------------------------------------------------------------------------


class PageError(OCRChatError):
    """One page could not be read; its neighbours are not concerned."""

    code = "page.failed"
    status = 422


class PageTooLarge(PageError):
    code = "page.too_large"


class PageDamaged(PageError):
    code = "page.damaged"


class PageTimeout(PageError):
    code = "page.timeout"
    retryable = True


class PageOutOfMemory(PageError):
    code = "page.out_of_memory"


class PageCrashed(PageError):
    code = "page.crashed"
    retryable = True


class ReadingCancelled(OCRChatError):
    code = "job.cancelled"
    status = 409


# --- what reads ------------------------------------------------------------------------------------------------------


class EngineError(OCRChatError):
    """An engine could not do its work. Never turned into an empty page."""

    code = "engine.failed"
    status = 503
    retryable = True


class EngineUnavailable(EngineError):
    """What the engine needs is not on this machine; the message names the command that brings it."""

    code = "engine.unavailable"
    retryable = False


class ModelInvalid(EngineError):
    """A weights file is not the one that was published."""

    code = "model.invalid"
    retryable = False


# --- what leaves -----------------------------------------------------------------------------------------------------


class ExportError(OCRChatError):
    code = "export.failed"
