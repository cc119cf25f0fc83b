"""Pictures as a PDF holds them: the file's own compressed data where it can be taken over, pixel for pixel otherwise.

Only headers are read here; no picture is decoded. None means that this picture must come as pixels.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from ocrchat.document.image import Pixels


@dataclass(frozen=True, kw_only=True, slots=True)
class Strip:
    """One image object, some rows of the picture."""

    rows: int
    data: bytes
    entries: str
    """Of its dictionary, but for size, length and colour profile."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    width: int
    height: int
    strips: tuple[Strip, ...]
    profile: bytes = field(default=b"", repr=False)
    """ICC, where the file has one that fits its colours."""
    components: int = 3
    dpi: float = 0.0


def picture_from_file(data: bytes, media_type: str, page_index: int) -> Picture | None:
    """The picture of one page as it came."""
    if media_type == "image/jpeg" and page_index == 0:
        return _from_jpeg(data)
    if media_type == "image/png" and page_index == 0:
        return _from_png(data)
    if media_type == "image/tiff":
        return _from_tiff(data, page_index)
    if media_type in ("image/jp2", "image/jpx") and page_index == 0:
        return _from_jpeg2000(data)
    return None


# --- JPEG ------------------------------------------------------------------------------------------------------------

_FRAME_MARKERS = frozenset({0xC0, 0xC1, 0xC2})
"""Baseline, extended and progressive: what PDF readers decode."""


def _from_jpeg(data: bytes) -> Picture | None:
    profile: dict[int, bytes] = {}
    adobe = False
    dpi = 0.0
    for marker, body in _jpeg_segments(data):
        if marker == 0xEE and body.startswith(b"Adobe"):
            adobe = True
        elif marker == 0xE2 and body.startswith(b"ICC_PROFILE\0") and len(body) > 14:
            profile[body[12]] = body[14:]
        elif marker == 0xE0 and body.startswith(b"JFIF\0") and len(body) >= 12:
            dpi = _density(body[7], *struct.unpack(">H", body[8:10]))
        elif 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            if marker not in _FRAME_MARKERS or len(body) < 6:
                return None
            bits, height, width, components = struct.unpack(">BHHB", body[:6])
            if bits != 8 or components not in (1, 3, 4) or not width or not height:
                return None
            colours = {1: "/DeviceGray", 3: "/DeviceRGB", 4: "/DeviceCMYK"}[components]
            # Four colours written by Adobe's programs are upside down.
            decode = " /Decode [1 0 1 0 1 0 1 0]" if components == 4 and adobe else ""
            entries = f"/ColorSpace {colours} /BitsPerComponent 8 /Filter /DCTDecode{decode}"
            icc = b"".join(profile[number] for number in sorted(profile))
            return Picture(
                width=width,
                height=height,
                strips=(Strip(rows=height, data=data, entries=entries),),
                profile=icc if _fits(icc, components) else b"",
                components=components,
                dpi=dpi,
            )
    return None


def _jpeg_segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        (length,) = struct.unpack(">H", data[at + 2 : at + 4])
        yield marker, data[at + 4 : at + 2 + length]
        if marker == 0xDA or length < 2:
            return
        at += 2 + length


def _density(unit: int, value: int) -> float:
    return {1: float(value), 2: value * 2.54}.get(unit, 0.0)


def _fits(profile: bytes, components: int) -> bool:
    return profile[16:20] == {1: b"GRAY", 3: b"RGB ", 4: b"CMYK"}[components]


def _from_jpeg2000(data: bytes) -> Picture | None:
    at = data.find(b"\xff\x4f\xff\x51")
    if at < 0 or len(data) < at + 24:
        return None
    right, bottom, left, top = struct.unpack(">IIII", data[at + 8 : at + 24])
    if right <= left or bottom <= top:
        return None
    strip = Strip(rows=bottom - top, data=data, entries="/Filter /JPXDecode")
    return Picture(width=right - left, height=bottom - top, strips=(strip,))


# --- PNG -------------------------------------------------------------------------------------------------------------


def _from_png(data: bytes) -> Picture | None:
    body: list[bytes] = []
    palette = b""
    profile = b""
    dpi = 0.0
    header: tuple[int, ...] = ()
    for kind, chunk in _png_chunks(data):
        if kind == b"IHDR" and len(chunk) == 13:
            header = struct.unpack(">IIBBBBB", chunk)
        elif kind == b"PLTE":
            palette = chunk
        elif kind == b"tRNS":
            return None
        elif kind == b"iCCP":
            profile = _inflated(chunk.partition(b"\0")[2][1:])
        elif kind == b"pHYs" and len(chunk) == 9 and chunk[8] == 1:
            dpi = struct.unpack(">I", chunk[:4])[0] * 0.0254
        elif kind == b"IDAT":
            body.append(chunk)
    if not header or not body:
        return None
    width, height, depth, colour, _, _, interlaced = header
    if interlaced or colour not in (0, 2, 3) or not width or not height:
        return None
    components = 3 if colour == 2 else 1
    space = {0: "/DeviceGray", 2: "/DeviceRGB"}.get(colour, "")
    if colour == 3:
        space = f"[/Indexed /DeviceRGB {max(0, len(palette) // 3 - 1)} <{palette.hex()}>]"
    parameters = f"<< /Predictor 15 /Colors {components} /BitsPerComponent {depth} /Columns {width} >>"
    entries = f"/ColorSpace {space} /BitsPerComponent {depth} /Filter /FlateDecode /DecodeParms {parameters}"
    return Picture(
        width=width,
        height=height,
        strips=(Strip(rows=height, data=b"".join(body), entries=entries),),
        profile=profile if colour != 3 and _fits(profile, components) else b"",
        components=components,
        dpi=dpi,
    )


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 8
    while at + 12 <= len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        yield data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        at += 12 + length


def _inflated(data: bytes) -> bytes:
    try:
        # Profiles are some kilobytes; one that unpacks to more than a megabyte is an attack.
        return zlib.decompressobj().decompress(data, 1 << 20)
    except zlib.error:
        return b""


# --- TIFF ------------------------------------------------------------------------------------------------------------

_MOST_STRIPS = 2000


def _from_tiff(data: bytes, page_index: int) -> Picture | None:
    """Fax compression of group 4, whose strips PDF takes as they are."""
    tags = _tiff_tags(data, page_index)
    one = {tag: values[0] for tag, values in tags.items() if values}
    width, height = one.get(256, 0), one.get(257, 0)
    offsets, counts = tags.get(273, ()), tags.get(279, ())
    if one.get(259) != 4 or one.get(258, 1) != 1 or one.get(266, 1) != 1 or one.get(262) not in (0, 1):
        return None
    if not width or not height or not offsets or len(offsets) != len(counts) or len(offsets) > _MOST_STRIPS:
        return None
    rows = min(one.get(278, height), height) or height
    if -(-height // rows) != len(offsets):
        return None
    black = "true" if one[262] == 1 else "false"
    strips = []
    for index, (offset, count) in enumerate(zip(offsets, counts, strict=True)):
        of_strip = min(rows, height - index * rows)
        strip = data[offset : offset + count]
        if len(strip) != count:
            return None
        parameters = f"<< /K -1 /Columns {width} /Rows {of_strip} /BlackIs1 {black} >>"
        entries = f"/ColorSpace /DeviceGray /BitsPerComponent 1 /Filter /CCITTFaxDecode /DecodeParms {parameters}"
        strips.append(Strip(rows=of_strip, data=strip, entries=entries))
    return Picture(width=width, height=height, strips=tuple(strips), components=1)


def _tiff_tags(data: bytes, page_index: int) -> dict[int, tuple[int, ...]]:
    """Whole-number tags of one page; empty where the file cannot be followed."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(data[:4])
    if order is None:
        return {}
    tags: dict[int, tuple[int, ...]] = {}
    try:
        (at,) = struct.unpack_from(f"{order}I", data, 4)
        for _ in range(page_index):
            (entries,) = struct.unpack_from(f"{order}H", data, at)
            (at,) = struct.unpack_from(f"{order}I", data, at + 2 + 12 * entries)
            if not at:
                return {}
        (entries,) = struct.unpack_from(f"{order}H", data, at)
        for index in range(entries):
            place = at + 2 + 12 * index
            tag, kind, count = struct.unpack_from(f"{order}HHI", data, place)
            letter, size = {3: ("H", 2), 4: ("I", 4)}.get(kind, ("", 0))
            if letter and 0 < count <= _MOST_STRIPS:
                start = place + 8 if count * size <= 4 else struct.unpack_from(f"{order}I", data, place + 8)[0]
                tags[tag] = struct.unpack_from(f"{order}{count}{letter}", data, start)
    except struct.error:
        return {}
    return tags


# --- pixels ----------------------------------------------------------------------------------------------------------


def picture_from_pixels(pixels: Pixels, dpi: float) -> Picture:
    """Lossless: as bits where there is only black and white, otherwise as differences to the row above, which
    compress best of what costs nothing to compute."""
    height, width = pixels.shape[:2]
    components = 1 if pixels.ndim == 2 else 3
    space = "/DeviceGray" if components == 1 else "/DeviceRGB"
    # One more than 255 is 0 again: black and white only where nothing is then above 1.
    if components == 1 and (pixels + np.uint8(1)).max(initial=0) <= 1:
        packed = np.packbits(pixels, axis=1)
        entries = f"/ColorSpace {space} /BitsPerComponent 1 /Filter /FlateDecode"
        data = zlib.compress(packed.tobytes(), 6)
    else:
        rows = np.ascontiguousarray(pixels).reshape(height, width * components)
        filtered = np.empty((height, width * components + 1), dtype=np.uint8)
        filtered[:, 0] = 2
        filtered[0, 1:] = rows[0]
        np.subtract(rows[1:], rows[:-1], out=filtered[1:, 1:])
        parameters = f"<< /Predictor 15 /Colors {components} /BitsPerComponent 8 /Columns {width} >>"
        entries = f"/ColorSpace {space} /BitsPerComponent 8 /Filter /FlateDecode /DecodeParms {parameters}"
        data = zlib.compress(filtered.tobytes(), 6)
    strip = Strip(rows=height, data=data, entries=entries)
    return Picture(width=width, height=height, strips=(strip,), components=components, dpi=dpi)
