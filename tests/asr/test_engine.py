"""The engine contract, on every engine of the table that has a model here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from pipeline.asr import ENGINES, ChannelAudio, Engine, EngineOptions, make_engine
from pipeline.asr.cleanup import Heard
from pipeline.asr.whisper import FasterWhisper, pick_device
from pipeline.asr.windows import Piece, Window, original, speech_windows
from pipeline.audio import RATE, Decoder
from pipeline.domain import Word
from pipeline.errors import BadSettings
from tests.asr.conftest import CASES, Case, a_side
from tests.shared_data import shared
from tests.sounds import a_tone


def test_every_engine_of_the_table_keeps_the_contract_below() -> None:
    assert {name.partition(" ")[0] for name in CASES} == set(ENGINES)


def test_every_channel_comes_back_in_order_with_word_times(case: Case) -> None:
    silent = np.zeros(RATE, np.float32)
    audio = [
        ChannelAudio("a", 0, case.speech),
        ChannelAudio("silence", 0, silent),
        ChannelAudio("later", 1, case.speech, start=600.0),
    ]
    texts = list(case.engine.transcribe(iter(audio)))
    assert [(t.key, t.channel) for t in texts] == [(a.key, a.channel) for a in audio]
    agent = texts[0].words
    assert case.text in "".join(word.text for word in agent)
    assert texts[0].timed
    assert all(0 <= w.start <= w.end <= 14.5 for w in agent)
    assert [w.start for w in agent] == sorted(w.start for w in agent)
    given = [w.confidence for w in agent if w.confidence is not None]
    assert len(given) == (len(agent) if case.confident else 0)
    assert all(0 <= confidence <= 1 for confidence in given)
    assert texts[1].words == ()
    shifted = texts[2].words
    assert [w.text for w in shifted] == [w.text for w in agent]
    assert shifted[0].start == pytest.approx(agent[0].start + 600, abs=0.011)


def test_no_text_is_invented_where_nobody_speaks(case: Case) -> None:
    rng = np.random.default_rng(1)
    noise = (0.003 * rng.standard_normal(20 * RATE)).astype(np.float32)
    ringing = np.concatenate([a_tone(1, pitch=450), np.zeros(4 * RATE, np.float32)] * 4)
    texts = case.engine.transcribe([ChannelAudio("n", 0, noise), ChannelAudio("r", 0, ringing)])
    assert [text.words for text in texts] == [(), ()]


def test_what_an_engine_is_stands_in_its_info(case: Case) -> None:
    info = case.engine.info
    assert info.name in ENGINES
    assert info.model
    assert info.revision
    assert info.device in ("cpu", "cuda")


@pytest.mark.model
def test_another_language_is_noticed_and_heard_in_its_own(engine: Engine) -> None:
    sides = next(iter(Decoder(shared("en_fasterwhisper_stereo/stereo_diarization.wav")).blocks()))
    texts = list(engine.transcribe(ChannelAudio("e", n, s) for n, s in enumerate(sides.samples)))
    assert {language for text in texts for language, _ in text.languages} == {"en"}
    said = " ".join(word.text for text in texts for word in text.words).lower()
    assert "wizard" in said


@pytest.mark.model
def test_mandarin_is_said_to_be_mandarin(engine: Engine, samples: Path) -> None:
    texts = list(engine.transcribe([ChannelAudio("m", 0, a_side(samples))]))
    assert [language for language, _ in texts[0].languages] == ["zh"]


def test_an_unknown_engine_names_the_known_ones() -> None:
    with pytest.raises(
        BadSettings, match="unknown speech engine 'kaldi'; known: faster-whisper, sherpa"
    ):
        make_engine("kaldi", EngineOptions("base", "."))


def test_a_missing_model_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="callqa models fetch large-v3"):
        make_engine("faster-whisper", EngineOptions("large-v3", str(tmp_path)))


def test_a_gpu_that_was_demanded_and_is_absent_is_an_error() -> None:
    with pytest.raises(BadSettings, match="no usable NVIDIA GPU"):
        pick_device("cuda", gpus=0)
    with pytest.raises(BadSettings, match="known: auto, cpu, cuda"):
        pick_device("tpu", gpus=1)
    assert [pick_device("auto", gpus=n) for n in (0, 1)] == ["cpu", "cuda"]
    assert pick_device("cpu", gpus=1) == "cpu"


class _SmallGpu(FasterWhisper):
    """A recogniser whose card holds three windows at once: no such card is here to run on."""

    def __init__(self) -> None:
        self._batch_size = 16
        self.tried: list[int] = []

    def _run(self, bias: object, windows: Sequence[object], *_: object) -> list[list[object]]:  # type: ignore[override]
        self.tried.append(self._batch_size)
        if self._batch_size > 3:
            raise RuntimeError("CUDA failed with error out of memory")
        return [[] for _ in windows]


def test_out_of_memory_halves_the_batch_and_goes_on() -> None:
    gpu = _SmallGpu()
    assert gpu._recognise((None, None), [object(), object()]) == [[], []]  # type: ignore[list-item]
    assert gpu.tried == [16, 8, 4, 2]
    assert gpu._recognise((None, None), [object()]) == [[]]  # type: ignore[list-item]
    assert gpu.tried[-1] == 2, "the smaller batch is kept"


def test_a_window_maps_words_back_to_the_piece_they_were_heard_in(samples: Path) -> None:
    left = a_side(samples)
    pause = np.zeros(5 * RATE, np.float32)
    (window,) = speech_windows(np.concatenate([left[: 6 * RATE], pause, left[: 6 * RATE]]), 100.0)
    first = window.pieces[0]
    last = next(piece for piece in window.pieces if piece.source > 108.0)
    assert last.source - first.source == pytest.approx(11.0, abs=0.2)
    middle = window.piece_at(first.at + 0.6)
    assert original(middle, first.at + 0.5, first.at + 0.7)[0] == pytest.approx(first.source + 0.5)
    phrase = [(last.at - 0.5, last.at - 0.1), (last.at - 0.1, last.at + 0.3)]
    assert window.pieces_of(phrase) == [last, last], "the first word goes with its phrase"
    start, end = original(last, last.at - 0.3, last.at + 0.5)
    assert start == pytest.approx(last.source), "a word never reaches out of its piece"
    assert end == pytest.approx(last.source + 0.5)


def test_speech_where_nobody_of_this_channel_speaks_is_not_heard(samples: Path) -> None:
    left = a_side(samples)
    (whole,) = speech_windows(left, 100.0)
    (later,) = speech_windows(left, 100.0, [(100.0, 109.0)])
    assert whole.pieces[0].source < 101
    assert later.pieces[0].source > 109
    assert later.pieces == tuple(
        Piece(at.at, piece.source, piece.length)
        for at, piece in zip(later.pieces, [p for p in whole.pieces if p.source > 109], strict=True)
    )
    assert speech_windows(left, 100.0, [(100.0, 120.0)]) == []


class _Looping(FasterWhisper):
    """A recogniser that falls into a loop in one mode only (a real one does so on rare windows)."""

    def __init__(self, *, also_with_timestamps: bool) -> None:
        self._batch_size = 8
        self._options = EngineOptions("base", ".")
        self._bad = {False, also_with_timestamps}

    def _run(
        self, bias: object, windows: Sequence[object], timestamps: bool, language: str | None
    ) -> list[list[Heard]]:  # type: ignore[override]
        text = "单击测试名称以查看信息" if timestamps not in self._bad else "打开" + "页面信息" * 20
        step = 5 / len(text)
        words = tuple(Word(c, n * step, (n + 1) * step, 0.9) for n, c in enumerate(text))
        return [[Heard(words)] for _ in windows]


@pytest.mark.parametrize(
    ("also", "text", "removed"),
    [(False, "单击测试名称以查看信息，", 0), (True, "打开页面信息，", 1)],
)
def test_a_window_lost_in_a_loop_is_heard_again_in_the_other_mode(
    samples: Path, also: bool, text: str, removed: int
) -> None:
    audio = ChannelAudio("a", 0, a_side(samples)[: 5 * RATE])
    (result,) = _Looping(also_with_timestamps=also).transcribe([audio])
    assert "".join(word.text for word in result.words) == text
    assert len(result.removed) == removed


class _Telling(FasterWhisper):
    """A recogniser that writes how long each window is, in seconds."""

    def __init__(self) -> None:
        self._batch_size = 2
        self._options = EngineOptions("base", ".", language="zh")
        self.runs: list[list[str]] = []

    def _run(
        self, bias: object, windows: Sequence[Window], timestamps: bool, language: str | None
    ) -> list[list[Heard]]:
        self.runs.append([f"单击{window.length:.3f}" for window in windows])
        return [[Heard((Word(text, 0.0, 30.0, 0.9),))] for text in self.runs[-1]]


def test_windows_of_like_length_share_a_batch_and_each_text_goes_to_its_channel(
    samples: Path,
) -> None:
    speech = a_side(samples)
    sounds = [speech[: n * RATE] for n in (6, 14, 8, 12, 5, 13, 7, 9, 10, 11) * 4]
    alone = [f"单击{window.length:.3f}" for s in sounds for window in speech_windows(s, 0.0)]
    assert len(alone) == len(sounds), "a window each"
    assert len(set(alone)) == 10, "of other lengths"
    engine, taken = _Telling(), 0

    def channels() -> Iterator[ChannelAudio]:
        nonlocal taken
        for taken, sound in enumerate(sounds, 1):
            yield ChannelAudio(str(taken), 0, sound)

    texts = engine.transcribe(channels())
    first = next(texts)
    assert taken == 32, "some batches are looked ahead, not the whole night"
    heard = ["".join(word.text for word in text.words) for text in [first, *texts]]
    assert [text.strip("，") for text in heard] == alone
    assert [len(run) for run in engine.runs] == [32, 8]
    for run in engine.runs:
        lengths = [float(text.removeprefix("单击")) for text in run]
        assert lengths == sorted(lengths, reverse=True)
