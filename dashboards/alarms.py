"""Alerts for whoever is signed in: those of their calls, the drifts they may know; never cached."""

from __future__ import annotations

from typing import Final

from dashboards import data, signed
from dashboards.options import options, settings
from pipeline.access import Act, Page, Person, Rows
from pipeline.alerts import ChannelState, Outbox, Shown, channels_of, state_of
from pipeline.domain import Acknowledgement, Drift, DriftKind
from pipeline.errors import BadInput, NotAllowed
from pipeline.store import Acknowledgements

# What whoever runs the site must know without seeing a call: whether recordings arrive whole.
RUNNING: Final = (
    DriftKind.CONFIDENCE, DriftKind.TEAM, DriftKind.LINE, DriftKind.ALL, DriftKind.FAILED,
)  # fmt: skip


def listed() -> list[Shown]:
    """What whoever looks may see, open ones first, latest first."""
    person = signed.who()
    if Page.ALERTS not in person.pages:
        raise NotAllowed(f"the role {person.role} may not do this ({Page.ALERTS})")
    return [
        one
        for one in state_of(data.mine())
        if one.alert.drift is None or _may_know(person, one.alert.drift)
    ]


def _may_know(person: Person, drift: Drift) -> bool:
    """All of them who sees all calls, a leader those of the team, an operator how the site runs."""
    rows = person.rights.rows
    if rows is Rows.TEAM:
        return drift.team is not None and drift.team == person.team
    return rows is Rows.ALL or (person.may(Act.CHANNELS) and drift.kind in RUNNING)


def channels() -> list[ChannelState]:
    """What the channels did; NotAllowed for a role that has no part in it."""
    signed.who().need(Act.CHANNELS)
    return channels_of(Outbox.of(options().db), settings().alerts)


def acknowledge(typed: str, alert: str, comment: str) -> Acknowledgement:
    """Take note of an alert that whoever is here can see; BadInput for any other."""
    name = signed.acting(Act.ACKNOWLEDGE, typed)
    known = next((one.alert for one in listed() if one.alert.id == alert), None)
    if known is None:
        raise BadInput(f"there is no alert {alert}")
    return Acknowledgements(data.people()).add(name, alert, known.content_sha256, comment)
