"""The readers that are held against each other.

To add one: a runner in `bench/runners/` and a line in ENGINES.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

OURS = "ours"
ENGINE_ALONE = "ours-engine"


@dataclass(frozen=True, kw_only=True)
class Engine:
    name: str
    title: str
    module: str
    arguments: tuple[str, ...] = ()
    exports: tuple[str, ...] = ("txt",)
    ours: bool = False
    """Runs in the product's environment, reads PDFs itself, and is never answered for from the cache."""
    needs: str = ""
    """A command that must be on the machine."""


ENGINES = {
    engine.name: engine
    for engine in (
        Engine(
            name=OURS,
            title="ocrchat",
            module="bench.runners.ours",
            exports=("txt", "md", "json"),
            ours=True,
        ),
        Engine(
            name="ours-told",
            title="ocrchat, told the language",
            module="bench.runners.ours",
            arguments=("--told",),
            ours=True,
        ),
        Engine(
            name=ENGINE_ALONE,
            title="ocrchat's fast engine alone, told the language",
            module="bench.runners.engine_alone",
            ours=True,
        ),
        Engine(
            name="rapidocr",
            title="RapidOCR, its defaults",
            module="bench.runners.rapid",
            arguments=("onnxruntime",),
        ),
        Engine(
            name="rapidocr-openvino",
            title="RapidOCR on OpenVINO",
            module="bench.runners.rapid",
            arguments=("openvino",),
        ),
        Engine(
            name="tesseract",
            title="Tesseract, told the language",
            module="bench.runners.tesseract",
            needs="tesseract",
        ),
        # Its thread pool waits by spinning, which its default (all cores) pays for: this is RapidOCR without that.
        Engine(
            name="rapidocr-1thread",
            title="RapidOCR, one thread",
            module="bench.runners.rapid",
            arguments=("onnxruntime", "1"),
        ),
    )
}

DEFAULT = (OURS, ENGINE_ALONE, "rapidocr", "rapidocr-openvino", "tesseract")


def python_for(engine: Engine) -> Path:
    named = os.environ.get("OCRCHAT_PYTHON" if engine.ours else "BENCH_PYTHON")
    folder = ROOT if engine.ours else ROOT / "bench"
    usual = folder / ".venv" / "bin" / "python"
    return Path(named) if named else usual if usual.exists() else Path(sys.executable)


# As the product's children have it (a test holds them equal: the bench itself runs without the product).
AS_A_CHILD = {
    "OMP_NUM_THREADS": "1",
    "OMP_THREAD_LIMIT": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "2",
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
}

# Set by whoever tests the product on a shared machine; a peer's defaults are what it does without them.
_THREAD_LIMITS = frozenset({"OMP_NUM_THREADS", "OMP_THREAD_LIMIT"})


def environment_for(engine: Engine) -> dict[str, str]:
    paths = [str(ROOT), *([str(ROOT / "src")] if engine.ours else [])]
    inherited = {name: value for name, value in os.environ.items() if name not in _THREAD_LIMITS}
    if engine.name == ENGINE_ALONE:
        inherited |= AS_A_CHILD  # it runs without one
    # Bytecode is kept, as it is wherever a program is installed: without, each start would compile every module anew.
    inherited.pop("PYTHONDONTWRITEBYTECODE", None)
    kept = str(ROOT / "bench" / ".cache" / "bytecode")
    return {**inherited, "PYTHONPATH": os.pathsep.join(paths), "PYTHONPYCACHEPREFIX": kept}
