"""What a page passes of olmOCR's unit tests."""

from __future__ import annotations

import pytest

from bench.olmocr import passes

_PAGE = "BRITISH HUSBANDRY\n\nEarthy and saline matter\nCartilage and jelly\n\n$$\na = b\n$$\n\n400"


@pytest.mark.parametrize(
    ("test", "passed"),
    [
        ({"type": "present", "text": "Earthy and saline  matter"}, True),
        ({"type": "present", "text": "Earthv and saline matter"}, True),
        ({"type": "present", "text": "a sentence that is not there"}, False),
        ({"type": "absent", "text": "British Husbandry"}, False),
        ({"type": "absent", "text": "400", "first_n": 20}, True),
        ({"type": "absent", "text": "400", "last_n": 20}, False),
        ({"type": "order", "before": "Earthy and saline", "after": "Cartilage and jelly"}, True),
        ({"type": "order", "before": "Cartilage and jelly", "after": "Earthy and saline"}, False),
        ({"type": "math", "math": "a=b"}, True),
        ({"type": "math", "math": "a=c"}, False),
        ({"type": "table"}, False),
    ],
)
def test_passes_when_a_page_meets_what_is_asked(test: dict[str, object], passed: bool) -> None:
    assert passes(test, _PAGE) is passed
