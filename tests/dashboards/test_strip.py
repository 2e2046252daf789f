"""What the strip shows of a call: its wave, who is in which lane, what happens when."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from dashboards import strip
from dashboards.hearing import Sounds, hear
from dashboards.peaks import MOST_POINTS, Peaks, peaks_of
from dashboards.strip import Lane, lanes
from dashboards.texts import TEXTS
from pipeline.domain import Role
from pipeline.redaction import hidden_stretches
from pipeline.store import Snapshot, StoredCall
from tests.dashboards import databases
from tests.dashboards.databases import HEARD

Dbs = dict[str, Path]
pytestmark = pytest.mark.usefixtures("chinese")
STEREO = ["roles", "times", "words", "stereo", "overlap"]


@pytest.fixture(scope="module")
def stored(dbs: Dbs) -> StoredCall:
    with Snapshot.open(dbs["small"]) as snapshot:
        return snapshot.call(HEARD)


@pytest.fixture
def chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    """Words without a session that has a language."""
    monkeypatch.setattr("dashboards.language.language", lambda: "zh")


def _call(stored: StoredCall, roles: str, channels: str, **changes: Any) -> StoredCall:
    """Turns of these roles (a, c, u) on these channels, 4 s each."""
    names = {"a": "agent", "c": "customer", "u": "unknown"}
    segments = [
        {**stored.segments[0], "segment": n, "role": names[role], "text": "好的", "words": []}
        | {"channel": int(channel), "start": 4.0 * n, "end": 4.0 * n + 3}
        for n, (role, channel) in enumerate(zip(roles, channels, strict=True))
    ]
    return replace(stored, segments=segments, call={**stored.call, **changes})


# ── the wave ─────────────────────────────────────────────────────────────────────────────────────


def _peaks(path: Path, sound: NDArray[Any], rate: int = 8000) -> Peaks:
    soundfile.write(path, sound, rate, subtype="PCM_16")
    return peaks_of(path)


def test_a_long_recording_has_few_points_and_each_its_loudest_moment(tmp_path: Path) -> None:
    sound = np.zeros((8000 * 400, 2))
    sound[8000 * 100 : 8000 * 101, 0] = 0.4
    sound[8000 * 300 + 17, 1] = -0.4  # one sample, below zero
    peaks = _peaks(tmp_path / "long.wav", sound)
    assert [len(channel) for channel in peaks.channels] == [MOST_POINTS, MOST_POINTS]
    assert peaks.seconds == 400
    left, right = (np.flatnonzero(channel) * peaks.step for channel in peaks.channels)
    assert (left.min(), left.max()) == pytest.approx((100, 100.8), abs=0.01)
    assert right == pytest.approx([300], abs=peaks.step)
    assert peaks.full == pytest.approx(0.4, abs=0.01)
    assert max(peaks.channels[1]) == 255


def test_a_click_does_not_make_the_rest_small_nor_is_noise_blown_up(tmp_path: Path) -> None:
    sound = np.full((8000 * 30, 1), 0.1)
    sound[100] = 1.0
    assert min(_peaks(tmp_path / "click.wav", sound).channels[0][1:-1]) > 200
    hiss = 0.002 * np.random.default_rng(1).standard_normal((8000 * 30, 1))
    assert max(_peaks(tmp_path / "hiss.wav", hiss).channels[0]) < 60


def test_an_empty_or_silent_recording_has_a_flat_wave(tmp_path: Path) -> None:
    assert _peaks(tmp_path / "no.wav", np.zeros((0, 1))).channels == ((),)
    assert set(_peaks(tmp_path / "quiet.wav", np.zeros((900, 1))).channels[0]) == {0}


def test_the_samples_lie_where_the_browser_is_told(tmp_path: Path) -> None:
    sound = np.linspace(-0.5, 0.5, 1600).reshape(-1, 2)
    path = tmp_path / "ramp.wav"
    pcm = _peaks(path, sound).pcm
    held = np.frombuffer(path.read_bytes()[pcm.offset :], "<i2").reshape(-1, pcm.channels)
    assert np.abs(held / 32768 - sound).max() < 1e-4
    assert pcm.rate == 8000


def test_what_is_silenced_has_no_wave(stored: StoredCall) -> None:
    heard = hear(stored)
    assert heard.peaks is not None
    ((start, end),) = hidden_stretches(stored.segments, stored.private_spans) or ()
    assert heard.private == ((start, end),)
    wave = np.array(heard.peaks.channels[0])
    times = np.arange(wave.size) * heard.peaks.step
    inside = (times >= start) & (times + heard.peaks.step <= end)
    assert inside.sum() > 50
    assert set(wave[inside]) == {0}
    assert wave[(times + heard.peaks.step < start) | (times > end)].min() > 200


def test_the_wave_is_measured_once_for_each_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured = []
    monkeypatch.setattr("dashboards.hearing.peaks_of", lambda wav: measured.append(wav) or wav)
    soundfile.write(tmp_path / "a.wav", np.full((800, 1), 0.3), 8000)
    sounds = Sounds()
    for _ in range(3):
        sounds.heard(tmp_path / "a.wav", ())
    sounds.heard(tmp_path / "a.wav", ((0.0, 0.1),))
    assert len(measured) == 2


# ── lanes ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("roles", "channels", "expected"),
    [
        ("aca", "010", [Lane(Role.AGENT, 0), Lane(Role.CUSTOMER, 1)]),
        ("aca", "101", [Lane(Role.AGENT, 1), Lane(Role.CUSTOMER, 0)]),
        ("aa", "11", [Lane(Role.AGENT, 1), Lane(Role.CUSTOMER, 0)]),  # the other side is silent
        ("acac", "0110", [Lane(None, 0), Lane(None, 1)]),  # the channels changed places
        ("uuu", "010", [Lane(Role.UNKNOWN, 0), Lane(Role.UNKNOWN, 1)]),
        ("", "", [Lane(None, 0), Lane(None, 1)]),
    ],
)
def test_two_channels_are_two_lanes_the_agent_on_top(
    stored: StoredCall, roles: str, channels: str, expected: list[Lane]
) -> None:
    assert lanes(_call(stored, roles, channels, capabilities=STEREO)) == expected


def test_a_turn_stays_in_the_lane_of_its_channel_whoever_speaks(stored: StoredCall) -> None:
    call = _call(stored, "cac", "110", capabilities=STEREO)
    rows = lanes(call)
    assert rows[0] == Lane(None, 1)
    assert [strip.lane_of(row, rows) for row in call.segments] == [0, 0, 1]


def test_one_channel_is_one_lane_a_transcript_one_for_each_role(stored: StoredCall) -> None:
    call = _call(stored, "acu", "000")
    assert lanes(call) == [Lane()]
    given = replace(call, call={**call.call, "audio_codec": None})
    assert lanes(given) == [Lane(Role.AGENT), Lane(Role.CUSTOMER), Lane(Role.UNKNOWN)]
    assert [strip.lane_of(row, lanes(given)) for row in given.segments] == [0, 1, 2]


def test_a_mono_lane_of_a_two_channel_file_shows_the_louder_one(stored: StoredCall) -> None:
    peaks = hear(stored).peaks
    assert peaks is not None
    loud = replace(peaks, channels=((1, 7), (5, 2)))
    wave = strip.wave_of(loud, [Lane()])
    assert (wave["points"], wave["sources"]) == ([[5, 7]], [[0, 1]])
    wave = strip.wave_of(loud, [Lane(Role.AGENT, 1), Lane(Role.CUSTOMER, 0)])
    assert (wave["points"], wave["sources"]) == ([[5, 2], [1, 7]], [[1], [0]])


# ── what the browser is given ────────────────────────────────────────────────────────────────────


def _shown(call: StoredCall, *, whole: bool = False) -> dict[str, Any]:
    shown = strip.strip(call, hear(call), whole=whole)
    assert shown is not None
    return shown


def _events(shown: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [event for event in shown["events"] if event["kind"] == kind]


def test_events_and_findings_stand_at_their_times_in_words(stored: StoredCall) -> None:
    shown = _shown(stored)
    assert shown["length"] == databases.SECONDS
    (silence,) = _events(shown, "silence")
    assert (silence["start"], silence["end"], silence["label"]) == (3.5, 4.5, "1.0 秒")
    (overlap,) = _events(shown, "overlap")
    assert overlap["label"] == "客户插话"
    (private,) = _events(shown, "private")
    assert private["text"] == TEXTS["strip_private"][0]
    marks = [(mark["rule"], mark["start"], mark["tone"]) for mark in shown["findings"]]
    assert sorted(marks) == [("closing", 4.0, "warn"), ("no_promise", 14.37, "critical")]
    kinds = [kind for kind, _ in shown["legend"]]
    assert kinds == ["silence", "overlap", "private", "sound", "critical", "warn"]


def test_in_an_original_private_data_is_named_as_heard(stored: StoredCall) -> None:
    (private,) = _events(_shown(stored, whole=True), "private")
    assert private["text"] == TEXTS["strip_private_heard"][0]


def test_without_a_recording_there_are_times_but_no_wave(stored: StoredCall) -> None:
    shown = _shown(replace(stored, names=["/gone/1.wav"]))
    assert shown["wave"] is None
    assert len(shown["findings"]) == 2
    assert _events(shown, "private")[0]["text"] == TEXTS["strip_private_short"][0]


def test_what_has_no_end_or_no_time_does_no_harm(stored: StoredCall) -> None:
    call = _call(stored, "aca", "010", capabilities=STEREO)
    call.segments[1]["end"] = None
    call.segments[2].update(start=None, end=None)
    promise = next(f for f in stored.findings if f["rule"] == "no_promise")
    open_end = {**promise, "evidence": [{**promise["evidence"][0], "end": None}]}
    untimed = {**promise, "evidence": [{**promise["evidence"][0], "start": None, "end": None}]}
    shown = _shown(replace(call, findings=[open_end, untimed], private_spans=[]))
    assert [(mark["start"], mark["end"]) for mark in shown["findings"]] == [(14.37, 14.37)]


def test_a_call_in_which_nobody_speaks_is_still_seen(stored: StoredCall) -> None:
    quiet = replace(_call(stored, "", "", capabilities=STEREO), private_spans=[])
    shown = _shown(quiet)
    assert [lane["name"] for lane in shown["lanes"]] == ["左声道", "右声道"]
    assert [len(points) for points in shown["wave"]["points"]] == [MOST_POINTS, MOST_POINTS]


def test_where_nothing_has_a_time_there_is_no_strip(stored: StoredCall) -> None:
    untimed = replace(stored, call={**stored.call, "duration": None}, segments=[])
    gone = replace(untimed, names=[], private_spans=[])
    assert strip.strip(gone, hear(gone), whole=False) is None


def test_sounds_of_the_line_lie_in_the_lane_of_their_channel(stored: StoredCall) -> None:
    music = {"kind": "music", "start": 1.0, "end": 3.0, "channel": 1, "confidence": 0.9}
    call = _call(stored, "aca", "010", capabilities=STEREO)
    shown = _shown(replace(call, sounds=[{**music, "detail": ""}, *stored.sounds]))
    sounds = _events(shown, "sound")
    assert [(sound["lane"], sound["start"]) for sound in sounds] == [(1, 1.0), (1, 5.0)]
    assert "90%" in sounds[0]["text"]
    assert "6 键" in sounds[1]["text"]


def test_who_came_in_who_stopped_and_whose_turn_a_silence_was(stored: StoredCall) -> None:
    overlap = {"start": 4.0, "end": 4.8, "by": 1, "over": 0}
    overlaps = [{**overlap, "yields": 0}, {**overlap, "backchannel": True, "yields": None}]
    silences = [{"start": 20.0, "end": 26.5, "after": 0, "left_by": "agent"}]
    metrics = {**stored.metrics, "overlaps": overlaps, "silences": silences}
    shown = _shown(replace(stored, metrics=metrics))
    texts = [(event["text"], event["mere"]) for event in _events(shown, "overlap")]
    assert texts == [
        ("同时说话 0.8 秒，客户插话，坐席停下", False),
        ("同时说话 0.8 秒，客户应声", True),
    ]
    assert _events(shown, "silence")[0]["text"] == "静默 6.5 秒，轮到坐席"
