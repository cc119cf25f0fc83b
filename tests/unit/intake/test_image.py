"""Pictures become upright 8-bit pages, whatever way they are stored."""

from __future__ import annotations

import struct
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ocrchat.document.geometry import transform_point
from ocrchat.document.image import PageImage
from ocrchat.errors import DamagedInput, MissingInput, NoSuchPage, PageDamaged, PageTooLarge, UnsupportedType
from ocrchat.intake.limits import Limits
from ocrchat.intake.opened import open_source
from tests.pictures import corner_image, encoded, saved, text_image

LIMITS = Limits()


def read_page(path: Path, number: int = 1, dpi: float | None = None, limits: Limits = LIMITS) -> PageImage:
    with open_source(path, limits=limits) as source:
        return source.page_image(number, dpi)


def written(folder: Path, data: bytes) -> Path:
    path = folder / "file"
    path.write_bytes(data)
    return path


STORED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""How an upright picture is stored for each EXIF orientation: the inverse of what the value asks for."""


class TestOrientation:
    @pytest.mark.parametrize("orientation", STORED)
    @pytest.mark.parametrize("kind", ["PNG", "TIFF", "JPEG"])
    def test_picture_when_stored_turned_then_it_comes_upright(
        self, tmp_path: Path, kind: str, orientation: int
    ) -> None:
        upright = corner_image((60, 40))
        turn = STORED[orientation]
        stored = upright.transpose(turn) if turn is not None else upright
        exif = Image.Exif()
        exif[0x0112] = orientation
        page = read_page(saved(stored, tmp_path / "a", format=kind, exif=exif))
        assert page.pixels.shape == (40, 60)
        assert page.pixels[2:8, 2:12].mean() < 10
        assert page.pixels[14:, 20:].mean() > 245

    @pytest.mark.parametrize("orientation", STORED)
    @pytest.mark.parametrize("kind", ["PNG", "TIFF"])
    def test_transform_when_applied_to_the_black_corner_then_it_finds_it_in_the_stored_grid(
        self, tmp_path: Path, kind: str, orientation: int
    ) -> None:
        upright = corner_image((60, 40))
        turn = STORED[orientation]
        stored = upright.transpose(turn) if turn is not None else upright
        exif = Image.Exif()
        exif[0x0112] = orientation
        page = read_page(saved(stored, tmp_path / "a", format=kind, exif=exif))
        x, y = transform_point(page.to_source, (5.0, 5.0))
        assert stored.getpixel((int(x), int(y))) == 0
        x, y = transform_point(page.to_source, (55.0, 35.0))
        assert stored.getpixel((int(x), int(y))) == 255


class TestModes:
    def test_alpha_when_everything_is_opaque_then_the_colours_as_they_are(self, tmp_path: Path) -> None:
        picture = text_image(mode="RGB", ink=(10, 40, 90), paper=(250, 240, 200))
        opaque = picture.copy()
        opaque.putalpha(255)
        plain = read_page(saved(picture, tmp_path / "plain", format="PNG"))
        page = read_page(saved(opaque, tmp_path / "opaque", format="PNG"))
        assert np.array_equal(page.pixels, plain.pixels)

    def test_16_bit_grey_when_read_then_it_is_scaled_not_clipped(self, tmp_path: Path) -> None:
        ramp = np.linspace(0, 65535, 256, dtype=np.uint16)[None].repeat(20, axis=0)
        for kind in ("PNG", "TIFF"):
            page = read_page(saved(Image.fromarray(ramp), tmp_path / kind, format=kind))
            assert np.abs(page.pixels[0].astype(int) - np.arange(256)).max() <= 1

    def test_12_bit_grey_when_kept_in_16_then_white_is_white(self, tmp_path: Path) -> None:
        ramp = np.linspace(0, 4095, 256, dtype=np.uint16)[None].repeat(20, axis=0)
        assert read_page(saved(Image.fromarray(ramp), tmp_path / "a.png")).pixels.max() == 255

    def test_floating_point_when_read_then_its_range_is_used(self, tmp_path: Path) -> None:
        values = np.linspace(-3, 9, 100, dtype=np.float32)[None].repeat(10, axis=0)
        values[0, 0] = np.nan
        page = read_page(saved(Image.fromarray(values), tmp_path / "a.tif"))
        assert (page.pixels.min(), page.pixels.max()) == (0, 255)

    @pytest.mark.parametrize(("ink", "paper"), [((0, 0, 0, 255), (255, 255, 255, 0)), ((0, 0, 0, 255), (0, 0, 0, 0))])
    def test_dark_text_when_on_transparency_then_it_stands_on_white(
        self, tmp_path: Path, ink: tuple[int, ...], paper: tuple[int, ...]
    ) -> None:
        page = read_page(saved(text_image(mode="RGBA", ink=ink, paper=paper), tmp_path / "a.png"))
        assert page.pixels[-1, -1].min() == 255
        assert page.pixels.min() == 0

    def test_light_text_when_on_transparency_then_it_stands_on_black(self, tmp_path: Path) -> None:
        image = text_image(mode="RGBA", ink=(255, 255, 240, 255), paper=(255, 255, 255, 0))
        page = read_page(saved(image, tmp_path / "a.png"))
        assert page.pixels[-1, -1].max() == 0
        assert page.pixels.max() == 255

    def test_palette_when_one_colour_is_transparent_then_text_is_seen(self, tmp_path: Path) -> None:
        image = Image.new("P", (40, 20), 0)
        image.putpalette([0, 0, 0, 10, 10, 10])
        image.paste(1, (5, 5, 20, 15))
        page = read_page(saved(image, tmp_path / "a.gif", transparency=0))
        assert page.pixels[0, 0].min() == 255
        assert page.pixels[10, 10].max() < 20

    def test_cmyk_jpeg_when_written_inverted_then_paper_is_white(self, tmp_path: Path) -> None:
        image = text_image(mode="RGB", ink="black", paper="white").convert("CMYK")
        page = read_page(saved(image, tmp_path / "a.jpg"))
        assert page.pixels[-5:].mean() > 250
        assert page.pixels.min() < 20

    def test_one_bit_when_read_then_it_is_grey(self, tmp_path: Path) -> None:
        page = read_page(saved(text_image().convert("1"), tmp_path / "a.tif", compression="group4"))
        assert page.pixels.ndim == 2
        assert set(np.unique(page.pixels)) == {0, 255}

    def test_pixels_when_read_then_they_are_contiguous_bytes(self, tmp_path: Path) -> None:
        page = read_page(saved(corner_image(mode="RGB"), tmp_path / "a.png"))
        assert page.pixels.flags.c_contiguous
        assert page.pixels.dtype == np.uint8


class TestFrames:
    def test_gif_when_frames_repeat_then_only_differing_ones_are_pages(self, tmp_path: Path) -> None:
        first, second = text_image(["one"]), text_image(["two"])
        path = tmp_path / "a.gif"
        first.save(path, save_all=True, append_images=[second, first, second], duration=100)
        with open_source(path, limits=LIMITS) as source:
            assert source.page_count == 2
            assert np.abs(source.page_image(2).pixels[..., 0].astype(int) - np.asarray(second)).mean() < 2
            assert np.abs(source.page_image(1).pixels[..., 0].astype(int) - np.asarray(first)).mean() < 2

    def test_animation_when_it_has_too_many_frames_then_the_rest_is_left_and_told(self, tmp_path: Path) -> None:
        frames = [text_image([str(number)]) for number in range(6)]
        path = tmp_path / "a.webp"
        frames[0].save(path, save_all=True, append_images=frames[1:], lossless=True)
        with open_source(path, limits=Limits(max_frames=4)) as source:
            assert source.page_count == 4
            assert "first 4" in source.notices[0]

    def test_tiff_when_it_has_pages_then_equal_ones_are_pages_too(self, tmp_path: Path) -> None:
        path = tmp_path / "a.tif"
        page = text_image()
        page.save(path, save_all=True, append_images=[page, corner_image()])
        with open_source(path, limits=LIMITS) as source:
            assert source.page_count == 3
            assert source.page_image(3).pixels.shape == (40, 60)
            assert source.text_layer(1) is None

    def test_tiff_when_its_directories_go_in_a_circle_then_opening_ends(self, tmp_path: Path) -> None:
        data = bytearray(encoded(corner_image(), "TIFF"))
        start = struct.unpack_from("<I", data, 4)[0]
        count = struct.unpack_from("<H", data, start)[0]
        struct.pack_into("<I", data, start + 2 + 12 * count, start)
        with open_source(written(tmp_path, bytes(data)), limits=LIMITS) as source:
            assert source.page_count == 1

    def test_page_when_beyond_the_last_then_it_does_not_exist(self, tmp_path: Path) -> None:
        with pytest.raises(NoSuchPage, match="page 2"):
            read_page(saved(corner_image(), tmp_path / "a.png"), 2)


class TestLimits:
    def test_bomb_when_its_header_tells_then_nothing_is_decoded(self, tmp_path: Path) -> None:
        def chunk(kind: bytes, body: bytes) -> bytes:
            return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

        header = chunk(b"IHDR", struct.pack(">IIBBBBB", 30_000, 30_000, 8, 0, 0, 0, 0))
        data = b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(10_000))) + chunk(b"IEND", b"")
        with pytest.raises(PageTooLarge, match=r"Page 1 .*million.*smaller"):
            read_page(written(tmp_path, data))

    def test_second_page_when_too_large_then_the_first_is_still_read(self, tmp_path: Path) -> None:
        path = tmp_path / "a.tif"
        corner_image().save(path, save_all=True, append_images=[corner_image((200, 200))])
        with open_source(path, limits=Limits(max_pixels=10_000)) as source:
            assert source.page_image(1).pixels.shape == (40, 60)
            with pytest.raises(PageTooLarge, match="Page 2"):
                source.page_image(2)

    def test_large_scan_when_read_then_it_comes_at_reading_resolution(self, tmp_path: Path) -> None:
        page = read_page(saved(corner_image((2400, 1200)), tmp_path / "a.png", dpi=(1200, 1200)))
        assert (page.dpi, page.width, page.height) == (300.0, 600, 300)
        assert transform_point(page.to_source, (600.0, 300.0)) == pytest.approx((2400.0, 1200.0))

    @pytest.mark.parametrize("kind", ["JPEG", "PNG"])
    def test_page_when_fewer_dpi_are_asked_for_then_it_is_scaled(self, tmp_path: Path, kind: str) -> None:
        page = read_page(saved(corner_image((800, 400)), tmp_path / "a", format=kind, dpi=(200, 200)), dpi=50.0)
        assert (page.dpi, page.width, page.height) == (50.0, 200, 100)
        assert page.pixels[2:22, 2:46].mean() < 10

    def test_picture_when_more_dpi_are_asked_for_then_it_is_not_enlarged(self, tmp_path: Path) -> None:
        page = read_page(saved(corner_image((80, 40)), tmp_path / "a.png", dpi=(100, 100)), dpi=600.0)
        assert page.dpi == pytest.approx(100.0, abs=0.1)
        assert page.width == 80

    @pytest.mark.parametrize("stated", [(0, 0), (1, 1), (9000, 9000)])
    def test_dpi_when_stated_absurdly_then_it_is_estimated(self, tmp_path: Path, stated: tuple[int, int]) -> None:
        page = read_page(saved(corner_image((1170, 800)), tmp_path / "a.tif", dpi=stated))
        assert page.dpi == pytest.approx(100.0, abs=0.1)


class TestDamage:
    def test_jpeg_when_cut_off_then_what_is_there_is_read_and_said(self, tmp_path: Path) -> None:
        data = encoded(text_image(["word"] * 12, size=(600, 600)), "JPEG")
        page = read_page(written(tmp_path, data[: len(data) // 2]))
        assert page.pixels[:100].min() < 50
        assert ("complete", "no") in page.steps[0].settings

    def test_bmp_when_cut_off_then_the_page_is_damaged(self, tmp_path: Path) -> None:
        with pytest.raises(PageDamaged, match="Page 1 is damaged: it ends too early"):
            read_page(written(tmp_path, encoded(corner_image(), "BMP")[:300]))

    def test_file_when_only_its_signature_is_right_then_it_is_damaged(self, tmp_path: Path) -> None:
        with pytest.raises(DamagedInput, match="begins like PNG"):
            open_source(written(tmp_path, b"\x89PNG\r\n\x1a\n" + bytes(60)), limits=LIMITS)

    def test_switch_for_damaged_files_when_used_then_it_is_off_again(self, tmp_path: Path) -> None:
        from PIL import ImageFile

        data = encoded(text_image(size=(600, 600)), "JPEG")
        read_page(written(tmp_path, data[: len(data) // 2]))
        assert ImageFile.LOAD_TRUNCATED_IMAGES is False


def test_heic_when_its_package_is_there_then_it_is_read(tmp_path: Path) -> None:
    pillow_heif = pytest.importorskip("pillow_heif")
    pillow_heif.register_heif_opener(thumbnails=False)
    page = read_page(saved(corner_image((64, 48), mode="RGB"), tmp_path / "a.heic", format="HEIF"))
    assert page.pixels.shape == (48, 64, 3)


def test_heic_when_its_package_is_missing_then_the_sentence_names_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    with pytest.raises(UnsupportedType, match=r"pip install 'ocrchat\[heic\]'"):
        open_source(written(tmp_path, b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"), limits=LIMITS)


def test_picture_when_deleted_while_it_is_read_then_it_is_told_as_gone(tmp_path: Path) -> None:
    path = tmp_path / "scan.tiff"
    Image.new("L", (60, 40), 255).save(path)
    with open_source(path, limits=Limits()) as source:
        path.unlink()
        with pytest.raises(MissingInput, match="moved or deleted"):
            source.page_image(1)
