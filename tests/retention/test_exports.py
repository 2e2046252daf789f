"""Rows go out of files that were exported, whatever became of these since."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipeline import retention
from pipeline.domain import AnswerDraft, AskedCall, Failure, RoundWish
from pipeline.retention import Erasure, Removed
from pipeline.store import Calibrations, People, export
from tests.retention.centre import REASON, Centre
from tests.store.reports import a_hash

WHO = "U-20261128-0042"
CALL = "call-00000001"


@pytest.fixture
def centre(tmp_path: Path) -> Centre:
    """A call of the customer, and one of another."""
    centre = Centre(tmp_path)
    centre.call(CALL, customer=WHO)
    centre.call("call-00000002", customer="U1")
    return centre


def erase(centre: Centre) -> Removed:
    return retention.erase(centre.settings, centre.db, Erasure(WHO, REASON))


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet"])
def test_an_exported_account_of_a_run_that_names_a_file_goes(centre: Centre, form: str) -> None:
    centre.run("in", Failure(str(centre.sound(CALL)), "d", "E", "broken"))
    centre.run("other-input")
    outs = {table: centre.folder / f"{table}.{form}" for table in ("runs", "packs")}
    for table, out in outs.items():
        export(table, centre.db, out, form)
    packs = outs["packs"].read_bytes()
    assert erase(centre).complete
    assert outs["packs"].read_bytes() == packs
    text = outs["runs"].read_bytes()
    assert (CALL.encode() in text, b"other-input" in text) == (False, True)


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("jsonl", f'["c-{CALL}"]\n'),
        ("jsonl", f'{{"通话": "c-{CALL}"}}\n'),
        ("csv", f"call_id;score\nc-{CALL};3\n"),
    ],
)
def test_an_export_in_another_form_is_looked_at_by_hand(
    centre: Centre, form: str, text: str
) -> None:
    out = centre.folder / f"calls.{form}"
    export("calls", centre.db, out, form)
    out.write_text(text)
    done = erase(centre)
    assert (out.read_text(), len(done.by_hand), done.calls) == (text, 1, 1)


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_an_empty_export_holds_nothing(centre: Centre, form: str) -> None:
    out = centre.folder / f"calls.{form}"
    export("calls", centre.db, out, form)
    out.write_text("")
    assert erase(centre).complete


def test_long_cells_of_an_export_are_read(centre: Centre) -> None:
    centre.run("in", *(Failure(f"/in/{n}.wav", "d", "E", "x" * 300) for n in range(500)))
    out = centre.folder / "runs.csv"
    export("runs", centre.db, out, "csv")
    assert erase(centre).by_hand == []


def test_an_export_behind_a_link_loses_its_rows(centre: Centre) -> None:
    out, real = centre.folder / "calls.jsonl", centre.folder / "elsewhere.jsonl"
    export("calls", centre.db, out)
    out.rename(real)
    out.symlink_to(real)
    assert erase(centre).complete
    assert (WHO in real.read_text(), out.is_symlink()) == (False, True)


def test_what_inspectors_answered_of_a_call_goes_with_its_exported_rows(centre: Centre) -> None:
    calls = [
        AskedCall(a_hash(name), f"c-{name}", "p" * 64, {"1": {"greeting": "pass"}}, 82.0)
        for name in (CALL, "call-00000002")
    ]
    rounds = Calibrations(People.open(centre.db))
    made = rounds.make("王", RoundWish("校准", ("甲", "乙"), date(2027, 1, 1), "s"), calls)
    for call in calls:
        draft = AnswerDraft("1", "unsure", comment=f"说到{call.call_id}")
        rounds.answer(made.id, call.content_sha256, "甲", [draft])
        rounds.submit(made.id, call.content_sha256, "甲")
    rounds.close(made.id, "王")
    out = centre.folder / "calibrations.csv"
    assert export("calibrations", centre.db, out, "csv") == 2
    assert erase(centre).complete
    (left,) = rounds.answers(made.id)
    assert left.comment == "说到c-call-00000002"
    assert CALL not in out.read_text(encoding="utf-8-sig")
    assert "说到c-call-00000002" in out.read_text(encoding="utf-8-sig")
