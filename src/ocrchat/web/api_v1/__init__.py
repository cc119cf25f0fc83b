"""The full API under /api/v1/."""
