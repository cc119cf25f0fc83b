"""Answers of a language model in the bench: a GGUF file through our own child process, or an endpoint."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from ocrchat.chat.answers import Answer, Source
from ocrchat.chat.language_model import EndpointModel, LanguageModel
from ocrchat.chat.library import Library
from ocrchat.chat.local_model import LocalModel
from ocrchat.chat.model_answers import model_answer

# A small model's context, and the threads of the machine it runs on.
_CONTEXT_TOKENS = 2048
# Answers are a sentence or two; a model of this size goes on for as long as it is let.
_MOST_TOKENS = 80


def answerer_of(model: str) -> Callable[[Library, str], Answer]:
    client: LanguageModel
    if model.startswith(("http://", "https://")):
        url, _, name = model.partition("#")
        client = EndpointModel(url=url, name=name or "default", key=os.environ.get("OCRCHAT_MODEL_KEY", ""))
    else:
        client = LocalModel(Path(model), context_tokens=_CONTEXT_TOKENS, threads=1, most_tokens=_MOST_TOKENS)

    def answer(library: Library, question: str) -> Answer:
        telling = model_answer(client, [Source(library)], question, question, [])
        while True:
            try:
                next(telling)
            except StopIteration as end:
                answered: Answer = end.value
                return answered

    return answer
