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


def latin_classes(alphabet: tuple[str, ...]) -> tuple[int, ...]:
    """The blank, the space, and all that stands before the East Asian blocks of Unicode: Latin letters, digits,
    punctuation and signs."""
    return tuple(index for index, character in enumerate(alphabet) if not is_east_asian(character))


def is_east_asian(text: str) -> bool:
    """Whether any of it is an ideograph, a kana, or one of the punctuation marks and wide forms that go with them."""
    # U+2E80: CJK radicals, the first of the East Asian blocks; U+FB00 to U+FB06 are the Latin ligatures.
    return any(character >= "\u2e80" and not "\ufb00" <= character <= "\ufb06" for character in text)


def narrowed(characters: tuple[str, ...]) -> tuple[str, ...]:
    """With the wide forms of ASCII signs made narrow where no ideograph or kana stands beside them: on a line in Latin
    letters they are the recogniser's habit, not the print."""
    if any(is_east_asian(character) and not _is_wide_ascii(character) for character in characters):
        return characters
    return tuple(chr(ord(character) - 0xFEE0) if _is_wide_ascii(character) else character for character in characters)


def _is_wide_ascii(character: str) -> bool:
    return "\uff01" <= character <= "\uff5e"
