from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from ocrchat.cli.secret_input import secret_from_file, warn_of_argument
from ocrchat.errors import MissingInput

ROOT = Path(__file__).parents[3]


def test_secret_when_it_is_in_a_file_then_it_is_the_first_line(tmp_path: Path) -> None:
    (tmp_path / "word").write_bytes("häse word \r\nmore".encode())
    assert secret_from_file(str(tmp_path / "word"), "Password") == "häse word "


def test_secret_when_its_file_cannot_be_read_then_a_sentence_says_so(tmp_path: Path) -> None:
    (tmp_path / "word").write_bytes(b"\xff\xfe")
    for name in ("missing", "word", "."):
        with pytest.raises(MissingInput, match="The password cannot be read from"):
            secret_from_file(str(tmp_path / name), "Password")


def test_secret_when_typed_on_a_terminal_then_it_is_not_shown() -> None:
    ours, theirs = pty.openpty()
    program = "from ocrchat.cli.secret_input import ask_secret; print(len(ask_secret('Voucher code')))"
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        env={"PYTHONPATH": str(ROOT / "src"), "PATH": "/usr/bin:/bin"},
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        asked = process.stderr.read(len("Voucher code: "))  # what is typed before is thrown away
        os.write(ours, b"geheim\n")
        answer = process.stdout.read()
    assert asked == b"Voucher code: " and answer == b"6\n"
    os.set_blocking(ours, False)
    try:
        shown = os.read(ours, 1000)
    except BlockingIOError:  # nothing at all
        shown = b""
    os.close(ours)
    os.close(theirs)
    assert b"geheim" not in shown


def test_argument_when_it_is_a_secret_then_the_warning_names_the_other_way(capsys: pytest.CaptureFixture[str]) -> None:
    warn_of_argument("password", "say --password-file")
    assert capsys.readouterr().err == (
        "ocrchat: a password on the command line is seen by everybody on this machine: say --password-file.\n"
    )
