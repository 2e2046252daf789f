"""One entry of the trail: its fields, its canonical line, its hash and its signature."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.files import storable

GENESIS = "0" * 64
REFUSED = "_refused"  # how actions end that were refused
# Entries of the dashboard, whose user need not read the key that opens originals.
SIGN_INS = ("sign_in", "sign_in_failed", "sign_in_locked", "sign_out", "password_changed")


def may_be_unsigned(action: str) -> bool:
    """Whether an entry without a signature is no fault after signed ones: it permits nothing."""
    return action.endswith(REFUSED) or action in SIGN_INS


@dataclass(frozen=True, slots=True)
class Signing:
    """Keys for signatures by id; `active` signs new entries."""

    active: str
    keys: Mapping[str, bytes] = field(repr=False)

    def sign(self, text: str, key: str | None = None) -> str:
        """HMAC-SHA256 of `text` under one of the keys, in hex."""
        return hmac.new(self.keys[key or self.active], text.encode("ascii"), "sha256").hexdigest()

    def fits(self, text: str, key: str, mac: str | None) -> bool:
        """Whether `mac` is the signature of `text` under a key that is here."""
        return hmac.compare_digest(self.sign(text, key).encode(), (mac or "").encode())


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class Torn(_Part):
    """A half-written line before an entry: its bytes, and their SHA-256."""

    bytes: int
    sha256: str


class Head(_Part):
    """The head file: entries counted, hash of the last one, signed when that one is."""

    count: int = Field(ge=0)
    hash: str
    mac: str | None = None


class Doubt(_Part):
    """What the head file said when it and the trail did not fit; nulls: it was gone or broken."""

    count: int | None
    hash: str | None


class Entry(_Part):
    """One line. `prev` is the hash of the entry before, `mac` the signature of `hash`."""

    seq: int = Field(ge=1)
    time: str
    who: str
    role: str | None
    action: str
    subject: str | None
    reason: str | None
    details: dict[str, Any]
    prev: str
    key: str | None
    torn: Torn | None
    doubt: Doubt | None
    hash: str
    mac: str | None

    @classmethod
    def made(cls, body: Mapping[str, Any], signing: Signing | None) -> Self:
        """Complete an entry by key id, hash and signature."""
        body = {**body, "key": signing.active if signing else None}
        own = hashlib.sha256(canonical(body)).hexdigest()
        mac = signing.sign(own) if signing else None
        return cls.model_validate_json(canonical({**body, "hash": own, "mac": mac}))

    @classmethod
    def parsed(cls, line: bytes) -> Self | None:
        """The entry of a line as it was written; None when one byte of it is another."""
        try:
            entry = cls.model_validate_json(line)
            whole = entry.model_dump()
            if canonical(whole) != line:
                return None
        except (ValidationError, ValueError):
            return None
        body = {name: value for name, value in whole.items() if name not in ("hash", "mac")}
        return entry if hashlib.sha256(canonical(body)).hexdigest() == entry.hash else None

    def line(self) -> bytes:
        """The canonical line, without its end."""
        return canonical(self.model_dump())


def canonical(value: Mapping[str, Any]) -> bytes:
    """JSON in UTF-8 with sorted keys, no spaces, no NaN: the same content is the same bytes."""
    text = json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return text.encode("utf-8")


def storable_json(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Any JSON value with text that UTF-8 can hold."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {storable_json(key): storable_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [storable_json(item) for item in value]
    return value
