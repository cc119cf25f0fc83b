"""How the bench speaks with a reader's process: a JSON object a line each way.

First comes {"ready": {versions}}; then for each {"files": [...], "languages": [...], "exports": [...]} one
{"exports": {format: text}, "words": [[text, confidence], ...]} or {"error": sentence}.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Answer:
    exports: Mapping[str, str]
    words: Sequence[tuple[str, float]] = field(default=())
    """Text and confidence 0..1, in reading order; a reader that is only sure of whole lines gives the words of a line
    the line's. Empty where it gives none."""


Reader = Callable[[Sequence[str], Sequence[str], Sequence[str]], Answer]
"""Files of one document, languages (BCP 47), exports wanted."""


def serve(load: Callable[[], tuple[Reader, Mapping[str, str]]]) -> None:
    """Answers until its input ends. `load` gives the reader and the versions of what it is made of."""
    # Libraries print to standard output as they please; the conversation keeps a descriptor of its own.
    conversation = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def say(message: Mapping[str, Any]) -> None:
        conversation.write(json.dumps(message) + "\n")
        conversation.flush()

    read, versions = load()
    say({"ready": dict(versions)})
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = read(request["files"], request["languages"], request["exports"])
        except Exception as error:  # noqa: BLE001 - whatever a reader raises is its result for this page
            say({"error": f"{type(error).__name__}: {error}"})
        else:
            say({"exports": dict(answer.exports), "words": [list(word) for word in answer.words]})
