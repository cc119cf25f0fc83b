"""What handlers work with: made once, in app.py, and reached through the request."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from ocrchat.accounts.authentication import Authenticator
from ocrchat.accounts.keys import ServerKeys
from ocrchat.accounts.limits import RateLimiter
from ocrchat.accounts.login import Login
from ocrchat.accounts.plans import Plans
from ocrchat.chat.service import Chat
from ocrchat.config import Settings
from ocrchat.credits.meter import Meter
from ocrchat.db.session import Database
from ocrchat.jobs.service import Jobs
from ocrchat.web.signal import Signal


@dataclass(frozen=True, kw_only=True, slots=True)
class Services:
    settings: Settings
    plans: Plans
    keys: ServerKeys
    database: Database
    authenticator: Authenticator
    limiter: RateLimiter
    login: Login
    meter: Meter
    jobs: Jobs
    chat: Chat
    stopping: Signal = field(default_factory=Signal)
    """Set when the server is asked to end: whoever waits answers with what there is."""
    started: float = field(default_factory=time.monotonic)

    @property
    def uptime_seconds(self) -> float:
        return time.monotonic() - self.started
