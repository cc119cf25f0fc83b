"""Model files that are brought only by name: readers of single scripts, and larger ones of the fast engine's family.

Addresses and hashes are those that the makers of RapidOCR publish beside their release 3.10; the files themselves are
by the PaddleOCR authors, under Apache-2.0, and carry the characters they know.
"""

from __future__ import annotations

from ocrchat.engines.models import ModelFile

_BASE = "https://www.modelscope.cn/models/RapidAI/RapidOCR/resolve/v3.10.0/onnx"


def _file(name: str, path: str, sha256: str, engine: str, purpose: str) -> ModelFile:
    return ModelFile(
        name=name, url=f"{_BASE}/{path}", sha256=sha256, licence="Apache-2.0", engine=engine, purpose=purpose
    )


SCRIPT_RECOGNIZERS = {
    "Arab": _file(
        "ppocrv5_arabic_rec.onnx",
        "PP-OCRv5/rec/arabic_PP-OCRv5_rec_mobile.onnx",
        "c1192e632d0baa9146ae5b756a0e635e3dc63c1733737ebfd1629e87144e9295",
        "ppocrv5",
        "reads Arabic script",
    ),
    "Cyrl": _file(
        "ppocrv5_cyrillic_rec.onnx",
        "PP-OCRv5/rec/cyrillic_PP-OCRv5_rec_mobile.onnx",
        "90f761b4bfcce0c8c561c0cb5c887b0971d3ec01c32164bdf7374a35b0982711",
        "ppocrv5",
        "reads Cyrillic script",
    ),
    "Deva": _file(
        "ppocrv5_devanagari_rec.onnx",
        "PP-OCRv5/rec/devanagari_PP-OCRv5_rec_mobile.onnx",
        "d6f0a906580e3fa6b324a318718f1f31f268b6ea8ef985f91c2012a37f52c91e",
        "ppocrv5",
        "reads Devanagari script",
    ),
    "Grek": _file(
        "ppocrv5_el_rec.onnx",
        "PP-OCRv5/rec/el_PP-OCRv5_rec_mobile.onnx",
        "b4368bccd557123c702b7549fee6cd1e94b581337d1c9b65310f109131542b7f",
        "ppocrv5",
        "reads Greek script",
    ),
    "Kore": _file(
        "ppocrv5_korean_rec.onnx",
        "PP-OCRv5/rec/korean_PP-OCRv5_rec_mobile.onnx",
        "cd6e2ea50f6943ca7271eb8c56a877a5a90720b7047fe9c41a2e541a25773c9b",
        "ppocrv5",
        "reads Korean",
    ),
    "Taml": _file(
        "ppocrv5_ta_rec.onnx",
        "PP-OCRv5/rec/ta_PP-OCRv5_rec_mobile.onnx",
        "a42448808b7dea87597336f12438935f40353f1949e8360acd9e06b4da21bfe1",
        "ppocrv5",
        "reads Tamil script",
    ),
    "Telu": _file(
        "ppocrv5_te_rec.onnx",
        "PP-OCRv5/rec/te_PP-OCRv5_rec_mobile.onnx",
        "a3690451b50028a09a3316a1274f7c05728151ea3f8fd392696397a7fefcbd92",
        "ppocrv5",
        "reads Telugu script",
    ),
    "Thai": _file(
        "ppocrv5_th_rec.onnx",
        "PP-OCRv5/rec/th_PP-OCRv5_rec_mobile.onnx",
        "de541dd83161c241ff426f7ecfd602a0ba77d686cf3ab9a6c255ea82fd08006e",
        "ppocrv5",
        "reads Thai script",
    ),
}
"""By script, ISO 15924; the engine "ppocrv5" reads with those that are here."""

MEDIUM_RECOGNIZER = _file(
    "ppocrv6_medium_rec.onnx",
    "PP-OCRv6/rec/PP-OCRv6_rec_medium.onnx",
    "eef444829dbbe18d7fea59a3f6eb75647518d2b3a9568d27c92e42940204894b",
    "ppocrv5",
    "reads Chinese, Japanese and Latin script, larger than the fast engine's",
)

OPTIONAL_MODELS: tuple[ModelFile, ...] = (
    *SCRIPT_RECOGNIZERS.values(),
    MEDIUM_RECOGNIZER,
)
