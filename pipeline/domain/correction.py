"""What a person heard in one turn, in place of what the recogniser wrote."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pipeline.domain.report import PrivateSpan


@dataclass(frozen=True, slots=True)
class Correction:
    """A stored correction; `at` is UTC, both texts are masked.

    `heard`: what the recogniser wrote then; where it writes something else by now, the correction
    counts no more. `text` None: taken back. `spans`: the private data in `text`.
    """

    id: int
    at: datetime
    who: str
    call_id: str
    content_sha256: str
    segment: int
    heard: str
    text: str | None
    spans: tuple[PrivateSpan, ...] = ()
    previous: int | None = None
