"""Where a caller comes from, and whether an e-mail address is one. Pure."""

from __future__ import annotations

import contextlib
import re
import unicodedata
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from ocrchat.config import Network
from ocrchat.errors import BadAddress

Address = IPv4Address | IPv6Address

# A home or office has one IPv6 /64 and any number of addresses in it.
_IPV6_PREFIX = 64

# RFC 5321's limit; what is longer cannot be delivered.
_MAX_EMAIL_LENGTH = 254
_NAME = r"[^\s@<>(),:;\\\"\[\]]"
_LABEL = r"[^\s@<>(),:;\\\"\[\]._-](?:[^\s@<>(),:;\\\"\[\]._]{0,61}[^\s@<>(),:;\\\"\[\]._-])?"
_EMAIL = re.compile(rf"{_NAME}{{1,64}}@(?:{_LABEL}\.)+{_LABEL}")


def normalize_email(text: str) -> str:
    """One spelling for one mailbox; raises BadAddress."""
    email = unicodedata.normalize("NFKC", text.strip()).lower()
    local, _, domain = email.partition("@")
    # Outside of ASCII few servers take a mailbox's name, and "=?" begins a coded word, which a mail's header decodes.
    wrong = not local.isascii() or "=?" in email or not email.isprintable()
    wrong = wrong or local.startswith(".") or local.endswith(".") or ".." in email
    with contextlib.suppress(UnicodeError):
        email = f"{local}@{domain.encode('idna').decode()}"  # as mail servers write it; both spellings are one mailbox
    if len(email) > _MAX_EMAIL_LENGTH or wrong or _EMAIL.fullmatch(email) is None:
        raise BadAddress("This is not an e-mail address.")
    return email


def client_address(peer: str, forwarded_for: str, trusted: Sequence[Network]) -> str:
    """Who sent the request. `X-Forwarded-For` is believed only as far as proxies of one's own wrote it."""
    address = _parse(peer)
    if address is None:
        return peer  # a UNIX socket or a test: everybody behind it is one caller
    for hop in reversed([part.strip() for part in forwarded_for.split(",") if part.strip()]):
        if not _is_in(address, trusted):
            break
        before = _parse(hop)
        if before is None:
            break  # a name or a forgery: the proxy that passed it on is the last one known
        address = before
    return str(address)


def network_of(address: str) -> str:
    """What allowances and limits count as one caller."""
    parsed = _parse(address)
    if isinstance(parsed, IPv6Address):
        return str(ip_network((parsed, _IPV6_PREFIX), strict=False))
    return str(parsed) if parsed is not None else address


def _parse(text: str) -> Address | None:
    text = text.removeprefix("[").split("]")[0].split("%")[0]
    if text.count(":") == 1:  # IPv4 with a port, as some proxies write it
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _is_in(address: Address, networks: Sequence[Network]) -> bool:
    return any(address.version == network.version and address in network for network in networks)
