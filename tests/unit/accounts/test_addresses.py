from __future__ import annotations

from ipaddress import ip_network

import pytest

from ocrchat.accounts.addresses import client_address, network_of, normalize_email
from ocrchat.errors import BadAddress

PROXIES = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("203.0.113.9", "", "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),  # nobody's proxy: what it claims is not believed
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "192.0.2.7, 198.51.100.1", "198.51.100.1"),  # the client wrote the first itself
        ("10.0.0.1", "192.0.2.7, 10.0.0.2", "192.0.2.7"),
        ("10.0.0.1", "192.0.2.7, 10.0.0.2, 10.0.0.3", "192.0.2.7"),
        ("10.0.0.1", "10.0.0.2", "10.0.0.2"),
        ("10.0.0.1", "unknown", "10.0.0.1"),
        ("10.0.0.1", "192.0.2.7, unknown", "10.0.0.1"),
        ("10.0.0.1", " , ", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1:4711", "198.51.100.1"),
        ("10.0.0.1", "[2001:db8::1]:4711", "2001:db8::1"),
        ("fd00::1", "2001:db8::1", "2001:db8::1"),
        ("::ffff:10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("fe80::1%eth0", "", "fe80::1"),
        ("testclient", "198.51.100.1", "testclient"),
        ("10.0.0.1", "unknown, 10.0.0.2", "10.0.0.2"),
        ("10.0.0.1", "for=192.0.2.7", "10.0.0.1"),
        ("203.0.113.9", "10.0.0.1", "203.0.113.9"),
    ],
)
def test_client_address_when_request_came_through_proxies_then_only_own_ones_are_believed(
    peer: str, forwarded: str, expected: str
) -> None:
    assert client_address(peer, forwarded, PROXIES) == expected


def test_client_address_when_no_proxy_is_configured_then_header_is_ignored() -> None:
    assert client_address("10.0.0.1", "198.51.100.1", ()) == "10.0.0.1"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("198.51.100.1", "::ffff:198.51.100.1", True),
        ("198.51.100.1", "198.51.100.2", False),
        ("testclient", "testclient", True),
    ],
)
def test_network_when_two_addresses_are_compared_then_a_line_counts_once(one: str, other: str, same: bool) -> None:
    assert (network_of(one) == network_of(other)) is same


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" Ann@Example.ORG ", "ann@example.org"),
        ("ann+tag@example.org", "ann+tag@example.org"),
        ("ann.b@sub.example.co.uk", "ann.b@sub.example.co.uk"),
        ("ann@bücher.example", "ann@xn--bcher-kva.example"),
        ("ann@BÜCHER.example", "ann@xn--bcher-kva.example"),
        ("ann@xn--bcher-kva.example", "ann@xn--bcher-kva.example"),
        ("ann＠example.org", "ann@example.org"),
        ("ａnn@example.org", "ann@example.org"),
        ("o'hara@example.org", "o'hara@example.org"),
    ],
)
def test_email_when_it_is_one_then_it_has_one_spelling(text: str, expected: str) -> None:
    assert normalize_email(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ann",
        "ann@",
        "@example.org",
        "ann@example",
        "ann@@example.org",
        "ann@example..org",
        "ann@.example.org",
        "ann@example.org.",
        "ann@-example.org",
        ".ann@example.org",
        "ann.@example.org",
        "an..n@example.org",
        "=?utf-8?q?eve?=@example.org",
        "añn@example.org",
        "a\x1bn@example.org",
        "ann@exam\u200bple.org",
        "ann b@example.org",
        "ann@exa mple.org",
        "ann@example.org\r\nBcc: all@example.org",
        "ann@example.org\x00",
        "ann@half\ud800.org",
        "ann@exam\u00adple.org\u202e",
        "<ann@example.org>",
        "a@b.c, d@e.f",
        f"{'a' * 65}@example.org",
        f"ann@{'a' * 64}.org",
        f"ann@{'a.' * 130}org",
    ],
)
def test_email_when_it_is_none_then_it_is_refused(text: str) -> None:
    with pytest.raises(BadAddress, match="not an e-mail address"):
        normalize_email(text)
