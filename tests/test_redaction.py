"""Copies of recordings in which private data is not heard."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from bench import line_signals
from pipeline.asr import Engine
from pipeline.audio import RATE, render
from pipeline.domain import CallInfo, Recording
from pipeline.listening import listen
from pipeline.redaction import hidden_stretches
from pipeline.settings import Settings
from pipeline.store import Snapshot
from tests.dashboards import databases
from tests.shared_data import shared
from tests.sounds import a_tone, encode
from tests.test_cli import callqa

DIGITS = frozenset("0123456789零一二三四五六七八九幺")


@pytest.mark.parametrize("ending", ["wav", "flac"])
@pytest.mark.parametrize("how", ["silence", "beep"])
def test_nothing_of_the_sound_is_left_in_a_stretch_on_any_channel(
    tmp_path: Path, how: str, ending: str
) -> None:
    voice = np.stack([a_tone(3, 8000), a_tone(3, 8000, pitch=700)])
    path = encode(tmp_path / "call.wav", voice, "pcm_s16le")
    render(path, [(1.0, 2.0)], tmp_path / f"out.{ending}", how)
    sound, rate = soundfile.read(tmp_path / f"out.{ending}", always_2d=True)
    assert (rate, sound.shape[1]) == (8000, 2)
    for channel, pitch in enumerate((440, 700)):
        for first, last, heard in ((0.1, 0.9, True), (1.0, 2.0, False), (2.1, 2.9, True)):
            part = sound[int(first * rate) : int(last * rate), channel]
            spectrum = np.abs(np.fft.rfft(part)) / len(part)
            level = spectrum[round(pitch * len(part) / rate)]
            assert bool(level > 0.05) is heard
            beep = spectrum[round(1000 * len(part) / rate)]
            assert bool(beep > 0.02) is (how == "beep" and not heard)


@pytest.mark.model
def test_no_digit_is_recognised_again(
    tmp_path: Path, engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = shared("calls/c01_bank_card_loss.tel.stereo.flac")
    truth = json.loads(shared("calls/c01_bank_card_loss.json").read_text(encoding="utf-8"))
    out = tmp_path / "out.wav"
    marks = {mark["type"]: mark for mark in truth["truth"]["marks"] if mark["kind"] == "digits"}
    recording = tmp_path / "call.flac"
    spoken, rate = soundfile.read(whole, frames=40 * RATE, dtype="int16")  # the phone ends at 37.5
    soundfile.write(recording, spoken, rate)

    def digits_heard() -> set[str]:
        """The marks at which the copy has digits."""
        heard = next(iter(listen([Recording(CallInfo("x"), (out,), "x", 1)], engine, Settings())))
        assert heard.transcript is not None
        words = [word for segment in heard.transcript.segments for word in segment.words]
        digits = [word for word in words if DIGITS & set(word.text)]
        return {
            kind
            for kind, mark in marks.items()
            if any(w.end > mark["start"] and w.start < mark["end"] for w in digits)
        }

    once = ("redact", str(recording), "-o", str(out), "--no-listen-again", "--json")
    assert json.loads(callqa(capsys, *once)[1])["added"] == 0
    assert "staff" in digits_heard(), "what is not private is still heard"
    code, said, _ = callqa(capsys, "redact", str(recording), "-o", str(out), "--json")
    done = json.loads(said)
    assert (code, done["added"] > 0) == (0, True)
    assert "幺" not in said, "no private text is printed"
    assert digits_heard() == set(), "not even four digits in a row, whatever they are"
    strict = ("redact", str(recording), "-o", str(out), "--strict", "--json")
    more = json.loads(callqa(capsys, *strict)[1])
    assert more["seconds"] > done["seconds"]
    staff = marks["staff"]
    sound, rate = soundfile.read(out, always_2d=True)
    middle = int((staff["start"] + staff["end"]) / 2 * rate)
    spectrum = np.abs(np.fft.rfft(sound[middle - 400 : middle + 400, 0]))
    assert int(np.argmax(spectrum)) * rate / 800 == pytest.approx(1000, abs=20), "a beep"


@pytest.mark.model
def test_keys_that_are_pressed_cannot_be_decoded_from_a_copy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = np.zeros((2, 8 * RATE), np.float32)
    keys, times = line_signals.keys_pressed(np.random.default_rng(1), 6)
    line[1, 3 * RATE : 3 * RATE + keys.size] = 0.3 * keys
    line += np.random.default_rng(2).normal(0, 0.001, line.shape).astype(np.float32)
    out = tmp_path / "out.wav"
    call = encode(tmp_path / "call.wav", line, "pcm_s16le", rate=RATE)
    command = ["redact", str(call), "-o", str(out), "--how", "silence", "--json"]
    code, said, _ = callqa(capsys, *command)
    assert (code, json.loads(said)["stretches"]) == (0, 1)
    sound, rate = soundfile.read(out)
    assert not sound[int(3.0 * rate) : int((3.0 + times[-1][1]) * rate), 1].any()
    assert sound[: 2 * rate].any()
    assert sound[6 * rate :].any()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("no.wav", "-o", "out.wav"), "no.wav"),
        (("call.wav", "-o", "out.mp3"), ".wav or .flac"),
        (("call.wav", "-o", "call.wav"), "is the recording itself"),
        (("call.wav", "-o", "no/folder.wav"), "no such folder"),
        (("call.wav", "-o", "out.wav", "--how", "bleep"), "known are beep, silence"),
        (("c-1", "-o", "out.wav", "--db", "no.duckdb"), "no such database"),
    ],
)
def test_wrong_use_is_told_before_anything_is_written(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    says: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    encode(tmp_path / "call.wav", a_tone(1, 8000), "pcm_s16le")
    before = (tmp_path / "call.wav").read_bytes()
    code, _, err = callqa(capsys, "redact", *arguments)
    assert code == 2
    assert says in err
    assert [path.name for path in tmp_path.iterdir()] == ["call.wav"]
    assert (tmp_path / "call.wav").read_bytes() == before


def test_a_stored_call_is_silent_where_it_is_masked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    db = databases.small(tmp_path)
    out = tmp_path / "copy.flac"
    stored = ("--db", str(db), "-o", str(out))
    code, said, _ = callqa(capsys, "redact", databases.HEARD, *stored, "--how", "silence")
    assert (code, said.count("隐去 1 处")) == (0, 1)
    with Snapshot.open(db) as snapshot:
        call = snapshot.call(databases.HEARD)
    ((start, end),) = hidden_stretches(call.segments, call.private_spans) or ()
    sound, rate = soundfile.read(out)
    assert not np.any(sound[int(start * rate) + 1 : int(end * rate) - 1])
    assert np.abs(sound[int((end + 0.05) * rate) :]).max() > 0.2
    Path(call.names[0]).unlink()
    code, _, err = callqa(capsys, "redact", databases.HEARD, *stored)
    assert code == 2
    assert "is not where it was" in err
    code, _, err = callqa(capsys, "redact", "nobody", *stored)
    assert code == 2
    assert "nobody" in err


def test_strict_hides_every_turn_with_a_number_and_no_other() -> None:
    texts = ("您好，请问有什么", "我来问那个13", "工号三四零二", "后面是****", "二月的账单一笔")
    rows = [
        {"segment": n, "role": "customer", "text": text, "words": [],
         "start": 10.0 * n, "end": 10.0 * n + 5.0}
        for n, text in enumerate(texts)
    ]  # fmt: skip
    plain = hidden_stretches(rows, [], 0.0)
    assert plain == ((30.0, 35.0),)
    assert hidden_stretches(rows, [], 0.0, strict=True) == ((20.0, 25.0), (30.0, 35.0))


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("我报一下，一三八零零幺", True),
        ("那个是三六五", True),
        ("员工号是三四零二", False),
        ("请拨打九五五八八", False),
        ("一二八零零是什么意思", True),  # a hotline's form, but nobody speaks of calling
        ("尾号四零二六", False),
        ("大概五千块", False),
        ("二零二六年办的", False),
    ],
)
def test_numbers_told_digit_by_digit_are_silent_unless_they_are_harmless(
    text: str, hidden: bool
) -> None:
    row = {"segment": 0, "role": "customer", "text": text, "words": [], "start": 1.0, "end": 2.0}
    assert hidden_stretches([row], [], 0.0) == (((1.0, 2.0),) if hidden else ())
