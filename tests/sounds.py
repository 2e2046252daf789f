"""Sound files for tests, made on the spot."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]


def a_tone(seconds: float, rate: int = 16_000, pitch: float = 440.0, level: float = 0.3) -> Samples:
    """A sine, shape (n,)."""
    time = np.arange(int(seconds * rate)) / rate
    return (level * np.sin(2 * np.pi * pitch * time)).astype(np.float32)


def encode(path: Path, samples: Samples, codec: str, *, rate: int = 8000, form: str = "") -> Path:
    """Write samples (n,) or (channels, n) at `rate` with any codec that PyAV can encode."""
    channels = np.atleast_2d(samples)
    layout = "stereo" if channels.shape[0] == 2 else "mono"
    with av.open(str(path), "w", format=form or None) as container:
        stream = container.add_stream(codec, rate=rate)
        stream.layout = layout
        resampler = av.AudioResampler(format=stream.format, layout=layout, rate=rate)
        frame = av.AudioFrame.from_ndarray(channels, format="fltp", layout=layout)
        frame.sample_rate = rate
        frame.time_base = Fraction(1, rate)
        size = stream.codec_context.frame_size
        fifo = av.AudioFifo()
        for piece in [*resampler.resample(frame), *resampler.resample(None)]:
            piece.pts = None
            fifo.write(piece)
        while fifo.samples:
            part = fifo.read(size or 4096, partial=True)
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    return path
