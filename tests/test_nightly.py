from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline import nightly
from pipeline.account import Account, Done, Plan, Work, exit_code
from pipeline.domain import Failure, Severity
from pipeline.errors import TryAgain
from pipeline.intake import discover
from pipeline.nightly import Line, batch_size, give_up, make_plan, process_batch
from pipeline.settings import Settings, load_settings
from pipeline.store import Store


def some_chats(folder: Path, count: int) -> list[Work]:
    folder.mkdir(exist_ok=True)
    for number in range(count):
        turn = {"role": "agent", "text": f"您好，工号{number}"}
        chat = {"call_id": f"c{number}", "channel": "chat", "segments": [turn]}
        (folder / f"{number}.json").write_text(json.dumps(chat))
    return list(discover([folder], Settings().zone, settle_seconds=0).transcripts)


def test_a_batch_that_is_tried_again_goes_on_where_it_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chats = some_chats(tmp_path / "in", 4)
    line = Line(Settings(), tmp_path / "spool")
    written: list[str] = []
    write = nightly.write_spool

    def full_disk_at_the_third(report, spool, run_id):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
        if len(written) == 2:
            written.append("full")
            raise OSError(28, "No space left on device")
        written.append(report.info.call_id)
        return write(report, spool, run_id)

    monkeypatch.setattr(nightly, "write_spool", full_disk_at_the_third)
    told: list[Done] = []
    with pytest.raises(TryAgain, match="could not be written: No space left on device"):
        process_batch(chats, line, told.append)
    assert process_batch(chats, line, told.append) == []
    assert written == ["c0", "c1", "full", "c2", "c3"]
    assert len(told) == 4


def test_a_batch_that_is_given_up_names_every_call_that_is_not_through(tmp_path: Path) -> None:
    chats = some_chats(tmp_path / "in", 3)
    line = Line(Settings(), tmp_path / "spool")
    process_batch(chats[:1], line, lambda _: None)
    failures = give_up(chats, line, TryAgain("the disk is full"))
    assert [Path(f.file).name for f in failures] == ["1.json", "2.json"]
    assert failures[0].stage == "store"
    assert failures[0].message.startswith("1.json: given up after several tries: the disk is full.")


def test_our_bug_in_one_call_is_its_failure_and_the_next_call_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chats = some_chats(tmp_path / "in", 2)
    line = Line(Settings(), tmp_path / "spool")
    inspect = nightly.inspect

    def broken_for_the_first(transcript, *rest, **more):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN002, ANN003, ANN202
        if transcript.info.call_id == "c0":
            raise ZeroDivisionError
        return inspect(transcript, *rest, **more)

    monkeypatch.setattr(nightly, "inspect", broken_for_the_first)
    (failure,) = process_batch(chats, line, lambda _: None)
    assert (Path(failure.file).name, failure.stage) == ("0.json", "run")
    assert "a bug in callqa (ZeroDivisionError)" in failure.message
    assert [path.stem for path in (tmp_path / "spool").glob("*.json")] == [chats[1].sha256]


def test_other_settings_or_another_pack_mean_doing_it_again(tmp_path: Path) -> None:
    some_chats(tmp_path / "in", 3)
    found = discover([tmp_path / "in"], Settings().zone, settle_seconds=0)
    config = tmp_path / "callqa.yaml"
    config.write_text("pack: bank")
    with Store.open(tmp_path / "c.duckdb") as store:
        plain = Line(Settings(), store.layout.spool)
        for batch in make_plan(found, plain, store).batches:
            process_batch(batch, plain, lambda _: None)
        store.load_spool()
        assert make_plan(found, plain, store).skipped == 3
        other = make_plan(found, Line(load_settings(config), store.layout.spool), store)
    assert (other.calls, other.again, other.skipped) == (3, 3, 0)


@pytest.mark.parametrize(("calls", "size"), [(1, 1), (16, 2), (10_000, 50)])
def test_batches_keep_all_workers_busy_and_stay_small(calls: int, size: int) -> None:
    settings = Settings(asr=Settings().asr.model_copy(update={"workers": 2}))
    assert batch_size(calls, settings) == size


def test_the_account_adds_up_to_the_outer_format() -> None:
    bad = Failure("a.wav", "decode", "BadRecording", "a.wav: is empty")
    account = Account(Plan(skipped=2, failures=[bad], growing=1))
    account.add(Done("b.wav", 60.0, (Severity.CRITICAL, Severity.MINOR), unsure=3))
    summary = account.summary()
    assert {k: summary[k] for k in ("recordings", "processed", "skipped", "failed")} == {
        "recordings": 3, "processed": 1, "skipped": 2, "failed": 1,
    }  # fmt: skip
    assert summary["findings"] == {"critical": 1, "major": 0, "minor": 1, "unsure": 3}
    assert summary["failures"] == [
        {"file": "a.wav", "stage": "decode", "error": "BadRecording", "message": "a.wav: is empty"}
    ]
    assert exit_code(summary) == 3
