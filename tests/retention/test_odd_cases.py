"""What an auditor tries: ids within ids, odd names and files, holds in between, folders shut."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import retention
from pipeline.account import Account, Plan
from pipeline.audit import Trail
from pipeline.authority import Request
from pipeline.domain import Failure
from pipeline.errors import NotAllowed
from pipeline.intake.transcripts import content_of
from pipeline.retention import Erasure, Removed, removing
from pipeline.store import (
    Decision,
    Held,
    Part,
    People,
    Removals,
    ReviewDraft,
    Snapshot,
    Store,
    remains,
)
from tests.retention.centre import NOW, REASON, Centre, keep
from tests.store.reports import a_hash, a_report

WHO, OTHER = "U-20261128-004", "U-20261128-0042"
CALL = "call-00000001"


@pytest.fixture
def centre(tmp_path: Path) -> Centre:
    """A call of each of two customers; the id of one begins with that of the other."""
    centre = Centre(tmp_path)
    centre.call(CALL, customer=WHO)
    centre.call("call-00000002", customer=OTHER)
    return centre


def erase(centre: Centre, *inputs: Path) -> Removed:
    return retention.erase(centre.settings, centre.db, Erasure(WHO, REASON, inputs))


# ── the search afterwards ────────────────────────────────────────────────────────────────────────


def test_an_id_within_a_longer_one_is_not_found(centre: Centre) -> None:
    longer = f"{CALL}1"
    centre.call(longer, customer="U1")
    draft = ReviewDraft("李", f"c-{longer}", a_hash(longer), Decision.CONFIRM)
    People.open(centre.db).add_review(draft)
    assert erase(centre).found == []


def test_a_purge_of_recordings_alone_finds_nothing_afterwards(tmp_path: Path) -> None:
    centre = Centre(tmp_path, retention={"default": keep(audio="1y")})
    centre.call("old", "2020-01-01")
    done = retention.purge(centre.settings, centre.db, apply=True, now=NOW).removed
    assert done is not None
    assert (done.complete, centre.there("old")) == (True, "ro")


def test_ids_are_found_in_text_and_json_of_any_script(centre: Centre) -> None:
    path = "/录音/十一月/张三.wav"
    centre.run("in", Failure(path, "decode", "BadRecording", f"张{WHO}张: broken"))
    with Store.open(centre.db) as store:
        db = store.file.connection
        db.execute("DELETE FROM calls")
        assert remains(db, [WHO]) == ["failures.message: 1", "runs.summary: 1"]
        assert remains(db, [path]) == ["failures.file: 1", "runs.summary: 1"]
        assert remains(db, ["short"]) == remains(db, []) == []


def test_a_customer_of_many_calls_is_searched_for_too(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(removing, "SEARCHED", 2)
    assert erase(centre).searched["ids"] == 4


# ── names of files ───────────────────────────────────────────────────────────────────────────────


def test_files_are_forgotten_under_the_name_that_a_run_gave_them(centre: Centre) -> None:
    names = (f"in/{CALL}.wav", f"{CALL}.wav", "in/else.wav")
    centre.run(str(centre.sound(CALL)), *(Failure(name, "d", "E", "broken") for name in names))
    assert erase(centre).complete
    with Store.open(centre.db) as store:
        db = store.file.connection
        assert db.execute("SELECT file FROM failures").fetchall() == [("in/else.wav",)]
        assert CALL not in str(db.execute("SELECT * FROM runs").fetchall())


def test_a_chat_log_of_several_customers_is_not_found_by_its_path(centre: Centre) -> None:
    chats = {who: {"call_id": who, "text": "您好"} for who in (WHO, OTHER)}
    log = centre.folder / "in" / "聊 天\\log.jsonl"
    log.write_text("".join(f"{json.dumps(chat)}\n" for chat in chats.values()))
    with Store.open(centre.db) as store:
        for who, chat in chats.items():
            report = a_report(who, customer=who, sources=(str(log),))
            provenance = replace(report.provenance, content_sha256=content_of(chat))
            store.save([replace(report, provenance=provenance)])
    centre.run("in", Failure(str(log), "transcript", "BadTranscript", "line 3: is not JSON"))
    assert erase(centre).complete
    assert log.read_text() == f"{json.dumps(chats[OTHER])}\n"
    with Snapshot.open(centre.db) as snapshot:
        assert snapshot.failures().num_rows == 1, "of a line that is still there"


def test_the_account_of_a_run_holds_any_name_of_a_file(centre: Centre) -> None:
    failure = Failure("/in/\udcff.wav", "intake", "BadRecording", "\udcff.wav: is empty")
    summary = Account(Plan(failures=[failure])).summary()
    with Store.open(centre.db) as store:
        store.start_run("in")
        store.finish_run(summary, 3)
        kept = Removals(store)
        store.add_names([(a_hash("bytes"), failure.file)])
        assert kept.delete([a_hash("bytes")]) == {"names": 1, "runs": 1}


def test_a_log_of_changes_never_stands_beside_a_file_that_it_does_not_fit(centre: Centre) -> None:
    with Store.open(centre.db) as store:
        store.file.connection.execute(
            "PRAGMA disable_checkpoint_on_shutdown"
        )  # as a full disk does
        store.start_run("in")
        store.file.compact()
        assert not centre.db.with_name("calls.duckdb.wal").exists()


# ── holds ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("kind", "subject"),
    [(Held.AGENT, "A9"), (Held.CALL, "c-call-00000003"), (Held.CUSTOMER, "U3")],
)
def test_a_hold_keeps_what_only_the_input_says_is_of_the_customer(
    centre: Centre, kind: Held, subject: str
) -> None:
    centre.call("call-00000003", customer="U3")
    folder = centre.folder / "in"
    for name, agent in (("new", "A9"), ("call-00000003", "A1")):
        (folder / f"{name}.wav").write_text(name)
        about = {"customer_id": WHO, "agent_id": agent}
        (folder / f"{name}.json").write_text(json.dumps(about))
    retention.hold(centre.settings, centre.db, kind, subject, Request("hold", REASON))
    with pytest.raises(NotAllowed, match="legal hold 1"):
        erase(centre, folder)
    assert (folder / "new.wav").exists()
    assert centre.all_there("call-00000003", CALL) == {"call-00000003": "rao", CALL: "rao"}


def test_a_hold_that_is_set_meanwhile_stays_in_force(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = removing.forget

    def forget(*given: object) -> object:
        if not centre.holds.in_force():
            centre.holds.add("x", REASON, Held.CUSTOMER, WHO, None)
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(removing, "forget", forget)
    erase(centre)
    assert [hold.subject for hold in centre.holds.in_force()] == [WHO]


def test_what_was_put_on_hold_after_it_was_marked_is_named(centre: Centre) -> None:
    with Store.open(centre.db) as store:
        Removals(store).mark([a_hash("call-00000002")], Part.EVERYTHING, "purge")
    centre.holds.add("x", REASON, Held.CUSTOMER, OTHER, None)
    done = erase(centre)
    assert (done.calls, done.waiting, centre.there("call-00000002")) == (1, 1, "rao")
    assert "on legal hold" in done.left[0]


def test_a_result_that_cannot_be_written_down_is_told(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    trail = Trail.beside(centre.db).path
    real = removing.take_out

    def take_out(*given: object) -> object:
        trail.rename(trail.with_suffix(".moved"))
        trail.mkdir()
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(removing, "take_out", take_out)
    done = erase(centre)
    assert (done.calls, done.complete) == (1, False)
    assert done.left[0].startswith(f"{trail}: the result, erased, is not written down")


# ── periods ──────────────────────────────────────────────────────────────────────────────────────


def test_a_transcript_made_elsewhere_is_no_recording(tmp_path: Path) -> None:
    centre = Centre(tmp_path, retention={"default": keep(audio="1y")})
    log = tmp_path / "in" / "log.jsonl"
    log.write_text('{"call_id": "1"}\n')
    centre.call("old", "2020-01-01", sources=(str(log),))
    assert retention.purge(centre.settings, centre.db, apply=False, now=NOW).due.nothing


def test_a_recording_in_a_folder_that_is_shut_is_named_and_keeps_its_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    centre = Centre(tmp_path, retention={"default": keep(audio="1y", results="3y")})
    for content, held in (("older", "2020-01-01"), ("old", "2025-01-01")):
        centre.call(content, held)
    real = Path.stat

    def stat(path: Path, **given: bool) -> object:
        if path.suffix == ".wav":
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, **given)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "stat", stat)
        patch.setattr("os.path.exists", lambda path: not str(path).endswith(".wav"))
        done = retention.purge(centre.settings, centre.db, apply=True, now=NOW).removed
    assert done is not None
    assert (done.waiting, len(done.left)) == (1, 2)
    assert "Permission denied" in done.left[0]
    done = retention.purge(centre.settings, centre.db, apply=True, now=NOW).removed
    assert done is not None
    assert done.complete
    assert centre.all_there("older", "old") == {"older": "", "old": "ro"}
