"""Pages made ready: drawn, tilted, photographed aslant, in shadow; what is done leads back to where it came from."""

from __future__ import annotations

import random

import cv2
import numpy as np
import pytest

from ocrchat.document.geometry import transform_point
from ocrchat.document.image import PageImage, Pixels
from ocrchat.pipeline.prepare.light import lit
from ocrchat.pipeline.prepare.perspective import find_sheet, flattened
from ocrchat.pipeline.prepare.preparation import levelled_again, prepared
from ocrchat.pipeline.prepare.skew import find_skew, levelled

_WORDS = ("rope", "hemp", "and", "the", "mill", "was", "long", "before", "water", "turned", "it", "by", "hand", "of")


def _drawn(seed: int, *, columns: int = 1, width: int = 900, height: int = 1200) -> Pixels:
    chance = random.Random(seed)
    page = np.full((height, width), 255, np.uint8)
    wide = (width - 120) // columns
    for column in range(columns):
        top = 90 + chance.randint(0, 20)
        while top < height - 90:
            text = ""
            while len(text) < wide / 12 - 8:
                text += chance.choice(_WORDS) + " "
            if chance.random() < 0.15:
                text = text[: len(text) // 3]
            cv2.putText(page, text, (60 + column * wide, top), cv2.FONT_HERSHEY_COMPLEX, 0.55, (30,), 1, cv2.LINE_AA)
            top += 40 if chance.random() < 0.1 else 24
    return page


def _tilted(page: Pixels, degrees: float) -> Pixels:
    height, width = page.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1)
    tilted = cv2.warpAffine(page, matrix, (width, height), borderValue=(255,), flags=cv2.INTER_CUBIC)
    return np.asarray(tilted, dtype=np.uint8)


def _image(pixels: Pixels) -> PageImage:
    return PageImage(pixels=pixels, dpi=150)


@pytest.mark.parametrize("seed", range(12))
def test_skew_of_drawn_pages_is_found_within_a_third_of_a_degree(seed: int) -> None:
    degrees = random.Random(seed).uniform(-8, 8)
    assert abs(find_skew(_tilted(_drawn(seed, columns=1 + seed % 3), degrees)) - degrees) <= 0.3


def test_skew_of_a_strip_with_a_line_or_two_is_left_to_the_finder() -> None:
    tilted = _tilted(_drawn(1), 5)
    assert abs(find_skew(tilted) - 5) < 0.3
    assert find_skew(tilted[400:580]) == 0.0


def test_skew_of_level_empty_and_tiny_pages_is_none() -> None:
    assert abs(find_skew(_drawn(1))) < 0.1
    assert find_skew(np.full((600, 400), 255, np.uint8)) == 0.0
    assert find_skew(np.zeros((4, 4), np.uint8)) == 0.0


def test_levelled_when_a_page_leans_is_level_and_leads_back() -> None:
    page = _image(_tilted(_drawn(3), 4.0))
    done = levelled(page, page.pixels)
    assert abs(find_skew(done.pixels)) <= 0.3
    assert done.steps[-1].name == "deskew"
    # The middle stays the middle, and a step to the right on the level page goes down on the tilted one.
    middle = transform_point(done.to_source, (done.width / 2, done.height / 2))
    assert middle == pytest.approx((page.width / 2, page.height / 2), abs=1.0)
    right = transform_point(done.to_source, (done.width / 2 + 100, done.height / 2))
    assert right[1] - middle[1] == pytest.approx(7.0, abs=0.6)


def test_levelled_when_in_colour_keeps_the_colours() -> None:
    grey = _tilted(_drawn(3), -3.0)
    colour = np.ascontiguousarray(np.dstack([grey, grey, np.full_like(grey, 255)]))
    done = levelled(_image(colour), grey)
    assert done.pixels.ndim == 3
    assert int(done.pixels[0, 0, 2]) == 255


def _photographed(page: Pixels) -> tuple[Pixels, np.ndarray]:
    """On a dark table, seen from one side; and where its corners are."""
    height, width = page.shape
    corners = np.array([(160, 110), (1010, 170), (1100, 1400), (90, 1330)], np.float32)
    source = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    matrix = cv2.getPerspectiveTransform(source, corners)
    photo = cv2.warpPerspective(page, matrix, (1200, 1500), borderValue=(60,), flags=cv2.INTER_AREA)
    return np.asarray(photo, dtype=np.uint8), corners


def test_a_sheet_photographed_aslant_is_found_and_laid_flat() -> None:
    photo, corners = _photographed(_drawn(5))
    found = find_sheet(photo)
    assert found is not None
    assert np.abs(found - corners).max() < 12
    flat = flattened(_image(photo), photo)
    assert flat.steps[-1].name == "perspective"
    assert transform_point(flat.to_source, (0, 0)) == pytest.approx(tuple(found[0]), abs=1.0)
    assert transform_point(flat.to_source, (flat.width, flat.height)) == pytest.approx(tuple(found[2]), abs=1.0)
    assert abs(find_skew(flat.pixels)) < 0.5


def test_scans_and_dark_pictures_are_no_sheets() -> None:
    assert find_sheet(_drawn(5)) is None
    assert find_sheet(np.full((1500, 1200), 40, np.uint8)) is None


def test_a_shadow_over_half_a_page_is_lifted() -> None:
    page = _drawn(7)
    across = np.clip((500 - np.arange(page.shape[1])) / 200, 0, 1) * 0.75
    dark = (page * (1 - across)[None, :]).astype(np.uint8)
    done = lit(_image(dark), dark)
    assert done.steps[-1].settings == (("for", "shadow"),)
    paper = np.percentile(done.pixels.reshape(60, 20, 60, 15).max(axis=(1, 3)), (5, 95))
    assert paper[1] - paper[0] < 40


@pytest.mark.parametrize(("low", "high", "reason"), [(8, 50, "dark"), (190, 245, "faint")])
def test_dark_and_faint_pages_get_the_contrast_of_print(low: int, high: int, reason: str) -> None:
    page = (low + _drawn(7).astype(np.float32) * (high - low) / 255).astype(np.uint8)
    done = lit(_image(page), page)
    assert reason in done.steps[-1].settings[0][1]
    assert int(np.percentile(done.pixels, 60)) - int(np.percentile(done.pixels, 0.2)) > 120


def test_a_clean_upright_page_is_handed_back_as_it_came() -> None:
    page = _image(_drawn(9))
    assert prepared(page) is page


def test_levelled_again_when_a_page_was_turned_levels_it() -> None:
    assert levelled_again(_image(_tilted(_drawn(9), 5.0))).steps[-1].name == "deskew"


def test_steps_when_several_are_needed_come_in_order() -> None:
    tilted = (_tilted(_drawn(9), 5.0) * 0.15).astype(np.uint8)
    steps = [step.name for step in prepared(_image(tilted)).steps]
    assert steps == ["deskew", "light"]
