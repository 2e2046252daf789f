"""A customer is removed everywhere on request, nobody else is touched, and a search proves it."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline import retention
from pipeline.alerts import Outbox
from pipeline.audit import Trail, operating_user, verify
from pipeline.authority import Request, needed_keys, signing_of
from pipeline.domain import (
    Alert,
    AlertKind,
    CaseKind,
    CaseText,
    Failure,
    Passage,
    QuotedTurn,
    Role,
)
from pipeline.errors import BadInput, NotAllowed, TryAgain
from pipeline.retention import Erasure, Removed, removing
from pipeline.search import SearchIndex, sync
from pipeline.settings import PeopleSettings
from pipeline.store import (
    AUDIO,
    FORMATS,
    Acknowledgements,
    Cases,
    Copies,
    CorrectionDraft,
    Corrections,
    Decision,
    Held,
    LabelDraft,
    Labels,
    People,
    Removals,
    ReviewDraft,
    Snapshot,
    Store,
    export,
    note_copy,
    remains,
    write_spool,
)
from tests.retention.centre import NOW, REASON, Centre
from tests.store.reports import a_hash, a_report

WHO, OTHER = "U-20261128-0042", "U-20261128-0043"
SAID = "我是独一无二的张三丰"
TURNS = ("您好,请讲。", SAID)


@pytest.fixture
def centre(tmp_path: Path) -> Centre:
    """Two calls of the customer, one of another, with all that grows around calls."""
    centre = Centre(tmp_path)
    centre.call("call-0001", customer=WHO, turns=TURNS)
    centre.call("call-0002", customer=WHO, turns=TURNS)
    centre.call("call-0003", customer=OTHER)
    rows = [f"{name}.wav,{who}" for name, who in
            (("call-0001", WHO), ("call-0002", WHO), ("call-0003", OTHER))]  # fmt: skip
    (tmp_path / "in" / "calls.csv").write_text("\n".join(["file,customer_id", *rows]))
    for content in ("call-0001", "call-0003"):
        draft = ReviewDraft("李", f"c-{content}", a_hash(content), Decision.CONFIRM, comment=SAID)
        People.open(centre.db).add_review(draft)
        passage = Passage(f"c-{content}", a_hash(content), 0, 0, 0.5, 3.5,
                          (QuotedTurn(Role.CUSTOMER, SAID),), "bank")  # fmt: skip
        text = CaseText(CaseKind.BAD, "案例", "原因", f"{content} 的口径")
        cases = Cases(People.open(centre.db))
        made = cases.add("李", passage, text)
        cases.change(made.id, "周", text, made.now.id)
        heard = CorrectionDraft("李", f"c-{content}", a_hash(content), 0, "听错", f"{content} 听对")
        Corrections(People.open(centre.db)).add(heard)
        flag = LabelDraft(
            "李", f"c-{content}", a_hash(content), "churn", "yes", 1, f"{content} {SAID}"
        )
        Labels(People.open(centre.db)).say(flag)
        alert = Alert(f"a-{content}", AlertKind.VETO, NOW, a_hash(content), "no_full_card_number")
        Outbox.of(centre.db).add([(alert, ["ops"])])
        Acknowledgements(People.open(centre.db)).add("周", alert.id, a_hash(content), SAID)
    with Store.open(centre.db) as store:
        store.save([a_report("call-0002", customer=WHO, turns=TURNS, code_version="0.2",
                             sources=(str(centre.sound("call-0002")),))])  # fmt: skip
        store.start_run("in")
        broken = Failure(str(centre.sound("call-0001")), "decode", "BadRecording", "x")
        other = Failure("/in/other.wav", "decode", "BadRecording", "x")
        failures = [{"file": f.file, "stage": f.stage} for f in (broken, other)]
        store.record_failures([broken, other])
        store.finish_run({"failures": failures}, 3)
        (store.layout.bad / f"{a_hash('call-0001')}.json").write_text(SAID)
        (store.layout.spool / f".{a_hash('call-0001')}.json.1.2.tmp").write_text(SAID)
        half = centre.original("call-0001")
        half.with_name(f".{half.name}.tmp").write_text("sealed by halves")
        write_spool(
            a_report("call-0004", customer=WHO, turns=TURNS, sources=()), store.layout.spool
        )
        store.publish()
        sync(store)
    return centre


def erase(centre: Centre, customer: str = WHO, *inputs: Path, reason: str = REASON) -> Removed:
    return retention.erase(centre.settings, centre.db, Erasure(customer, reason, inputs))


def found_in(folder: Path, *words: str) -> list[str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return sorted(
        path.name for path in files if any(word.encode() in path.read_bytes() for word in words)
    )


def test_everything_of_a_customer_goes_and_the_search_finds_nothing(centre: Centre) -> None:
    assert "calls.duckdb" in found_in(centre.folder, SAID), "else the search below proves nothing"
    done = erase(centre)
    assert done.complete
    assert (done.calls, done.waiting, done.found) == (3, 0, [])
    there = {"call-0001": "", "call-0002": "", "call-0004": "", "call-0003": "rao"}
    assert centre.all_there(*there) == there
    hashes = [a_hash(f"call-000{n}") for n in (1, 2, 4)]
    left = found_in(centre.folder, WHO, "call-0001", "call-0002", "call-0004", *hashes)
    assert left[:2] == ["calls.audit.jsonl", "calls.duckdb"], "the hashes stay there"
    assert [name[:4] for name in left[2:]] == ["v000"], "and in the one published copy"
    assert found_in(centre.folder, WHO, "call-0001", "call-0002", "call-0004") == []
    assert found_in(centre.folder, SAID) == ["people.sqlite"], "in a review of another call"
    assert [path for path in centre.folder.rglob(f"*{hashes[0]}*") if path.is_file()] == []
    table = (centre.folder / "in" / "calls.csv").read_text()
    assert table == f"file,customer_id\ncall-0003.wav,{OTHER}"


def test_the_search_index_forgets_too_and_goes_on_with_the_others(centre: Centre) -> None:
    index = SearchIndex.of(centre.db)
    assert found_in(index.folder, SAID), "else the search below proves nothing"
    gone = {a_hash("call-0001"), a_hash("call-0002")}
    assert index.remains(gone) != []
    done = erase(centre)
    assert done.counts["search_day"] > 0
    assert index.remains(gone) == []
    hashes = [a_hash(f"call-000{n}") for n in (1, 2, 4)]
    assert found_in(index.folder, SAID, "call-0001", "call-0002", "call-0004", *hashes) == []
    assert found_in(index.folder, a_hash("call-0003")), "the other customer's call is found"
    with Snapshot.open(centre.db) as snapshot:
        assert not index.state().outdated(snapshot.version)


def test_a_removal_that_is_killed_leaves_nothing_to_find(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = SearchIndex.of(centre.db)
    with monkeypatch.context() as patched:
        patched.setattr(removing, "sync", _killed)
        with pytest.raises(KeyboardInterrupt):
            erase(centre)
    assert found_in(index.folder, SAID) == [], "files go before rows"
    assert index.state().version is None, "and the page says that calls are missing"
    with Store.open(centre.db) as store:
        sync(store)
    assert found_in(index.folder, a_hash("call-0003"))
    assert found_in(index.folder, SAID) == []


def _killed(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_nothing_of_anybody_else_is_touched(centre: Centre) -> None:
    with Snapshot.open(centre.db) as snapshot:
        before = snapshot.call("c-call-0003")
    erase(centre)
    with Snapshot.open(centre.db) as snapshot:
        assert snapshot.call("c-call-0003") == before
        assert json.loads(snapshot.last_run()["summary"])["failures"] == [  # type: ignore[index]
            {"file": "/in/other.wav", "stage": "decode"}
        ]
        assert snapshot.failures().column("file").to_pylist() == ["/in/other.wav"]
    with People.open(centre.db).connected() as db, pytest.raises(sqlite3.Error, match="append-on"):
        db.execute("DELETE FROM reviews")


def test_the_search_sees_every_table_that_knows_a_call(centre: Centre) -> None:
    with Store.open(centre.db) as store:
        store.load_spool()
        path = str(centre.sound("call-0002"))
        seen = remains(store.file.connection, [WHO, a_hash("call-0002"), "c-call-0002", path])
        store.remember_files([])
    tables = {place.partition(".")[0] for place in seen}
    assert tables >= {
        "calls", "segments", "findings", "control_points", "private_spans", "metrics", "removed",
        "names", "old_scores", "old_findings",
    }  # fmt: skip


@pytest.mark.parametrize("format", FORMATS)
def test_rows_go_out_of_exported_files_and_the_rest_stays(centre: Centre, format: str) -> None:
    with Store.open(centre.db) as store:
        store.load_spool()
        store.publish()
    outs = {
        table: centre.folder / f"{table}.{format}" for table in ("calls", "segments", "reviews")
    }
    for table, out in outs.items():
        export(table, centre.db, out, format)
    moved = centre.folder / f"moved.{format}"
    export("calls", centre.db, moved, format)
    moved.unlink()
    assert erase(centre).complete
    for table, rows in {"calls": 1, "segments": 2, "reviews": 1}.items():
        assert count(outs[table], format) == rows, table
        again = centre.folder / f"again.{format}"
        export(table, centre.db, again, format)
        if format != "parquet":
            assert outs[table].read_bytes() == again.read_bytes(), "as if exported now"
    assert str(moved) not in [copy.path for copy in Copies(People.open(centre.db)).all()]


def count(path: Path, format: str) -> int:
    if format == "parquet":
        return int(pq.read_table(path).num_rows)
    return len(path.read_text().splitlines()) - (format == "csv")


def test_an_export_that_somebody_made_unreadable_is_named(centre: Centre) -> None:
    out = centre.folder / "calls.jsonl"
    export("calls", centre.db, out)
    out.write_text("not what it was")
    done = erase(centre)
    assert not done.complete
    assert (done.calls, len(done.by_hand)) == (3, 1)
    assert str(out) in done.by_hand[0]


def test_redacted_copies_go_unless_somebody_changed_them(centre: Centre) -> None:
    copy, changed = centre.folder / "copy.wav", centre.folder / "changed.wav"
    for path in (copy, changed):
        path.write_text("beep")
        facts = {"what": AUDIO, "format": "wav", "content_sha256": a_hash("call-0001")}
        note_copy(People.open(centre.db), path, path, **facts)
    changed.write_text("something else")
    done = erase(centre)
    assert (copy.exists(), changed.exists()) == (False, True)
    assert [line.partition(":")[0] for line in done.by_hand] == [str(changed)]


def test_recordings_that_wait_to_be_processed_go_too(centre: Centre) -> None:
    folder = centre.folder / "in"
    for name, who in (("new.wav", WHO), ("new-other.wav", OTHER)):
        (folder / name).write_text(name)
        (folder / name).with_suffix(".json").write_text(json.dumps({"customer_id": who}))
    erase(centre, WHO, folder)
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["call-0003.wav", "calls.csv", "new-other.json", "new-other.wav"]


def test_broken_files_that_name_the_customer_are_told(centre: Centre) -> None:
    folder = centre.folder / "in"
    (folder / "bad.json").write_text(f'{{"call_id": "x", "customer": {{"id": "{WHO}"')
    (folder / "bad-other.json").write_text(f'{{"call_id": "x", "customer": {{"id": "{OTHER}"')
    done = erase(centre, WHO, folder)
    assert not done.complete
    assert ["bad.json" in line for line in done.by_hand] == [True]
    assert "is not JSON" in done.by_hand[0]


def test_files_that_are_not_where_they_were_are_counted(centre: Centre) -> None:
    centre.sound("call-0001").unlink()
    done = erase(centre)
    assert (done.complete, done.counts["absent"], done.counts["recording"]) == (True, 1, 1)


def test_what_waits_does_not_keep_the_search_from_the_others(centre: Centre) -> None:
    (centre.folder / "in" / "calls.csv").write_text("name\ncall-0001.wav\n")
    done = erase(centre)
    assert (done.calls, done.waiting, done.found) == (2, 1, [])
    assert done.searched["ids"] > 0


def test_a_hold_prevents_it_and_the_try_is_written_down(centre: Centre) -> None:
    for kind, subject in ((Held.CUSTOMER, WHO), (Held.CALL, "c-call-0002")):
        hold = retention.hold(centre.settings, centre.db, kind, subject, Request("hold", REASON))
        with pytest.raises(NotAllowed, match=f"legal hold {hold.id} is in force .* nothing was"):
            erase(centre)
        assert centre.there("call-0001") == "rao"
        assert centre.actions()[-1] == "erase_refused"
        retention.release(centre.settings, centre.db, hold.id, Request("release", "结案 4711"))
    assert erase(centre).complete
    assert found_in(centre.folder, WHO) == [], "nor in holds that were released"


@pytest.mark.parametrize(
    ("customer", "reason", "says"),
    [
        ("U-unknown", REASON, "there is no call of this customer"),
        (WHO, " 好 ", "--reason: say in at least 4"),
    ],
)
def test_a_wrong_wish_removes_nothing(
    centre: Centre, customer: str, reason: str, says: str
) -> None:
    with pytest.raises(BadInput, match=says):
        erase(centre, customer, reason=reason)
    assert centre.there("call-0001") == "rao"
    assert centre.actions() == []


def test_who_has_no_role_removes_nothing(centre: Centre) -> None:
    centre.settings = centre.settings.model_copy(update={"people": PeopleSettings()})
    with pytest.raises(NotAllowed, match=f"user {operating_user()} has no role"):
        erase(centre)
    with pytest.raises(NotAllowed):
        retention.hold(centre.settings, centre.db, Held.AGENT, "A1", Request("hold", REASON))
    with pytest.raises(NotAllowed):
        retention.release(centre.settings, centre.db, 1, Request("release", REASON))
    assert centre.actions() == ["erase_refused", "hold_refused", "release_refused"]
    assert centre.there("call-0001") == "rao"
    assert centre.holds.in_force() == []


def test_nothing_goes_when_the_trail_or_the_store_is_not_ours(centre: Centre) -> None:
    with Store.open(centre.db), pytest.raises(TryAgain, match="another run is loading"):
        erase(centre)
    Trail.beside(centre.db).path.mkdir()
    with pytest.raises(TryAgain, match="nothing was done"):
        erase(centre)
    assert centre.there("call-0001") == "rao"


def test_the_trail_proves_it_and_does_not_name_the_customer(centre: Centre) -> None:
    erase(centre)
    trail = Trail.beside(centre.db).read()
    began, ended = trail.entries()
    assert (began.action, began.role, began.reason) == ("erase", "compliance", REASON)
    assert began.details["contents"] == sorted(a_hash(f"call-000{n}") for n in (1, 2, 4))
    assert (ended.details["entry"], ended.details["calls"]) == (began.seq, 3)
    assert ended.details["removed"]["recording"] == 2
    assert WHO.encode() not in trail.data
    found = verify(trail, signing_of(needed_keys(centre.settings)))
    assert (found.problems, found.signed) == ([], 2)


def test_an_open_dashboard_sees_that_the_call_is_gone(centre: Centre) -> None:
    with Snapshot.open(centre.db) as snapshot:
        assert snapshot.call("c-call-0001")
        erase(centre)
        assert snapshot.refresh()
        with pytest.raises(BadInput, match="unknown call"):
            snapshot.call("c-call-0001")


def test_a_removed_content_is_remembered_by_its_hash_alone(centre: Centre) -> None:
    erase(centre)
    with Store.open(centre.db) as store:
        marked = Removals(store).marked("gone")
    assert marked == dict.fromkeys((a_hash(f"call-000{n}") for n in (1, 2, 4)), "erase")
