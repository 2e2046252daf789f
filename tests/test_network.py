"""Which addresses belong to the user's own network."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from pipeline.errors import BadSettings
from pipeline.network import checked_url, is_own, refuse_foreign


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "127.9.9.9", "10.0.0.5", "172.16.0.1", "172.31.255.255", "192.168.1.1",
     "169.254.1.1", "::1", "fd12::1", "fe80::1%eth0", "::ffff:10.0.0.5"],
)  # fmt: skip
def test_own(address: str) -> None:
    assert is_own(address)


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "172.32.0.1", "172.15.0.1", "192.169.0.1", "11.0.0.1", "0.0.0.0", "100.64.0.1",
     "224.0.0.1", "203.0.113.9", "2001:4860:4860::8888", "::ffff:8.8.8.8", "::", "ff02::1",
     "64:ff9b::8.8.8.8", "no address", ""],
)  # fmt: skip
def test_foreign(address: str) -> None:
    assert not is_own(address)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8000/v1", "https://[fd12::1]/v1", "http://llm", "http://localhost:1"]
)
def test_addresses_that_are_fine_are_left_as_they_are(url: str) -> None:
    assert checked_url(url) == url


def names(monkeypatch: pytest.MonkeyPatch, known: dict[str, list[str]]) -> None:
    """A name server of the test's own: no test may depend on a real one."""

    def found(host: str, *_: object) -> list[Any]:
        if host not in known:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 0)) for ip in known[host]]

    monkeypatch.setattr(socket, "getaddrinfo", found)


def test_a_name_must_lead_into_the_own_network_only(monkeypatch: pytest.MonkeyPatch) -> None:
    names(
        monkeypatch,
        {
            "llm.bank.example": ["10.0.0.5", "fd12::1"],
            "llm.example": ["10.0.0.5", "203.0.113.9"],
            "134744072": ["8.8.8.8"],
        },
    )
    refuse_foreign("http://llm.bank.example:8000/v1")
    refuse_foreign("http://gpu-server:8000/v1")  # not known just now, but bare
    with pytest.raises(BadSettings, match=r"'llm.example' resolves to 203.0.113.9, outside"):
        refuse_foreign("http://llm.example/v1")
    with pytest.raises(BadSettings, match=r"'134744072' resolves to 8.8.8.8, outside"):
        refuse_foreign("http://134744072/v1")
    with pytest.raises(BadSettings, match=r"'api.vendor.example' cannot be resolved"):
        refuse_foreign("https://api.vendor.example/v1")


def test_an_address_needs_no_name_server() -> None:
    refuse_foreign("http://127.0.0.1:8000/v1")
    refuse_foreign("http://[::1]:8000/v1")
