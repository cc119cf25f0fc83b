"""Checkers of our own, written from the specifications: hOCR 1.2 and ALTO 4.4 (whose schema may not be shipped here).

Each raises AssertionError with what is wrong; what they return is what the format says, read by an XML parser.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from xml.etree import ElementTree as ET

XHTML = "{http://www.w3.org/1999/xhtml}"
ALTO = "{http://www.loc.gov/standards/alto/ns-v4#}"

_HOCR_PROPERTIES = {"bbox": 4, "ppageno": 1, "scan_res": 2, "x_wconf": 1}
_HOCR_CLASSES = {
    "ocr_page": None,
    "ocr_carea": {"ocr_page"},
    "ocr_caption": {"ocr_page"},
    "ocr_header": {"ocr_page"},
    "ocr_footer": {"ocr_page"},
    "ocr_table": {"ocr_page"},
    "ocr_display": {"ocr_page"},
    "ocr_image": {"ocr_page"},
    "ocr_par": {"ocr_carea", "ocr_caption", "ocr_header", "ocr_footer"},
    "ocr_line": {"ocr_par", "ocr_table", "ocr_display"},
    "ocrx_word": {"ocr_line"},
}
"""Each class and the nearest classes it may stand in."""


class Found(NamedTuple):
    page: int
    text: str
    box: tuple[int, ...]
    words: list[tuple[str, tuple[int, ...]]]


def check_hocr(data: bytes) -> list[Found]:
    root = ET.fromstring(data)
    assert root.tag == f"{XHTML}html"
    metas = {meta.get("name"): meta.get("content") for meta in root.iter(f"{XHTML}meta")}
    assert metas["ocr-system"]
    capabilities = set((metas["ocr-capabilities"] or "").split())
    ids: set[str] = set()
    found: list[Found] = []
    _check_hocr_element(root, None, (), capabilities, ids, found)
    return found


def _check_hocr_element(
    element: ET.Element,
    parent: str | None,
    bounds: tuple[int, ...],
    capabilities: set[str],
    ids: set[str],
    found: list[Found],
) -> None:
    name = element.get("class")
    if name is not None:
        assert name in capabilities, f"{name} is not announced in ocr-capabilities"
        allowed = _HOCR_CLASSES[name]
        assert (allowed is None and parent is None) or (allowed is not None and parent in allowed), (
            f"{name} in {parent}"
        )
        identity = element.get("id") or ""
        assert identity not in ids, f"id {identity} twice"
        ids.add(identity)
        properties = _hocr_properties(element)
        box = tuple(properties["bbox"])
        assert 0 <= box[0] <= box[2] and 0 <= box[1] <= box[3], box
        if name == "ocr_page":
            bounds = box
        assert box[2] <= bounds[2] and box[3] <= bounds[3], f"{box} outside {bounds}"
        if name == "ocr_line":
            words = [
                ("".join(word.itertext()), tuple(_hocr_properties(word)["bbox"]))
                for word in element.iter()
                if word.get("class") == "ocrx_word"
            ]
            page = max(int(one.removeprefix("page_")) for one in ids if one.startswith("page_"))
            found.append(Found(page, "".join(element.itertext()), box, words))
        parent = name
    for child in element:
        _check_hocr_element(child, parent, bounds, capabilities, ids, found)


def _hocr_properties(element: ET.Element) -> dict[str, list[int]]:
    properties = {}
    for clause in (element.get("title") or "").split(";"):
        name, *values = clause.split()
        assert name in _HOCR_PROPERTIES, f"unknown property {name}"
        assert len(values) == _HOCR_PROPERTIES[name], clause
        properties[name] = [int(value) for value in values]
    assert 0 <= properties.get("x_wconf", [0])[0] <= 100
    return properties


_PLACE = {"HPOS", "VPOS", "WIDTH", "HEIGHT"}
_BLOCKS = {"TextBlock", "Illustration", "GraphicalElement", "ComposedBlock"}
_ALTO_CHILDREN: dict[str, str] = {
    "alto": r"(Description )?(Styles )?(Tags )?(ReadingOrder )?Layout ",
    "Description": r"MeasurementUnit (sourceImageInformation )?(OCRProcessing )*(Processing )*",
    "Processing": r"(processingCategory )?(processingDateTime )?(processingSoftware )?",
    "processingSoftware": r"(softwareCreator )?(softwareName )?(softwareVersion )?(applicationDescription )?",
    "Tags": r"((Layout|Structure|Role|NamedEntity|Other)Tag )*",
    "Layout": r"(Page )+",
    "Page": r"(TopMargin )?(LeftMargin )?(RightMargin )?(BottomMargin )?(PrintSpace )?",
    "PrintSpace": rf"(Shape )?(({'|'.join(sorted(_BLOCKS))}) )*",
    "ComposedBlock": rf"(Shape )?(({'|'.join(sorted(_BLOCKS))}) )*",
    "TextBlock": r"(Shape )?(TextLine )+",
    "TextLine": r"(Shape )?(String (SP )?)+(HYP )?",
    "Shape": r"(Polygon|Ellipse|Circle) ",
}
"""Element → its children in order, as a pattern; what is not named has none."""

_ALTO_ATTRIBUTES: dict[str, tuple[set[str], set[str]]] = {
    "Processing": ({"ID"}, set()),
    "LayoutTag": ({"ID", "LABEL"}, set()),
    "Page": ({"ID", "PHYSICAL_IMG_NR"}, {"WIDTH", "HEIGHT", "LANG"}),
    "PrintSpace": (set(), _PLACE),
    "ComposedBlock": ({"ID"}, {*_PLACE, "TYPE", "TAGREFS"}),
    "TextBlock": ({"ID"}, {*_PLACE, "TAGREFS", "LANG"}),
    "Illustration": ({"ID"}, {*_PLACE, "TYPE"}),
    "TextLine": (_PLACE, {"ID", "LANG", "BASEDIRECTION"}),
    "String": ({"CONTENT"}, {*_PLACE, "WC", "STYLE"}),
    "SP": (set(), _PLACE),
    "Polygon": ({"POINTS"}, set()),
}
"""Element → attributes it must and may have, of those that we write."""


def check_alto(data: bytes) -> list[Found]:
    root = ET.fromstring(data)
    assert root.tag == f"{ALTO}alto"
    assert root.findtext(f"{ALTO}Description/{ALTO}MeasurementUnit") in ("pixel", "mm10", "inch1200")
    ids: set[str] = set()
    for element in root.iter():
        _check_alto_element(element, ids)
    references = {one for element in root.iter() for one in (element.get("TAGREFS") or "").split()}
    assert references <= ids, references - ids
    found = []
    for page in root.iter(f"{ALTO}Page"):
        for line in page.iter(f"{ALTO}TextLine"):
            text = "".join(" " if child.tag == f"{ALTO}SP" else child.get("CONTENT") or "" for child in line)
            words = [(word.get("CONTENT") or "", _alto_box(word)) for word in line.iter(f"{ALTO}String")]
            found.append(Found(int(page.get("PHYSICAL_IMG_NR") or 0), text, _alto_box(line), words))
            right, bottom = int(page.get("WIDTH") or 0), int(page.get("HEIGHT") or 0)
            assert all(box[2] <= right and box[3] <= bottom for _, box in words)
    return found


def _check_alto_element(element: ET.Element, ids: set[str]) -> None:
    name = element.tag.removeprefix(ALTO)
    children = "".join(child.tag.removeprefix(ALTO) + " " for child in element)
    assert re.fullmatch(_ALTO_CHILDREN.get(name, ""), children), f"{name} may not hold {children[:200]}"
    attributes = {key for key in element.keys() if not key.startswith("{")}  # noqa: SIM118 - an Element is no dict
    if name != "alto":
        must, may = _ALTO_ATTRIBUTES.get(name, (set(), set()))
        assert must <= attributes <= must | may, f"{name} has {attributes}"
    identity = element.get("ID")
    if identity is not None:
        assert re.fullmatch(r"[A-Za-z_][\w.-]*", identity) and identity not in ids, identity
        ids.add(identity)
    for key in _PLACE & attributes:
        assert float(element.get(key) or 0) >= 0
    assert 0 <= float(element.get("WC") or 0) <= 1
    assert re.fullmatch(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*", element.get("LANG") or "en")
    assert (element.get("BASEDIRECTION") or "ltr") in ("ltr", "rtl", "ttb", "btt")
    styles = set((element.get("STYLE") or "bold").split())
    assert styles <= {"bold", "italics", "subscript", "superscript", "smallcaps", "underline", "strikethrough"}


def _alto_box(element: ET.Element) -> tuple[int, ...]:
    left, top, width, height = (int(element.get(key) or 0) for key in ("HPOS", "VPOS", "WIDTH", "HEIGHT"))
    return left, top, left + width, top + height
