"""Speech recognition: engines behind one protocol, clean-up, and turns from words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from pipeline import modelfiles
from pipeline.asr.base import ChannelAudio, ChannelText, Engine, EngineOptions
from pipeline.errors import BadSettings

__all__ = [
    "ENGINES",
    "ChannelAudio",
    "ChannelText",
    "Engine",
    "EngineOptions",
    "gpu_count",
    "make_engine",
]


def gpu_count() -> int:
    """NVIDIA GPUs that the recogniser can use."""
    import ctranslate2

    count: int = ctranslate2.get_cuda_device_count()  # type: ignore[attr-defined]
    return count


def _faster_whisper(options: EngineOptions) -> Engine:
    from pipeline.asr.whisper import FasterWhisper

    return FasterWhisper(options)


def _sherpa_onnx(options: EngineOptions) -> Engine:
    from pipeline.asr.sherpa import SherpaOnnx

    return SherpaOnnx(options)


ENGINES: Mapping[str, Callable[[EngineOptions], Engine]] = {
    "faster-whisper": _faster_whisper,
    "sherpa-onnx": _sherpa_onnx,
}


def make_engine(name: str, options: EngineOptions) -> Engine:
    """Load an engine by its name; raises BadSettings naming the known ones."""
    if name not in ENGINES:
        raise BadSettings(f"unknown speech engine '{name}'; known: {', '.join(ENGINES)}")
    fits = modelfiles.engine_of(options.model, Path(options.models_dir))
    if fits not in (None, name):
        raise BadSettings(
            f"the speech model '{options.model}' is made for the engine '{fits}', not '{name}': "
            f"set asr.engine to {fits}, or choose another model (`callqa models list`)."
        )
    return ENGINES[name](options)
