"""The sealed form of one original: a header that is authenticated, and what is encrypted.

Header: `CALLQA-RAW`, version (1 byte), length of the key id (1), key id, key check (8), content
hash (32), nonce (12). Then AES-256-GCM with the whole header as associated data.
"""

from __future__ import annotations

import os
import zlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from pipeline.errors import BadSeal
from pipeline.vault.keys import CHECK_BYTES, Key, Keyring

MAGIC = b"CALLQA-RAW"
VERSION = 1
HASH_BYTES, NONCE_BYTES, TAG_BYTES = 32, 12, 16


@dataclass(frozen=True, slots=True)
class Header:
    """What a sealed file says of itself; `raw` are its bytes."""

    key_id: str
    check: bytes
    content: str
    nonce: bytes
    raw: bytes


def seal(plain: bytes, content_sha256: str, key: Key) -> bytes:
    """Compress and encrypt; every call takes a new nonce."""
    nonce = os.urandom(NONCE_BYTES)
    key_id = key.id.encode("ascii")
    header = b"".join((
        MAGIC, bytes((VERSION, len(key_id))), key_id, key.check,
        bytes.fromhex(content_sha256), nonce,
    ))  # fmt: skip
    return header + AESGCM(key.sealing).encrypt(nonce, zlib.compress(plain), header)


def header_of(data: bytes, name: str) -> Header:
    """Read the header; BadSeal when it is none."""
    if not data:
        raise BadSeal(f"{name}: is empty (0 bytes). {RESTORE}")
    if not data.startswith(MAGIC[: len(data)]):
        raise BadSeal(f"{name}: is no sealed original, or its beginning was changed. {RESTORE}")
    at = len(MAGIC) + 2
    if len(data) < at:
        raise BadSeal(f"{name}: is cut off. {RESTORE}")
    version, length = data[at - 2], data[at - 1]
    if version != VERSION:
        raise BadSeal(f"{name}: has format {version}; this callqa knows {VERSION}. Update callqa.")
    end = at + length + CHECK_BYTES + HASH_BYTES + NONCE_BYTES
    if len(data) < end + TAG_BYTES:
        raise BadSeal(f"{name}: is cut off. {RESTORE}")
    check = at + length
    content = check + CHECK_BYTES
    nonce = content + HASH_BYTES
    return Header(
        data[at:check].decode("ascii", "replace"),
        data[check:content],
        data[content:nonce].hex(),
        data[nonce:end],
        data[:end],
    )


def unseal(data: bytes, content_sha256: str, keys: Keyring, name: str) -> bytes:
    """Decrypt the original of this content; BadSeal says why it does not open."""
    header = header_of(data, name)
    if header.content != content_sha256:
        raise BadSeal(
            f"{name}: holds the original of another call ({header.content[:12]}…): it was renamed, "
            f"or copied over. {RESTORE}"
        )
    key = keys.keys.get(header.key_id)
    if key is None:
        raise BadSeal(
            f"{name}: was sealed with the key {header.key_id!a}, which is not in {keys.where} "
            f"(there: {', '.join(keys.keys)}). Add its line below the active key."
        )
    if key.check != header.check:
        raise BadSeal(
            f"{name}: was sealed with another key than the one called {key.id} in {keys.where}. "
            "Put the right key under this id."
        )
    try:
        plain = AESGCM(key.sealing).decrypt(header.nonce, data[len(header.raw) :], header.raw)
    except InvalidTag:
        raise BadSeal(f"{name}: was changed or cut off since it was sealed. {RESTORE}") from None
    return zlib.decompress(plain)


RESTORE = "Restore it from a backup."
