"""sherpa-onnx behind the engine protocol: SenseVoice and Paraformer, on a CPU.

These models write a window in one go, so there is nothing to gain from batches: each window is
recognised by itself, and what it gives never depends on its neighbours (int8 models scale by what
is in a batch). Several threads share one model. It is an extra: `pip install 'callqa[sherpa]'`.

What they give: tokens and when each begins. They do not say how sure they are, so words carry no
confidence, and calls not the capability. A word ends where the next one begins, or CHARACTER later.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pipeline import modelfiles
from pipeline.asr.base import ChannelAudio, ChannelText, EngineOptions
from pipeline.asr.cleanup import Heard, clean
from pipeline.asr.sherpa_files import LANGUAGES, Family, ModelFiles, checked
from pipeline.asr.windows import Window, original, speech_windows
from pipeline.audio import RATE
from pipeline.domain import EngineInfo, Removed, Seconds, Word
from pipeline.errors import BadSettings

log = logging.getLogger(__name__)

INSTALL = "pip install 'callqa[sherpa]'"
CHARACTER: Seconds = 0.25  # a spoken character; longer ones are followed by a pause
PAUSE: Seconds = 0.3  # between phrases, where the model writes no punctuation
SHORTEST: Seconds = 0.5  # less sound than a few frames is no input for these models
MARKS = "，。！？、；：,.!?;:"
NO_SPEECH = "<|nospeech|>"
_LANGUAGE = re.compile(r"<\|(\w+)\|>")
INT8 = "model.int8.onnx"


@dataclass(frozen=True, slots=True)
class _Token:
    """A piece of text as it is written, and when it begins in the window (None: not said)."""

    text: str
    start: Seconds | None


@dataclass(frozen=True, slots=True)
class _Heard:
    """What came of a window; `language`: as the model found it out, empty where it was told one."""

    words: list[Word]
    removed: list[Removed]
    language: str = ""
    timed: bool = True


class SherpaOnnx:
    """Recognition with SenseVoice or Paraformer; safe to call from several threads."""

    def __init__(self, options: EngineOptions) -> None:
        folder, revision = modelfiles.locate(options.model, Path(options.models_dir))
        weights = modelfiles.speech_weights(folder)
        assert weights is not None  # for mypy: `locate` found it
        _refuse(options, weights)
        files = checked(weights)
        self._family = files.family
        self._recognizer = _load(files, options)
        self._info = EngineInfo("sherpa-onnx", options.model, revision, "cpu")
        self._told = False
        self._detects = files.family is Family.SENSE_VOICE and options.language == "auto"

    @property
    def info(self) -> EngineInfo:
        """Name, model, revision and device."""
        return self._info

    def transcribe(self, channels: Iterable[ChannelAudio]) -> Iterator[ChannelText]:
        """Words of each channel, in order, one window after the other."""
        for audio in channels:
            self._tell_of_hotwords(audio)
            windows = speech_windows(audio.samples, audio.start, audio.nobody)
            heard = [self._hear(window, audio.channel) for window in windows]
            yield ChannelText(
                audio.key,
                audio.channel,
                words=tuple(word for one in heard for word in one.words),
                removed=tuple(item for one in heard for item in one.removed),
                languages=tuple((h.language, w.length) for h, w in zip(heard, windows, strict=True)
                                if h.language),
                timed=all(one.timed for one in heard),
            )  # fmt: skip

    def _tell_of_hotwords(self, audio: ChannelAudio) -> None:
        if (audio.hotwords or audio.prompt) and not self._told:
            self._told = True
            log.warning("sherpa-onnx takes no hotwords or prompt: asr.vocabulary is not used")

    def _hear(self, window: Window, channel: int) -> _Heard:
        """Words of a window, and what was taken out."""
        result = self._recognise(window)
        own = _LANGUAGE.fullmatch(result.lang) if self._detects else None
        language = own[1] if own and own[1] in LANGUAGES else ""
        tokens, timed = _tokens(result, self._family)
        if not tokens:
            log.info("no text came of %.1f s of speech", window.length)
            first, last = window.pieces[0], window.pieces[-1]
            silent = Removed("no_text", first.source, last.source + last.length, channel, 0)
            return _Heard([], [silent], language)
        words = _words(tokens, window)
        nothing = result.lang == NO_SPEECH
        marked = any(mark in word.text for word in words for mark in MARKS)
        phrases = [words] if marked or nothing or not timed else _phrases(words)
        heard = [Heard(tuple(phrase), nothing_said=nothing) for phrase in phrases]
        return _Heard(*clean(heard, channel), language, timed)

    def _recognise(self, window: Window) -> Any:  # noqa: ANN401 - the library has no types
        samples = window.samples
        if window.length < SHORTEST:
            samples = np.pad(samples, (0, int(SHORTEST * RATE) - samples.size))
        stream = self._recognizer.create_stream()
        stream.accept_waveform(RATE, samples)
        self._recognizer.decode_stream(stream)
        return stream.result


def _tokens(result: Any, family: Family) -> tuple[list[_Token], bool]:  # noqa: ANN401
    """The tokens as they are written, in order, and whether they have times.

    SenseVoice writes a space before a Latin word, Paraformer `@@` behind a part of one. Signs in
    angle brackets (unknown, end) are no text.
    """
    timed = len(result.timestamps) == len(result.tokens)
    starts = list(result.timestamps) if timed else [None] * len(result.tokens)
    tokens: list[_Token] = []
    inside = False
    for symbol, start in zip(result.tokens, starts, strict=True):
        text = symbol
        if text.startswith("<") and text.endswith(">"):
            continue
        if family is Family.PARAFORMER:
            text = symbol.removesuffix("@@")
            text = text if inside or not text.isascii() else f" {text}"
            inside = symbol.endswith("@@")
        tokens.append(_Token(text, start))
    return tokens, timed


def _words(tokens: Sequence[_Token], window: Window) -> list[Word]:
    """One word per character or Latin word, with its times in the recording."""
    groups: list[list[_Token]] = []
    for token in tokens:
        if groups and _goes_on(groups[-1][-1].text, token.text):
            groups[-1].append(token)
        else:
            groups.append([token])
    texts = ["".join(token.text for token in group) for group in groups]
    spoken = [[token for token in group if token.text not in MARKS] or group for group in groups]
    spans = [(group[0].start, group[-1].start) for group in spoken]
    times = _spans(spans, window) or _spread(texts, window)
    return [Word(text, *span, None) for text, span in zip(texts, times, strict=True)]


def _goes_on(before: str, text: str) -> bool:
    """Whether a token belongs to the word before it: a mark, or the rest of a Latin word."""
    if text in MARKS:
        return True
    latin = text.isascii() and text.isalpha()
    return latin and before.strip().isascii() and before.strip().isalpha()


def _spans(
    tokens: Sequence[tuple[Seconds | None, Seconds | None]], window: Window
) -> list[tuple[Seconds, Seconds]]:
    """Start and end of every word from its first and last token; empty where they have no times."""
    spans = []
    for number, (start, last) in enumerate(tokens):
        if start is None or last is None:
            return []
        following = tokens[number + 1][0] if number + 1 < len(tokens) else None
        end = last + CHARACTER if following is None else min(following, last + CHARACTER)
        begin, finish = original(window.piece_at(start), start, max(end, start))
        spans.append((round(begin, 3), round(finish, 3)))
    return spans


def _spread(texts: Sequence[str], window: Window) -> list[tuple[Seconds, Seconds]]:
    """Times in proportion to the text, over all that is speech in the window."""
    size = max(sum(len(text) for text in texts), 1)
    spans, at = [], 0
    for text in texts:
        start = window.length * at / size
        at += len(text)
        begin, finish = original(window.piece_at(start), start, window.length * at / size)
        spans.append((round(begin, 3), round(finish, 3)))
    return spans


def _phrases(words: Sequence[Word]) -> list[list[Word]]:
    """Words cut at pauses: clean-up ends each phrase with a mark."""
    phrases: list[list[Word]] = []
    for word in words:
        if phrases and word.start - phrases[-1][-1].end <= PAUSE:
            phrases[-1].append(word)
        else:
            phrases.append([word])
    return phrases


def _refuse(options: EngineOptions, weights: Path) -> None:
    """BadSettings for what this engine cannot do, before anything is loaded."""
    if options.device == "cuda":
        raise BadSettings(
            "the engine sherpa-onnx runs on the CPU here: set asr.device to auto or cpu."
        )
    own = "int8" if weights.name == INT8 else "float32"
    if options.compute_type not in ("auto", own):
        raise BadSettings(
            f"the weights in {weights.parent} are {own}, asr.compute_type is "
            f"{options.compute_type}: set it to auto. (Of {INT8} and model.onnx in one folder the "
            "first is taken.)"
        )


def _load(files: ModelFiles, options: EngineOptions) -> Any:  # noqa: ANN401 - it has no types
    if files.family is Family.SENSE_VOICE and options.language not in LANGUAGES:
        raise BadSettings(
            f"SenseVoice does not know the language '{options.language}'; "
            f"known: {', '.join(LANGUAGES)}"
        )
    try:
        import sherpa_onnx
    except ImportError as error:
        raise BadSettings(
            f"the engine sherpa-onnx is not installed: {INSTALL} (error: {error})"
        ) from error
    make: Any = sherpa_onnx.OfflineRecognizer  # type: ignore[attr-defined]  # exported by no list
    weights, tokens, threads = str(files.weights), str(files.tokens), options.threads
    try:
        if files.family is Family.PARAFORMER:
            return make.from_paraformer(weights, tokens, threads)
        # with inverse text normalisation it writes punctuation, on which rules rely
        return make.from_sense_voice(
            weights, tokens, threads, language=options.language, use_itn=True
        )
    except Exception as error:  # onnxruntime's own, of no common kind
        raise BadSettings(
            f"{files.weights}: could not be loaded by sherpa-onnx: {error}. Fetch it again."
        ) from error
