"""What a file is, by its first bytes alone."""

from __future__ import annotations

import pytest
from PIL import Image

from ocrchat.errors import EmptyInput, UnsupportedType
from ocrchat.intake.sniff import PDF, media_type_of
from tests.drawing import PDFDrawing
from tests.pictures import encoded


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [
        ("PNG", "image/png"),
        ("JPEG", "image/jpeg"),
        ("WEBP", "image/webp"),
        ("GIF", "image/gif"),
        ("BMP", "image/bmp"),
        ("TIFF", "image/tiff"),
        ("JPEG2000", "image/jp2"),
        ("AVIF", "image/avif"),
        ("PPM", "image/x-portable-anymap"),
    ],
)
def test_picture_when_written_by_its_encoder_then_it_is_known(kind: str, media_type: str) -> None:
    assert media_type_of(encoded(Image.new("RGB", (20, 10)), kind)) == media_type


@pytest.mark.parametrize(
    ("head", "media_type"),
    [
        (b"MM\0*\0\0\0\x08", "image/tiff"),
        (b"II+\0\x08\0\0\0", "image/tiff"),
        (b"MM\0+\0\x08\0\0", "image/tiff"),
        (b"\xff\x4f\xff\x51\0\x2f", "image/jp2"),
        (b"P4 8 8 " + b"\0" * 8, "image/x-portable-anymap"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "image/heic"),
        (b"\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf", "image/avif"),
    ],
)
def test_signature_when_rare_then_it_is_known(head: bytes, media_type: str) -> None:
    assert media_type_of(head) == media_type


def test_pdf_when_junk_stands_before_its_header_then_it_is_known() -> None:
    drawing = PDFDrawing()
    drawing.page()
    assert media_type_of(drawing.to_bytes()) == PDF
    assert media_type_of(b"\r\n" * 500 + drawing.to_bytes()) == PDF


def test_pdf_when_its_header_comes_too_late_then_it_is_none() -> None:
    with pytest.raises(UnsupportedType):
        media_type_of(b" " * 2000 + b"%PDF-1.4")


@pytest.mark.parametrize(
    ("head", "named"),
    [
        (b"PK\x03\x04\x14\0", "ZIP"),
        (b"<!DOCTYPE html><html>", "HTML"),
        (b"  \n<html><body>", "HTML"),
        (b"just a few words\n", "plain text"),
        ("Ein schöner Tag".encode(), "plain text"),
        (b"BM is how this text begins, which is no bitmap", "plain text"),
        (b"\0\0\1\0\1\0\x20\x20", "ICO"),
        (b"<svg xmlns='x'>", "SVG"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0", "video"),
        (b"\x80\x81\x82\x00\xff", "unknown kind"),
    ],
)
def test_other_content_when_refused_then_the_sentence_names_it_and_what_is_accepted(head: bytes, named: str) -> None:
    with pytest.raises(UnsupportedType, match=named) as caught:
        media_type_of(head)
    assert "PDF, PNG, JPEG" in caught.value.message


def test_text_when_cut_inside_a_character_then_it_is_still_text() -> None:
    with pytest.raises(UnsupportedType, match="plain text"):
        media_type_of("äöü".encode()[:-1])


def test_nothing_when_sniffed_then_it_is_empty() -> None:
    with pytest.raises(EmptyInput):
        media_type_of(b"")
