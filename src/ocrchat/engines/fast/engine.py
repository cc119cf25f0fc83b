"""The fast engine: PP-OCRv6 on OpenVINO, as a finder, a cascade of two readers, an orienter, a table reader."""

from __future__ import annotations

from functools import partial
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

    def recognizer(weights: ModelFile, alphabet: ModelFile) -> Recognizer:
        network, head = networks.recognizer(runtime, path(weights), read_alphabet(path(alphabet)))
        return Recognizer(network=network, head=head, latin=head.only(latin_classes(head.alphabet)))

    return Engine(
        info=INFO,
        finder=LineDetector(networks.detector(runtime, path(models.TINY_DETECTOR))),
        reader=CascadeReader(
            tiny=recognizer(models.TINY_RECOGNIZER, models.TINY_ALPHABET),
            small=recognizer(models.SMALL_RECOGNIZER, models.SMALL_ALPHABET),
            info=INFO,
        ),
        orienter=PageOrienter(partial(networks.orientation, runtime, path(models.ORIENTATION))),
        table_reader=TableStructure(runtime, path(models.TABLE_STRUCTURE)),
    )
