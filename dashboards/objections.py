"""Appeals for whoever is signed in: filed, opined on, decided; never cached."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from dashboards import data, signed
from dashboards.options import settings
from pipeline.access import Act
from pipeline.domain import Appeal, AppealState, AppealStep
from pipeline.errors import BadInput, NotAllowed
from pipeline.store import Appeals, appealed

Row = Mapping[str, Any]
NEEDS = {
    AppealStep.SUPPORT: Act.OPINE,
    AppealStep.OPPOSE: Act.OPINE,
    AppealStep.UPHOLD: Act.RULE,
    AppealStep.DISMISS: Act.RULE,
    AppealStep.WITHDRAW: Act.APPEAL,
}


@dataclass(frozen=True, slots=True)
class Listed:
    """An appeal with what this reader knows of its call."""

    appeal: Appeal
    row: Row


def listed() -> list[Listed]:
    """The appeals about calls of whoever looks, open ones first, latest first."""
    signed.who()
    every = Appeals(data.people()).all()
    known = appealed(data.mine(), every)
    found = [Listed(appeal, known[appeal.id]) for appeal in every if appeal.id in known]
    return sorted(found, key=lambda one: one.appeal.end is not None)


def waiting(found: Iterable[Listed]) -> tuple[int, int]:
    """How many appeals wait for a decision, and how many of them for an opinion first."""
    states = Counter(one.appeal.state for one in found)
    filed = states[AppealState.FILED]
    return filed + states[AppealState.OPINION], filed


def of(call: Row) -> dict[str, Appeal]:
    """The appeals against findings of a call, by rule."""
    content = str(call["content_sha256"])
    return Appeals(data.people()).of(content) if data.is_mine(content) else {}


def last_moment(call: Row, rule: str) -> datetime:
    """Until when an appeal can be filed: so many days after it was scored or last decided on."""
    said = [review.at for review in data.reviews(call, rule)]
    moments = [call["scored_at"] or call["processed_at"], *said]
    latest: datetime = max(moments)
    return latest + timedelta(days=settings().appeals.days)


def file(typed: str, call: Row, rule: str, reason: str) -> Appeal:
    """Object to a finding of a call of one's own; BadInput when it is too late."""
    name = signed.acting(Act.APPEAL, typed)
    _refuse_foreign(call)
    until = last_moment(call, rule)
    if datetime.now(UTC) > until:
        ended = until.astimezone(UTC)
        raise BadInput(
            f"the time for appeals against this finding ended at {ended:%Y-%m-%d %H:%M} UTC"
        )
    subject = str(call["content_sha256"]), str(call["call_id"]), rule
    return Appeals(data.people()).file(name, subject, reason, str(call["pack_version"]))


def step(typed: str, call: Row, number: int, what: AppealStep, comment: str) -> Appeal:
    """An opinion, a decision or a withdrawal; who may not is refused, below by the store."""
    name = signed.acting(NEEDS[what], typed)
    _refuse_foreign(call)
    days = settings().appeals.leader_days
    return Appeals(data.people()).step(number, name, what, comment, days)


def _refuse_foreign(call: Row) -> None:
    if not data.is_mine(str(call["content_sha256"])):
        raise NotAllowed(f"there is no call {call['call_id']} for you")
