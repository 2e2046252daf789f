"""sherpa-onnx: what it is given, what comes of it, and models that are not whole.

On tiny models made here (`tiny_models.py`): no registry package holds a real one.
"""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnx
import pytest

from pipeline.asr import ChannelAudio, ChannelText, EngineOptions, make_engine
from pipeline.asr.sherpa_files import checked
from pipeline.audio import RATE
from pipeline.domain import CallInfo, Recording
from pipeline.errors import BadSettings
from pipeline.listening import listen
from pipeline.settings import AsrSettings, Settings
from tests.asr import tiny_models
from tests.asr.conftest import NOTES, a_side
from tests.sounds import encode


def hear(folder: Path, samples: Path, **options: str) -> ChannelText:
    """What the model in the folder hears in 14 s of whistled speech."""
    engine = make_engine("sherpa-onnx", EngineOptions(str(folder), "none", **options))  # type: ignore[arg-type]
    sound = tiny_models.whistled(a_side(samples), NOTES)
    (text,) = engine.transcribe([ChannelAudio("a", 1, sound, start=60.0)])
    return text


@pytest.mark.parametrize("make", [tiny_models.sense_voice, tiny_models.paraformer])
def test_words_are_where_they_were_said_and_pauses_end_phrases(
    tmp_path: Path, samples: Path, make: Callable[[Path], Path]
) -> None:
    heard = hear(make(tmp_path / "model"), samples)
    assert [word.text for word in heard.words] == ["您", "好，", "ok，"]
    for word, second in zip(heard.words, (1.0, 1.3, 3.0), strict=True):
        assert word.start == pytest.approx(60 + second, abs=0.06), "a frame is 60 ms"
    assert heard.words[0].end == heard.words[0].start + 0.25, "a pause follows"
    assert heard.words[2].end == pytest.approx(63.45, abs=0.06), "two tokens of one Latin word"
    assert heard.timed


def test_without_times_of_its_own_text_is_spread_and_says_so(tmp_path: Path, samples: Path) -> None:
    heard = hear(tiny_models.paraformer(tmp_path / "model", timed=False), samples)
    assert "".join(word.text for word in heard.words) == "您好ok，"
    assert not heard.timed
    assert all(60 <= word.start < word.end <= 74 for word in heard.words)


def test_marks_of_the_model_stay_and_no_others_are_added_inside(
    tmp_path: Path, samples: Path
) -> None:
    engine = make_engine(
        "sherpa-onnx", EngineOptions(str(tiny_models.sense_voice(tmp_path / "m")), "none")
    )
    notes = [(1.0, 1), (1.3, 3), (3.0, 2)]
    sound = tiny_models.whistled(a_side(samples), notes)
    (text,) = engine.transcribe([ChannelAudio("a", 0, sound)])
    assert [word.text for word in text.words] == ["您，", "好，"]
    assert text.words[0].end == pytest.approx(1.25, abs=0.06), "a mark takes no time"


def test_what_the_model_calls_no_speech_is_taken_out_and_counted(
    tmp_path: Path, samples: Path
) -> None:
    heard = hear(tiny_models.sense_voice(tmp_path / "model"), samples, language="en")
    assert heard.words == ()
    assert [(item.reason, item.channel) for item in heard.removed] == [("no_speech", 1)]


def test_speech_that_gives_no_text_is_noted(tmp_path: Path, samples: Path) -> None:
    folder = tiny_models.sense_voice(tmp_path / "model")
    engine = make_engine("sherpa-onnx", EngineOptions(str(folder), "none"))
    sound = tiny_models.whistled(a_side(samples), [])
    (text,) = engine.transcribe([ChannelAudio("a", 0, sound)])
    assert text.words == ()
    assert [item.reason for item in text.removed] == ["no_text"]
    assert text.removed[0].start < 1
    assert text.removed[0].end > 13


def test_the_language_is_told_where_the_model_finds_it_out(tmp_path: Path, samples: Path) -> None:
    folder = tiny_models.sense_voice(tmp_path / "model")
    (found,) = hear(folder, samples, language="auto").languages
    assert found == ("yue", pytest.approx(12.5, abs=0.2))
    assert hear(folder, samples, language="zh").languages == (), "it was told"


def test_sound_of_a_moment_is_no_reason_to_break(tmp_path: Path, samples: Path) -> None:
    folder = tiny_models.paraformer(tmp_path / "model")
    engine = make_engine("sherpa-onnx", EngineOptions(str(folder), "none"))
    speech = a_side(samples)[2 * RATE :]
    audio = [ChannelAudio(str(n), 0, speech[:n]) for n in (0, 1, 160, 800, 3200)]
    assert [text.key for text in engine.transcribe(audio)] == [a.key for a in audio]


def test_threads_share_an_engine(tmp_path: Path, samples: Path) -> None:
    folder = tiny_models.sense_voice(tmp_path / "model")
    engine = make_engine("sherpa-onnx", EngineOptions(str(folder), "none", workers=2))
    sound = tiny_models.whistled(a_side(samples), NOTES)[: 4 * RATE]

    def heard(key: int) -> tuple[object, ...]:
        (text,) = engine.transcribe([ChannelAudio(str(key), 0, sound)])
        return text.words

    with ThreadPoolExecutor(2) as pool:
        results = set(pool.map(heard, range(6)))
    assert len(results) == 1
    assert results.pop()


def test_a_call_carries_what_the_engine_gives_and_no_more(tmp_path: Path, samples: Path) -> None:
    sides = [tiny_models.whistled(a_side(samples, n), NOTES) for n in (0, 1)]
    path = encode(tmp_path / "call.wav", np.stack(sides), "pcm_s16le", rate=RATE)
    recording = Recording(CallInfo("c-1"), (path,), "sha", path.stat().st_size)
    folders = (
        tiny_models.sense_voice(tmp_path / "a"),
        tiny_models.paraformer(tmp_path / "b", timed=False),
    )
    given = []
    for folder in folders:
        asr = AsrSettings(engine="sherpa-onnx", model=str(folder), vocabulary={})
        engine = make_engine("sherpa-onnx", EngineOptions(str(folder), "none"))
        (heard,) = listen([recording], engine, Settings(asr=asr))
        assert heard.transcript is not None
        assert all(segment.confidence is None for segment in heard.transcript.segments)
        given.append(heard.transcript.capabilities)
    assert given[0] == {"times", "words", "stereo", "overlap", "loudness"}
    assert given[1] == given[0] - {"words"}


def test_hotwords_are_not_taken_and_that_is_said_once(
    tmp_path: Path, samples: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tiny_models.sense_voice(tmp_path / "model")
    engine = make_engine("sherpa-onnx", EngineOptions(str(folder), "none"))
    silent = np.zeros(RATE, np.float32)
    with caplog.at_level(logging.WARNING):
        list(engine.transcribe([ChannelAudio(n, 0, silent, hotwords="挂失") for n in "ab"]))
    assert [r.message for r in caplog.records] == [
        "sherpa-onnx takes no hotwords or prompt: asr.vocabulary is not used"
    ]


# ── models that are not whole ────────────────────────────────────────────────────────────────────


def _cut(folder: Path) -> None:
    model = folder / "model.onnx"
    model.write_bytes(model.read_bytes()[:-2000])


def _without(name: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        model = onnx.load(folder / "model.onnx")
        kept = [(p.key, p.value) for p in model.metadata_props if p.key != name]
        del model.metadata_props[:]
        onnx.helper.set_model_props(model, dict(kept))
        onnx.save(model, folder / "model.onnx")

    return change


def _tokens(text: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        (folder / "tokens.txt").write_text(text, encoding="utf-8")

    return change


BROKEN: list[tuple[Callable[[Path], object], str]] = [
    (_cut, r"model\.onnx: is not a whole ONNX file \(it is cut off\)"),
    (lambda f: (f / "model.onnx").write_text("<html>not found</html>"), "not a whole ONNX file"),
    (
        lambda f: (f / "model.onnx").write_text("version https://git-lfs.github.com/spec/v1\n"),
        "a pointer of Git LFS",
    ),
    (_without("model_type"), "names no model_type; .*sense_voice_ctc, paraformer"),
    (_without("vocab_size"), "its metadata has no `vocab_size`"),
    (_without("lang_zh"), "its metadata has no `lang_zh`"),
    (_without("neg_mean"), "does not hold 560 numbers as `neg_mean`"),
    (lambda f: (f / "tokens.txt").unlink(), r"tokens\.txt: cannot be read"),
    (_tokens("<unk> 0\n您 1\n好 x\n"), "line 3: is not `token number`"),
    (_tokens("<unk> 0\n您 1\n"), "lacks 10 of the 12 tokens"),
]


@pytest.mark.parametrize(("change", "message"), BROKEN)
def test_a_model_that_is_not_whole_is_refused_with_the_file_and_the_remedy(
    tmp_path: Path, change: Callable[[Path], object], message: str
) -> None:
    folder = tiny_models.sense_voice(tmp_path / "model")
    change(folder)
    with pytest.raises(BadSettings, match=message):
        make_engine("sherpa-onnx", EngineOptions(str(folder), "none"))


def test_a_graph_that_the_library_cannot_read_is_our_error_too(tmp_path: Path) -> None:
    folder = tiny_models.sense_voice(tmp_path / "model")
    model = onnx.load(folder / "model.onnx")
    model.graph.node[0].op_type = "NoSuchOperation"
    onnx.save(model, folder / "model.onnx")
    with pytest.raises(BadSettings, match="could not be loaded by sherpa-onnx"):
        make_engine("sherpa-onnx", EngineOptions(str(folder), "none"))


def test_another_family_is_named_and_not_tried(tmp_path: Path) -> None:
    folder = tiny_models.sense_voice(tmp_path / "model", comment="Fun-ASR-Nano-2512")
    with pytest.raises(BadSettings, match="is a 'Fun-ASR-Nano-2512' model"):
        checked(folder / "model.onnx")


def test_what_it_cannot_do_is_said_before_loading(tmp_path: Path) -> None:
    folder = str(tiny_models.sense_voice(tmp_path / "model"))

    def refused(**options: str) -> str:
        with pytest.raises(BadSettings) as error:
            make_engine("sherpa-onnx", EngineOptions(folder, "none", **options))  # type: ignore[arg-type]
        return str(error.value)

    assert "runs on the CPU here" in refused(device="cuda")
    assert "are float32, asr.compute_type is int8" in refused(compute_type="int8")
    assert "does not know the language 'fr'; known: auto, zh" in refused(language="fr")


def test_a_model_of_another_engine_is_named(tmp_path: Path) -> None:
    folder = str(tiny_models.sense_voice(tmp_path / "model"))
    with pytest.raises(BadSettings, match="made for the engine 'sherpa-onnx', not 'faster-whisper"):
        make_engine("faster-whisper", EngineOptions(folder, "none"))
    with pytest.raises(BadSettings, match=r"set asr\.engine to sherpa-onnx"):
        make_engine("faster-whisper", EngineOptions("sense-voice-small", "none"))


def test_the_extra_that_is_missing_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tiny_models.sense_voice(tmp_path / "model")
    monkeypatch.setitem(sys.modules, "sherpa_onnx", None)
    with pytest.raises(BadSettings, match=r"pip install 'callqa\[sherpa\]'"):
        make_engine("sherpa-onnx", EngineOptions(str(folder), "none"))


def test_without_a_check_the_library_would_end_the_process(tmp_path: Path) -> None:
    """Why every file is read before: should this ever pass, the checks may go."""
    folder = tiny_models.sense_voice(tmp_path / "model")
    _without("vocab_size")(folder)
    code = (
        "import sys, sherpa_onnx; sherpa_onnx.OfflineRecognizer.from_sense_voice(*sys.argv[1:]); "
    )
    paths = [str(folder / name) for name in ("model.onnx", "tokens.txt")]
    command = [sys.executable, "-c", f"try:\n {code}\nexcept BaseException: pass", *paths]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 255
