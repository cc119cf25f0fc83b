"""Bytes to media type, by what a file's first bytes are and never by its name."""

from __future__ import annotations

from ocrchat.errors import EmptyInput, UnsupportedType

ACCEPTED = "PDF, PNG, JPEG, WebP, GIF, BMP, TIFF, JPEG 2000, AVIF, HEIC and PNM"

PDF = "application/pdf"

_PDF_HEADER_WITHIN = 1024
"""Viewers accept junk before the header of a PDF up to here; mail gateways and printers do write it."""

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"II+\0", "image/tiff"),
    (b"MM\0+", "image/tiff"),
    (b"\0\0\0\x0cjP  \r\n\x87\n", "image/jp2"),
    (b"\xff\x4f\xff\x51", "image/jp2"),
)
_BRANDS: tuple[tuple[bytes, str], ...] = (
    # An AVIF names the general HEIF brands too: its own come first.
    (b"avif", "image/avif"),
    (b"avis", "image/avif"),
    (b"heic", "image/heic"),
    (b"heix", "image/heic"),
    (b"heim", "image/heic"),
    (b"heis", "image/heic"),
    (b"hevc", "image/heic"),
    (b"hevx", "image/heic"),
    (b"mif1", "image/heic"),
    (b"msf1", "image/heic"),
)
_LOOKALIKES: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "a ZIP archive or an office document (docx, xlsx, odt, epub)"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\xd0\xcf\x11\xe0", "an old office document (doc, xls, ppt)"),
    (b"\0\0\1\0", "an icon (ICO)"),
    (b"\0\0\2\0", "a cursor (CUR)"),
    (b"{\\rtf", "a rich-text document (RTF)"),
    (b"%!PS", "a PostScript file"),
    (b"8BPS", "a Photoshop file"),
    (b"AT&TFORM", "a DjVu document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf'\x1c", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"ID3", "a sound file"),
    (b"OggS", "a sound or video file"),
    (b"\x1aE\xdf\xa3", "a video"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
)


def media_type_of(head: bytes) -> str:
    """From the first bytes of a file, 4 kB or more where there are as many."""
    if not head:
        raise EmptyInput("The file is empty: it has no bytes at all.")
    found = _image_type(head)
    if found:
        return found
    if b"%PDF-" in head[: _PDF_HEADER_WITHIN + 5]:
        return PDF
    raise UnsupportedType(f"This looks like {_description(head)}, which cannot be read. What can be read: {ACCEPTED}.")


def _image_type(head: bytes) -> str:
    for signature, media_type in _SIGNATURES:
        if head.startswith(signature):
            return media_type
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    # Every BMP states its header's size; two letters alone would claim a text that begins with "BM".
    if head[:2] == b"BM" and head[15:18] == b"\0\0\0" and head[14] in (12, 16, 40, 52, 56, 64, 108, 124):
        return "image/bmp"
    if head[4:8] == b"ftyp":
        return _brand_type(head)
    if head[:1] == b"P" and head[1:2] in b"123456" and head[2:3].isspace():
        return "image/x-portable-anymap"
    return ""


def _brand_type(head: bytes) -> str:
    size = min(int.from_bytes(head[:4], "big"), len(head))
    named = {head[8:12], *(head[place : place + 4] for place in range(16, size - 3, 4))}
    for brand, media_type in _BRANDS:
        if brand in named:
            return media_type
    return ""


def _description(head: bytes) -> str:
    for signature, name in _LOOKALIKES:
        if head.startswith(signature):
            return name
    if head[4:8] == b"ftyp":
        return "a video"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<body")):
        return "a web page (HTML)"
    if start.startswith(b"<svg") or (start.startswith(b"<?xml") and b"<svg" in start):
        return "a drawing (SVG)"
    if start.startswith(b"<?xml"):
        return "an XML file"
    return "plain text" if _is_text(head) else "a file of an unknown kind"


def _is_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 3:  # more than a character cut off at the end of what was given
            return False
        text = head[: error.start].decode("utf-8")
    return not any(character < " " and character not in "\t\n\r\f" for character in text)
