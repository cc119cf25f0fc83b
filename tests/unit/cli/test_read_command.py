"""`ocrchat read` as a person uses it: real files, real worker processes."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest

from ocrchat.cli import main
from ocrchat.cli.inputs import find_jobs, stems_for
from tests.drawing import PDFDrawing

_ROOT = Path(__file__).parents[3]


def _pdf(path: Path, *texts: str) -> Path:
    drawing = PDFDrawing("A title")
    for text in texts:
        drawing.page().text(72, 700, text)
    return drawing.save(path)


def _blank(path: Path) -> Path:
    path.write_bytes(b"P1\n64 64\n" + (b"0 " * 64 + b"\n") * 64)
    return path


class TestOneFile:
    def test_read_when_one_file_prints_markdown(
        self, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
    ) -> None:
        assert main(["read", str(_pdf(tmp_path / "a.pdf", "Hello there"))]) == 0
        captured = capfdbinary.readouterr()
        assert captured.out.decode().strip() == "Hello there"
        assert captured.err == b""

    def test_read_when_a_file_name_is_given_writes_that_file(self, tmp_path: Path) -> None:
        source = _pdf(tmp_path / "a.pdf", "Hello there")
        assert main(["read", str(source), "--to", "json", "-o", str(tmp_path / "out" / "x.json")]) == 0
        assert json.loads((tmp_path / "out" / "x.json").read_text("utf-8"))["title"] == "A title"

    def test_read_when_pages_are_named_reads_only_those(
        self, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
    ) -> None:
        source = _pdf(tmp_path / "a.pdf", "one", "two", "three", "four")
        assert main(["read", str(source), "--to", "txt", "--pages", "2,4-"]) == 0
        assert capfdbinary.readouterr().out.decode().split() == ["two", "four"]

    def test_read_when_standard_output_is_named_writes_there_and_makes_no_folder_of_that_name(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
    ) -> None:
        source = _pdf(tmp_path / "a.pdf", "Hello there")
        monkeypatch.chdir(tmp_path)
        assert main(["read", str(source), "--to", "txt", "-o", "-"]) == 0
        assert capfdbinary.readouterr().out.decode().strip() == "Hello there"
        assert not (tmp_path / "-").exists()

    def test_read_when_standard_input_is_meant_reads_it(self, tmp_path: Path) -> None:
        source = _pdf(tmp_path / "a.pdf", "From a pipe")
        run = _command("read", "-", "--to", "txt", stdin=source.read_bytes())
        assert (run.returncode, run.stdout.decode().strip()) == (0, "From a pipe")
        assert run.stderr == b""

    def test_read_when_the_reader_of_its_output_leaves_ends_quietly(self, tmp_path: Path) -> None:
        source = _pdf(tmp_path / "a.pdf", *["word " * 15] * 5)
        line = f"{sys.executable} -m ocrchat read {source} | head -c 1"
        run = subprocess.run(["bash", "-c", line], env=_environment(), capture_output=True, check=False, timeout=60)
        assert run.stderr == b""


class TestPassword:
    def _locked(self, folder: Path) -> str:
        path = _pdf(folder / "plain.pdf", "Behind a lock")
        with pikepdf.open(path) as pdf:
            pdf.save(folder / "locked.pdf", encryption=pikepdf.Encryption(owner="o", user="secret word"))
        return str(folder / "locked.pdf")

    def test_read_when_password_is_in_a_file_or_typed_reads_without_a_warning(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
    ) -> None:
        (tmp_path / "word").write_text("secret word\n")
        monkeypatch.setattr(sys, "stdin", io.StringIO("secret word\n"))
        for place in (str(tmp_path / "word"), "-"):
            assert main(["read", self._locked(tmp_path), "--to", "txt", "--password-file", place]) == 0
            captured = capfdbinary.readouterr()
            assert captured.out.decode().strip() == "Behind a lock"
            assert b"seen by everybody" not in captured.err

    def test_read_when_password_is_an_argument_reads_with_a_warning(
        self, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
    ) -> None:
        assert main(["read", self._locked(tmp_path), "--to", "txt", "--password", "secret word"]) == 0
        captured = capfdbinary.readouterr()
        assert captured.out.decode().strip() == "Behind a lock"
        assert b"seen by everybody" in captured.err and b"secret word" not in captured.err

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            (["a.pdf", "--password", "x", "--password-file", "y"], "cannot both be given"),
            (["-", "--password-file", "-"], "both the document and the password"),
            (["a.pdf", "--password-file", "nowhere"], "The password cannot be read from nowhere"),
        ],
    )
    def test_read_when_password_comes_from_nowhere_or_twice_says_so(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], sentence: str
    ) -> None:
        assert main(["read", *words]) == 2
        assert sentence in capsys.readouterr().err


class TestManyFiles:
    def test_read_when_several_files_writes_one_each(self, tmp_path: Path) -> None:
        (tmp_path / "in").mkdir()
        _pdf(tmp_path / "in" / "a.pdf", "first")
        _pdf(tmp_path / "in" / "b.pdf", "second")
        _blank(tmp_path / "in" / "b.pbm")
        (tmp_path / "in" / "notes.txt").write_text("not for us")
        out = tmp_path / "out"
        assert main(["read", str(tmp_path / "in"), "--to", "txt,md", "-o", str(out), "--engine", "null"]) == 0
        names = sorted(path.name for path in out.iterdir())
        assert names == ["a.md", "a.txt", "b.pbm.md", "b.pbm.txt", "b.pdf.md", "b.pdf.txt"]
        assert (out / "b.pdf.txt").read_text("utf-8").strip() == "second"

    def test_read_when_one_file_is_bad_reads_the_rest(
        self, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
    ) -> None:
        good, bad = _pdf(tmp_path / "good.pdf", "fine"), tmp_path / "bad.pdf"
        bad.write_bytes(b"%PDF-1.4\nnothing follows")
        out = tmp_path / "out"
        assert main(["read", str(bad), str(good), "-o", str(out)]) == 1
        assert [path.name for path in out.iterdir()] == ["good.md"]
        error = capfdbinary.readouterr().err.decode()
        assert "bad.pdf" in error
        assert len(error.strip().splitlines()) == 1

    def test_find_jobs_when_given_folders_patterns_and_names_finds_each_once(self, tmp_path: Path) -> None:
        first, second = _blank(tmp_path / "1.pbm"), _blank(tmp_path / "2.pbm")
        (tmp_path / ".hidden").write_bytes(first.read_bytes())
        jobs = find_jobs([str(second), str(tmp_path), str(tmp_path / "*.pbm")])
        assert [job.path for job in jobs] == [second, first]

    def test_stems_when_names_clash_keep_the_suffix_and_then_count(self) -> None:
        paths = [Path("x/a.pdf"), Path("x/a.png"), Path("y/a.png"), Path("b.pdf"), Path("z/a-2.png")]
        assert stems_for(paths) == ["a.pdf", "a.png", "a-2.png", "b", "a-2"]

    def test_read_when_one_file_is_missing_or_locked_reads_the_rest(
        self, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
    ) -> None:
        good, out = _pdf(tmp_path / "good.pdf", "fine"), tmp_path / "out"
        assert main(["read", "gone.pdf", "n" * 300, str(good), "-o", str(out)]) == 1
        assert [path.name for path in out.iterdir()] == ["good.md"]
        errors = capfdbinary.readouterr().err.decode().strip().splitlines()
        assert len(errors) == 2
        assert "gone.pdf" in errors[0]

    def test_read_when_a_named_pipe_is_given_reads_what_comes(self, tmp_path: Path) -> None:
        source = _pdf(tmp_path / "a.pdf", "Through a pipe")
        line = f"{sys.executable} -m ocrchat read <(cat {source}) --to txt"
        run = subprocess.run(["bash", "-c", line], env=_environment(), capture_output=True, check=False, timeout=60)
        assert run.stdout.decode().strip() == "Through a pipe"

    def test_read_when_the_output_exists_keeps_its_mode_and_its_link(self, tmp_path: Path) -> None:
        source, real, link = _pdf(tmp_path / "a.pdf", "text"), tmp_path / "real.txt", tmp_path / "link.txt"
        real.write_text("old")
        real.chmod(0o600)
        link.symlink_to(real)
        assert main(["read", str(source), "--to", "txt", "-o", str(link)]) == 0
        assert link.is_symlink()
        assert real.read_text().strip() == "text"
        assert real.stat().st_mode & 0o777 == 0o600

    def test_read_when_asked_to_end_leaves_no_copy_behind(self, tmp_path: Path) -> None:
        import signal
        import time

        environment = {**_environment(), "TMPDIR": str(tmp_path / "tmp")}
        (tmp_path / "tmp").mkdir()
        command = [sys.executable, "-m", "ocrchat", "read", "-", "--to", "txt"]
        with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
            assert process.stdin is not None
            process.stdin.write(b"%PDF-1.7 and more to come")
            process.stdin.flush()
            deadline = time.monotonic() + 20
            while not list((tmp_path / "tmp").glob("ocrchat-*")) and time.monotonic() < deadline:
                time.sleep(0.05)
            time.sleep(0.3)
            process.send_signal(signal.SIGTERM)
            process.wait(20)
        assert process.returncode == 128 + signal.SIGTERM
        assert list((tmp_path / "tmp").glob("ocrchat-*")) == []


class TestRefusals:
    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (["{a}", "--jobs", "20000"], "--jobs"),
            (["{a}", "--to", "pdf", "-o", "{a}"], "would replace"),
            (["{a}", "--to", "pages"], "pages"),
            (["{a}", "--to", ","], "no format"),
            (["{a}", "{a}", "{b}"], "-o FOLDER"),
            (["{a}", "--to", "txt,md"], "-o FOLDER"),
            (["{a}", "{b}", "-o", "{a}"], "is a file"),
            (["{a}", "--pages", "0"], "pages"),
            (["{a}", "--tier", "gpu"], "tier"),
            (["{a}", "--engine", "fats"], "fast"),
            (["{a}", "--jobs", "-1"], "--jobs"),
        ],
    )
    def test_read_when_the_command_cannot_be_carried_out_says_why(
        self, arguments: list[str], words: str, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
    ) -> None:
        files = {name: str(_pdf(tmp_path / f"{name}.pdf", name)) for name in "ab"}
        status = main(["read", *(argument.format(**files) for argument in arguments)])
        error = capfdbinary.readouterr().err.decode()
        assert words in error
        assert "Traceback" not in error
        assert status == 2

    def test_read_when_the_disk_refuses_leaves_no_half_written_file(
        self, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
    ) -> None:
        source = _pdf(tmp_path / "a.pdf", "text")
        full = Path("/dev/full")
        run = _command("read", str(source), stdout=full)
        assert run.returncode == 1
        assert b"No space left" in run.stderr
        assert b"Traceback" not in run.stderr

    def test_read_when_interrupted_ends_with_130_and_without_a_file(self, tmp_path: Path) -> None:
        import signal
        import time

        source = _pdf(tmp_path / "a.pdf", *["word " * 15] * 1500)
        out = tmp_path / "out"
        arguments = [sys.executable, "-m", "ocrchat", "read", str(source), "-o", str(out), "--jobs", "1"]
        with subprocess.Popen(
            arguments,
            env=_environment(),
            stderr=subprocess.PIPE,
            # Whoever runs the tests in the background has Ctrl-C ignored, and children inherit that.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        ) as process:
            time.sleep(1.0)  # within its start or its first few hundred pages
            process.send_signal(signal.SIGINT)
            _, error = process.communicate(timeout=20)
        assert process.returncode == 130
        assert b"Traceback" not in error
        assert not out.exists() or list(out.iterdir()) == []


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(_ROOT / "src")}


def _command(*arguments: str, stdin: bytes = b"", stdout: Path | None = None) -> subprocess.CompletedProcess[bytes]:
    with stdout.open("wb") if stdout else io.BytesIO() as sink:
        return subprocess.run(
            [sys.executable, "-m", "ocrchat", *arguments],
            env=_environment(),
            input=stdin,
            stdout=sink if stdout else subprocess.PIPE,
            stderr=subprocess.PIPE,
            check=False,
            timeout=60,
        )
