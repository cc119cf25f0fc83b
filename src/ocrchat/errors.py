"""Every failure a caller can be told about. Anything else is a defect: 500, logged, code "internal".

A class's docstring is what the documentation says of its code (docs/errors.md is made from here).
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


# --- jobs ------------------------------------------------------------------------------------------------------------


class JobError(OCRChatError):
    """Something about a job cannot be as asked."""

    code = "jobs.invalid"
    status = 400


class NoSuchJob(JobError):
    """There is no such job, or it is somebody else's: which of the two is not said."""

    code = "jobs.not_found"
    status = 404


class WrongState(JobError):
    """The job is not in a state in which this can be done."""

    code = "jobs.wrong_state"
    status = 409


class NotFinished(WrongState):
    """The job has not finished: ask again when it has."""

    code = "jobs.not_finished"
    retryable = True


class NothingRead(WrongState):
    """The job failed: there is nothing to download."""

    code = "jobs.nothing_read"


class KeyReused(JobError):
    """The Idempotency-Key was used before, for another request."""

    code = "jobs.key_reused"
    status = 409


class QueueFull(JobError):
    """More is waiting than this server takes on: try again later."""

    code = "jobs.queue_full"
    status = 503
    retryable = True


class BadRetention(JobError):
    """A result is kept for 60 seconds or more, and not for longer than the server allows; 0 is for short documents."""

    code = "jobs.retention_invalid"


class UnknownTool(JobError):
    """There is no such tool; the message names the near ones."""

    code = "tool.unknown"


class ToolUnavailable(JobError):
    """The tool, or a backend it needs, is not on this server; nothing was charged."""

    code = "tool.unavailable"
    status = 503


class StorageError(OCRChatError):
    """Files cannot be written or read just now."""

    code = "storage.failed"
    status = 503
    retryable = True


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


# --- questions about documents ---------------------------------------------------------------------------------------


class ChatError(OCRChatError):
    """The question cannot be answered as it was asked."""

    code = "chat.invalid"
    status = 400


class QuestionMissing(ChatError):
    """There is no question in the request, or an empty one."""

    code = "chat.question_missing"


class QuestionTooLong(ChatError):
    """The question is longer than 4,000 characters."""

    code = "chat.question_too_long"


class NoSuchConversation(ChatError):
    """The job has no such conversation."""

    code = "chat.conversation_not_found"
    status = 404


class ModelUnavailable(OCRChatError):
    """The language model cannot be reached; questions are answered without it."""

    code = "chat.model_unavailable"
    status = 503
    retryable = True


# --- what leaves -----------------------------------------------------------------------------------------------------


class ExportError(OCRChatError):
    """The result could not be written."""

    code = "export.failed"


# --- how it was asked over HTTP --------------------------------------------------------------------------------------


class BadRequest(OCRChatError):
    """The request itself cannot be understood: its form, a parameter, or the document in its body."""

    code = "request.invalid"
    status = 400


class NoFile(BadRequest):
    """No file came with the request, or more than one."""

    code = "request.no_file"


class RequestTooLarge(BadRequest):
    """The request is larger than anything this address takes."""

    code = "request.too_large"


class NoSuchRoute(OCRChatError):
    """Nothing is at this address."""

    code = "request.no_such_route"
    status = 404


class MethodNotAllowed(OCRChatError):
    """The address is right, but takes other methods; the header `Allow` names them."""

    code = "request.method_not_allowed"
    status = 405


class FeatureUnavailable(OCRChatError):
    """This server does not offer what was asked for; nothing was charged."""

    code = "feature.unavailable"
    status = 503


# --- who is asking, and with what right ------------------------------------------------------------------------------


class AuthError(OCRChatError):
    """Who is asking could not be established."""

    code = "auth.failed"
    status = 401


class LoginNeeded(AuthError):
    """This needs an account: send a token, or log in."""

    code = "auth.needed"


class TokenInvalid(AuthError):
    """A token that is present but wrong is never taken for an anonymous caller."""

    code = "auth.token_invalid"


class SessionInvalid(AuthError):
    """The session has ended: log in again."""

    code = "auth.session_invalid"


class LoginRefused(AuthError):
    """Address, password, link or code are not right; which of them is not said."""

    code = "auth.refused"


class ScopeMissing(AuthError):
    """The token is valid, but may not do this."""

    code = "auth.scope"
    status = 403


class AccountBlocked(AuthError):
    """The account has been blocked by whoever runs this server."""

    code = "auth.blocked"
    status = 403


class CrossSiteRequest(AuthError):
    """A browser sent this from another web site."""

    code = "auth.cross_site"
    status = 403


class RateLimited(OCRChatError):
    """Carries `retry_after`, in whole seconds."""

    code = "rate.limited"
    status = 429
    retryable = True


# --- accounts --------------------------------------------------------------------------------------------------------


class AccountError(OCRChatError):
    """Something about an account cannot be as asked."""

    code = "accounts.invalid"
    status = 400


class AccountExists(AccountError):
    """There is an account with this address already."""

    code = "accounts.exists"
    status = 409


class NoSuchAccount(AccountError):
    """There is no such account."""

    code = "accounts.not_found"
    status = 404


class BadAddress(AccountError):
    """This is not an e-mail address."""

    code = "accounts.address_invalid"


class WeakPassword(AccountError):
    """The password is too short or too common."""

    code = "accounts.password_weak"


class UnknownPlan(AccountError):
    """There is no such plan."""

    code = "accounts.plan_unknown"


class UnknownScope(AccountError):
    """There is no such scope for a token."""

    code = "accounts.scope_unknown"


class NoSuchToken(AccountError):
    """The account has no such token."""

    code = "accounts.token_not_found"
    status = 404


class TooManyTokens(AccountError):
    """The account has as many tokens as it may have: revoke one."""

    code = "accounts.too_many_tokens"
    status = 409


class SignUpClosed(AccountError):
    """This server takes no new accounts."""

    code = "accounts.sign_up_closed"
    status = 403


class MailUnavailable(OCRChatError):
    """The mail could not be sent."""

    code = "mail.unavailable"
    status = 503
    retryable = True


# --- money -----------------------------------------------------------------------------------------------------------


class CreditError(OCRChatError):
    """A posting that the ledger does not allow."""

    code = "credits.invalid"
    status = 400


class InsufficientCredits(CreditError):
    """Carries `used`, `cap` and, where the allowance comes back by itself, `resets_at`."""

    code = "credits.insufficient"
    status = 402


class LedgerConflict(CreditError):
    """A page was to be settled that holds nothing: a defect of the caller, never a charge."""

    code = "credits.conflict"
    status = 409


class VoucherInvalid(CreditError):
    """There is no such voucher, or it has run out."""

    code = "vouchers.invalid"


class VoucherUsed(CreditError):
    """The voucher has been used already."""

    code = "vouchers.used"
    status = 409


# --- what is kept ----------------------------------------------------------------------------------------------------


class DatabaseUnavailable(OCRChatError):
    """The database did not answer, or broke off: nothing is half done, and trying again in a moment may help."""

    code = "database.unavailable"
    status = 503
    retryable = True


# --- the installation ------------------------------------------------------------------------------------------------


class ServerStopping(OCRChatError):
    """The server is being stopped and did not take what was still coming in: send it again in a moment."""

    code = "server.stopping"
    status = 503
    retryable = True


class SetupError(OCRChatError):
    """The program refuses to start or to go on as it is set up; the message names the setting, file or command."""

    code = "setup.invalid"
    status = 503


class BadSetting(SetupError):
    """A setting has a value it cannot have; the message names it."""

    code = "setup.setting"


class BadPlans(SetupError):
    """The file of plans cannot be used; the message says where."""

    code = "setup.plans"


class ServerKeyError(SetupError):
    """The server key is missing, or cannot be read."""

    code = "setup.server_key"


class DatabaseError(SetupError):
    """The database cannot be opened or brought up to date."""

    code = "setup.database"


class BackupError(SetupError):
    """The backup could not be made, or is not whole."""

    code = "setup.backup"
