"""What people said of calls: learned before weak labels, and deciding which model is worse."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pipeline.domain import CallReport, Flag
from pipeline.learning import material as gathering
from pipeline.learning.card import write_model
from pipeline.learning.files import SHIPPED, current, in_force, load, models_folder
from pipeline.learning.material import Material, gather
from pipeline.learning.model import FLAGS, REASONS
from pipeline.learning.people import LEAST_SAID, Statement, agreement
from pipeline.learning.texts import Passage, fold
from pipeline.learning.training import STRONG, Trained, origin, train
from pipeline.store import LabelDraft, Labels, People, Snapshot, material
from tests.learning.site import made_calls, make
from tests.learning.test_training import callqa
from tests.store.reports import a_hash, a_report

AGENTS = [f"A{n}" for n in range(12)]
LEARNED = [agent for agent in AGENTS if not gathering._is_held_out(agent)]
HELD_OUT = next(agent for agent in AGENTS if agent not in LEARNED)
STARS = ("您好请问有什么可以帮您", "我的信用卡丢了另外星河权益怎么兑换", "星河权益可以兑换机票")
LOAN = ("您好请问有什么可以帮您", "我想申请贷款利率是多少", "贷款需要资料")


def calls(kind: str, turns: tuple[str, ...], agents: Iterable[str]) -> list[CallReport]:
    return [
        a_report(f"{kind}{n}", turns=turns, agent=agent, customer=f"{kind}{n}")
        for n, agent in enumerate(agents)
    ]


def say(
    db: Path, name: str, subject: str, value: str, segment: int | None = None,
    quote: str | None = None,
) -> None:  # fmt: skip
    draft = LabelDraft("张敏", f"c-{name}", a_hash(name), subject, value, segment, quote)
    Labels(People.open(db)).say(draft)


def taught(db: Path, kind: str = REASONS, least: int = 1) -> Material:
    with Snapshot.open(db) as snapshot:
        return gather(snapshot, kind, least)


def trained(db: Path) -> Trained:
    """Beside the shipped model, but that it never says what most held-out calls are about."""
    old = load(SHIPPED / REASONS)
    mute = old.bias - 50.0 * np.isin(old.labels, ("card_loss", "instalment"))
    with Snapshot.open(db) as snapshot:
        return train(snapshot, REASONS, replace(old, bias=mute))


# ── what a label makes of a call, and of its turns ───────────────────────────────────────────────


def test_a_persons_reason_beats_the_word_lists(tmp_path: Path) -> None:
    agents = [LEARNED[0], LEARNED[1], HELD_OUT, HELD_OUT]
    db = make(tmp_path / "calls.duckdb", calls("loan", LOAN, agents))
    before = taught(db)
    assert before.labels == ("loan",)
    assert (before.taught, list(before.said), len(before.strong.passages)) == (0, [], 0)
    for number, value in enumerate(("claim", "none", "wealth", "none")):
        say(db, f"loan{number}", "reason", value)
    after = taught(db)
    assert (after.labels, after.few["loan"]) == (("claim",), 0)
    assert after.train.truth.tolist() == after.strong.truth.tolist() == [[1]]
    assert (after.taught, [one.label for one in after.said]) == (2, ["wealth", "none"])
    assert len(after.held_out.passages) == 0, "neither can be said by a model of one reason"


CALM, ANGRY, COLD = "你们的服务我要投诉", "我要投诉你们", "今天天气不错"


@pytest.mark.parametrize(
    ("value", "turn", "quote", "truth", "strong"),
    [
        (None, None, None, [1, 1, 0], [0, 0, 0]),
        ("no", 1, CALM, [0, 0, 0], [1, 1, 0]),  # what words say of the others is denied too
        ("no", None, None, [0, 0, 0], [1, 1, 0]),
        ("yes", 5, COLD, [1, 1, 1], [0, 0, 1]),
        ("yes", None, None, [1, 1, -1], [0, 0, 0]),  # any turn without such words may be it
        ("yes", 5, "换了识别模型后没有这句", [1, 1, -1], [0, 0, 0]),
    ],
)
def test_a_flags_label_reaches_the_turns(
    tmp_path: Path, value: str | None, turn: int | None, quote: str | None, truth: list[int],
    strong: list[int],
) -> None:  # fmt: skip
    turns = ("您好", CALM, "抱歉", ANGRY, "好的", COLD)
    db = make(tmp_path / "calls.duckdb", calls("x", turns, [LEARNED[0]]))
    if value is not None:
        say(db, "x0", "complaint", value, turn, quote)
    found = taught(db, FLAGS, least=0)
    column = found.labels.index(Flag.COMPLAINT)
    assert found.train.truth[:, column].tolist() == truth
    sure = {passage.customer for passage in found.strong.passages}
    own = [int(fold(text) in sure) for text in turns[1::2]]
    assert own == strong
    others = np.delete(found.strong.truth, column, axis=1)
    assert (others == -1).all(), "of a label nothing follows for other flags"
    assert found.taught == (value is not None)


def test_labelled_calls_are_learned_from_however_many_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = make(tmp_path / "calls.duckdb", calls("loan", LOAN, LEARNED[:8]))
    monkeypatch.setattr(gathering, "MOST_CALLS", 2)
    with Snapshot.open(db) as snapshot:
        looked_at = {row["call_id"] for row in material(snapshot, 2)}
    last = next(number for number in range(8) if f"c-loan{number}" not in looked_at)
    say(db, f"loan{last}", "reason", "claim")
    assert taught(db).taught == 1


# ── which model is worse ─────────────────────────────────────────────────────────────────────────


def statements(labels: Iterable[str], text: str) -> list[Statement]:
    passage = Passage(fold(text))
    return [Statement(f"c-{n}", (passage,), label) for n, label in enumerate(labels)]


def test_too_few_labels_decide_nothing_and_none_is_right_when_nothing_is_said() -> None:
    shipped = load(SHIPPED / REASONS)
    lost = "我的信用卡丢了我要挂失"
    assert agreement(shipped, shipped, statements(["claim"] * (LEAST_SAID - 1), lost)) is None
    found = agreement(shipped, shipped, statements(["card_loss", "none"] * LEAST_SAID, lost))
    assert found is not None
    assert (found.old, found.new, found.better, found.interval) == (0.5, 0.5, 0.0, (0.0, 0.0))
    low, high = found.new_interval
    assert (found.statements, found.calls) == (40, 40)
    assert 0.25 < low < 0.5 < high < 0.75
    unread = agreement(shipped, shipped, statements(["none"] * LEAST_SAID, "嗯"))
    assert unread is not None
    assert unread.new == 1.0


def test_of_flags_only_those_that_are_there_make_a_figure() -> None:
    shipped = load(SHIPPED / FLAGS)
    angry = (Passage(fold("您好")), Passage(fold("我要投诉你们银行")))
    denied = [Statement(f"c-{n}", angry, "complaint", there=False) for n in range(30)]
    assert agreement(shipped, shipped, denied) is None
    said = [*denied, *(Statement(f"d-{n}", angry, "complaint") for n in range(10))]
    found = agreement(shipped, shipped, said)
    assert found is not None
    assert found.new == pytest.approx(2 * 10 / (40 + 10))


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Calls of four reasons; some that words take for a lost card; loans of one held-out agent."""
    stars = [*(LEARNED * 5)[:40], *[HELD_OUT] * 25]
    return make(
        tmp_path_factory.mktemp("people") / "calls.duckdb",
        [*made_calls(240), *calls("stars", STARS, stars), *calls("loan", LOAN, [HELD_OUT] * 24)],
    )


def test_a_gain_on_word_lists_outvotes_no_loss_on_labels_of_people(db: Path) -> None:
    without = trained(db)
    assert "loan" in without.material.few, "the new model never says it"
    assert (without.people, without.worse) == (None, False)
    for number in range(24):
        say(db, f"loan{number}", "reason", "loan")
    found = trained(db)
    assert found.people is not None
    assert (found.people.old, found.people.new, found.people.calls) == (1.0, 0.0, 24)
    assert found.interval[0] > 0, "better by word lists"
    assert found.worse


def test_what_people_say_is_learned_measured_and_told(
    db: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for number in range(65):
        say(db, f"stars{number}", "reason", "wealth")
    found = trained(db)
    assert (found.material.taught, len(found.material.strong.passages)) == (40, 40)
    said = found.model.chances([Passage(fold(STARS[1]), fold(STARS[0] + STARS[2]))])
    assert found.model.labels[int(said.argmax())] == "wealth"
    write_model(tmp_path, found.model, found.new, origin(found), said=found.material.taught)
    card = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert f"40 that people gave, each of which weighs as {STRONG}" in card
    assert "On 49 labels of people about 49 of those calls (share right)" in card
    assert "weak, but for 40 that people gave" in card
    assert json.loads((tmp_path / "card.json").read_text())["labels_of_people"] == 40
    code, told, _ = callqa(capsys, "train", "reasons", "--db", str(db), "--accept")
    assert code == 0
    out = "".join(told.split())
    assert "人工标注：40条用于训练，49条只用于比较" in out
    assert "留出坐席的49通通话49条，正确率" in out
    assert "以此判断好坏" in out
    assert current(models_folder(db), REASONS) is not None, "better on 25, worse on 24"
    assert in_force(models_folder(db), REASONS).version != "shipped-1"


def test_flags_are_learned_by_turns_and_compared_by_calls(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = made_calls(480)
    db, place = make(tmp_path / "calls.duckdb", made), len(made[0].transcript.segments) - 1
    held_out = [n for n in range(480) if AGENTS[n % 12] not in LEARNED]
    complaints = [n for n in range(480) if n % 2 and n // 4 % 4 == 0]  # as `made_calls` has them
    train = ("train", "flags", "--db", str(db), "--json", "--out", str(tmp_path))
    for number in held_out:
        say(db, str(number), "complaint", "yes" if number in complaints else "no")
    before = json.loads(callqa(capsys, *train)[1])
    assert before["labels_of_people"] == {"trained_on": 0, "held_out": len(held_out)}
    assert (before["people"]["statements"], before["people"]["calls"]) == (80, 80)
    taught = [number for number in complaints if number not in held_out]
    for number in taught:
        text = made[number].transcript.segments[place].text
        say(db, str(number), "complaint", "yes", place, text)
    after = json.loads(callqa(capsys, *train)[1])
    assert after["labels_of_people"]["trained_on"] == len(taught)
    assert after["people"]["new"] > before["people"]["new"] + 0.3
    low, high = after["people"]["new_interval"]
    assert low <= after["people"]["new"] <= high
