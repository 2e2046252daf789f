"""Private data is not heard: where a span lies in time, and that the sound is silent there."""

from __future__ import annotations

import shutil
import stat
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
import soundfile

from dashboards.hearing import Silent, Sounds, hear
from pipeline.errors import BadInput, BadRecording
from pipeline.redaction import hidden_stretches, recording_of
from pipeline.store import Part, Removals, Snapshot, Store, StoredCall
from tests.dashboards import databases
from tests.dashboards.databases import HEARD


def _row(text: str, start: float | None, end: float | None, words: Any = ()) -> dict[str, Any]:
    row = {"segment": 0, "role": "customer", "text": text, "start": start, "end": end}
    return {**row, "words": list(words)}


def _span(start: int, end: int, segment: int = 0) -> dict[str, Any]:
    return {"segment": segment, "start_char": start, "end_char": end}


def _word(text: str, start: float, end: float) -> dict[str, Any]:
    return {"text": text, "start": start, "end": end, "confidence": 0.9}


def test_a_span_is_as_long_as_its_words_and_a_margin() -> None:
    words = [_word("我是", 1.0, 2.0), _word("****", 2.5, 4.0), _word("吧", 4.0, 4.5)]
    stretches = hidden_stretches([_row("我是****吧", 1.0, 4.5, words)], [_span(2, 6)], 0.2)
    assert stretches == (pytest.approx((2.3, 4.2)),)


def test_without_words_or_with_words_of_another_text_the_whole_segment_is_hidden() -> None:
    other = [_word("别的", 12.0, 13.0)]
    for words in ((), other):
        row = _row("0123456789", 10.0, 20.0, words)
        assert hidden_stretches([row], [_span(5, 10)], 0.0) == ((10.0, 20.0),)


def test_neighbours_are_joined_and_nothing_begins_before_zero() -> None:
    words = [_word(digit, float(at), at + 1.0) for at, digit in enumerate("说了几句旁的话就好了")]
    row = _row("说了几句旁的话就好了", 0.0, 10.0, words)
    stretches = hidden_stretches([row], [_span(4, 6), _span(0, 1), _span(5, 7)], 0.2)
    assert stretches == (pytest.approx((0.0, 1.2)), pytest.approx((3.8, 7.2)))


def test_pauses_inside_a_number_are_hidden_but_not_what_lies_between_two() -> None:
    rows = [{**_row("138", at, at + 1.0), "segment": n} for n, at in enumerate((1.0, 4.0, 12.0))]
    spans = [{**_span(0, 3, n), "group": 7} for n in range(3)]
    assert hidden_stretches(rows, spans, 0.0) == ((1.0, 5.0), (12.0, 13.0))
    apart = [{**span, "group": None} for span in spans]
    assert hidden_stretches(rows, apart, 0.0) == ((1.0, 2.0), (4.0, 5.0), (12.0, 13.0))


def test_what_is_masked_without_a_span_is_hidden_too() -> None:
    words = [_word("卡", 1.0, 2.0), _word("***", 2.0, 3.0), _word("好", 3.0, 4.0)]
    assert hidden_stretches([_row("卡***好", 1.0, 4.0, words)], [], 0.0) == ((2.0, 3.0),)


@pytest.mark.parametrize(
    "segments", [[_row("6222", None, None)], []], ids=["no times", "no segment"]
)
def test_a_span_that_cannot_be_placed_stops_the_player(segments: list[dict[str, Any]]) -> None:
    assert hidden_stretches(segments, [_span(0, 4)]) is None


def test_pressed_keys_are_hidden_and_no_other_sound_of_the_line() -> None:
    sounds = [{"kind": kind, "start": at, "end": at + 1.0}
              for kind, at in (("ringback", 1.0), ("keypad", 5.0), ("music", 9.0))]  # fmt: skip
    assert hidden_stretches([], [], 0.3, sounds=sounds) == ((4.7, 6.3),)


@pytest.fixture
def call(tmp_path: Path) -> StoredCall:
    with Snapshot.open(databases.small(tmp_path)) as snapshot:
        return snapshot.call(HEARD)


def test_the_sound_is_silent_exactly_there(call: StoredCall) -> None:
    heard = hear(call)
    assert heard.wav is not None
    assert heard.muted == 1
    samples, rate = soundfile.read(heard.wav)
    (start, end) = hidden_stretches(call.segments, call.private_spans)[0]  # type: ignore[index]
    quiet = samples[int(start * rate) + 1 : int(end * rate) - 1]
    assert not np.any(quiet)
    assert np.abs(samples[int((end + 0.05) * rate) :]).max() > 0.2
    assert np.abs(samples[: int((start - 0.05) * rate)]).max() > 0.2


def test_a_name_that_still_exists_is_found_among_several(call: StoredCall) -> None:
    moved = replace(call, names=["/gone/\\udcff.wav", "\0", *call.names])
    assert hear(moved).file == "录音 1.wav"


def test_what_is_not_sound_says_so(call: StoredCall, tmp_path: Path) -> None:
    (tmp_path / "x.wav").write_text("no sound")
    heard = hear(replace(call, names=[str(tmp_path / "x.wav")]))
    assert heard.silent is Silent.UNREADABLE
    assert "x.wav" in heard.message


def test_a_transcript_without_recording_is_not_searched_for(call: StoredCall) -> None:
    given = replace(call, call={**call.call, "audio_codec": None})
    assert hear(given).silent is Silent.NO_AUDIO


def test_an_unplaced_span_is_not_played(call: StoredCall) -> None:
    lost = replace(call, private_spans=[_span(0, 4, segment=99)])
    heard = hear(lost)
    assert (heard.wav, heard.silent) == (None, Silent.UNPLACED)


def test_the_files_are_private_few_and_made_once(tmp_path: Path) -> None:
    sounds, path = Sounds(most=2), tmp_path / "call.wav"
    soundfile.write(path, np.full((8000, 1), 0.3), 8000)
    first = sounds.file(path, ())
    assert sounds.file(path, ()) == first
    assert stat.S_IMODE(first.parent.stat().st_mode) == 0o700
    second = sounds.file(path, ((0.1, 0.2),))
    assert sounds.file(path, ()) == first  # asked for again: the other one is older now
    third = sounds.file(path, ((0.3, 0.4),))
    assert set(first.parent.iterdir()) == {first, third}
    assert sounds.file(path, ((0.1, 0.2),)) != second
    soundfile.write(path, np.zeros((8000, 1)), 8000)
    assert sounds.file(path, ()) != first


def test_a_recording_that_cannot_be_read_leaves_no_file(tmp_path: Path) -> None:
    (tmp_path / "x.wav").write_text("no sound")
    sounds = Sounds()
    soundfile.write(tmp_path / "call.wav", np.zeros((80, 1)), 8000)
    kept = sounds.file(tmp_path / "call.wav", ())
    with pytest.raises(BadRecording):
        sounds.file(tmp_path / "x.wav", ())
    assert list(kept.parent.iterdir()) == [kept]


def test_a_recording_whose_time_was_over_says_so_and_leaves_no_copy(tmp_path: Path) -> None:
    db = databases.small(tmp_path)
    with Snapshot.open(db) as snapshot:
        call = snapshot.call(HEARD)
    source = tmp_path / "copy.wav"
    shutil.copy(call.names[0], source)
    sounds = Sounds()
    copy = sounds.file(source, ())
    sounds.forget_gone()
    assert copy.exists()
    source.unlink()
    sounds.forget_gone()
    assert not copy.exists()
    content = call.call["content_sha256"]
    with Store.open(db) as store:
        Removals(store).mark([content], Part.AUDIO, "purge")
        store.publish()
    with Snapshot.open(db) as snapshot:
        gone = replace(snapshot.call(HEARD), names=[str(source)])
    heard = hear(gone)
    assert heard.silent is Silent.EXPIRED
    assert heard.message == f"{datetime.now(ZoneInfo('Asia/Shanghai')):%Y-%m-%d}"
    with pytest.raises(BadInput, match="its time was over"):
        recording_of(gone)
