"""The characters a recogniser knows, in the order of its classes."""

from __future__ import annotations

from pathlib import Path

from ocrchat.errors import ModelInvalid


def read_alphabet(path: Path) -> tuple[str, ...]:
    """Class 0 is the blank, the last is the space; between them the file's lines."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as damage:
        raise ModelInvalid(
            f"The model file {path.name} cannot be read; check it with the command “ocrchat models verify”.",
            model=path.name,
        ) from damage
    if lines and not lines[-1]:
        lines.pop()
    return ("", *(line.rstrip("\r") for line in lines), " ")
