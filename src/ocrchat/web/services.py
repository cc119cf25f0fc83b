"""What handlers work with: made once, in app.py, and reached through the request."""

from __future__ import annotations
