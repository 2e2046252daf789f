"""Passwords: Argon2id hashes, what a password must be, one-time first passwords."""

from __future__ import annotations

import base64
import secrets
import unicodedata
from functools import cache
from threading import BoundedSemaphore

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from pipeline.errors import BadInput

MEMORY_KIB, PASSES, LANES = 47104, 1, 1  # OWASP's first choice of 2025: 46 MiB, one pass
SHORTEST, LONGEST = 10, 200
_AT_ONCE = BoundedSemaphore(4)  # tries of strangers take no more memory than this many
FIRST_BYTES = 10  # 80 random bits: 16 letters and digits


def hash_of(password: str) -> str:
    """The hash in the PHC form, with its salt and costs."""
    kdf = Argon2id(
        salt=secrets.token_bytes(16),
        length=32,
        iterations=PASSES,
        lanes=LANES,
        memory_cost=MEMORY_KIB,
    )
    return kdf.derive_phc_encoded(_bytes(password))


def fits(password: str, known: str | None) -> bool:
    """Whether it is the password; takes as long for nobody (None) as for somebody."""
    try:
        with _AT_ONCE:
            Argon2id.verify_phc_encoded(_bytes(password), known or _nobody())
    except InvalidKey:
        return False
    return known is not None


def check(password: str, name: str) -> None:
    """BadInput for a password that is too easy to guess; length is what counts."""
    plain = unicodedata.normalize("NFKC", password)
    if not SHORTEST <= len(plain) <= LONGEST:
        raise BadInput(f"a password has {SHORTEST} to {LONGEST} characters")
    if name.casefold() in plain.casefold() or len(set(plain)) < 5:
        raise BadInput(
            "a password does not hold the name of its account and has five different characters"
        )


def first_password() -> str:
    """A random one, for one use, easy to read out: four groups of four."""
    text = base64.b32encode(secrets.token_bytes(FIRST_BYTES)).decode()
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))


@cache
def _nobody() -> str:
    return hash_of(secrets.token_hex(16))


def _bytes(password: str) -> bytes:
    return unicodedata.normalize("NFKC", password)[: 4 * LONGEST].encode()
