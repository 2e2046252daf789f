"""Rule packs as the store keeps them, so that an old score can be explained."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Protocol

from pipeline.store.rows import Row


class UsedPack(Protocol):
    """What the store needs to know of a rule pack."""

    @property
    def sha256(self) -> str:
        """Hash of the canonical text of `content`."""

    def content(self) -> Mapping[str, Any]:
        """Everything in the pack, as plain JSON."""


def row_of_pack(pack: UsedPack) -> Row:
    """One row of the table `packs`; its `content` is the very text that the hash is of."""
    content = pack.content()
    effective = content["effective"]
    return {
        "pack_hash": pack.sha256,
        "pack": content["pack"],
        "version": content["version"],
        "effective_from": _day(effective["from"]),
        "effective_to": _day(effective["to"]),
        "content": json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
        "first_used": datetime.now(UTC),
    }


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
