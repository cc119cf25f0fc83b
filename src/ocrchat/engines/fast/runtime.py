"""OpenVINO as this engine uses it: one thread, nothing sent anywhere."""

from __future__ import annotations

import ctypes
import importlib
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt

from ocrchat.errors import EngineError, ModelInvalid

# Of OpenVINO's model converter nothing is needed, and importing it costs a quarter of a second, loads the telemetry
# package and makes it leave a client id in the home folder. OpenVINO does without where the import fails.
_CONVERTER = "openvino.tools.ovc"

# "f32" forces full precision. Empty leaves it to the plugin, which takes bf16 where the CPU has units for it: half the
# time there. This is the one place to change it, should a machine be found where it costs accuracy.
PRECISION = ""


def _import_openvino() -> ModuleType:
    if "openvino" in sys.modules or _CONVERTER in sys.modules:
        return importlib.import_module("openvino")
    sys.modules[_CONVERTER] = None  # type: ignore[assignment]
    try:
        return importlib.import_module("openvino")
    finally:
        del sys.modules[_CONVERTER]


openvino = _import_openvino()

# From malloc.h.
_M_MMAP_THRESHOLD = -3
_M_ARENA_MAX = -8

# Prepared kernels kept for shapes that come again. With the default of 5,000 a process gains 60 MB over ten pages;
# with this it is as fast.
KERNELS_KEPT = 32

Network = Callable[[npt.NDArray[Any]], tuple[npt.NDArray[Any], ...]]
"""A compiled network: one input, its outputs. May be called from several threads; they wait for each other."""


def _keep_memory_small() -> None:
    """Where the C library is glibc: give large blocks back as they are freed, and no arena of its own (64 MiB of
    address space) to each thread. A page's buffers differ in size from the last page's, and a process that reads
    many would grow to twice what it needs."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return
    mallopt(_M_MMAP_THRESHOLD, 1 << 20)
    mallopt(_M_ARENA_MAX, 1)


class Runtime:
    """Compiles networks for this machine's CPU. One per process."""

    def __init__(self, cache: Path) -> None:
        _keep_memory_small()
        cache.mkdir(parents=True, exist_ok=True)
        self.cache = cache
        self._core = openvino.Core()
        self._properties = {
            "PERFORMANCE_HINT": "LATENCY",
            # The pool runs one process a core; threads beside that only contend.
            "INFERENCE_NUM_THREADS": 1,
            "NUM_STREAMS": 1,
            "ENABLE_CPU_PINNING": False,
            "CPU_RUNTIME_CACHE_CAPACITY": KERNELS_KEPT,
        }
        if PRECISION:
            self._properties["INFERENCE_PRECISION_HINT"] = PRECISION

    @property
    def identity(self) -> str:
        """Changes with whatever a prepared network depends on, its model aside."""
        processor = self._core.get_property("CPU", "FULL_DEVICE_NAME")
        return f"{openvino.__version__} {processor} {self._properties}"

    def read(self, weights: Path) -> Any:
        """An editable model, its batch and sizes left open."""
        try:
            return self._core.read_model(str(weights))
        except RuntimeError as damage:
            raise _not_loadable(weights) from damage

    def read_in_part(self, weights: Path) -> Any:
        """A model with pieces that OpenVINO does not know, left in it as they are: to be cut at names of its own."""
        frontend = importlib.import_module("openvino.frontend").FrontEndManager().load_by_framework("onnx")
        try:
            return frontend.convert_partially(frontend.load(str(weights)))
        except RuntimeError as damage:
            raise _not_loadable(weights) from damage

    def prepare(self, model: Any, *, seldom: bool) -> tuple[Network, bytes]:
        """The network, and what `load` makes it from in another process. `seldom`: it is run for few pages, and gives
        its working memory back each time."""
        with _told_as_ours():
            compiled = self._core.compile_model(model, "CPU", self._properties)
            return _network(compiled, seldom=seldom), compiled.export_model().getvalue()

    def load(self, blob: npt.NDArray[np.uint8], *, seldom: bool) -> Network:
        """Of a blob that may be written to, and that the network may go on using."""
        with _told_as_ours():
            tensor = openvino.Tensor(blob, shared_memory=True)
            compiled = self._core.import_model(tensor, "CPU", self._properties)
            return _network(compiled, seldom=seldom, source=tensor)


@contextmanager
def _told_as_ours() -> Iterator[None]:
    try:
        yield
    except RuntimeError as failure:
        raise EngineError("The reading model could not be prepared for this machine's processor.") from failure


def _network(compiled: Any, *, seldom: bool, source: Any = None) -> Network:
    """`source`: stays alive as long as the network does."""
    request = compiled.create_infer_request()
    outputs = range(len(compiled.outputs))
    # One request bears one caller: a second one at the same time is refused, or would find its answer overwritten.
    alone = threading.Lock()

    def run(tensor: npt.NDArray[Any], _source: Any = source) -> tuple[npt.NDArray[Any], ...]:
        with alone:
            try:
                request.infer([tensor], share_inputs=True)
            except RuntimeError as failure:
                raise EngineError("The reading model failed on this page; reading it again may help.") from failure
            answers = tuple(request.get_output_tensor(index).data.copy() for index in outputs)
            if seldom:
                compiled.release_memory()
            return answers

    return run


def _not_loadable(weights: Path) -> ModelInvalid:
    return ModelInvalid(
        f"The model file {weights.name} cannot be loaded; check it with the command “ocrchat models verify”.",
        model=weights.name,
    )


def not_of_shape(weights: Path, kind: str) -> ModelInvalid:
    return ModelInvalid(
        f"The model file {weights.name} does not have the shape of a {kind}; "
        "check it with the command “ocrchat models verify”.",
        model=weights.name,
    )
