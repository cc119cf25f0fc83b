"""What was sent and what was read from it: where it lies, whose it is, and how long it is kept."""
