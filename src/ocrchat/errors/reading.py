"""Failures of reading and export: the file, a page of it, what reads, what leaves."""

from __future__ import annotations

from ocrchat.errors.base import OCRChatError

# --- what was sent ---------------------------------------------------------------------------------------------------


class InputError(OCRChatError):
    """The file cannot be read as it is; sending it again will not help."""

    code = "input.invalid"
    status = 400


class EmptyInput(InputError):
    """The file has no bytes."""

    code = "input.empty"


class UnsupportedType(InputError):
    """The content is of a kind that is not read; the message says what it looks like."""

    code = "input.unsupported_type"


class DamagedInput(InputError):
    """The file cannot be opened: it is cut off, or broken where all else depends on it."""

    code = "input.damaged"


class MissingInput(InputError):
    """There is no such file, or it may not be opened."""

    code = "input.missing"


class PasswordNeeded(InputError):
    """The PDF is encrypted and no password came with it."""

    code = "input.password_needed"


class PasswordWrong(InputError):
    """The PDF is encrypted and the password does not open it."""

    code = "input.password_wrong"


class TooManyBytes(InputError):
    """The file is larger than the limit."""

    code = "input.too_large"


class TooManyPages(InputError):
    """The file has more pages than the limit."""

    code = "input.too_many_pages"


class NoSuchPage(InputError):
    """A page was asked for that the document does not have."""

    code = "pages.out_of_range"


class BadPageRange(InputError):
    """The page ranges cannot be understood, or lie outside the document."""

    code = "pages.invalid"


class UnkeepableText(InputError):
    """A text holds what no text can: a zero character, or half of one that takes two."""

    code = "input.text"


class UnknownFormat(InputError):
    """There is no such output format; the message names the near ones."""

    code = "format.unknown"


class UnknownEngine(InputError):
    """There is no such engine; the message names the near ones."""

    code = "engine.unknown"


class UnknownTier(InputError):
    """There is no such tier."""

    code = "tier.unknown"


class UnknownLanguage(InputError):
    """The language is not known; the message names the near ones."""

    code = "language.unknown"


# --- one page of it --------------------------------------------------------------------------------------------------


class PageError(OCRChatError):
    """One page could not be read; its neighbours are not concerned."""

    code = "page.failed"
    status = 422


class PageTooLarge(PageError):
    """The page has more pixels than the limit: send it at a lower resolution."""

    code = "page.too_large"


class PageDamaged(PageError):
    """The page cannot be decoded."""

    code = "page.damaged"


class ScriptUnreadable(PageError):
    """The page is written in a script that nothing on this machine reads; the message says what brings a reader."""

    code = "page.script_unreadable"


class PageTimeout(PageError):
    """The page took longer than the time limit, twice."""

    code = "page.timeout"
    retryable = True


class PageOutOfMemory(PageError):
    """The page needs more memory than one page may take."""

    code = "page.out_of_memory"


class PageCrashed(PageError):
    """The page made its process crash, twice. Other pages are not concerned."""

    code = "page.crashed"
    retryable = True


class ReadingCancelled(OCRChatError):
    """The reading was cancelled before this was read."""

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
    """The result could not be written."""

    code = "export.failed"
