"""Keys for tests, and files of them."""

from __future__ import annotations

import base64
from pathlib import Path


def a_line(key_id: str, secret: bytes = b"s") -> str:
    """A line of a key file."""
    return f"{key_id} {base64.b64encode(secret * 32).decode()}\n"


def a_key_file(path: Path, *lines: str) -> Path:
    """A key file that only its owner may read; one key without `lines`."""
    path.write_text("".join(lines) or a_line("k1"))
    path.chmod(0o600)
    return path
