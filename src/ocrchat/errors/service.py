"""Failures of the service: jobs, questions about documents, how something was asked over HTTP."""

from __future__ import annotations

from ocrchat.errors.base import OCRChatError

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
