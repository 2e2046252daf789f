"""Copies that listen to themselves: what is still heard as digits is hidden too."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import soundfile

from pipeline.asr import Engine
from pipeline.audio import render
from pipeline.domain import CallInfo, Recording, Role, Segment, Transcript, Word
from pipeline.listening import listen
from pipeline.redaction import Stretch
from pipeline.relistening import ROUNDS, listen_again, still_told
from pipeline.settings import Settings
from tests.dashboards import databases
from tests.shared_data import shared
from tests.sounds import a_tone, encode
from tests.test_cli import callqa

EACH = 0.2  # seconds a character of a built turn takes
A, C = Role.AGENT, Role.CUSTOMER


def turn(role: Role, start: float, text: str, pauses: float = 0.0) -> Segment:
    """A turn with a word for every character; `pauses` seconds between them."""
    step = EACH + pauses
    words = tuple(
        Word(char, start + n * step, start + n * step + EACH, 1.0) for n, char in enumerate(text)
    )
    return Segment(role, text, start, words[-1].end, words=words)


def heard(*turns: Segment) -> Transcript:
    return Transcript(CallInfo("copy"), turns)


def covered(found: Sequence[Stretch], start: float, end: float) -> bool:
    return any(a <= start and end <= b for a, b in found)


@pytest.mark.parametrize(
    ("text", "pauses", "hidden"),
    [
        ("后面二七", 0.0, True),  # a run of two
        ("还有五", 0.3, True),  # alone between pauses
        ("还有五", 0.0, False),
        ("工号三零二", 0.0, True),  # the label of a look-alike excuses nothing here
        ("要等五个", 0.0, False),  # it counts
        ("差不多二百", 0.0, False),
        ("好的谢谢", 0.0, False),
    ],
)
def test_beside_what_is_hidden_the_rule_is_stricter(
    text: str, pauses: float, *, hidden: bool
) -> None:
    one = turn(C, 10.0, text, pauses)
    assert one.end is not None
    found = still_told(heard(one), (), [(8.0, 9.5)])
    assert covered(found, one.end - EACH, one.end) is hidden
    assert still_told(heard(one), (), [(90.0, 99.0)]) == (), "far away only long runs count"


def test_long_runs_count_everywhere_and_no_label_excuses_four_digits() -> None:
    run, staff = turn(C, 10.0, "那个三六五"), turn(A, 20.0, "我的工号三零二四")
    short, hotline = turn(A, 30.0, "我的工号三零二"), turn(A, 40.0, "请拨打九五五八八")
    found = still_told(heard(run, staff, short, hotline), (), ())
    assert covered(found, 10.4, 11.0)
    assert covered(found, 20.8, 21.6)
    assert not any(end > 30.0 for _, end in found)


@pytest.mark.parametrize(
    ("question", "answer", "hidden"),
    [
        ("请报一下手机号码", "幺八", True),
        ("请报一下手机号码", "林山五巴", True),  # digits by their sound alone
        ("请报一下手机号码", "我想不起来了", False),
        ("请报一下您的工号", "林山五巴", False),
        ("请报一下卡号后四位", "幺八", False),
        ("您还有什么问题吗", "幺八", False),
    ],
)
def test_answers_to_a_question_for_a_number_are_heard_strictly(
    question: str, answer: str, *, hidden: bool
) -> None:
    one, two = turn(A, 10.0, question), turn(C, 14.0, answer)
    assert bool(still_told(heard(one, two), (), ())) is hidden


def test_a_question_of_the_first_recognition_counts_too() -> None:
    rows = [
        {"segment": 0, "role": "agent", "text": "您的身份证号码", "start": 5.0, "end": 7.0,
         "words": []}
    ]  # fmt: skip
    one = turn(C, 8.0, "然后二七")
    assert still_told(heard(one), rows, ())
    assert not still_told(heard(one), (), ())


def test_what_is_hidden_already_is_not_added_again() -> None:
    one = turn(C, 10.0, "那个三六五七")
    assert still_told(heard(one), (), [(10.3, 11.5)]) == ()


def test_after_the_last_round_the_turns_are_hidden_whole(tmp_path: Path) -> None:
    call = encode(tmp_path / "call.wav", np.stack([a_tone(20, 8000)] * 2), "pcm_s16le")
    rounds = iter([turn(C, 2.0 + 4 * n, "是那个三六五七没有错") for n in range(ROUNDS)])
    copies: list[float] = []

    def hear(copy: Path) -> Transcript:
        sound, rate = soundfile.read(copy)
        copies.append(float(np.mean(np.abs(sound[:, 0]) < 1e-4)) * len(sound) / rate)
        return heard(next(rounds))

    again = listen_again(call, (), (), "silence", hear)
    assert (again.rounds, again.added, again.whole) == (ROUNDS, ROUNDS, 1)
    assert copies == sorted(copies), "every copy hides more than the one before"
    assert copies[1] > copies[0] + 1.0
    last = 2.0 + 4 * (ROUNDS - 1)
    assert covered(again.stretches, last, last + 10 * EACH), "the whole turn"
    assert not covered(again.stretches, 2.0, 2.0 + 10 * EACH), "in the first round only its digits"


@pytest.mark.model
def test_what_the_first_recognition_did_not_write_is_hidden(tmp_path: Path, engine: Engine) -> None:
    whole = shared("calls/c01_bank_card_loss.tel.stereo.flac")
    truth = json.loads(shared("calls/c01_bank_card_loss.json").read_text(encoding="utf-8"))
    marks = {mark["type"]: mark for mark in truth["truth"]["marks"] if mark["kind"] == "digits"}
    call = tmp_path / "call.wav"
    since = 21.0
    render(whole, (), call, part=(since, 39.0))

    def hear(copy: Path) -> Transcript:
        recording = Recording(CallInfo("x", agent_channel=truth["agent_channel"]), (copy,), "x", 1)
        transcript = next(iter(listen([recording], engine, Settings()))).transcript
        assert transcript is not None
        return transcript

    again = listen_again(call, (), (), "beep", hear)  # as if nothing had been found at first
    assert 1 < again.rounds <= ROUNDS
    assert again.added >= 2
    for kind in ("id", "phone"):
        start, end = marks[kind]["start"] - since, marks[kind]["end"] - since
        assert covered(again.stretches, start + 0.2, end - 0.2), kind
    assert not covered(again.stretches, 10.6, 12.4), "the question stays"


@pytest.mark.model
def test_the_command_says_how_often_it_listened(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    db, out = databases.small(tmp_path), tmp_path / "copy.flac"
    command = ("redact", databases.HEARD, "--db", str(db), "-o", str(out))
    code, said, _ = callqa(capsys, *command)
    assert (code, "副本重听 1 遍，补隐 0 处" in said) == (0, True)
    code, said, _ = callqa(capsys, *command, "--no-listen-again")
    assert (code, "副本未重听" in said) == (0, True)
    done = json.loads(callqa(capsys, *command, "--json")[1])
    assert (done["rounds"], done["added"], done["whole"]) == (1, 0, 0)


def test_without_a_model_nothing_is_written_and_the_way_out_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    db, out = databases.small(tmp_path), tmp_path / "copy.flac"
    config = tmp_path / "callqa.yaml"
    config.write_text(f"models_dir: {tmp_path / 'none'}\n", encoding="utf-8")
    command = ("redact", databases.HEARD, "--db", str(db), "-o", str(out), "--config", str(config))
    code, _, err = callqa(capsys, *command)
    assert (code, out.exists()) == (2, False)
    assert "--no-listen-again" in err
    code, said, _ = callqa(capsys, *command, "--no-listen-again")
    assert (code, out.exists(), "副本未重听" in said) == (0, True, True)
