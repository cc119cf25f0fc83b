"""Failures about who is asking: rights, accounts, money; and of the installation as such."""

from __future__ import annotations

from ocrchat.errors.base import OCRChatError

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
