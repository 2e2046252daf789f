"""faster-whisper behind the engine protocol.

Windows of several channels and recordings are laid end to end and handed to faster-whisper's
`BatchedInferencePipeline` with explicit clip times, so that a batch is full although a phone
channel gives only one or two windows. A batch is decoded until its longest text ends, so windows of
some batches are collected and those of like length go together. Settings and their effect: see
`bench/README.md`.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline import modelfiles
from pipeline.asr import gpu_count
from pipeline.asr.allocator import keep_freed_memory
from pipeline.asr.base import ChannelAudio, ChannelText, EngineOptions
from pipeline.asr.cleanup import Heard, clean
from pipeline.asr.languages import SURE, doubtful
from pipeline.asr.lost import added, passed_over
from pipeline.asr.vectors import take_wide_vectors
from pipeline.asr.windows import Window, original, speech_windows
from pipeline.audio import RATE, Samples
from pipeline.domain import EngineInfo, Removed, Seconds, Word
from pipeline.errors import BadSettings

if TYPE_CHECKING:
    from faster_whisper import WhisperModel

log = logging.getLogger(__name__)

NO_SPEECH = 0.6
LOW_LOGPROB = -1.0
MARKS = tuple("，。！？、,.!?;；")
AHEAD = 32  # windows that are collected before they are recognised: 60 MB
GAP = 5  # seconds between windows in the sound handed over
Bias = tuple[str | None, str | None]  # hotwords, prompt
Cleaned = tuple[list[Word], list[Removed]]


@dataclass(slots=True)
class _Pending:
    """A channel whose windows are still under way; keeps no samples, so memory stays bounded."""

    key: str
    channel: int
    bias: Bias
    open_windows: int
    words: list[Word] = field(default_factory=list)
    removed: list[Removed] = field(default_factory=list)
    languages: list[tuple[str, Seconds]] = field(default_factory=list)


class FasterWhisper:
    """Mandarin recognition with CTranslate2 Whisper models; safe to call from several threads."""

    def __init__(self, options: EngineOptions) -> None:
        folder, revision = modelfiles.locate(options.model, Path(options.models_dir))
        device = pick_device(options.device, gpu_count())
        self._options = options
        self._batch_size = options.batch_size
        self._model = _load(folder, device, options)
        self._info = EngineInfo("faster-whisper", options.model, revision, device)

    @property
    def info(self) -> EngineInfo:
        """Name, model, revision and device."""
        return self._info

    def transcribe(self, channels: Iterable[ChannelAudio]) -> Iterator[ChannelText]:
        """Words of each channel, in order; looks ahead until some batches are full."""
        waiting: deque[_Pending] = deque()
        windows: list[tuple[_Pending, Window]] = []
        for audio in channels:
            found = speech_windows(audio.samples, audio.start, audio.nobody)
            pending = _Pending(audio.key, audio.channel, (audio.hotwords, audio.prompt), len(found))
            if windows and windows[0][0].bias != pending.bias:
                self._flush(windows)
            waiting.append(pending)
            windows += [(pending, window) for window in found]
            if len(windows) >= max(AHEAD, self._batch_size):
                self._flush(windows)
            while waiting and waiting[0].open_windows == 0:
                yield _finished(waiting.popleft())
        self._flush(windows)
        while waiting:
            yield _finished(waiting.popleft())

    def _flush(self, windows: list[tuple[_Pending, Window]]) -> None:
        """Recognise the collected windows and hand each its words."""
        if not windows:
            return
        bias = windows[0][0].bias
        longest_first = sorted(range(len(windows)), key=lambda n: -windows[n][1].length)
        results = self._recognise(bias, [windows[n][1] for n in longest_first])
        heard_at = dict(zip(longest_first, results, strict=True))
        cleaned = [
            clean(heard_at[n], pending.channel, bias[1]) for n, (pending, _) in enumerate(windows)
        ]
        self._hear_loops_again(bias, windows, cleaned)
        self._hear_lost_again(bias, windows, cleaned)
        languages = self._hear_other_languages(windows, cleaned)
        for (pending, window), (words, removed), language in zip(
            windows, cleaned, languages, strict=True
        ):
            pending.words += words
            pending.removed += removed
            pending.languages.append((language, window.length))
            pending.open_windows -= 1
        windows.clear()

    def _hear_loops_again(
        self, bias: Bias, windows: Sequence[tuple[_Pending, Window]], cleaned: list[Cleaned]
    ) -> None:
        """A window in which the model fell into a loop lost its text: try it in the other mode."""
        looped = [n for n, result in enumerate(cleaned) if _looped(result)]
        if not looped:
            return
        again = self._recognise(bias, [windows[n][1] for n in looped], timestamps=True)
        for n, heard in zip(looped, again, strict=True):
            second = clean(heard, windows[n][0].channel, bias[1])
            if _looped(second) < _looped(cleaned[n]):
                cleaned[n] = second

    def _hear_lost_again(
        self, bias: Bias, windows: Sequence[tuple[_Pending, Window]], cleaned: list[Cleaned]
    ) -> None:
        """Speech that was passed over is heard by itself, and its words are added."""
        lost = [
            (n, part)
            for n, (_, window) in enumerate(windows)
            for part in passed_over(window, *cleaned[n])
        ]
        if not lost:
            return
        again = self._recognise(bias, [part for _, part in lost])
        for (n, _), heard in zip(lost, again, strict=True):
            words, removed = cleaned[n]
            more, _ = clean(heard, windows[n][0].channel, bias[1])
            cleaned[n] = sorted([*words, *added(more, words)], key=lambda w: w.start), removed

    def _hear_other_languages(
        self, windows: Sequence[tuple[_Pending, Window]], cleaned: list[Cleaned]
    ) -> list[str]:
        """The language of each window; a window in another one is heard again in its own."""
        languages = [self._options.language] * len(windows)
        for n, (pending, window) in enumerate(windows):
            if not doubtful(cleaned[n][0]):
                continue
            language, probability, _ = self._model.detect_language(window.samples)
            if language != languages[n] and probability >= SURE:
                languages[n] = language
                heard = self._recognise((None, None), [window], language=language)[0]
                cleaned[n] = clean(heard, pending.channel)
        return languages

    def _recognise(
        self,
        bias: Bias,
        windows: Sequence[Window],
        *,
        timestamps: bool = False,
        language: str | None = None,
    ) -> list[list[Heard]]:
        """Whisper over the windows; out-of-memory on the GPU halves the batch and goes on."""
        while True:
            try:
                return self._run(bias, windows, timestamps, language)
            except RuntimeError as error:
                if "out of memory" not in str(error).lower() or self._batch_size == 1:
                    raise
                self._batch_size = max(self._batch_size // 2, 1)
                log.warning("GPU out of memory: going on with batches of %d", self._batch_size)

    def _run(
        self, bias: Bias, windows: Sequence[Window], timestamps: bool, language: str | None
    ) -> list[list[Heard]]:
        import faster_whisper

        pipeline: Any = faster_whisper.BatchedInferencePipeline(self._model)  # type: ignore[no-untyped-call]
        clips, sound = _laid_out(windows)
        segments, _ = pipeline.transcribe(
            sound,
            language=language or self._options.language,
            beam_size=self._options.beam_size,
            batch_size=self._batch_size,
            temperature=[0.0],
            vad_filter=False,
            clip_timestamps=clips,
            without_timestamps=not timestamps,  # they make it skip text: CER 16.1, not 12.4 %
            word_timestamps=True,
            hotwords=bias[0],
            initial_prompt=bias[1],
        )
        heard: list[list[Heard]] = [[] for _ in windows]
        index = 0
        for segment in segments:
            while index + 1 < len(clips) and segment.seek / 100 >= clips[index + 1]["start"] - 0.02:
                index += 1
            heard[index].append(_heard(segment, windows[index], clips[index]["start"]))
        return heard


def _laid_out(windows: Sequence[Window]) -> tuple[list[dict[str, float]], Samples]:
    """Windows end to end with a gap before each, and their clip times.

    faster-whisper looks back at the last word of the window before when it times a first word; the
    gap keeps a window's result the same whatever it is batched with.
    """
    gap = np.zeros(GAP * RATE, np.float32)
    clips, pieces, at = [], [], 0
    for window in windows:
        start = at + gap.size
        at = start + window.samples.size
        clips.append({"start": start / RATE, "end": at / RATE})
        pieces += [gap, window.samples]
    return clips, np.concatenate(pieces)


def _heard(segment: Any, window: Window, offset: float) -> Heard:  # noqa: ANN401
    words: list[Word] = []
    for phrase in _phrases(segment.words or ()):
        times = [(float(word.start) - offset, float(word.end) - offset) for word in phrase]
        for word, span, piece in zip(phrase, times, window.pieces_of(times), strict=True):
            start, end = original(piece, *span)
            sure = round(float(word.probability), 3)
            words.append(Word(word.word, round(start, 3), round(end, 3), sure))
    silent = segment.no_speech_prob > NO_SPEECH and segment.avg_logprob < LOW_LOGPROB
    return Heard(tuple(words), nothing_said=silent)


def _looped(result: Cleaned) -> int:
    return sum(item.characters for item in result[1] if item.reason == "loop")


def _phrases(words: Sequence[Any]) -> list[list[Any]]:
    """Whisper writes a space or a mark between phrases."""
    phrases: list[list[Any]] = []
    for word in words:
        if phrases and not word.word.startswith(" ") and phrases[-1][-1].word[-1:] not in MARKS:
            phrases[-1].append(word)
        else:
            phrases.append([word])
    return phrases


def _finished(pending: _Pending) -> ChannelText:
    words = tuple(sorted(pending.words, key=lambda word: word.start))
    languages = tuple(pending.languages)
    return ChannelText(pending.key, pending.channel, words, tuple(pending.removed), languages)


def pick_device(wanted: str, gpus: int) -> str:
    """`auto` takes a GPU where there is one; a GPU that was demanded and is absent is an error."""
    if wanted not in ("auto", "cpu", "cuda"):
        raise BadSettings(f"unknown device '{wanted}'; known: auto, cpu, cuda")
    if wanted == "cuda" and gpus == 0:
        raise BadSettings(
            "device 'cuda' was demanded, but no usable NVIDIA GPU was found. Check the driver "
            "(nvidia-smi), or use device 'auto' or 'cpu'."
        )
    return "cuda" if wanted == "cuda" or (wanted == "auto" and gpus) else "cpu"


def _load(folder: Path, device: str, options: EngineOptions) -> WhisperModel:
    from faster_whisper import WhisperModel

    compute = options.compute_type
    if compute == "auto":
        compute = "float16" if device == "cuda" else "int8"
    if device == "cpu":
        keep_freed_memory()
        take_wide_vectors()
    try:
        return WhisperModel(
            str(folder),
            device=device,
            compute_type=compute,
            cpu_threads=options.threads,
            num_workers=1 if device == "cuda" else options.workers,
            local_files_only=True,
        )
    except (ValueError, RuntimeError) as error:
        raise BadSettings(
            f"the speech model in {folder} could not be loaded on {device} as {compute}: {error}"
        ) from error
