"""Answers as the documentation shows them. Handlers write these shapes themselves, page by page; a test holds what
they write against what is written here. Answers have no defaults: a key is there or it is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Box = list[float]


class _Answer(BaseModel):
    model_config = ConfigDict(extra="allow")


class Problem(_Answer):
    error: str = Field(description="One sentence for a person.")
    code: str = Field(description="Stable, for programs; listed in docs/errors.md.", examples=["credits.insufficient"])
    request_id: str


class OutOfPages(Problem):
    used: int
    cap: int


class SimpleProblem(_Answer):
    detail: str = Field(description="One sentence for a person.")


class Word(_Answer):
    text: str
    bbox: Box
    confidence: float | None


class Line(_Answer):
    text: str
    bbox: Box
    confidence: float | None
    direction: Literal["ltr", "rtl", "ttb"]
    words: list[Word]


class Cell(_Answer):
    row: int
    column: int
    row_span: int
    column_span: int
    header: bool
    text: str
    bbox: Box


class Block(_Answer):
    text: str
    bbox: Box = Field(description="Left, top, right, bottom in pixels of the upright page.")
    confidence: float | None = Field(description="0 to 1; null where there is no text.")
    kind: Literal["text", "table", "formula", "figure"]


class Step(_Answer):
    name: str
    engine: str
    model: str


class Page(_Answer):
    index: int = Field(description="Counts from 0.")
    text: str
    blocks: list[Block] = Field(description="In reading order; with `detail=words` each also has `lines`.")
    width: int
    height: int
    dpi: float
    rotation: int = Field(description="Degrees clockwise that were applied to make the page upright.")
    languages: list[str]
    mean_confidence: float | None
    blank: bool
    steps: list[Step] = Field(description="Who did what to the page.")


class JobSummary(_Answer):
    uuid: str
    status: Literal["pending", "processing", "done", "failed"]
    tier: str
    language: str = Field(description="As it was asked for.")
    tool: str
    translate_to: str
    page_count: int
    pages_done: int = Field(description="Settled: read, blank or failed.")
    pages_failed: int
    position: int | None = Field(description="In the queue: 1 is next. null once it is being read.")
    eta_seconds: float | None
    notices: list[str]
    media_type: str
    size_bytes: int
    created_at: str
    started_at: str | None
    ended_at: str | None
    expires_at: str | None = Field(description="When source and results are deleted.")


class Job(JobSummary):
    languages: list[str] = Field(description="What was found.")
    mean_confidence: float | None
    text: str
    markdown: str
    pages: list[Page] = Field(description="Empty until the job has finished.")


class JobList(_Answer):
    jobs: list[JobSummary]
    total: int
    limit: int
    offset: int


class Removed(_Answer):
    uuid: str
    deleted_at: str
    removed: dict[str, int]


class PagePaid(_Answer):
    index: int
    status: Literal["waiting", "read", "blank", "failed"]
    attempt: int
    tier: str
    credits: int


class Receipt(_Answer):
    uuid: str
    status: Literal["pending", "processing", "done", "failed"]
    tool: str
    created_at: str
    ended_at: str | None
    held: int
    charged: int
    pages: list[PagePaid]


class Citation(_Answer):
    page: int = Field(description="Counts from 1.")
    snippet: str = Field(description="Word for word as the page has it.")
    boxes: list[Box] = Field(description="Where it stands, a box a line, in pixels of the upright page.")
    confidence: float | None = Field(description="Of the reading: that of the least sure line.")
    verified: bool


class ChatSentence(_Answer):
    text: str
    citations: list[int] = Field(description="Places in `citations`.")
    verified: bool = Field(description="Every number, date and name of it stands in what it cites.")


class ChatMessage(_Answer):
    role: Literal["assistant"]
    content: str
    citations: list[Citation]
    sentences: list[ChatSentence]
    unverified: list[str] = Field(description="Sentences that say what no citation does.")
    outcome: Literal["answered", "quoted", "not_said"]
    model: str = Field(description="Empty where no language model took part.")
    created_at: str


class ChatAnswer(_Answer):
    conversation: str
    message: ChatMessage


class ChatTurn(_Answer):
    role: Literal["user", "assistant"]
    content: str
    created_at: str


class ChatHistory(_Answer):
    conversation: str | None
    uuids: list[str]
    messages: list[ChatTurn] = Field(description="Answers also have all that they had when they were given.")


class ChatSummary(_Answer):
    conversation: str
    uuids: list[str]
    messages: int
    created_at: str
    asked_at: str


class ChatList(_Answer):
    conversations: list[ChatSummary]


class ChatRemoved(_Answer):
    uuid: str
    removed: int


class Usage(_Answer):
    day: str
    tier: str
    tool: str
    pages: int
    credits: int


class AccountState(_Answer):
    account: str | None
    plan: str
    used: int
    cap: int
    left: int
    resets_at: str | None
    usage: list[Usage] = Field(description="Of the last 30 days.")


class SignedUp(_Answer):
    api_key: str
    email: str
    free_pages: int


class SimpleAccepted(_Answer):
    job_id: str
    status: Literal["queued", "processing", "done", "error"]


class SimpleSummary(_Answer):
    job_id: str
    status: Literal["queued", "processing", "done", "error"]
    created_at: str
    elapsed: float | None
    page_count: int
    pages_done: int = Field(description="Settled: read, blank or failed.")


class SimpleJob(SimpleSummary):
    pass


class SimpleList(_Answer):
    jobs: list[SimpleSummary]
    total: int
    limit: int
    offset: int


class Health(_Answer):
    status: Literal["ok"]
    queue_depth: int
    jobs_processed: int
    uptime_seconds: float
    version: str
    tiers: list[str]


class Alive(_Answer):
    status: Literal["ok"]


_WHEN: Mapping[int, str] = {
    400: "What was sent cannot be used; the message says why.",
    401: "The token is not valid, or one is needed.",
    402: "Out of pages: nothing was kept.",
    403: "The token may not do this.",
    404: "There is no such job.",
    409: "Not in this state, or the `Idempotency-Key` was used for another request.",
    422: "What was sent cannot be used; the message says why.",
    429: "Too many requests; `Retry-After` says when to come back.",
    500: "A defect of this server.",
    503: "Not at the moment, or not on this server.",
    504: "Still being read: the header `X-Job-Id` names the job.",
}


def v1_problems(*codes: int) -> dict[int | str, dict[str, Any]]:
    """For a route's `responses`; a token, a limit and an overload may always come in between."""
    shapes = {402: OutOfPages}
    return {code: _problem(code, shapes.get(code, Problem)) for code in sorted({*codes, 401, 403, 429, 503})}


def simple_problems(*codes: int) -> dict[int | str, dict[str, Any]]:
    return {code: _problem(code, SimpleProblem) for code in sorted({*codes, 401, 403, 429, 503})}


def _problem(code: int, shape: type[BaseModel]) -> dict[str, Any]:
    out: dict[str, Any] = {"model": shape, "description": _WHEN[code]}
    if code == 429:
        out["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds to wait."}}
    return out


def unfinished_problem(headers: Mapping[str, Any]) -> dict[str, Any]:
    return _problem(504, SimpleProblem) | {"headers": dict(headers)}
