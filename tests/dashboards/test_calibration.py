"""A calibration round on the pages: made, scored blind by three signed-in people, compared."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboards.names import NAMES
from dashboards.texts import TEXTS
from pipeline.domain import Answer
from pipeline.store import Calibrations, People, Snapshot
from tests.calibration import site
from tests.calibration.site import (
    ATTITUDE,
    BOSS,
    CALLS,
    CARD,
    LI,
    OPENING,
    RATERS,
    WANG,
    ZHANG,
    content_of,
    drafts,
)
from tests.dashboards.conftest import Open, component, seen

CALL = CALLS[0]
JUDGED = ("坐席复述了完整卡号", "只核对后四位", "90 分")  # reason, advice, score of the machine


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    db = site.make(tmp_path_factory.mktemp("calibration"))
    return db, site.people(db)


@pytest.fixture
def db(made: tuple[Path, dict[str, str]]) -> Path:
    People.open(made[0]).path.unlink(missing_ok=True)
    return made[0]


@pytest.fixture
def tokens(made: tuple[Path, dict[str, str]]) -> dict[str, str]:
    return made[1]


def key(subject: str, call_id: str = CALL, number: int = 1) -> str:
    return f"rate_{number}_{call_id}_{subject}"


def choose(at: AppTest, name: str, value: object) -> AppTest:
    group = next(group for group in at.button_group if group.key == name)
    group.set_value(value).run()
    assert not at.exception, at.exception[0].message
    return at


def click(at: AppTest, name: str) -> AppTest:
    at.button(key=name).click().run()
    assert not at.exception, at.exception[0].message
    return at


def own(db: Path, who: str) -> dict[str, Answer]:
    return Calibrations(People.open(db)).sheet(1, content_of(CALL), who)


def test_a_supervisor_makes_a_round_and_those_named_see_it(
    open_page: Open, db: Path, tokens: dict[str, str]
) -> None:
    at = open_page(db, "calibration", token=tokens[WANG])
    assert TEXTS["rounds_none_made"][0] in seen(at)
    at.text_input(key="round_title").set_value("11 月校准")
    assert set(at.multiselect(key="round_people").options) == {LI, ZHANG, WANG, BOSS}
    at.multiselect(key="round_people").set_value([LI, ZHANG])
    at.text_area(key="round_ids").set_value(f"{CALL}\n{CALLS[1]}")
    at.number_input(key="round_count").set_value(1)
    form = next(b for b in at.button if b.label == TEXTS["round_make"][0])
    form.click().run()
    assert not at.exception
    (made,) = Calibrations(People.open(db)).all()
    assert (made.who, made.raters, len(made.calls)) == (WANG, (LI, ZHANG), 3)
    assert [call.call_id for call in made.calls[:2]] == [CALL, CALLS[1]]
    (row,) = component(open_page(db, "calibration", token=tokens[LI]), "rounds")["rows"]
    assert row["cells"]["mine"]["text"] == "0 / 3"
    assert row["link"]["params"] == {"round": "1"}
    inspector = open_page(db, "calibration", token=tokens[LI])
    assert not [box for box in inspector.text_input if box.key == "round_title"]


def test_what_cannot_be_made_is_told(open_page: Open, db: Path, tokens: dict[str, str]) -> None:
    at = open_page(db, "calibration", token=tokens[WANG])
    at.text_input(key="round_title").set_value("x")
    at.multiselect(key="round_people").set_value([LI, ZHANG])
    at.text_area(key="round_ids").set_value("c-nobody")
    next(b for b in at.button if b.label == TEXTS["round_make"][0]).click().run()
    assert "中没有通话 c-nobody" in at.error[0].value
    assert Calibrations(People.open(db)).all() == []


def test_a_call_is_scored_without_anything_that_was_judged_of_it(
    open_page: Open, db: Path, tokens: dict[str, str]
) -> None:
    site.a_round(db)
    at = open_page(db, "calibration", token=tokens[LI], round="1", id=CALL)
    page = seen(at)
    assert "6222****1234" in page, "what was said is read"
    assert not [words for words in JUDGED if words in page]
    assert all(turn["marks"] == [] for turn in component(at, "transcript")["turns"])
    assert at.button(key="rate_submit").disabled
    choose(at, key(CARD), "fail")
    assert own(db, LI) == {}, "which of its rules is not said yet"
    choose(at, f"{key(CARD)}_rules", ["no_full_card"])
    at.text_input(key=f"{key(CARD)}_comment").set_value("第 4 秒").run()
    choose(at, key(ATTITUDE), "良")
    click(at, "rate_rest")
    answers = own(db, LI)
    assert (answers[CARD].rules, answers[CARD].comment) == (("no_full_card",), "第 4 秒")
    assert (answers[ATTITUDE].answer, answers[OPENING].answer) == ("良", "pass")
    click(at, "rate_submit")
    assert (LI, content_of(CALL)) in Calibrations(People.open(db)).get(1).submitted
    again = open_page(db, "calibration", token=tokens[LI], round="1", id=CALL)
    assert TEXTS["rate_submitted"][0] in seen(again)
    assert not again.button_group or key(CARD) not in {g.key for g in again.button_group}


def test_the_call_is_nowhere_else_before_it_is_submitted(
    open_page: Open, db: Path, tokens: dict[str, str]
) -> None:
    site.a_round(db, CALL, raters=(LI, ZHANG))

    def listed(who: str) -> set[str]:
        at = open_page(db, "queue", token=tokens[who], scope="all", size="200")
        return {row["cells"]["call"] for row in component(at, "queue")["rows"]}

    at = open_page(db, "call", token=tokens[LI], id=CALL)
    assert TEXTS["call_waits"][0].format(title="11 月校准") in seen(at)
    assert not [words for words in JUDGED if words in seen(at)]
    assert not at.get("bidi_component")
    assert listed(LI) == set(CALLS) - {CALL}
    assert listed(WANG) == set(CALLS), "who does not take part works on"
    site.score_all(db, Calibrations(People.open(db)).get(1), {LI: {CALL: drafts()}})
    assert listed(LI) == set(CALLS)
    assert "坐席复述了完整卡号" in seen(open_page(db, "call", token=tokens[LI], id=CALL))
    assert CALL not in listed(ZHANG)


def test_an_open_round_shows_progress_and_no_answer(
    open_page: Open, db: Path, tokens: dict[str, str]
) -> None:
    made = site.a_round(db)
    site.score_all(db, made, {ZHANG: {CALL: drafts("pass", comment="秘密意见")}})
    for who in (LI, WANG, BOSS):
        at = open_page(db, "calibration", token=tokens[who], round="1")
        rows = component(at, "round_progress")["rows"]
        assert [row["cells"]["done"]["text"] for row in rows] == ["0 / 2", "1 / 2", "0 / 2"]
        assert "秘密意见" not in seen(at)
        assert bool([b for b in at.button if b.key == "round_close"]) == (who != LI)
    sheet = open_page(db, "calibration", token=tokens[LI], round="1", id=CALL)
    assert "秘密意见" not in seen(sheet)
    assert not next(g for g in sheet.button_group if g.key == key(CARD)).value
    boss = open_page(db, "calibration", token=tokens[BOSS], round="1", id=CALL)
    assert TEXTS["rate_gone"][0] in seen(boss), "who makes rounds but takes no part scores nothing"


def test_a_round_of_others_is_unknown(open_page: Open, db: Path, tokens: dict[str, str]) -> None:
    site.a_round(db, raters=(ZHANG, WANG))
    for number in ("1", "7", "x"):
        at = open_page(db, "calibration", token=tokens[LI], round=number)
        assert at.subheader[0].value == TEXTS["round_unknown"][0]
    assert TEXTS["rounds_none"][0] in seen(open_page(db, "calibration", token=tokens[LI]))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_closed_round_is_compared_and_what_was_agreed_written_down(
    open_page: Open, db: Path, tokens: dict[str, str], lang: str
) -> None:
    made, index = site.a_round(db), ("zh", "en").index(lang)
    sheets = {name: {call: drafts() for call in CALLS[:2]} for name in (LI, WANG)}
    sheets[ZHANG] = {CALL: drafts("pass", attitude="差", comment="只报了后四位")}
    site.score_all(db, made, sheets)
    at = open_page(db, "calibration", lang, token=tokens[BOSS], round="1")
    click(at, "round_close")
    assert Calibrations(People.open(db)).get(1).ended_by == BOSS
    for who in (LI, BOSS):
        at = open_page(db, "calibration", lang, token=tokens[who], round="1")
        alpha, kappa, *_ = component(at, "calibration_tiles")["tiles"]
        assert alpha["label"] == TEXTS["tile_alpha"][index]
        assert alpha["note"] == TEXTS["note_no_interval"][index].format(n=5)
        assert kappa["label"] == TEXTS["tile_kappa_fleiss"][index]
        points = component(at, "calibration_points")["rows"]
        opening = next(r["cells"] for r in points if r["cells"]["point"]["text"].startswith("1.1"))
        assert opening["alpha"]["text"] == opening["kappa"]["text"] == "—"
        assert opening["point"]["sub"] == TEXTS["gap_no_variation"][index]
        (first, *_) = component(at, "calibration_calls")["rows"]
        assert (first["cells"][f"rater_{ZHANG}"], first["cells"]["machine"]) == ("92", "90")
        assert first["link"]["params"] == {"id": CALL}
        page = seen(at)
        for words in ("只报了后四位", "卡号是6222****1234", NAMES["answer_fail"][index]):
            assert words in page
    name = f"dispute_{CALL}_{CARD}"
    assert not [box for box in open_page(
        db, "calibration", lang, token=tokens[LI], round="1"
    ).text_input if box.key == f"{name}_note"]  # fmt: skip
    at.text_input(key=f"{name}_note").set_value("四位以上按违反")
    click(at, f"{name}_save")
    assert "四位以上按违反" in seen(open_page(db, "calibration", token=tokens[LI], round="1"))


def test_without_accounts_names_are_typed(open_page: Open, tmp_path: Path) -> None:
    db = site.make(tmp_path)
    at = open_page(db, "calibration")
    at.text_input(key="reviewer").set_value(WANG).run()
    made = site.a_round(db, raters=RATERS)
    at = open_page(db, "calibration", round=str(made.id), id=CALL)
    assert TEXTS["rate_gone"][0] in seen(at), "nobody said who they are"
    at.text_input(key="reviewer").set_value(LI).run()
    choose(at, key(OPENING), "pass")
    assert own(db, LI)[OPENING].answer == "pass"
    with Snapshot.open(db) as whole:
        assert len(whole.call(CALL).reviews) == 0
