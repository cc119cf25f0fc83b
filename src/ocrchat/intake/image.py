"""Pictures as pages: PNG, JPEG, WebP, GIF, BMP, TIFF, JPEG 2000, AVIF, HEIC, PNM.

Nothing is decoded before its header has been checked, and only by the decoder of the type its content shows.
"""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Self

from PIL import ExifTags, Image, ImageFile, ImageSequence

from ocrchat.document.geometry import compose, scaling
from ocrchat.document.image import PageImage, Pixels
from ocrchat.document.model import IDENTITY, Step, Transform
from ocrchat.errors import DamagedInput, MissingInput, OCRChatError, PageDamaged, UnsupportedType
from ocrchat.intake.limits import Limits, require_page, require_pixels, scale_within, too_many_pixels
from ocrchat.intake.pixels import resized, upright_pixels
from ocrchat.intake.text_layer import TextLayer

_DECODERS = {
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/webp": "WEBP",
    "image/gif": "GIF",
    "image/bmp": "BMP",
    "image/tiff": "TIFF",
    "image/jp2": "JPEG2000",
    "image/avif": "AVIF",
    "image/heic": "HEIF",
    "image/x-portable-anymap": "PPM",
}
_ANIMATED = frozenset({"image/gif", "image/webp", "image/png", "image/avif"})

_SALVAGED = frozenset({"image/jpeg", "image/png"})
"""Their decoders go on line by line, so that what is above a damaged place is right."""

_FRAME_PIXELS = 400_000_000
"""To find out which frames differ they are all decoded, some 100 million pixels a second: this stays below half of
the time there is for opening."""

_SANE_DPI = (72.0, 1200.0)
_SCREEN_DPI = 96.0
_LONG_SIDE_INCHES = 11.7
"""A picture that does not say how large it is on paper is taken for A4, as most are."""

_MOST_INCHES = 24.0
"""A picture that claims to be larger than A2 has its dpi from a camera's default (72), not from a scanner."""

_READING_DPI = 300.0
"""Scans above 1.5 times this come smaller: engines read no better above it, and need time by the pixel."""

_TURNS = {3: 180, 4: 180, 5: 90, 6: 90, 7: 270, 8: 270}


class ImageSource:
    def __init__(self, path: Path, *, media_type: str, limits: Limits) -> None:
        self._media_type = media_type
        self._limits = limits
        self.notices: tuple[str, ...] = ()
        self._path = path
        self._file: BinaryIO | None = None
        try:
            self._image = self._open()
            self._frames = self._find_frames()
        except BaseException:
            self._close_file()
            raise

    @property
    def media_type(self) -> str:
        return self._media_type

    @property
    def page_count(self) -> int:
        return len(self._frames)

    @property
    def title(self) -> str:
        return ""

    def text_layer(self, number: int) -> TextLayer | None:
        require_page(number, self.page_count)
        return None

    def page_image(self, number: int, dpi: float | None = None) -> PageImage:
        require_page(number, self.page_count)
        try:
            return self._read_frame(number, dpi)
        except PageDamaged:
            if self._media_type not in _SALVAGED:
                raise
        self._reopen()
        with _salvaging():
            salvaged = self._read_frame(number, dpi, steps=(Step(name="decode", engine="pillow", settings=_PARTIAL),))
        if salvaged.pixels.min() == salvaged.pixels.max():
            raise PageDamaged(f"Page {number} is damaged: nothing of the picture can be decoded.", page=number)
        return salvaged

    def close(self) -> None:
        self._image.close()
        self._close_file()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _reopen(self) -> None:
        self._image.close()
        self._image = self._open()

    def _open(self) -> Image.Image:
        if self._media_type == "image/heic":
            _register_heif()
        decoder = _DECODERS[self._media_type]
        # A JPEG of a phone with a second picture (depth, preview) is recognised as such after it was opened as JPEG.
        formats = ["JPEG", "MPO"] if decoder == "JPEG" else [decoder]
        self._close_file()
        # A file object, not a path: from a path Pillow maps uncompressed pictures into memory, where it mixes up the
        # sides of TIFFs that are stored turned, and where a file that shrinks ends the process.
        self._file = self._path.open("rb")
        with _told(lambda cause: _damaged_file(decoder, cause), self._limits, 1):
            return Image.open(self._file, formats=formats)

    def _close_file(self) -> None:
        if self._file is not None:
            self._file.close()

    def _find_frames(self) -> tuple[int, ...]:
        """Indices of the frames that are pages."""
        with _told(lambda cause: _damaged_file(_DECODERS[self._media_type], cause), self._limits, 1):
            count = int(getattr(self._image, "n_frames", 1))
            if count > 1 and self._media_type == "image/tiff":
                return tuple(range(count))
            if count > 1 and self._media_type in _ANIMATED:
                return self._differing_frames(count)
            return (0,)

    def _differing_frames(self, count: int) -> tuple[int, ...]:
        width, height = self._image.size
        require_pixels(1, width, height, self._limits)
        seen: dict[bytes, int] = {}
        readable = max(1, _FRAME_PIXELS // (width * height))
        for index, frame in enumerate(ImageSequence.Iterator(self._image)):
            if index >= readable or len(seen) >= self._limits.max_frames:
                self.notices = (f"Only the first {index} of the animation's {count} frames were read.",)
                break
            with frame.convert("RGBA") as shown:
                seen.setdefault(hashlib.blake2b(shown.tobytes()).digest(), index)
        self._reopen()
        return tuple(seen.values())

    def _read_frame(self, number: int, dpi: float | None, steps: tuple[Step, ...] = ()) -> PageImage:
        with _told(lambda cause: _damaged_page(number, cause), self._limits, number):
            image = self._seek(number)
            stored = _stored_size(image)
            require_pixels(number, *stored, self._limits)
            orientation = _orientation(image)
            native = _dpi(image)
            scale = self._scale(image.size, native, dpi)
            wanted_width = _scaled(image.size, scale)[0]
            image.draft(image.mode if image.mode in ("L", "RGB") else None, _scaled(image.size, scale))  # JPEG alone
            image.load()
            turned = 1 if image.format == "TIFF" else orientation
            pixels = upright_pixels(image, turned, max(1, image.width // wanted_width))
        return _page_image(pixels, stored, orientation, native, scale, steps)

    def _seek(self, number: int) -> Image.Image:
        # A frame that is loaded keeps its pixels; TIFF and JPEG let go of them only when opened anew.
        self._reopen()
        self._image.seek(self._frames[number - 1])
        return self._image

    def _scale(self, size: tuple[int, int], native: float, dpi: float | None) -> float:
        wanted = dpi if dpi is not None else (_READING_DPI if native > 1.5 * _READING_DPI else native)
        return min(1.0, wanted / native, scale_within(*size, self._limits))


_PARTIAL = (("complete", "no"),)


def _page_image(
    pixels: Pixels, stored: tuple[int, int], orientation: int, native: float, scale: float, steps: tuple[Step, ...]
) -> PageImage:
    upright = stored[::-1] if orientation >= 5 else stored
    width, height = _scaled(upright, scale)
    if pixels.shape[:2] != (height, width):
        pixels = resized(pixels, width, height)
        steps = (*steps, Step(name="reduce", engine="opencv", settings=(("factor", f"{scale:.4f}"),)))
    if orientation != 1:
        steps = (*steps, Step(name="exif-orientation", engine="pillow", settings=(("orientation", str(orientation)),)))
    to_upright_size = scaling(upright[0] / width, upright[1] / height)
    return PageImage(
        pixels=pixels,
        dpi=round(native * width / upright[0], 2),
        rotation=_TURNS.get(orientation, 0),
        to_source=compose(to_upright_size, _to_stored(orientation, *stored)),
        steps=steps,
    )


def _scaled(size: tuple[int, int], scale: float) -> tuple[int, int]:
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _stored_size(image: Image.Image) -> tuple[int, int]:
    width, height = image.size
    return (height, width) if image.format == "TIFF" and _orientation(image) >= 5 else (width, height)


def _orientation(image: Image.Image) -> int:
    value = image.getexif().get(ExifTags.Base.Orientation, 1)
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _to_stored(orientation: int, width: int, height: int) -> Transform:
    """Upright pixels → the stored grid, which is width × height."""
    w, h = float(width), float(height)
    match orientation:
        case 2:
            return (-1.0, 0.0, w, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
        case 3:
            return (-1.0, 0.0, w, 0.0, -1.0, h, 0.0, 0.0, 1.0)
        case 4:
            return (1.0, 0.0, 0.0, 0.0, -1.0, h, 0.0, 0.0, 1.0)
        case 5:
            return (0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0)
        case 6:
            return (0.0, 1.0, 0.0, -1.0, 0.0, h, 0.0, 0.0, 1.0)
        case 7:
            return (0.0, -1.0, w, -1.0, 0.0, h, 0.0, 0.0, 1.0)
        case 8:
            return (0.0, -1.0, w, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0)
        case _:
            return IDENTITY


def _dpi(image: Image.Image) -> float:
    least, most = _SANE_DPI
    longest = max(image.size)
    try:
        stated = float(max(image.info.get("dpi", (0.0, 0.0))[:2]))
    except (TypeError, ValueError, ArithmeticError):
        stated = 0.0
    if least <= stated <= most and longest / stated <= _MOST_INCHES:
        return stated
    return min(most, max(_SCREEN_DPI, longest / _LONG_SIDE_INCHES))


# --- what goes wrong -------------------------------------------------------------------------------------------------


@contextmanager
def _told(damaged: Callable[[str], OCRChatError], limits: Limits, number: int) -> Iterator[None]:
    """Turns what Pillow raises into what a person can be told."""
    Image.MAX_IMAGE_PIXELS = limits.max_pixels
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            yield
        except (OCRChatError, MemoryError):
            raise
        except FileNotFoundError as error:
            raise MissingInput("The file is gone: it was moved or deleted while it was read.") from error
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise too_many_pixels(number, limits) from error
        except Exception as error:
            raise damaged(_cause(error)) from error


def _cause(error: Exception) -> str:
    return "it ends too early" if "truncated" in str(error).lower() else "its data cannot be decoded"


def _damaged_file(decoder: str, cause: str) -> OCRChatError:
    return DamagedInput(f"The file begins like {decoder}, but it is damaged: {cause}. Save or scan it again.")


def _damaged_page(number: int, cause: str) -> OCRChatError:
    return PageDamaged(f"Page {number} is damaged: {cause}. Save or scan it again.", page=number)


@contextmanager
def _salvaging() -> Iterator[None]:
    """Pillow knows this only as a switch for the whole process, so it is on for one decoding."""
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = False


def _register_heif() -> None:
    try:
        import pillow_heif
    except ImportError as error:
        raise UnsupportedType(
            "This is a HEIC picture, which needs one more package here: pip install 'ocrchat[heic]'. "
            "Or save it as JPEG."
        ) from error
    pillow_heif.register_heif_opener(thumbnails=False)
