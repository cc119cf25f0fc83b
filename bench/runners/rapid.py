"""RapidOCR as its package comes: `rapid.py onnxruntime|openvino [threads]`. Its models are in its wheel."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import version

from bench.runners.protocol import Answer, Reader, serve


def load() -> tuple[Reader, Mapping[str, str]]:
    import rapidocr

    runtime, threads = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else None
    parameters: dict[str, object] = {}
    if runtime == "openvino":
        parameters |= {f"{part}.engine_type": rapidocr.EngineType.OPENVINO for part in ("Det", "Cls", "Rec")}
    if threads:
        option = "inference_num_threads" if runtime == "openvino" else "intra_op_num_threads"
        parameters[f"EngineConfig.{runtime}.{option}"] = threads
    engine = rapidocr.RapidOCR(params=parameters or None)

    def read(files: Sequence[str], languages: Sequence[str], exports: Sequence[str]) -> Answer:
        lines: list[str] = []
        words: list[tuple[str, float]] = []
        for file in files:
            result = engine(file)
            for text, score in zip(result.txts or (), result.scores or (), strict=True):
                lines.append(text)
                words += [(word, float(score)) for word in text.split()]
        return Answer(exports={"txt": "\n".join(lines)}, words=words)

    return read, {"rapidocr": version("rapidocr"), runtime: version(runtime)}


if __name__ == "__main__":
    serve(load)
