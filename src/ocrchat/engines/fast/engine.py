"""The fast engine: PP-OCRv6 on OpenVINO, as a finder, a cascade of two readers, an orienter, a table reader."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ocrchat.engines import models
from ocrchat.engines.fast import networks
from ocrchat.engines.fast.alphabet import latin_classes, read_alphabet
from ocrchat.engines.fast.detect import LineDetector
from ocrchat.engines.fast.orient import PageOrienter
from ocrchat.engines.fast.recognize import CascadeReader, Recognizer
from ocrchat.engines.fast.runtime import Runtime
from ocrchat.engines.fast.tables import TableStructure
from ocrchat.engines.models import ModelFile
from ocrchat.engines.spec import Engine, EngineInfo, EngineSettings

INFO = EngineInfo(
    name="fast",
    model="PP-OCRv6 tiny and small",
    version="1",
    licence="Apache-2.0",
    scripts=frozenset({"Latn", "Hani", "Hans", "Hant", "Jpan", "Hira", "Kana"}),
    word_boxes=True,
    confidences=True,
)


def load(settings: EngineSettings) -> Engine:
    """Raises EngineUnavailable where weights are missing, ModelInvalid where they are damaged."""
    runtime = Runtime(settings.cache)

    def path(model: ModelFile) -> Path:
        return models.require(model, settings.models)

    tiny_alphabet = read_alphabet(path(models.TINY_ALPHABET))
    small_alphabet = read_alphabet(path(models.SMALL_ALPHABET))

    def recognizer(weights: ModelFile, alphabet: Sequence[str], classes: Sequence[int]) -> Recognizer:
        network = networks.recognizer(runtime, path(weights), classes)
        return Recognizer(network=network, alphabet=tuple(alphabet[index] for index in classes))

    return Engine(
        info=INFO,
        finder=LineDetector(networks.detector(runtime, path(models.TINY_DETECTOR))),
        reader=CascadeReader(
            tiny=recognizer(models.TINY_RECOGNIZER, tiny_alphabet, range(len(tiny_alphabet))),
            tiny_latin=recognizer(models.TINY_RECOGNIZER, tiny_alphabet, latin_classes(tiny_alphabet)),
            small=recognizer(models.SMALL_RECOGNIZER, small_alphabet, range(len(small_alphabet))),
            info=INFO,
        ),
        orienter=PageOrienter(networks.orientation(runtime, path(models.ORIENTATION))),
        table_reader=TableStructure(runtime, path(models.TABLE_STRUCTURE)),
    )
