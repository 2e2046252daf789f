"""The database of the tests of who sees, does and hears what."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

from pipeline.access import ASSIGNABLE, JobRole
from pipeline.alerts import Outbox
from pipeline.audit import Trail
from pipeline.casebook import Subject, passage_of
from pipeline.domain import (
    Alert,
    AlertKind,
    AskedCall,
    CaseKind,
    CaseText,
    Drift,
    DriftKind,
    RoundWish,
    SampleWish,
)
from pipeline.sampling import make_plan
from pipeline.store import Calibrations, Cases, People, Snapshot
from tests.access import site
from tests.access.site import NOBODY, OTHER, PEER, STORED

Tokens = dict[JobRole, str]
EVERY = (*STORED, NOBODY)
NOTICED = datetime(2026, 11, 21, tzinfo=UTC)
DRIFTS = [
    Alert(f"a-drift-{drift.kind}-{drift.subject}", AlertKind.DRIFT, NOTICED, drift=drift)
    for drift in (
        Drift(DriftKind.AGENT, PEER.agent, NOTICED.date(), 0, 40, 3, 0.001, team=PEER.team),
        Drift(DriftKind.TEAM, OTHER.team, NOTICED.date(), 0, 90, 0, 0.001, team=OTHER.team),
        Drift(DriftKind.RULE, "r", NOTICED.date(), 0.4, 0.1, 90, 0.001, title="葡萄规则"),
    )
]
KNOWN_DRIFTS = {
    role: {JobRole.LEADER: DRIFTS[:1], JobRole.OPERATOR: DRIFTS[1:2]}.get(role, DRIFTS)
    for role in ASSIGNABLE
}
NOVEMBER = date(2026, 11, 1), date(2026, 11, 30)  # when the calls were held


def make(folder: Path) -> Path:
    """Calls, a sampling plan, cases and two rounds of calibration, one of them closed."""
    db = site.make(folder)
    with Snapshot.open(db) as whole:
        wish = SampleWish(*NOVEMBER, "seed", 3, 60, ("张敏",))
        make_plan(whole, "王主管", wish, Trail.beside(db))
        contents = whole.contents()
        text = CaseText(CaseKind.BAD, "念出卡号", "不得复述", "只核对后四位")
        for known in STORED:
            passage = passage_of(whole.call(known.call_id), 1, 1, Subject(control_point="2.1"))
            Cases(whole.people).add("张敏", passage, text)
        Outbox.of(db).add([(one, ()) for one in (*alerts_of(contents), *DRIFTS)])
    rounds = Calibrations(People.open(db))
    for people in (("张敏", "李强"), ("张敏", "王芳")):  # none of those who look takes part
        rounds.make("王主管", RoundWish("樱桃校准", people, NOVEMBER[1], "seed"), [
            AskedCall(contents[OTHER.call_id], OTHER.call_id, "p" * 64, {"2.1": {"r": "fail"}}, 0)
        ])  # fmt: skip
    rounds.close(2, "王主管")
    return db


def alerts_of(contents: Mapping[str, str]) -> list[Alert]:
    """An alert about every call."""
    return [
        Alert(f"a-{known.call_id}", AlertKind.VETO, NOTICED, contents[known.call_id],
              f"rule_{known.call_id}")
        for known in STORED
    ]  # fmt: skip
