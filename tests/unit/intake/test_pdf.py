"""PDF pages as pixels: boxes, turns, units, passwords, damage."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pikepdf
import pytest

from ocrchat.document.geometry import transform_point
from ocrchat.document.image import PageImage
from ocrchat.errors import (
    DamagedInput,
    NoSuchPage,
    PageDamaged,
    PasswordNeeded,
    PasswordWrong,
    TooManyBytes,
    TooManyPages,
)
from ocrchat.intake.limits import Limits
from ocrchat.intake.opened import open_source
from tests.drawing import PDFDrawing, PDFPage
from tests.pictures import text_pixels

LIMITS = Limits()


def written(folder: Path, data: bytes) -> Path:
    path = folder / "file"
    path.write_bytes(data)
    return path


def read_page(folder: Path, drawing: PDFDrawing, dpi: float | None = None, limits: Limits = LIMITS) -> PageImage:
    with open_source(drawing.save(folder / "a.pdf"), limits=limits) as source:
        return source.page_image(1, dpi)


def dark_middle(page: PageImage) -> tuple[float, float]:
    """Centre of the dark pixels."""
    grey = page.pixels if page.pixels.ndim == 2 else page.pixels.min(axis=2)
    rows, columns = np.nonzero(grey < 128)
    return float(columns.mean()) + 0.5, float(rows.mean()) + 0.5


class TestPlaces:
    @pytest.mark.parametrize("rotation", [0, 90, 180, 270])
    @pytest.mark.parametrize("origin", [(0.0, 0.0), (-50.0, 30.0)])
    def test_transform_when_page_is_turned_then_pixels_lead_back_to_user_space(
        self, tmp_path: Path, rotation: int, origin: tuple[float, float]
    ) -> None:
        drawing = PDFDrawing()
        x, y = origin
        drawing.page(300, 200, rotation=rotation, origin=origin).fill(x + 40, y + 150, 20, 10)
        page = read_page(tmp_path, drawing, 72.0)
        assert (page.width, page.height) == ((300, 200) if rotation % 180 == 0 else (200, 300))
        assert page.rotation == rotation
        assert transform_point(page.to_source, dark_middle(page)) == pytest.approx((x + 50, y + 155), abs=0.6)

    def test_crop_box_when_set_then_only_it_is_shown(self, tmp_path: Path) -> None:
        drawing = PDFDrawing()
        drawing.page(300, 200, crop=(100, 50, 200, 150)).fill(0, 0, 90, 200).fill(150, 100, 10, 10)
        page = read_page(tmp_path, drawing, 72.0)
        assert (page.width, page.height) == (100, 100)
        assert transform_point(page.to_source, dark_middle(page)) == pytest.approx((155, 105), abs=0.6)

    def test_page_when_its_box_is_huge_then_it_comes_within_the_limits(self, tmp_path: Path) -> None:
        drawing = PDFDrawing()
        drawing.page(14_400, 14_400).fill(0, 0, 7_200, 7_200)
        page = read_page(tmp_path, drawing, 300.0, Limits(max_render_pixels=1_000_000))
        assert page.width == page.height == 1000
        assert page.dpi == pytest.approx(5.0)
        assert transform_point(page.to_source, (1000.0, 0.0)) == pytest.approx((14_400, 14_400))

    def test_page_when_it_is_tiny_then_it_is_drawn_large_enough_to_read(self, tmp_path: Path) -> None:
        drawing = PDFDrawing()
        drawing.page(60, 85, user_unit=10).text(6, 40, "small", size=1.1)
        assert read_page(tmp_path, drawing).height >= 999


class TestLooks:
    def test_grey_page_when_drawn_then_it_has_one_channel(self, tmp_path: Path) -> None:
        drawing = PDFDrawing()
        drawing.page(100, 100).fill(10, 10, 50, 50)
        assert read_page(tmp_path, drawing).pixels.ndim == 2

    def test_coloured_page_when_drawn_then_red_is_the_first_channel(self, tmp_path: Path) -> None:
        drawing = PDFDrawing()
        drawing.page(100, 100).fill(0, 0, 100, 100, color=(1, 0, 0))
        assert read_page(tmp_path, drawing).pixels[50, 50].tolist() == [255, 0, 0]

    def test_annotation_when_it_has_looks_then_it_is_drawn(self, tmp_path: Path) -> None:
        drawing = PDFDrawing()
        drawing.page(200, 100).note(20, 20, 150, 40, "Please pay")
        assert read_page(tmp_path, drawing).pixels.min() < 100

    @pytest.mark.parametrize(("scan_dpi", "expected"), [(240, 240.0), (75, 150.0), (1200, 300.0)])
    def test_scan_when_rendered_then_at_its_own_resolution_within_bounds(
        self, tmp_path: Path, scan_dpi: int, expected: float
    ) -> None:
        drawing = PDFDrawing()
        drawing.page(576, 72).picture(0, 0, 576, 72, np.full((scan_dpi, scan_dpi * 8), 200, np.uint8))
        assert read_page(tmp_path, drawing).dpi == expected


class TestPasswords:
    def locked(self, folder: Path, *, user: str, revision: int = 6) -> Path:
        drawing = PDFDrawing()
        drawing.page().text(72, 700, "secret")
        with pikepdf.open(io.BytesIO(drawing.to_bytes())) as pdf:
            lock = pikepdf.Encryption(user=user, owner="owner", R=revision)  # type: ignore[arg-type]
            pdf.save(folder / "locked.pdf", encryption=lock)
        return folder / "locked.pdf"

    def test_file_when_the_user_password_is_empty_then_it_opens(self, tmp_path: Path) -> None:
        with open_source(self.locked(tmp_path, user=""), limits=LIMITS) as source:
            layer = source.text_layer(1)
            assert layer is not None
            assert [line.text for line in layer.lines] == ["secret"]

    def test_file_when_locked_then_it_asks(self, tmp_path: Path) -> None:
        with pytest.raises(PasswordNeeded, match="give its password"):
            open_source(self.locked(tmp_path, user="sesame"), limits=LIMITS)

    def test_file_when_the_password_is_wrong_then_it_says_so(self, tmp_path: Path) -> None:
        with pytest.raises(PasswordWrong):
            open_source(self.locked(tmp_path, user="sesame"), password="simsim", limits=LIMITS)

    @pytest.mark.parametrize(("password", "revision"), [("sesame", 6), ("grün", 6), ("grün", 4)])
    def test_file_when_the_password_is_right_then_it_opens(self, tmp_path: Path, password: str, revision: int) -> None:
        path = self.locked(tmp_path, user=password, revision=revision)
        with open_source(path, password=password, limits=LIMITS) as source:
            assert source.notices == ("The PDF is encrypted. What is made from it, a searchable PDF too, is not.",)
            assert source.page_count == 1


class TestDamage:
    def test_file_when_nothing_follows_its_header_then_it_is_damaged(self, tmp_path: Path) -> None:
        with pytest.raises(DamagedInput, match="damaged"):
            open_source(written(tmp_path, b"%PDF-1.7\nnothing here"), limits=LIMITS)

    def test_page_when_its_object_is_missing_then_it_alone_is_damaged(self, tmp_path: Path) -> None:
        drawing = PDFDrawing()
        drawing.page().text(72, 700, "first")
        drawing.page().text(72, 700, "second")
        data = drawing.to_bytes()
        kids = data.index(b"/Kids [") + len(b"/Kids [")
        second = data.index(b" 0 R", kids) + len(b" 0 R ")
        end = data.index(b" 0 R", second)
        data = data[:second] + b"9" * (end - second) + data[end:]
        with open_source(written(tmp_path, data), limits=LIMITS) as source:
            assert source.page_image(1).pixels.min() < 128
            with pytest.raises(PageDamaged, match="Page 2"):
                source.page_image(2)
            with pytest.raises(PageDamaged, match="Page 2"):
                source.text_layer(2)

    def test_page_tree_when_it_goes_in_a_circle_then_opening_ends(self, tmp_path: Path) -> None:
        data = (
            b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
            b"2 0 obj\n<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2000000000 >>\nendobj\n"
            b"trailer\n<< /Root 1 0 R >>\n%%EOF"
        )
        with pytest.raises((DamagedInput, TooManyPages)):
            open_source(written(tmp_path, data), limits=LIMITS)

    def test_page_when_it_has_no_content_then_it_is_blank(self, tmp_path: Path) -> None:
        drawing = PDFDrawing()
        drawing.pages.append(PDFPage())
        with open_source(drawing.save(tmp_path / "a.pdf"), limits=LIMITS) as source:
            layer = source.text_layer(1)
            assert layer is not None
            assert layer.blank
            assert layer.is_complete

    @pytest.mark.parametrize("number", [0, 2, -1])
    def test_page_when_not_in_the_file_then_it_does_not_exist(self, tmp_path: Path, number: int) -> None:
        drawing = PDFDrawing()
        drawing.page()
        with (
            open_source(drawing.save(tmp_path / "a.pdf"), limits=LIMITS) as source,
            pytest.raises(NoSuchPage, match="the file has 1 page"),
        ):
            source.page_image(number)


class TestLimits:
    def test_file_when_it_has_more_pages_than_allowed_then_it_is_refused(self, tmp_path: Path) -> None:
        drawing = PDFDrawing()
        for _ in range(3):
            drawing.page()
        with pytest.raises(TooManyPages, match=r"3 pages; at most 2"):
            open_source(drawing.save(tmp_path / "a.pdf"), limits=Limits(max_pages=2))

    def test_file_when_it_has_more_bytes_than_allowed_then_it_is_refused(self, tmp_path: Path) -> None:
        drawing = PDFDrawing()
        drawing.page().picture(0, 0, 100, 100, text_pixels())
        with pytest.raises(TooManyBytes, match="Split it"):
            open_source(drawing.save(tmp_path / "a.pdf"), limits=Limits(max_bytes=100))


def test_title_when_the_file_states_one_then_it_is_known(tmp_path: Path) -> None:
    drawing = PDFDrawing("Ein  Bericht\n☃")
    drawing.page()
    with open_source(drawing.save(tmp_path / "a.pdf"), limits=LIMITS) as source:
        assert source.title == "Ein Bericht ☃"


def test_memory_when_many_pages_are_read_then_it_does_not_grow(tmp_path: Path) -> None:
    drawing = PDFDrawing()
    for _ in range(40):
        drawing.page().paragraph(60, 780, ["The quick brown fox jumps over the lazy dog"] * 40)

    def resident() -> int:
        return int(Path("/proc/self/statm").read_text().split()[1])

    with open_source(drawing.save(tmp_path / "a.pdf"), limits=LIMITS) as source:
        for number in range(1, 21):
            source.text_layer(number)
        before = resident()
        for _ in range(3):
            for number in range(1, 41):
                source.text_layer(number)
        grown_pages = resident() - before
    assert grown_pages * 4096 < 4_000_000
