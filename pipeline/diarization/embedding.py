"""What a voice sounds like: CAM++ of 3D-Speaker in onnxruntime, 192 values for a stretch of speech.

The graph lies beside the manifest of the models, the weights in the fetched checkpoint, see
`models/campplus/README.md`. Front end as its authors trained it: 80 Kaldi filter banks at 16 kHz
without dither, samples in the range of 16 bits, minus the mean of the piece.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pipeline import modelfiles
from pipeline.audio import RATE, Samples
from pipeline.domain import Seconds

if TYPE_CHECKING:
    from kaldi_native_fbank import FbankOptions

Vectors = NDArray[np.float32]

GRAPH = modelfiles.MANIFEST.parent / "campplus" / "graph.onnx"
FOLDER = "session.model_external_initializers_file_folder_path"
BANKS = 80
SIZE = 192
STEP: Seconds = 0.02  # the network's own frames: every second frame of 10 ms
FEWEST = 4  # its frames that a deviation is taken of


class SpeakerModel:
    """CAM++ on one thread; `embed` may be called from several threads at once."""

    def __init__(self, models_dir: Path, name: str = "campplus") -> None:
        from onnxruntime import InferenceSession, SessionOptions  # type: ignore[attr-defined]

        folder, self.revision = modelfiles.locate(name, models_dir, "speaker")
        options = SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.add_session_config_entry(FOLDER, str(folder))
        self._session = InferenceSession(
            GRAPH.read_bytes(), options, providers=["CPUExecutionProvider"]
        )
        self._options = _front_end()

    def embed(self, samples: Samples, windows: Sequence[tuple[Seconds, Seconds]]) -> Vectors:
        """One vector of length 1 per window of a piece of speech; shape (windows, 192).

        `samples` (n,) at 16 kHz, at least 0.1 s, best under 10 s; `windows` in seconds of the
        piece. The network runs once over the piece, mean and deviation are taken per window, so
        that windows may overlap at no cost: measured as good as a run for each.
        """
        frames = self._frames(samples)
        weights = _weights(windows, -(-len(frames) // 2))
        given = {"feats": frames[None], "weights": weights[None]}
        found: Any = self._session.run(None, given)[0]
        vectors: Vectors = found[0].T
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)

    def _frames(self, samples: Samples) -> Vectors:
        from kaldi_native_fbank import OnlineFbank

        bank = OnlineFbank(self._options)
        bank.accept_waveform(RATE, samples * 32768)  # type: ignore[arg-type]
        bank.input_finished()
        frames = np.stack([bank.get_frame(n) for n in range(bank.num_frames_ready)])
        return np.asarray(frames - frames.mean(axis=0), np.float32)


def _front_end() -> FbankOptions:
    from kaldi_native_fbank import FbankOptions

    options = FbankOptions()
    options.frame_opts.samp_freq = RATE
    options.frame_opts.dither = 0.0
    options.mel_opts.num_bins = BANKS
    return options


def _weights(windows: Sequence[tuple[Seconds, Seconds]], frames: int) -> Vectors:
    """How much each frame counts in each window; rows sum to 1, shape (windows, frames)."""
    weights = np.zeros((len(windows), frames), np.float32)
    for row, (start, end) in zip(weights, windows, strict=True):
        first = max(min(int(start / STEP), frames - FEWEST), 0)
        row[first : max(round(end / STEP), first + FEWEST)] = 1.0
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), np.float32)
