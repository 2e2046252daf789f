"""The database of the tests of who sees, does and hears what."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pipeline.access import JobRole
from pipeline.audit import Trail
from pipeline.casebook import Subject, passage_of
from pipeline.domain import AskedCall, CaseKind, CaseText, RoundWish, SampleWish
from pipeline.sampling import make_plan
from pipeline.store import Calibrations, Cases, People, Snapshot
from tests.access import site
from tests.access.site import NOBODY, OTHER, STORED

Tokens = dict[JobRole, str]
EVERY = (*STORED, NOBODY)
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
    rounds = Calibrations(People.open(db))
    for people in (("张敏", "李强"), ("张敏", "王芳")):  # none of those who look takes part
        rounds.make("王主管", RoundWish("樱桃校准", people, NOVEMBER[1], "seed"), [
            AskedCall(contents[OTHER.call_id], OTHER.call_id, "p" * 64, {"2.1": {"r": "fail"}}, 0)
        ])  # fmt: skip
    rounds.close(2, "王主管")
    return db
