"""What all expected failures have in common."""

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
