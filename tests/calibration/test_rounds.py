"""A round from its making to what came of it, over calls that a pack scored."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipeline.calibration import Draw, Gap, Readers, Share, blinded, make_round, result_of
from pipeline.domain import Decision
from pipeline.effective import human_result
from pipeline.errors import BadInput, NotAllowed
from pipeline.store import Calibrations, Levels, People, ReviewDraft, Scope, Snapshot
from tests.calibration import site
from tests.calibration.site import (
    ATTITUDE,
    CALLS,
    CARD,
    LI,
    OPENING,
    PACK,
    RATERS,
    WANG,
    ZHANG,
    content_of,
    drafts,
    wish,
)

NOVEMBER = date(2026, 11, 1), date(2026, 11, 30)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return site.make(tmp_path_factory.mktemp("rounds"))


@pytest.fixture
def db(made: Path) -> Path:
    People.open(made).path.unlink(missing_ok=True)
    return made


@pytest.fixture
def whole(db: Path) -> Snapshot:
    return Snapshot.open(db)


def readers(whole: Snapshot, **scopes: Scope) -> Readers:
    return Readers(whole, {rater: whole.within(scopes.get(rater, Scope())) for rater in RATERS})


def test_every_control_point_that_was_looked_at_is_asked_with_what_people_judge(db: Path) -> None:
    made = site.a_round(db, CALLS[0])
    (call,) = made.calls
    assert dict(call.rules) == {
        OPENING: ("greeting",), ATTITUDE: (), CARD: ("no_full_card", "no_password")
    }  # fmt: skip
    assert list(call.rules) == [OPENING, ATTITUDE, CARD], "in the order of the card"


def test_calls_are_drawn_by_a_kept_seed_of_those_that_can_be_scored_blind(
    db: Path, whole: Snapshot
) -> None:
    draw = Draw(3, *NOVEMBER, "bank", flagged=True)
    first = make_round(readers(whole), WANG, wish(), (), draw)
    assert len(first.calls) == 3
    again = make_round(readers(whole), WANG, wish(), (), draw)
    assert first.calls == again.calls
    gone = first.calls[0]
    People.open(db).add_review(ReviewDraft(LI, gone.call_id, gone.content_sha256, Decision.CONFIRM))
    other = make_round(readers(whole), WANG, wish(), [CALLS[0]] * (gone.call_id != CALLS[0]), draw)
    assert gone.call_id not in {call.call_id for call in other.calls}
    with pytest.raises(BadInput, match=r"only 4 of 5 calls from .* can be drawn, not 5"):
        make_round(readers(whole), WANG, wish(), (), Draw(5, *NOVEMBER))


@pytest.mark.parametrize(
    ("calls", "raters", "title", "words"),
    [
        (CALLS[:1], RATERS, " ", "a title"),
        (CALLS[:1], (LI, LI), "x", "two people or more"),
        ((), RATERS, "x", "1 to 50 calls, not 0"),
        (("c-nobody",), RATERS, "x", "unknown call 'c-nobody'"),
        (CALLS[-1:], RATERS, "x", "the pack that scored call c-5 is not kept: score call c-5"),
    ],
)
def test_what_cannot_be_a_round_is_named(
    whole: Snapshot, calls: tuple[str, ...], raters: tuple[str, ...], title: str, words: str
) -> None:
    with pytest.raises(BadInput, match=words):
        make_round(readers(whole), WANG, wish(title, raters), calls, None)


def test_a_call_out_of_somebodys_scope_is_refused(whole: Snapshot) -> None:
    narrow = readers(whole, **{ZHANG: Scope(team="二组")})
    with pytest.raises(BadInput, match=f"call c-0 is not in the scope of {ZHANG}: leave"):
        make_round(narrow, WANG, wish(), CALLS[:1], None)
    with pytest.raises(BadInput, match="only 0 of 6 calls"):
        make_round(narrow, WANG, wish(), (), Draw(1, *NOVEMBER))


def test_a_blinded_call_tells_nothing_that_was_judged(whole: Snapshot) -> None:
    call = blinded(whole.call(CALLS[0]))
    assert (call.findings, call.control_points, call.reviews) == ([], [], [])
    assert call.segments
    judged = {"score", "grade", "vetoed", "fails", "unsure", "worst_severity", "top_title", "pack"}
    assert not judged & call.call.keys()


def sheets(db: Path) -> int:
    """Li and Wang agree with the machine; Zhang passes the card, once is lenient on the opening."""
    made = site.a_round(db, *CALLS[:2])
    same = {CALLS[0]: drafts(), CALLS[1]: drafts(opening="fail")}
    other = {
        CALLS[0]: drafts("pass", attitude="差", comment="只报了后四位"),
        CALLS[1]: drafts("unsure"),
    }
    site.score_all(db, made, {LI: same, ZHANG: other, WANG: same})
    return made.id


def test_agreement_people_scores_and_disputes(db: Path, whole: Snapshot) -> None:
    found = result_of(whole, sheets(db))
    points = {one.question.subject: one for one in found.points}
    assert list(points) == [OPENING, ATTITUDE, CARD]
    card = points[CARD].agreement
    assert (card.units, card.calls, card.share) == (2, 2, pytest.approx(1 / 3))
    assert card.kappa is not None
    assert card.kappa < 0
    assert points[CARD].machine == Share(4, 5), "unsure says neither"
    assert points[ATTITUDE].machine == Share(0, 0)
    assert points[OPENING].machine == Share(4, 6)
    assert found.overall.units == 4, "without the items that people judge"
    assert found.machine == Share(8, 11)
    assert (found.overall.low, found.missing) == (None, 0)
    by_name = {one.rater: one for one in found.raters}
    assert by_name[ZHANG].majority == Share(2, 6)
    assert by_name[ZHANG].machine == Share(2, 3)
    assert by_name[LI].majority == Share(2, 2), "where the two others agree"
    assert by_name[LI].violated == Share(3, 4)
    first, second = found.calls
    assert first.scores == {LI: 90.0, ZHANG: 92.0, WANG: 90.0}
    assert second.scores == {LI: 88.0, ZHANG: 100.0, WANG: 88.0}
    assert (first.spread, second.spread) == (2.0, 12.0)
    assert first.call.machine_score == 90.0
    assert [(one.call.call_id, one.question.subject) for one in found.disputes] == [
        (CALLS[0], CARD), (CALLS[1], CARD), (CALLS[0], ATTITUDE), (CALLS[1], OPENING)
    ]  # fmt: skip
    said = {answer.rater: answer.comment for answer in found.disputes[0].answers}
    assert said[ZHANG] == "只报了后四位"


def test_a_point_answered_the_same_throughout_is_undefined(db: Path, whole: Snapshot) -> None:
    made = site.a_round(db, CALLS[0], raters=(LI, ZHANG))
    site.score_all(db, made, {LI: {CALLS[0]: drafts()}, ZHANG: {CALLS[0]: drafts()}})
    found = result_of(whole, made.id)
    assert {one.agreement.gap for one in found.points} == {Gap.NO_VARIATION}
    assert found.overall.alpha is not None, "met and violated vary over all points"
    assert found.disputes == ()


def test_a_veto_that_somebody_saw_makes_their_score_nothing(db: Path, whole: Snapshot) -> None:
    made = site.a_round(db, CALLS[0], raters=(LI, ZHANG))
    veto = [*drafts()[::2], site.AnswerDraft(CARD, "fail", ("no_full_card", "no_password"))]
    site.score_all(db, made, {LI: {CALLS[0]: veto}, ZHANG: {CALLS[0]: drafts("not_applicable")}})
    (call,) = result_of(whole, made.id).calls
    assert call.scores == {LI: 0.0, ZHANG: 100.0}


def test_not_applicable_is_like_met_beside_the_machine_but_not_between_people(
    db: Path, whole: Snapshot
) -> None:
    made = site.a_round(db, CALLS[0], raters=(LI, ZHANG))
    other = drafts(opening="not_applicable")
    site.score_all(db, made, {LI: {CALLS[0]: drafts()}, ZHANG: {CALLS[0]: other}})
    found = result_of(whole, made.id)
    assert found.points[0].machine == Share(2, 2)
    assert found.points[0].agreement.share == 0.0


def test_a_reader_who_does_not_have_a_call_learns_nothing_of_it(db: Path, whole: Snapshot) -> None:
    number = sheets(db)
    hidden = whole.within(Scope(hidden=(content_of(CALLS[0]),)))
    found = result_of(hidden, number)
    assert found.missing == 1
    assert CALLS[0] not in repr((found.calls, found.disputes, found.points))


def test_an_open_round_has_no_result(db: Path, whole: Snapshot) -> None:
    with pytest.raises(NotAllowed, match="is open"):
        result_of(whole, site.a_round(db).id)


def test_the_score_that_counts_knows_nothing_of_it(db: Path, whole: Snapshot) -> None:
    def effective() -> object:
        call, people = whole.call(CALLS[0]), People.open(db)
        content = content_of(CALLS[0])
        reviews, levels = people.reviews_of(content), Levels(people).of(content)
        return human_result(call.findings, ("p" * 64, PACK), reviews, levels), reviews

    before = effective()
    sheets(db)
    assert effective() == before
    assert People.open(db).latest_states().num_rows == 0
    assert Calibrations(People.open(db)).all()[0].closed
