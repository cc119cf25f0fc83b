"""The small API: sign up, submit, poll, delete."""
