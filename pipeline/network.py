"""The user's own network: the only place that text may be sent to."""

from __future__ import annotations

import socket
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

from pipeline.errors import BadSettings

# Loopback, private (RFC 1918, unique local) and link-local addresses; nothing else.
_OWN = tuple(
    ip_network(block)
    for block in (
        "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16",
        "::1/128", "fc00::/7", "fe80::/10",
    )
)  # fmt: skip


def is_own(address: str) -> bool:
    """Whether an IP address lies in the user's own network; False for what is no address."""
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    return any(ip in block for block in _OWN)


class Foreign(Exception):
    """The name of a server leads out of the own network; the text is the address."""


def only_own(event: str, info: dict[str, Any]) -> None:
    """A trace of httpx that raises Foreign before anything is sent: a name may have moved."""
    if event != "connection.connect_tcp.complete":
        return
    stream = info["return_value"]
    address = str(stream.get_extra_info("server_addr")[0])
    if not is_own(address):
        stream.close()
        raise Foreign(address)


def checked_url(url: str) -> str:
    """The address of a server, unchanged; ValueError says what is wrong with its form.

    Asks no name server: `refuse_foreign` does, when the server is about to be used.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        raise ValueError(f"{url!r} is not an address: {error}") from error
    if parts.scheme not in ("http", "https") or not host:
        raise ValueError(f"{url!r}: write http://HOST:PORT/v1 or https://HOST:PORT/v1")
    if parts.username is not None or parts.query or parts.fragment:
        raise ValueError("no password, ? or # in the address; a key goes to llm.api_key_env")
    if _is_address(host) and not is_own(host):
        raise ValueError(_outside(host, host))
    return url


def refuse_foreign(url: str) -> None:
    """BadSettings when the name in an address leads, or may lead, out of the own network.

    A bare host name that cannot be resolved just now passes: it can only be one of this network.
    """
    host = urlsplit(url).hostname or ""
    try:
        found = {str(entry[4][0]) for entry in socket.getaddrinfo(host, None)}
    except (OSError, UnicodeError) as error:
        if "." not in host.rstrip("."):
            return
        raise BadSettings(
            f"llm.url: the name {host!r} cannot be resolved, so nobody can tell whether it lies in "
            "your own network; write the server's address or a bare host name"
        ) from error
    foreign = sorted(address for address in found if not is_own(address))
    if foreign:
        raise BadSettings(f"llm.url: {_outside(host, foreign[0])}")


def _is_address(host: str) -> bool:
    try:
        ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def _outside(host: str, address: str) -> str:
    named = f"{host!r} is" if host == address else f"{host!r} resolves to {address},"
    return (
        f"{named} outside your own network; text goes only to loopback, private "
        "(10/8, 172.16/12, 192.168/16, fc00::/7) and link-local addresses"
    )


def is_local(address: str) -> bool:
    """Whether an address or name means this machine alone."""
    if address == "localhost":
        return True
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def name_of(host: str) -> str:
    """The name in a Host header, without its port."""
    return host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
