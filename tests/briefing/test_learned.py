"""What models read in the calls: a line of the briefing, and what it stands on."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pipeline.briefing import Briefing, gather
from pipeline.briefing.document import Export, document
from pipeline.documents import write_markdown
from pipeline.learning.reading import read_new
from pipeline.store import LabelDraft, Labels, Scope, Snapshot, Store
from tests.briefing.problems import W46, W47, finds
from tests.store.fresh import fresh
from tests.store.reports import SHANGHAI, a_report

ANGRY = "我要投诉你们银行，叫你们领导接电话"
CALM = "好的，我知道了，谢谢"
COMPLAINTS = {W46: 1, W47: 9}  # of 24 calls a week


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    db = fresh(tmp_path_factory.mktemp("learned") / "calls.duckdb")
    calls = []
    for week, angry in COMPLAINTS.items():
        monday = datetime(week.monday.year, week.monday.month, week.monday.day, 9, tzinfo=SHANGHAI)
        for number in range(24):
            calls.append(a_report(
                f"{week}-{number}", started_at=monday + timedelta(hours=6 * number), findings=(),
                team="一组" if number % 2 else "二组",
                turns=("您好", ANGRY if number < angry else CALM),
            ))  # fmt: skip
    with Store.open(db) as store:
        store.save(calls)
        store.publish()
    return db


@pytest.fixture(scope="module")
def read(db: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, read by the models that ship."""
    copy = tmp_path_factory.mktemp("read") / db.name
    copy.write_bytes(db.read_bytes())
    with Store.open(copy) as store:
        read_new(store)
        store.publish()
    return copy


def of(db: Path, scope: Scope | None = None) -> Briefing:
    with Snapshot.open(db) as snapshot:
        return gather(snapshot.within(scope) if scope else snapshot, W47, find=finds())


def said(found: Briefing, lang: str) -> str:
    return write_markdown(document(found, Export(lang, W47.sunday)))


def test_complaints_that_a_model_reads_stand_beside_last_weeks(read: Path) -> None:
    head = of(read).headline
    assert (head.now.flagged, head.now.read) == (9, 24)
    assert (head.before.flagged, head.before.read, head.flagged) == (1, 24, 1)
    assert head.now.complaints is None, "the rule is another figure"
    text = said(of(read), "zh")
    assert "模型读出投诉意向的通话" in text
    assert (
        "9/24 通（37.5%），上周 1/24 通，上升。模型判断，人工核对过的以人工为准；不影响得分。"
        in text
    )
    text = said(of(read), "en")
    assert "9 of 24 calls (37.5%), last week 1 of 24 calls, up. A model's reading" in text


def test_what_a_person_said_goes_before_what_a_model_read(read: Path, tmp_path: Path) -> None:
    db = tmp_path / read.name
    db.write_bytes(read.read_bytes())
    with Store.open(db) as store:
        store.publish()
    with Snapshot.open(db) as snapshot:
        calls = {one["call_id"]: one for one in snapshot.list_calls().to_pylist()}
        for number, value in ((0, "no"), (20, "yes"), (21, "yes")):
            name = f"c-{W47}-{number}"
            draft = LabelDraft("张敏", name, calls[name]["content_sha256"], "complaint", value)
            Labels(snapshot.people).say(draft)
        assert gather(snapshot, W47, find=finds()).headline.now.flagged == 9 - 1 + 2


def test_a_leader_is_told_of_the_own_teams_calls(read: Path) -> None:
    head = of(read, Scope(team="一组")).headline
    assert (head.now.flagged, head.now.read) == (4, 12)


def test_where_no_model_looked_nothing_is_said(db: Path) -> None:
    found = of(db)
    assert found.basis.readers == ()
    assert "模型读出投诉意向" not in said(found, "zh")
    assert "读话模型" not in said(found, "zh")


def test_the_models_that_read_stand_in_the_basis(read: Path) -> None:
    models = Path(__file__).parents[2] / "models"
    versions = {
        kind: json.loads((models / kind / "card.json").read_text(encoding="utf-8"))["version"]
        for kind in ("reasons", "flags")
    }
    found = of(read)
    assert found.basis.readers == tuple(
        (kind, f"{kind}@{version}", 24) for kind, version in versions.items()
    )
    line = next(one for one in said(found, "zh").splitlines() if "读话模型" in one)
    assert f"来电原因 reasons@{versions['reasons']}: 24" in line
    assert f"投诉等标记 flags@{versions['flags']}: 24" in line
    assert "faster-whisper base r1: 24" in said(found, "zh"), "the recogniser"
