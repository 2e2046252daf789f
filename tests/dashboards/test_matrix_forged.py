"""Every role past the pages: what a forged request of a signed-in person could reach."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboards import signed
from pipeline.access import ASSIGNABLE, RIGHTS, Act, JobRole, Page
from pipeline.domain import Label
from pipeline.store import Cases, Labels, People, Snapshot
from tests.access import site
from tests.access.site import OWN, STORED, VISIBLE, Known
from tests.dashboards import matrix
from tests.dashboards.matrix import KNOWN_DRIFTS, Tokens


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return matrix.make(tmp_path_factory.mktemp("matrix"))


@pytest.fixture(scope="module")
def tokens(db: Path) -> Tokens:
    return site.people(db)


def forged() -> None:
    """Every way into the data, asked directly; run as a page."""
    from dataclasses import replace
    from datetime import date

    import streamlit as st

    from dashboards import (
        alarms,
        briefings,
        calibrating,
        data,
        labels,
        library,
        misheard,
        monthly,
        problem_data,
        rerun,
        staff,
        standing,
    )
    from pipeline.domain import (
        BriefingText,
        CaseKind,
        CaseText,
        Passage,
        QuotedTurn,
        Role,
        RoundWish,
        SampleWish,
    )
    from pipeline.errors import BadInput, CallqaError, NotAllowed
    from pipeline.search import Answer
    from pipeline.store import Cases, Decision, Filters, ReviewDraft
    from pipeline.weeks import Week

    def searched(answer: Answer) -> list[str]:
        return [str(answer.count), *(hit.sentence.call_id for hit in answer.hits)]

    week, far = Week.parse("2026-W47"), Week.parse("2026-W30")

    def last() -> int | None:
        return next((one.id for one in reversed(briefings.versions(far, "二组"))), None)

    month = date(2026, 11, 1), date(2026, 11, 30)
    november = Filters(since=month[0], until=month[1])
    days = date(2026, 12, 1), date(2026, 12, 31)  # no call: whoever may draw is told so
    call_id, content = st.session_state["wanted"]
    draft = ReviewDraft("somebody else", call_id, content, Decision.CONFIRM)
    said = (QuotedTurn(Role.AGENT, "您好"),)
    passage = Passage(call_id, content, 0, 0, None, None, said, "bank")
    text = CaseText(CaseKind.GOOD, "开场", "完整", "您好")
    other = {"content_sha256": "0" * 64}  # a call of somebody else's making

    def said_before() -> int | None:
        now = labels.of({"content_sha256": content}).get("reason")
        return None if now is None else now.id

    ways = {
        "call": lambda: data.call(call_id).call["call_id"],
        "list": lambda: [r["call_id"] for r in data.list_calls(Filters(), "best", 50, 0)],
        "history": lambda: len(data.history({"content_sha256": content})),
        "review": lambda: data.add_review(draft).reviewer,
        "users": lambda: len(data.accounts()),
        "audit": lambda: data.audit_trail()[1].entries,
        "runs": lambda: len(data.failures()),
        "search": lambda: searched(data.search("树", False, None, Filters(), 1)),
        "agents": lambda: [one.agent_id for one in standing.figures(november)],
        "deductions": lambda: [one.call_id for one in standing.deductions(november)],
        "form": lambda: [
            found.figures.agent_id
            for agent in ("A1", "A2", "B1")
            if (found := standing.form(replace(november, agent=agent)))
        ],
        "month": lambda: sorted(
            one.figures.agent_id
            for team in (None, "一组", "二组")
            if (report := monthly.of(replace(november, team=team)))
            for one in report.ranking
        ),
        "samples": lambda: len(data.sample_board(*month).plans),
        "manage": lambda: staff.manager().unlock("agent") is None,
        "own": lambda: staff.manager().unlock(str(staff.manager().by)),
        "retry": rerun.begin,
        "draw": lambda: data.draw_sample("somebody else", SampleWish(*days, "seed", 3, 60)).id,
        "rounds": lambda: len(calibrating.rounds()),
        "round": lambda: calibrating.round_of(1).id,
        "sheet": lambda: calibrating.sheet(1, call_id).call.call["call_id"],
        "open": lambda: calibrating.result(1).round.id,
        "closed": lambda: calibrating.result(2).missing,
        "close": lambda: calibrating.close("somebody else", 2).id,
        "made": lambda: calibrating.make("x", RoundWish("", (), month[1], ""), [call_id], None),
        "cases": lambda: [one.case.passage.call_id for one in library.listed()],
        "example": lambda: library.add("somebody else", call_id, passage, text).who,
        "agree": lambda: (
            library.change("somebody else", 1, text, Cases(data.people()).get(1).now.id).now.who
        ),
        "correct": lambda: misheard.correct("x", data.call(call_id), 0, "您好").who,
        "label": lambda: (
            labels.say(
                "somebody else", data.call(call_id), "reason", "bill", None, said_before()
            ).who
        ),
        "stranger": lambda: (
            labels.say(
                "x",
                replace(data.call(call_id), call={**data.call(call_id).call, **other}),
                "reason",
                "bill",
                None,
                None,
            ).who
        ),
        "odd": lambda: [
            labels.say("x", data.call(call_id), subject, value, segment, said_before())
            for subject, value, segment in (
                ("score", "5", None),
                ("reason", "<b>", None),
                ("churn", "yes", 0),
            )
        ],
        "labels": lambda: [one.who for one in labels.history({"content_sha256": content})],
        "alerts": lambda: [one.alert.id for one in alarms.listed()],
        "acknowledge": lambda: alarms.acknowledge("somebody else", f"a-{call_id}", "").who,
        "unknown": lambda: alarms.acknowledge("somebody else", "a-nobody", "").who,
        "channels": lambda: len(alarms.channels()),
        "weeks": lambda: [briefings.briefing(week, t).headline.now.calls for t in (None, "二组")],
        "problems": lambda: [problem_data.seen(week, team).size for team in (None, "二组")],
        "write": lambda: briefings.save("x", (far, "二组"), BriefingText(call_id), last()).team,
        "clips": lambda: briefings.clips_of(briefings.briefing(week, None)).there,
        "arrange": lambda: problem_data.undo("x", 99),
        "retire": lambda: library.retire("somebody else", 2, "过期", 0).who,
    }
    found = {}
    own = ("call", "history", "review", "sheet", "made", "cases", "example", "correct", "label")
    own += ("stranger", "odd", "labels", "acknowledge", "write")  # ask for the one call
    whole = st.session_state["whole"]
    for name, way in ways.items() if whole else ((name, ways[name]) for name in own):
        try:
            found[name] = way()
        except NotAllowed:
            found[name] = None
        except BadInput as error:
            told = ("are stored", "the last run", "closed already", "a title", "to undo")
            found[name] = "told" if any(words in str(error) for words in told) else None
        except CallqaError:
            found[name] = None
    st.session_state["found"] = found


def _found(
    db: Path, monkeypatch: pytest.MonkeyPatch, token: str, wanted: tuple[str, str], *, whole: bool
) -> dict[str, Any]:
    """What every way gives a signed-in person; without `whole` those that ask for one call."""
    monkeypatch.setattr(sys, "argv", ["app.py", "--db", str(db)])
    at = AppTest.from_function(forged, default_timeout=30)
    at.session_state[signed.TOKEN] = token
    at.session_state["wanted"], at.session_state["whole"] = wanted, whole
    at.run()
    assert not at.exception, at.exception[0].message
    found: dict[str, Any] = at.session_state["found"]
    return found


@pytest.mark.parametrize("role", ASSIGNABLE)
@pytest.mark.parametrize("known", STORED, ids=lambda known: known.call_id)
def test_what_is_asked_past_the_pages_is_refused_too(
    db: Path, tokens: Tokens, monkeypatch: pytest.MonkeyPatch, role: JobRole, known: Known
) -> None:
    with Snapshot.open(db) as snapshot:
        content = snapshot.contents()[known.call_id]
    reviews = len(People.open(db).reviews(known.call_id))
    wanted, whole = (known.call_id, content), known is OWN
    found = _found(db, monkeypatch, tokens[role], wanted, whole=whole)
    acts = RIGHTS[role].acts
    there = known in VISIBLE[role]
    if whole:
        _lists_are_those_of(role, found)
    assert found["call"] == (known.call_id if there else None)
    assert found["history"] == (reviews if there else 0)
    assert found["sheet"] is None, "not asked of them"
    assert found["made"] == ("told" if Act.CALIBRATE in acts else None)
    every = [one.passage.call_id for one in Cases(People.open(db)).all()]
    if Act.EXAMPLE in acts and there:
        every.remove(known.call_id)  # the one that was just added
    own = {one.call_id for one in VISIBLE[role]}
    shown = [call_id if call_id in own else "" for call_id in every]
    assert found["cases"] == (shown if Page.CASES in RIGHTS[role].pages else None)
    assert found["example"] == (str(role) if Act.EXAMPLE in acts and there else None)
    decides = Act.REVIEW in acts
    first = reviews == 0  # a second review that names none before is refused as outdated
    assert found["review"] == (str(role) if decides and first else None)
    _labels_are_of_those_who_review(role, found, Labels(People.open(db)).history(content), there)
    assert found["correct"] == (str(role) if decides and first else None), "who has the call"
    assert len(People.open(db).reviews(known.call_id)) == reviews + (decides and first)
    assert found["acknowledge"] == (str(role) if Act.ACKNOWLEDGE in acts and there else None)
    mine = "一组" if role is JobRole.LEADER else "二组"  # under it, whichever is asked for
    assert found["write"] == (mine if Act.BRIEF in acts else None)


def _lists_are_those_of(role: JobRole, found: dict[str, Any]) -> None:
    """What is asked for no call is of the calls in scope, or refused."""
    acts = RIGHTS[role].acts
    own = [one.call_id for one in VISIBLE[role]]
    assert set(found["list"]) == set(own)
    assert set(found["search"]) == {str(len(own)), *own}
    agents = {one.agent for one in VISIBLE[role]}
    assert set(found["agents"]) == agents
    assert set(found["deductions"]) == set(own)
    assert found["form"] == (sorted(agents) if Act.FORM in acts else None)
    twice = sorted([*agents, *agents])  # without a team, and under the team's name
    assert found["month"] == (twice if Act.MONTH in acts else None)
    assert found["users"] == (len(ASSIGNABLE) if Act.USERS in acts else None)
    assert (found["audit"] is not None) == (Act.AUDIT in acts)
    assert found["samples"] == (1 if Act.SAMPLES in acts else None)
    assert found["manage"] == (True if Act.MANAGE in acts else None)
    assert found["retry"] == ("told" if Act.RETRY in acts else None), "its folder is gone"
    assert found["draw"] == ("told" if Act.DRAW in acts else None)
    makes = Act.CALIBRATE in acts
    assert found["rounds"] == ((2 if makes else 0) if Act.RATE in acts else None)
    assert found["round"] == (1 if makes else None)
    assert found["open"] is None, "not closed"
    assert found["close"] == ("told" if makes else None)
    assert found["agree"] == (str(role) if Act.AGREE in acts else None)
    assert (found["own"], found["retire"]) == (None, None), "one's own account; a version unseen"
    assert found["runs"] == (1 if Act.RUNS in acts else 0)
    _alerts_are_those_of(role, found)
    _briefings_are_those_of(role, found)


def _briefings_are_those_of(role: JobRole, found: dict[str, Any]) -> None:
    """A leader's are of the own team, whichever is asked for."""
    pages, acts = RIGHTS[role].pages, RIGHTS[role].acts
    mine = role is JobRole.LEADER
    calls = [len(VISIBLE[role]), len(VISIBLE[role]) if mine else 1]
    assert found["weeks"] == (calls if Page.BRIEFING in pages else None)
    narrowed = [calls[0], 0 if mine else 1]
    assert found["problems"] == (narrowed if Page.PROBLEMS in pages else None)
    assert found["clips"] == (0 if {Act.BRIEF, Act.EXPORT} <= acts else None)
    assert found["arrange"] == ("told" if Act.ARRANGE in acts else None)


def _alerts_are_those_of(role: JobRole, found: dict[str, Any]) -> None:
    rights = RIGHTS[role]
    known = {f"a-{one.call_id}" for one in VISIBLE[role]} | {one.id for one in KNOWN_DRIFTS[role]}
    reads = Page.ALERTS in rights.pages
    assert (found["alerts"] and set(found["alerts"])) == (known if reads else None)
    assert found["unknown"] is None
    assert found["channels"] == (0 if Act.CHANNELS in rights.acts else None)


def _labels_are_of_those_who_review(
    role: JobRole, found: dict[str, Any], kept: list[Label], there: bool
) -> None:
    says, names = Act.REVIEW in RIGHTS[role].acts and there, [one.who for one in kept]
    assert found["label"] == (str(role) if says else None)
    assert (found["stranger"], found["odd"]) == (None, None)
    assert found["labels"] == (names if there else [])
    assert (str(role) in names) == says


def test_without_a_session_nothing_is_answered(
    db: Path, tokens: Tokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    forgery = f"{tokens[JobRole.SUPERVISOR]}x"
    found = _found(db, monkeypatch, forgery, (OWN.call_id, "0" * 64), whole=True)
    assert set(found.values()) == {None}
