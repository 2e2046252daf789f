"""Tiny models that sherpa-onnx loads: they hear whistles and nothing else.

No registry package holds a SenseVoice or Paraformer model, and a real one has 230 MB. These have
the inputs, outputs and metadata of real ones and a few thousand weights, written here: each of five
pitches above the telephone band is one token, all other sound is none. So what was "said", and
when, is known exactly; it is said over real speech, because voice activity detection needs that.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper, parser

from pipeline.audio import RATE, Samples

MELS, WINDOW = 80, 7  # as in SenseVoice and Paraformer: seven frames of 80 bands, 60 ms apart
LOUD = 17.0  # log energy of a band, above which somebody whistles
WHISTLES = (4600, 5200, 5800, 6500, 7300)  # Hz: the first token, the second …
SENSE_VOICE_TOKENS = (
    "<unk>", "您", "好", "，", "▁o", "k", "<|zh|>", "<|NEUTRAL|>", "<|Speech|>", "<|withitn|>",
    "<|nospeech|>", "<|yue|>",
)  # fmt: skip
PARAFORMER_TOKENS = ("<blank>", "您", "好", "号", "o@@", "k", "</s>", "<unk>")

SENSE_VOICE = """
<ir_version: 8, opset_import: ["": 17]>
sense_voice (float[N,T,560] x, int32[N] x_length, int32[N] language, int32[N] text_norm)
    => (float[N,M,V] logits) {
  heard = MatMul(x, weights)
  scores = Add(heard, bias)
  asked = Gather <axis = 0> (languages, language)
  first = Unsqueeze(asked, c1)
  logits = Concat <axis = 1> (first, fixed, scores)
}"""
# A token fires where a whistle begins; the peaks lie three to a frame, one more behind the last.
PARAFORMER = """
<ir_version: 8, opset_import: ["": 17]>
paraformer (float[N,T,560] speech, int32[N] speech_lengths) => (RESULTS) {
  heard = MatMul(speech, weights)
  scores = Add(heard, bias)
  whistles = Slice(scores, c1, c99, c2)
  loudest = ReduceMax <axes = [2], keepdims = 0> (whistles)
  on = Greater(loudest, zero)
  now = Cast <to = 1> (on)
  shorter = Slice(now, c0, c_1, c1)
  before = Concat <axis = 1> (silence, shorter)
  change = Sub(now, before)
  fires = Greater(change, zero)
  places = NonZero(fires)
  frames = Gather <axis = 0> (places, second)
  fired = Gather <axis = 1> (scores, frames)
  logits = Concat <axis = 1> (fired, end)
  count = Shape(frames)
  token_num = Cast <to = 6> (count)
  hits = Cast <to = 1> (fires)
  column = Unsqueeze(hits, c2)
  three = Pad(column, two_more)
  row = Reshape(three, flat)
  us_cif_peak = Concat <axis = 1> (row, peak)
  us_alphas = Identity(us_cif_peak)
}"""
TEXT = "float[N,L,V] logits, int32[N] token_num"
TIMES = ", float[N,A] us_alphas, float[N,P] us_cif_peak"


def whistled(speech: Samples, notes: Sequence[tuple[float, int]], length: float = 0.12) -> Samples:
    """Speech with whistles over it, each (second, number of the token from 1); shape (n,).

    What the speech has above the telephone band is taken out.
    """
    spectrum = np.fft.rfft(speech)
    spectrum[int(4000 / RATE * speech.size) :] = 0
    mixed = np.fft.irfft(spectrum, speech.size).astype(np.float32)
    at = np.arange(int(length * RATE))
    for start, token in notes:
        note = 0.05 * np.sin(2 * math.pi * WHISTLES[token - 1] / RATE * at)
        mixed[int(start * RATE) : int(start * RATE) + at.size] += note.astype(np.float32)
    return mixed


def sense_voice(folder: Path, **metadata: str) -> Path:
    """A model folder. Asked for en it says of all it hears: no speech; for auto: Cantonese."""
    size = len(SENSE_VOICE_TOKENS)
    languages = np.zeros((16, size), np.float32)
    for language, token in ((0, "<|yue|>"), (3, "<|zh|>"), (4, "<|nospeech|>")):
        languages[language, SENSE_VOICE_TOKENS.index(token)] = 9
    fixed = np.zeros((1, 3, size), np.float32)
    for place, token in enumerate(("<|NEUTRAL|>", "<|Speech|>", "<|withitn|>")):
        fixed[0, place, SENSE_VOICE_TOKENS.index(token)] = 9
    facts = {
        "model_type": "sense_voice_ctc", "comment": "whistles", "normalize_samples": "0",
        "with_itn": "14", "without_itn": "15", "lang_auto": "0", "lang_zh": "3", "lang_en": "4",
        "lang_ja": "11", "lang_ko": "12", "lang_yue": "7",
    }  # fmt: skip
    constants = {"languages": languages, "fixed": fixed}
    return _written(folder, SENSE_VOICE, constants, SENSE_VOICE_TOKENS, facts | metadata)


def paraformer(folder: Path, *, timed: bool = True) -> Path:
    """A model folder; `timed`: it also says when each token fires."""
    end = np.zeros((1, 1, len(PARAFORMER_TOKENS)), np.float32)
    end[0, 0, PARAFORMER_TOKENS.index("</s>")] = 9
    constants = {
        "end": end,
        "zero": np.zeros(1, np.float32),
        "silence": np.zeros((1, 1), np.float32),
        "peak": np.ones((1, 1), np.float32),
        "second": np.array(1),
        "flat": np.array([1, -1]),
        "two_more": np.array([0, 0, 0, 0, 0, 2]),
    }
    graph = PARAFORMER.replace("RESULTS", TEXT + (TIMES if timed else ""))
    facts = {"model_type": "paraformer", "comment": "whistles"}
    return _written(folder, graph, constants, PARAFORMER_TOKENS, facts)


def _written(
    folder: Path,
    graph: str,
    constants: Mapping[str, NDArray[np.generic]],
    tokens: Sequence[str],
    metadata: Mapping[str, str],
) -> Path:
    weights, bias = _hearing(len(tokens))
    numbers = {"c_1": -1, "c0": 0, "c1": 1, "c2": 2, "c99": 99}
    everything = {"weights": weights, "bias": bias, **constants}
    everything |= {name: np.array([value]) for name, value in numbers.items()}
    model = parser.parse_model(graph)
    used = {name for node in model.graph.node for name in node.input}
    for name, value in everything.items():
        if name in used:
            model.graph.initializer.append(numpy_helper.from_array(value, name))
    facts = {
        "vocab_size": len(tokens), "lfr_window_size": WINDOW, "lfr_window_shift": WINDOW - 1,
        "neg_mean": ",".join(["0.0"] * MELS * WINDOW),
        "inv_stddev": ",".join(["1.0"] * MELS * WINDOW), **metadata,
    }  # fmt: skip
    onnx.helper.set_model_props(model, {name: str(value) for name, value in facts.items()})
    folder.mkdir(parents=True)
    onnx.save(model, folder / "model.onnx")
    lines = [f"{token} {number}\n" for number, token in enumerate(tokens)]
    (folder / "tokens.txt").write_text("".join(lines), encoding="utf-8")
    return folder


def _hearing(size: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Weights and bias of token scores: a band of the middle frame, above LOUD."""
    weights = np.zeros((MELS * WINDOW, size), np.float32)
    bias = np.full(size, -1e4, np.float32)
    bias[0] = 0  # nothing
    for token, pitch in enumerate(WHISTLES, 1):
        weights[MELS * (WINDOW // 2) + _band(pitch), token] = 1
        bias[token] = -LOUD
    return weights, bias


def _band(pitch: float) -> int:
    """The mel band of a pitch: 80 bands from 20 Hz to 8 kHz, as Kaldi lays them."""
    low, high, mel = (1127 * math.log(1 + hertz / 700) for hertz in (20, RATE / 2, pitch))
    return round((mel - low) / (high - low) * (MELS + 1)) - 1
