"""What later calls of a customer need to know of a call."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.domain import Finding, MaskedTranscript, PastCall, Role, Seconds, Verdict

WORDS_KEPT = 300  # of what a customer said; as in store/sql/list_past_calls.sql


def past_call_of(
    transcript: MaskedTranscript, findings: Iterable[Finding], duration: Seconds | None
) -> PastCall | None:
    """A judged call as an earlier one; None when its time is unknown.

    The store gives the same from its tables (`store/sql/list_past_calls.sql`).
    """
    info = transcript.info
    if info.started_at is None:
        return None
    said = [s.text for s in transcript.segments if s.role is Role.CUSTOMER]
    found = tuple(findings)
    by_verdict = {
        verdict: frozenset(f.rule for f in found if f.verdict is verdict)
        for verdict in (Verdict.PASS, Verdict.FAIL)
    }
    return PastCall(
        info.call_id,
        info.started_at,
        info.medium,
        info.business_line,
        info.direction,
        duration,
        info.agent.id,
        info.attributes,
        len(said),
        "，".join(said)[:WORDS_KEPT],
        by_verdict[Verdict.PASS],
        by_verdict[Verdict.FAIL],
    )
