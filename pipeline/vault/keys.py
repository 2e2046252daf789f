"""Keys: lines `ID BASE64KEY`, the first is the active one; from a file or an environment variable.

What a line holds is never used itself: a key to seal, a key to sign the audit trail and a check
that tells a wrong key from a damaged file are derived from it (HKDF-SHA256).
"""

from __future__ import annotations

import base64
import binascii
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from stat import S_ISREG

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from pipeline.errors import BadInput, BadSettings

KEY_BYTES = 32
CHECK_BYTES = 8
OPEN_TO_OTHERS = 0o027  # others may do anything, the group may write
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")


@dataclass(frozen=True, slots=True)
class Key:
    """One key by its id: `sealing` for AES-256-GCM, `signing` for HMAC-SHA256, `check` to tell."""

    id: str
    sealing: bytes = field(repr=False)
    signing: bytes = field(repr=False)
    check: bytes = field(repr=False)

    @classmethod
    def of(cls, key_id: str, secret: bytes) -> Key:
        """Derive everything from the 32 secret bytes."""
        return cls(
            key_id,
            _derived(secret, "seal", KEY_BYTES),
            _derived(secret, "sign", KEY_BYTES),
            _derived(secret, "check", CHECK_BYTES),
        )


@dataclass(frozen=True, slots=True)
class Keyring:
    """Keys by id, the active one first. `where` names their place in messages."""

    keys: Mapping[str, Key]
    where: str

    @property
    def active(self) -> Key:
        """The key that seals and signs what is new."""
        return next(iter(self.keys.values()))


def read_key_file(path: Path) -> Keyring:
    """The keys of a file; BadSettings when it is missing, open to others, or not well formed."""
    try:
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            if not S_ISREG(status.st_mode):
                raise BadSettings(f"raw.key_file: {path} is not a file")
            if status.st_mode & OPEN_TO_OTHERS:
                raise BadSettings(
                    f"raw.key_file: {path} may be read by others, or written by its group (mode "
                    f"{status.st_mode & 0o777:04o}). Run `chmod 600 {path}`, or 640 for a group of "
                    "people who may unmask; if others could read it, change the key "
                    "(`callqa raw rotate`)."
                )
            data = file.read()
    except FileNotFoundError as error:
        raise BadSettings(
            f"raw.key_file: there is no {path}. Bring the file back (a new key opens nothing that "
            f"an old one sealed), or make the first one: callqa raw new-key -o {path}"
        ) from error
    except OSError as error:
        raise BadSettings(f"raw.key_file: {path} cannot be read: {error.strerror}") from error
    return parse_keys(data.decode("utf-8", "replace"), str(path))


def parse_keys(text: str, where: str) -> Keyring:
    """Keys out of lines; empty lines and those with # before them are passed over."""
    keys: dict[str, Key] = {}
    for number, line in enumerate(text.splitlines(), 1):
        fields = line.split()
        if not fields or fields[0].startswith("#"):
            continue
        secret = _secret(fields[1]) if len(fields) == 2 else None
        if secret is None or not _ID.fullmatch(fields[0]):
            raise BadSettings(
                f"{where}, line {number}: must be `ID KEY`, a name and 32 bytes in base64. "
                "`callqa raw new-key` makes such a line."
            )
        if fields[0] in keys:
            raise BadSettings(f"{where}, line {number}: the id {fields[0]} is there twice")
        keys[fields[0]] = Key.of(fields[0], secret)
    if not keys:
        raise BadSettings(f"{where}: holds no key. `callqa raw new-key` makes one.")
    return Keyring(keys, where)


def new_key_file(path: Path) -> str:
    """Write a new key into a new file that only its owner may read; returns the key's id."""
    key_id = f"k{datetime.now(UTC):%Y%m%d}-{secrets.token_hex(2)}"
    line = f"{key_id} {base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode('ascii')}\n"
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except FileExistsError as error:
        raise BadInput(
            f"{path} is there already and is left as it is: the key in it may be needed. "
            "Give -o another name."
        ) from error
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror}") from error
    with os.fdopen(file, "w", encoding="ascii") as out:
        out.write(line)
        out.flush()
        os.fsync(out.fileno())
    return key_id


def _secret(text: str) -> bytes | None:
    try:
        secret = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return secret if len(secret) == KEY_BYTES else None


def _derived(secret: bytes, purpose: str, length: int) -> bytes:
    info = f"callqa/raw/1/{purpose}".encode("ascii")
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=info).derive(secret)
