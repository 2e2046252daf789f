"""A narrowed reader: nothing out of scope exists for it, whatever is asked."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest

from pipeline.access import JobRole, Person
from pipeline.errors import BadInput
from pipeline.search import Question, parse, search
from pipeline.store import Filters, Scope, Snapshot
from pipeline.store.scope import RUNS, SHARED
from tests.access import site
from tests.access.site import NOBODY, OTHER, OWN, PEER, STORED


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return site.make(tmp_path_factory.mktemp("scope"))


SCOPES = {
    "whole": (Scope(), STORED),
    "agent": (Scope(agent="A1"), (OWN,)),
    "team": (Scope(team="一组"), (OWN, PEER)),
    "both": (Scope(agent="A1", team="二组"), ()),
    "nothing": (Scope(calls=False), ()),
    "quotes": (Scope(agent=NOBODY.agent), ()),
    "half": (Scope(agent="A"), ()),
}


@pytest.fixture(params=SCOPES)
def case(
    request: pytest.FixtureRequest, db: Path
) -> tuple[Snapshot, tuple[site.Known, ...], tuple[site.Known, ...]]:
    scope, seen = SCOPES[request.param]
    hidden = tuple(known for known in STORED if known not in seen)
    return Snapshot.open(db).within(scope), seen, hidden


Case = tuple[Snapshot, tuple[site.Known, ...], tuple[site.Known, ...]]


def test_every_question_is_about_the_calls_in_scope_only(case: Case) -> None:
    reader, seen, hidden = case
    ids = sorted(known.call_id for known in seen)
    assert reader.count_calls() == len(seen)
    assert sorted(reader.list_calls().column("call_id").to_pylist()) == ids
    assert reader.totals()["calls"] == len(seen)
    assert sum(reader.by_day().column("calls").to_pylist()) == len(seen)
    assert sorted(reader.contents()) == ids
    assert sorted(row["call_id"] for row in reader.for_scoring()) == ids
    answers = [
        reader.by("agent"), reader.by("team"), reader.rules(), reader.control_points(),
        reader.choices(), reader.list_flagged(), reader.texts([k.call_id for k in STORED]),
        reader.history([k.customer for k in STORED]), reader.totals(Filters(text="树")),
    ]  # fmt: skip
    said = str(
        [answer.to_pylist() if hasattr(answer, "to_pylist") else answer for answer in answers]
    )
    for known in hidden:
        assert not [mark for mark in (*known.marks, *known.private) if mark in said]


def test_a_call_that_is_to_be_scored_blind_is_in_no_answer_and_in_no_search(db: Path) -> None:
    whole = Snapshot.open(db)
    reader = whole.within(Scope(hidden=(whole.contents()[PEER.call_id],)))
    test_every_question_is_about_the_calls_in_scope_only((reader, (OWN, OTHER), (PEER,)))
    found = search(reader, Question(parse("树"), Filters()), 50, 0)
    assert {hit.sentence.call_id for hit in found.hits} == {OWN.call_id, OTHER.call_id}
    assert found.count == 2


def test_a_call_out_of_scope_is_as_unknown_as_one_that_nobody_has(case: Case) -> None:
    reader, seen, hidden = case
    for known in seen:
        assert reader.call(known.call_id).segments
    for known in (*hidden, NOBODY):
        with pytest.raises(BadInput, match="unknown call") as caught:
            reader.call(known.call_id)
        assert str(caught.value).replace(known.call_id, "X").startswith("unknown call 'X' in v")
        assert reader.count_of("agent_id", known.agent) == sum(k.agent == known.agent for k in seen)


@pytest.mark.parametrize("known", STORED)
@pytest.mark.parametrize("name", ["agent", "team", "text", "rule"])
def test_no_filter_reaches_out_of_the_scope(db: Path, name: str, known: site.Known) -> None:
    values = {"agent": known.agent, "team": known.team, "text": "树", "rule": known.marks[2]}
    reader = Snapshot.open(db).within(Scope(agent="A1"))
    found = reader.list_calls(Filters(**{name: values[name]})).column("call_id").to_pylist()
    assert set(found) <= {OWN.call_id}


def test_every_table_is_narrowed(db: Path) -> None:
    """A table that a later version adds is empty until somebody says what may be seen of it."""
    whole = Snapshot.open(db)
    nothing = whole.within(Scope(calls=False, runs=False))
    with closing(whole.cursor()) as all_of_it, closing(nothing.cursor()) as cursor:
        tables = [
            name
            for (name,) in all_of_it.execute(
                "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'main'"
            ).fetchall()
        ]
        assert {"calls", "segments", "findings", "names", *RUNS, *SHARED} <= set(tables)
        for name in tables:
            (count,) = cursor.execute(f"SELECT count(*) FROM {name}").fetchone() or (None,)
            assert count == 0 or name in SHARED, name


def test_runs_and_customers_are_seen_only_by_whoever_may(db: Path) -> None:
    whole = Snapshot.open(db)
    plain = whole.within(Scope(customers=False, runs=False))
    assert whole.last_run() is not None
    assert whole.failures().num_rows == 1
    assert (plain.last_run(), plain.failures().num_rows) == (None, 0)
    call = plain.call(OWN.call_id).call
    assert (call["customer_id"], json.loads(call["attributes"])) == (None, {"product": "大额存单"})
    assert whole.call(OWN.call_id).call["customer_id"] == OWN.customer
    assert plain.count_of("customer_id", OWN.customer) == 0


def test_scopes_do_not_meet_in_one_process(db: Path) -> None:
    whole = Snapshot.open(db)
    own, team = whole.within(Scope(agent="A1")), whole.within(Scope(team="二组"))
    assert [r.count_calls() for r in (own, team, whole, own)] == [1, 1, 3, 1]


@pytest.mark.parametrize("role", [JobRole.AGENT, JobRole.LEADER])
def test_without_a_number_or_a_team_there_is_nothing(db: Path, role: JobRole) -> None:
    assert Snapshot.open(db).within(Person("x", role).scope).count_calls() == 0


def test_before_the_first_password_is_changed_there_is_nothing(db: Path) -> None:
    scope = Person("x", JobRole.SUPERVISOR, must_change=True).scope
    assert Snapshot.open(db).within(scope).count_calls() == 0
