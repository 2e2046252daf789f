"""A call without anything that somebody or something judged: for whoever has to score it."""

from __future__ import annotations

from dataclasses import replace

from pipeline.store import StoredCall

KNOWN = (
    "call_id", "content_sha256", "channel", "business_line", "direction", "started_at", "duration",
    "agent_id", "agent_name", "team", "audio_codec", "capabilities", "notes",
)  # fmt: skip


def blinded(call: StoredCall) -> StoredCall:
    """What was said and how it sounds; no finding, score, review, nor anything that hints at one.

    Of the row of the call stays what is named above: a column that is added tomorrow does not.
    """
    row = {name: call.call[name] for name in KNOWN}
    return replace(call, call=row, findings=[], control_points=[], reviews=[], machine=None)
