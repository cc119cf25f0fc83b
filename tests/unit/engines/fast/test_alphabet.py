from __future__ import annotations

from pathlib import Path

import pytest

from ocrchat.engines.fast.alphabet import is_east_asian, latin_classes, narrowed, read_alphabet
from ocrchat.errors import ModelInvalid


def test_alphabet_when_read_then_blank_first_and_space_last(tmp_path: Path) -> None:
    (tmp_path / "dict.txt").write_bytes("a\r\n\u3000\r\n字\r\n".encode())
    alphabet = read_alphabet(tmp_path / "dict.txt")
    assert alphabet == ("", "a", "\u3000", "字", " ")
    assert latin_classes(alphabet) == (0, 1, 4)


def test_alphabet_when_it_is_not_text_then_invalid(tmp_path: Path) -> None:
    (tmp_path / "dict.txt").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ModelInvalid, match="dict"):
        read_alphabet(tmp_path / "dict.txt")


def test_narrowed_when_the_line_is_latin_then_wide_signs_are_ascii() -> None:
    assert "".join(narrowed(tuple("Tel：（03）"))) == "Tel:(03)"


def test_narrowed_when_an_ideograph_is_there_then_as_read() -> None:
    assert "".join(narrowed(tuple("电话：（03）"))) == "电话：（03）"


@pytest.mark.parametrize(("text", "expected"), [("abc", False), ("naïve ﬁ Ω", False), ("日", True), ("かな", True)])
def test_is_east_asian_when_asked_then_by_block(text: str, expected: bool) -> None:
    assert is_east_asian(text) is expected
