from __future__ import annotations

import pytest

from ocrchat.accounts.fetch_metadata import is_cross_site, require_same_site
from ocrchat.errors import CrossSiteRequest


@pytest.mark.parametrize(
    ("method", "site", "origin", "cross"),
    [
        ("GET", "cross-site", "https://evil.example", False),
        ("HEAD", "cross-site", None, False),
        ("POST", "same-origin", None, False),
        ("POST", "none", None, False),
        ("POST", "same-site", None, True),  # a neighbour under the same domain is not us
        ("post", "cross-site", None, True),
        ("POST", "same-origin", "https://evil.example", False),  # the browser's own word counts
        ("POST", None, "https://reader.example", False),
        ("POST", None, "https://READER.example", False),
        ("POST", None, "https://evil.example", True),
        ("POST", None, "https://reader.example:8443", True),
        ("POST", None, "null", True),
        ("DELETE", None, None, False),
        ("DELETE", "", None, True),
    ],
)
def test_request_when_it_carries_a_cookie_then_cross_site_ones_are_told(
    method: str, site: str | None, origin: str | None, cross: bool
) -> None:
    assert is_cross_site(method, sec_fetch_site=site, origin=origin, host="reader.example") is cross


def test_request_when_cross_site_then_it_is_refused() -> None:
    require_same_site("POST", sec_fetch_site="same-origin", origin=None, host="reader.example")
    with pytest.raises(CrossSiteRequest):
        require_same_site("POST", sec_fetch_site="cross-site", origin=None, host="reader.example")
