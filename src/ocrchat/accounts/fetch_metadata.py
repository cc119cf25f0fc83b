"""Cross-site requests refused by what browsers say about them; no hidden form fields. Pure."""

from __future__ import annotations

from urllib.parse import urlsplit

from ocrchat.errors import CrossSiteRequest

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def is_cross_site(method: str, *, sec_fetch_site: str | None, origin: str | None, host: str) -> bool:
    """Of requests that carry a cookie. Safe methods MUST change nothing.

    `Sec-Fetch-Site` is the browser's own word. Browsers without it send `Origin`, which must be this host. A request
    with neither comes from no browser, and nobody's cookie can be misused by it.
    """
    if method.upper() in _SAFE_METHODS:
        return False
    if sec_fetch_site is not None:
        return sec_fetch_site not in ("same-origin", "none")
    if origin is None:
        return False
    try:
        return urlsplit(origin).netloc.lower() != host.lower()
    except ValueError:  # no address at all
        return True


def require_same_site(method: str, *, sec_fetch_site: str | None, origin: str | None, host: str) -> None:
    if is_cross_site(method, sec_fetch_site=sec_fetch_site, origin=origin, host=host):
        raise CrossSiteRequest("This request came from another site, so it was not carried out.")
