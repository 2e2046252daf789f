"""Sound files: probe, decode in blocks, levels, clips to listen to.

Everything is decoded by PyAV (FFmpeg's libraries) to float32 in [-1, 1], 16 kHz, shape
(channels, samples). A recording of any length is read in blocks that end in a quiet place, so that
memory stays bounded and no word is cut.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from pipeline.domain import AudioFormat, Seconds
from pipeline.errors import BadRecording

Samples = NDArray[np.float32]

RATE = 16_000
BLOCK: Seconds = 300.0
SEARCH: Seconds = 30.0
LISTEN_BLOCK: Seconds = 60.0
BEEP_HERTZ, BEEP_LEVEL = 1_000.0, 0.1
SAME_SIGNAL = 0.98
FRAME = 320  # 20 ms
RAW_FORMATS = {".al": "alaw", ".alaw": "alaw", ".ul": "mulaw", ".ulaw": "mulaw", ".gsm": "gsm"}
MUSIC_FORMATS = (".mp3", ".m4a", ".mp4", ".aac", ".ogg", ".oga", ".opus", ".webm", ".mka", ".wma")
PHONE_FORMATS = (".wav", ".wave", ".amr", ".awb", ".3gp", ".flac", ".au", ".aif", ".aiff")
SUFFIXES = frozenset((*RAW_FORMATS, *MUSIC_FORMATS, *PHONE_FORMATS))


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a recording: `samples` (channels, n) at 16 kHz, beginning at `start`."""

    start: Seconds
    samples: Samples


@dataclass(frozen=True, slots=True)
class Damage:
    """What the decoder met: frames that could not be decoded, and seconds that are missing."""

    bad_frames: int
    missing: Seconds


class Decoder:
    """Reads one file in blocks; `format` and `damage` are complete once it is exhausted.

    `tap` is shown every decoded frame as it is in the file, before it is resampled.
    """

    def __init__(
        self,
        path: Path,
        block: Seconds = BLOCK,
        tap: Callable[[av.AudioFrame], None] | None = None,
    ) -> None:
        self.path = path
        self._block = int(block * RATE)
        self._tap = tap
        self._bad_frames = 0
        self._decoded = 0
        self._container = _open(path)
        stream = self._container.streams.audio[0]
        self._stated = _stated_duration(self._container, stream)
        codec = stream.codec_context
        self._source = (self._container.format.name, codec.name, codec.sample_rate, codec.channels)
        self.channels = min(codec.channels, 2) if codec.channels <= 2 else 1

    @property
    def format(self) -> AudioFormat:
        """Container, codec, rate, channels, and the duration decoded so far."""
        container, codec, rate, channels = self._source
        return AudioFormat(container, codec, rate, channels, self._decoded / RATE)

    @property
    def damage(self) -> Damage:
        """Frames that could not be decoded, and seconds the header promises but the file lacks."""
        missing = 0.0 if self._stated is None else self._stated - self._decoded / RATE
        return Damage(self._bad_frames, max(missing, 0.0))

    def blocks(self) -> Iterator[Block]:
        """The recording in blocks of at most `block` seconds, cut where it is quiet.

        Raises BadRecording when there is no sound at all, naming the file and the remedy.
        """
        kept: list[Samples] = []
        size = start = 0
        for chunk in self._chunks():
            kept.append(chunk)
            size += chunk.shape[1]
            while size >= self._block:
                samples = np.concatenate(kept, axis=1)
                cut = quiet_cut(samples[:, : self._block])
                yield Block(start / RATE, samples[:, :cut])
                start, kept, size = start + cut, [samples[:, cut:]], size - cut
        if self._decoded == 0:
            raise BadRecording(
                f"{self.path.name}: holds no sound (0 samples decoded). "
                "Fetch the recording again, or remove the file."
            )
        if size:
            yield Block(start / RATE, np.concatenate(kept, axis=1))

    def _chunks(self) -> Iterator[Samples]:
        layout = "stereo" if self.channels == 2 else "mono"
        resampler = av.AudioResampler(format="fltp", layout=layout, rate=RATE)
        with self._container:
            for frame in chain(self._frames(), [None]):
                if self._tap is not None and frame is not None:
                    self._tap(frame)
                for piece in resampler.resample(frame):
                    self._decoded += piece.samples
                    yield piece.to_ndarray().astype(np.float32, copy=False)

    def _frames(self) -> Iterator[av.AudioFrame]:
        frames = self._container.decode(audio=0)
        while True:
            try:
                frame = next(frames)
            except StopIteration:
                return
            except av.error.EOFError:
                return
            except av.error.InvalidDataError:
                self._bad_frames += 1
                if self._bad_frames > 10_000:
                    return
                continue
            except av.error.FFmpegError as error:
                raise BadRecording(_unreadable(self.path, str(error))) from error
            frame.pts = None  # timestamps of damaged files jump; the sample count is the clock
            yield frame


def _open(path: Path) -> av.container.InputContainer:
    """Open a sound file, or say in one sentence why not."""
    try:
        form = _raw_format(path)
        container = av.open(
            str(path),
            mode="r",
            format=form,
            options={"sample_rate": "8000"} if form else {},
            metadata_errors="ignore",
        )
    except (PermissionError, av.error.PermissionError) as error:
        raise BadRecording(
            f"{path.name}: no permission to read it. Allow the callqa user to read the file."
        ) from error
    except (av.error.FFmpegError, OSError, ValueError) as error:
        raise BadRecording(_unreadable(path, str(error))) from error
    if not container.streams.audio:
        container.close()
        raise BadRecording(f"{path.name}: has no audio track. Remove it or export the sound.")
    codec = container.streams.audio[0].codec_context
    if codec is None or not codec.sample_rate:
        container.close()
        reason = "its coding is not known" if codec is None else "the header names no sample rate"
        raise BadRecording(_unreadable(path, reason))
    return container


def _raw_format(path: Path) -> str | None:
    """The format of a file without a header, by its ending; None: let the decoder find out.

    Raises ValueError when the content cannot be what the ending says: without a header anything
    would decode to noise.
    """
    form = RAW_FORMATS.get(path.suffix.lower())
    if form is None:
        return None
    with path.open("rb") as file:
        head = file.read(33 * 100)
    if head[:4] == b"RIFF":
        return None
    if form == "gsm" and any(byte >> 4 != 0xD for byte in head[::33]):
        raise ValueError("no GSM frames in it")
    if head and all(byte in b"\t\n\r" or 32 <= byte < 127 for byte in head):
        raise ValueError("it is text")
    return form


def _unreadable(path: Path, reason: str) -> str:
    reason = (
        re.sub(r"\[Errno -?\d+\] ", "", reason)
        .replace(str(path), path.name)
        .replace(f"'{path.name}'", "")
        .strip(" :;")
    )
    return (
        f"{path.name}: is not a sound file that can be decoded ({reason}). "
        "Check that the upload finished and that the name's ending fits the content."
    )


def _stated_duration(
    container: av.container.InputContainer, stream: av.AudioStream
) -> Seconds | None:
    """The duration that the header promises, None where it does not say or only guesses."""
    if container.format.name == "wav":
        return _wav_stated(Path(container.name), stream)
    if container.format.name == "flac" and stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return None


def _wav_stated(path: Path, stream: av.AudioStream) -> Seconds | None:
    """Seconds by the size in the RIFF data chunk; recorders that stream write 0 or 0xFFFFFFFF."""
    with path.open("rb") as file:
        head = file.read(1 << 16)
    at = head.find(b"data", 12)
    rate = stream.codec_context.bit_rate
    if at < 0 or not rate:
        return None
    size = int.from_bytes(head[at + 4 : at + 8], "little")
    return None if size in (0, 0xFFFFFFFF, 0x7FFFFFFF) else size * 8 / rate


def quiet_cut(samples: Samples) -> int:
    """Where to cut: the middle of the quietest 0.3 s in the last 30 s (sample index)."""
    frame = RATE // 10
    tail = samples[:, -int(SEARCH * RATE) :]
    usable = tail.shape[1] // frame * frame
    if usable < 4 * frame:
        return int(samples.shape[1])
    power = (tail[:, :usable].reshape(tail.shape[0], -1, frame) ** 2).mean(axis=2).sum(axis=0)
    smooth = np.convolve(power, np.ones(3), mode="same")[1:-1]
    best = int(np.argmin(smooth)) + 1
    return int(samples.shape[1] - tail.shape[1] + best * frame + frame // 2)


def frame_db(signal: Samples, frame: int = FRAME) -> NDArray[np.float32]:
    """Level of each frame in dB full scale; shape (frames,), -100 for digital silence."""
    usable = signal.shape[-1] // frame * frame
    power = (signal[..., :usable].reshape(-1, frame) ** 2).mean(axis=1)
    return np.asarray(10 * np.log10(np.maximum(power, 1e-10)), dtype=np.float32)


def same_signal(samples: Samples) -> bool:
    """Whether both channels carry one signal (a mono call saved as stereo)."""
    if samples.shape[0] != 2:
        return False
    left, right = samples[0], samples[1]
    norm = float(np.linalg.norm(left) * np.linalg.norm(right))
    if norm == 0.0:
        return bool(np.array_equal(left, right))
    return float(left @ right) / norm > SAME_SIGNAL


def render(
    path: Path,
    hidden: Sequence[tuple[Seconds, Seconds]],
    target: Path,
    how: str = "silence",
    part: tuple[Seconds, Seconds] | None = None,
) -> None:
    """Write a recording as 16-bit WAV or FLAC at 8 or 16 kHz, with the given stretches hidden.

    For a person to listen to: `hidden` are (start, end) in seconds, on every channel silent or,
    `how` beep, a tone. The ending of `target` says the form. `part`: only what lies between these
    seconds; BadRecording where nothing does. Block by block: memory does not grow with the length.
    When it raises, `target` is worthless.
    """
    import soundfile

    decoder = Decoder(path, block=LISTEN_BLOCK)
    step = 2 if decoder.format.sample_rate <= 8000 else 1
    rate, channels = RATE // step, decoder.channels
    form = target.suffix.lstrip(".").upper()
    since, until = (0, None) if part is None else (int(part[0] * RATE), int(part[1] * RATE))
    with soundfile.SoundFile(target, "w", rate, channels, "PCM_16", format=form) as out:
        for block in decoder.blocks():
            first = round(block.start * RATE)
            if until is not None and first >= until:
                break
            for start, end in hidden:
                begin, stop = int(start * RATE) - first, int(end * RATE) - first
                begin, stop = max(begin, 0), min(max(stop, 0), block.samples.shape[1])
                if begin < stop:
                    block.samples[:, begin:stop] = FILLS[how](first + begin, stop - begin)
            skip = max(since - first, 0)
            skip += -(first + skip) % step
            last = None if until is None else until - first
            out.write(block.samples[:, skip:last:step].T)
        if part is not None and out.frames == 0:
            raise BadRecording(f"{path.name}: is over before second {part[0]:g}")


def _tone(start: int, size: int) -> Samples:
    """A beep that goes on over the edges of blocks."""
    at = np.arange(start, start + size, dtype=np.float64)
    return (BEEP_LEVEL * np.sin(2 * np.pi * BEEP_HERTZ / RATE * at)).astype(np.float32)


# What is heard instead: from a first sample on, so many of them.
FILLS: dict[str, Callable[[int, int], Samples]] = {
    "beep": _tone,
    "silence": lambda _, size: np.zeros(size, np.float32),
}
