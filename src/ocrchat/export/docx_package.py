"""The parts of a Word file around its text. The text is kept in a temporary file until the pictures, which must be
written whole and one at a time, are in the package."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from typing import BinaryIO, Final

from ocrchat.document.model import DocumentHead
from ocrchat.document.text import printable
from ocrchat.export.docx_math import MATH
from ocrchat.export.markup import language_tag, xml

_WORD: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_KIND: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_ZIP_TIME: Final = (1980, 1, 1, 0, 0, 0)
_IN_MEMORY: Final = 1 << 20

NAMESPACES: Final = (
    f'xmlns:w="{_WORD}" xmlns:r="{_OFFICE}" xmlns:m="{MATH}" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)

BULLETS: Final = 1
"""The numbering that all lists without numbers share."""


class DocxPackage:
    def __init__(self, sink: BinaryIO) -> None:
        self._archive = zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED)
        self._body = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed with the package
        self._pictures: list[str] = []
        """The suffix of each."""
        self._lists: list[tuple[int, int, str]] = []
        """(level, first number, sign after it) of each numbered list."""

    def write(self, text: str) -> None:
        self._body.write(text.encode())

    def add_picture(self, data: bytes, suffix: str) -> str:
        """The relationship by which the text names it."""
        self._pictures.append(suffix)
        # A picture is compressed already.
        self._archive.writestr(zipfile.ZipInfo(f"word/media/picture{len(self._pictures)}.{suffix}", _ZIP_TIME), data)
        return f"rIdP{len(self._pictures)}"

    def add_list(self, level: int, first: int, sign: str) -> int:
        """The number of a numbered list that begins there."""
        self._lists.append((level, first, sign))
        return BULLETS + len(self._lists)

    def close(self) -> None:
        self._body.close()
        self._archive.close()

    def finish(self, head: DocumentHead, section: str) -> None:
        self.write(f"{section}</w:body></w:document>")
        self._body.seek(0)
        with self._archive.open(_entry("word/document.xml"), "w", force_zip64=True) as entry:
            entry.write(f"{_DECLARATION}<w:document {NAMESPACES}><w:body>".encode())
            shutil.copyfileobj(self._body, entry)
        language = next((tag for tag in map(language_tag, head.languages) if tag), "")
        self._add("word/styles.xml", _styles(language))
        self._add("word/numbering.xml", self._numbering())
        self._add("word/settings.xml", f'<w:settings xmlns:w="{_WORD}"><w:compat/></w:settings>')
        self._add("docProps/core.xml", _properties(head, language))
        self._add("word/_rels/document.xml.rels", self._relations())
        self._add(
            "_rels/.rels",
            _relationships(
                f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>'
                f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties" '
                'Target="docProps/core.xml"/>'
            ),
        )
        self._add("[Content_Types].xml", _content_types())

    def _add(self, name: str, content: str) -> None:
        self._archive.writestr(_entry(name), _DECLARATION + content)

    def _relations(self) -> str:
        parts = "".join(
            f'<Relationship Id="rId{name}" Type="{_OFFICE}/{name}" Target="{name}.xml"/>'
            for name in ("styles", "numbering", "settings")
        )
        pictures = "".join(
            f'<Relationship Id="rIdP{number}" Type="{_OFFICE}/image" Target="media/picture{number}.{suffix}"/>'
            for number, suffix in enumerate(self._pictures, 1)
        )
        return _relationships(parts + pictures)

    def _numbering(self) -> str:
        abstract = [_abstract_list(0, "bullet", ("•", "–", "▪"))]
        numbers = [f'<w:num w:numId="{BULLETS}"><w:abstractNumId w:val="0"/></w:num>']
        signs = {sign: index for index, sign in enumerate(sorted({sign for _, _, sign in self._lists}), 1)}
        abstract += [_abstract_list(index, "decimal", (sign,)) for sign, index in signs.items()]
        for number, (level, first, sign) in enumerate(self._lists, BULLETS + 1):
            start = f'<w:lvlOverride w:ilvl="{level}"><w:startOverride w:val="{first}"/></w:lvlOverride>'
            numbers.append(f'<w:num w:numId="{number}"><w:abstractNumId w:val="{signs[sign]}"/>{start}</w:num>')
        return f'<w:numbering xmlns:w="{_WORD}">{"".join(abstract)}{"".join(numbers)}</w:numbering>'


def _abstract_list(identity: int, kind: str, signs: tuple[str, ...]) -> str:
    levels = []
    for level in range(9):
        sign = signs[level % len(signs)]
        text = sign if kind == "bullet" else f"%{level + 1}{sign}"
        levels.append(
            f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{xml(text)}"/>'
            f'<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{360 * (level + 1)}" w:hanging="360"/></w:pPr></w:lvl>'
        )
    return (
        f'<w:abstractNum w:abstractNumId="{identity}"><w:multiLevelType w:val="hybridMultilevel"/>'
        f"{''.join(levels)}</w:abstractNum>"
    )


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _ZIP_TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _relationships(content: str) -> str:
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{content}</Relationships>'


def _content_types() -> str:
    parts = {"document": "document.main", "styles": "styles", "numbering": "numbering", "settings": "settings"}
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_KIND}.{kind}+xml"/>' for name, kind in parts.items()
    )
    return (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="png" ContentType="image/png"/><Default Extension="jpeg" ContentType="image/jpeg"/>'
        '<Override PartName="/docProps/core.xml" '
        'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
        f"{overrides}</Types>"
    )


def _properties(head: DocumentHead, language: str) -> str:
    return (
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{xml(printable(head.title))}</dc:title><dc:creator>ocrchat</dc:creator>"
        f"<dc:language>{language}</dc:language></cp:coreProperties>"
    )


def _styles(language: str) -> str:
    named = f' w:val="{language}"' if language else ""
    heading = "".join(
        _style(
            f"Heading{level}",
            f"heading {level}",
            f'<w:keepNext/><w:spacing w:before="{320 - 30 * level}" w:after="80"/><w:outlineLvl w:val="{level - 1}"/>',
            f'<w:b/><w:bCs/><w:sz w:val="{size}"/><w:szCs w:val="{size}"/>',
        )
        for level, size in enumerate((36, 30, 26, 24, 22, 22), 1)
    )
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="808080"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    return (
        f'<w:styles xmlns:w="{_WORD}"><w:docDefaults><w:rPrDefault><w:rPr>'
        '<w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:eastAsia="SimSun" w:cs="Arial"/>'
        f'<w:sz w:val="22"/><w:szCs w:val="22"/><w:lang{named}/></w:rPr></w:rPrDefault>'
        '<w:pPrDefault><w:pPr><w:spacing w:after="120"/></w:pPr></w:pPrDefault></w:docDefaults>'
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:tblPr>'
        '<w:tblCellMar><w:left w:w="108" w:type="dxa"/><w:right w:w="108" w:type="dxa"/>'
        "</w:tblCellMar></w:tblPr></w:style>"
        f"{heading}"
        + _style("ListParagraph", "List Paragraph", '<w:spacing w:after="40"/>', "")
        + _style("Caption", "caption", "", "<w:i/><w:iCs/>")
        + _style("FootnoteText", "footnote text", '<w:spacing w:after="40"/>', '<w:sz w:val="18"/><w:szCs w:val="18"/>')
        + _style("Code", "Code", "", '<w:rFonts w:ascii="Courier New" w:hAnsi="Courier New"/><w:sz w:val="20"/>')
        + '<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/><w:basedOn w:val="TableNormal"/>'
        f"<w:tblPr><w:tblBorders>{borders}</w:tblBorders></w:tblPr></w:style></w:styles>"
    )


def _style(identity: str, name: str, paragraph: str, run: str) -> str:
    return (
        f'<w:style w:type="paragraph" w:styleId="{identity}"><w:name w:val="{name}"/><w:basedOn w:val="Normal"/>'
        f"<w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )
