"""Puts chat together as the settings say: with a language model, or without."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime

from ocrchat.chat.language_model import EndpointModel, LanguageModel
from ocrchat.chat.local_model import LocalModel
from ocrchat.chat.service import Chat
from ocrchat.config import Settings
from ocrchat.db.session import Database
from ocrchat.errors import BadSetting
from ocrchat.jobs.service import Jobs

# Of a token: English has four, other scripts down to one. Half of the context is for the rest of the call.
_CHARACTERS_A_TOKEN = 2


@contextlib.contextmanager
def open_chat(settings: Settings, database: Database, jobs: Jobs) -> Iterator[Chat]:
    with contextlib.ExitStack() as stack:
        model: LanguageModel | None = None
        if settings.chat_model_url:
            model = _endpoint(settings)
        elif settings.chat_model_file is not None:
            local = LocalModel(
                settings.chat_model_file,
                context_tokens=settings.chat_model_context,
                timeout_seconds=float(settings.chat_model_seconds),
            )
            stack.callback(local.close)
            model = local
        yield Chat(database=database, jobs=jobs, model=model, clock=lambda: datetime.now(UTC))


def _endpoint(settings: Settings) -> EndpointModel:
    if not settings.chat_model_url.startswith(("http://", "https://")):
        raise BadSetting("OCRCHAT_CHAT_MODEL_URL is an address that begins with http:// or https://.")
    return EndpointModel(
        url=settings.chat_model_url,
        name=settings.chat_model,
        key=settings.chat_model_key,
        context_characters=settings.chat_model_context * _CHARACTERS_A_TOKEN // 2,
        timeout_seconds=float(settings.chat_model_seconds),
    )
