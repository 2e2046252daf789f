"""From recordings to transcripts: decode, gate, recognise many at once, assemble one by one.

What the voices are measured from is kept while a recording is decoded, and given to its segments
when it is assembled. So are the sounds of the line, which the recogniser does not get to hear.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipeline.acoustics import SoundTracks, with_voice
from pipeline.asr import ChannelAudio, ChannelText, Engine, EngineOptions, gpu_count
from pipeline.assembling import BesideWords, assemble
from pipeline.audio import Decoder, same_signal
from pipeline.crosstalk import Crosstalk
from pipeline.diarization import SpeakerModel, SpeakerTrack
from pipeline.domain import Note, Recording, Seconds, Transcript
from pipeline.errors import BadRecording, BadSettings, CallqaError
from pipeline.linesounds import SoundTrack, mute
from pipeline.settings import Settings

log = logging.getLogger(__name__)

TRUNCATED: Seconds = 1.0


def worker_count(settings: Settings) -> int:
    """Batches in work at once, each in a thread of its own; see `AsrSettings`."""
    asr = settings.asr
    if asr.workers:
        return asr.workers
    if asr.device != "cpu" and gpu_count():
        return 2
    return max((os.cpu_count() or 1) // asr.threads, 1)


def engine_options(settings: Settings) -> EngineOptions:
    """The recogniser's plain values out of the settings."""
    asr = settings.asr
    return EngineOptions(
        model=asr.model,
        models_dir=str(settings.models_dir),
        device=asr.device,
        compute_type=asr.compute_type,
        beam_size=asr.beam_size,
        batch_size=asr.batch_size,
        language=asr.language,
        workers=worker_count(settings),
        threads=asr.threads,
    )


@dataclass(frozen=True, slots=True)
class Heard:
    """A recording after the recogniser: its transcript, or why there is none."""

    recording: Recording
    transcript: Transcript | None = None
    error: CallqaError | None = None


@cache
def speaker_model(models_dir: Path) -> SpeakerModel | None:
    """What tells the voices of a mono call apart, loaded once; None where it was not fetched."""
    try:
        return SpeakerModel(models_dir)
    except BadSettings:
        log.warning(
            "the speaker model is not there: mono calls keep unknown speakers "
            "(callqa models fetch campplus)"
        )
        return None


class Watch:
    """Remembers which recording is in work, so that one that ends the program is found out.

    A decoder is native code: a hostile file can crash the whole process, every night again. A mark
    is written when a recording is begun and removed when it is through; one that was begun three
    times and never got through is refused once, and tried again in the run after.
    """

    LIMIT = 3

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def begin(self, recording: Recording) -> None:
        """Mark the recording as in work; raises BadRecording when it ended the program before."""
        mark = self._folder / recording.sha256
        times = mark.stat().st_size if mark.exists() else 0
        if times >= self.LIMIT:
            mark.unlink()
            raise BadRecording(
                f"{recording.path.name}: the program ended {times} times while this recording was "
                "in work. It is left out of this run and tried again in the next one; if that "
                "happens again, remove the file and report it."
            )
        mark.write_bytes(b"x" * (times + 1))

    def end(self, recording: Recording) -> None:
        """The recording is through, well or badly."""
        (self._folder / recording.sha256).unlink(missing_ok=True)


class _Feed:
    """Decodes recordings into channels for the recogniser, and keeps what the decoder said.

    Lazily pulled by the engine: a recording is decoded when its turn comes, block by block.
    """

    def __init__(
        self, recordings: Sequence[Recording], settings: Settings, watch: Watch | None
    ) -> None:
        self._recordings = recordings
        self._watch = watch
        self._vocabulary = settings.asr.vocabulary
        self.decoders: dict[str, Decoder] = {}
        self.errors: dict[str, CallqaError] = {}
        self.notes: dict[str, list[str]] = {}
        self.tracks: dict[str, SoundTracks] = {}
        self.lines: dict[str, dict[int, SoundTrack]] = {}
        self.voices: dict[str, SpeakerTrack] = {}
        self.crosstalk: dict[str, Crosstalk] = {}
        self._speakers = speaker_model(settings.models_dir)

    def __iter__(self) -> Iterator[ChannelAudio]:
        for recording in self._recordings:
            notes = self.notes.setdefault(recording.sha256, [])
            try:
                if self._watch:
                    self._watch.begin(recording)
                tracks = self.tracks.setdefault(recording.sha256, SoundTracks())
                decoder = Decoder(recording.path, tap=tracks.clipping.frame)
                self.decoders[recording.sha256] = decoder
                yield from self._channels(recording, decoder, notes)
                _check_whole(recording.path, decoder, notes)
            except CallqaError as error:
                self.errors[recording.sha256] = error

    def through(self, recording: Recording) -> None:
        """Nothing native touches this recording any more."""
        if self._watch:
            self._watch.end(recording)

    def _channels(
        self, recording: Recording, decoder: Decoder, notes: list[str]
    ) -> Iterator[ChannelAudio]:
        words = self._vocabulary.get(recording.info.business_line)
        hotwords = " ".join(words.hotwords) if words and words.hotwords else None
        tracks = self.tracks[recording.sha256]
        lines = self.lines.setdefault(recording.sha256, {})
        crosstalk = self.crosstalk.setdefault(recording.sha256, Crosstalk())
        mono = False
        for number, block in enumerate(decoder.blocks()):
            samples = block.samples
            if number == 0 and same_signal(samples):
                mono = True
                notes.append(Note.SAME_SIGNAL)
            samples = samples[:1] if mono else samples
            echoes = crosstalk.hear(samples, block.start)
            if self._speakers is not None and samples.shape[0] == 1:
                track = self.voices.setdefault(recording.sha256, SpeakerTrack(self._speakers))
                track.add(samples[0])
            for channel in range(samples.shape[0]):
                nobody = echoes.get(channel, ())
                tracks.add(channel, mute(samples[channel], block.start, nobody))
                line = lines.setdefault(channel, SoundTrack(channel))
                yield ChannelAudio(
                    key=recording.sha256,
                    channel=channel,
                    samples=line.hear(samples[channel]),
                    start=block.start,
                    hotwords=hotwords,
                    prompt=words.prompt if words else None,
                    nobody=nobody,
                )


def _check_whole(path: Path, decoder: Decoder, notes: list[str]) -> None:
    """A recording that ends before its header says would fail rules about its end: refuse it."""
    damage, there = decoder.damage, decoder.format.duration
    if damage.missing > max(TRUNCATED, 0.02 * there):
        raise BadRecording(
            f"{path.name}: is cut off: its header promises {there + damage.missing:.0f} s, "
            f"only {there:.0f} s are there. Upload the whole recording again."
        )
    if damage.bad_frames:
        notes.append(Note.DAMAGED_FRAMES)


def listen(
    recordings: Sequence[Recording],
    engine: Engine,
    settings: Settings,
    watch: Watch | None = None,
) -> Iterator[Heard]:
    """Transcripts of recordings, in order, as the recogniser finishes them."""
    feed = _Feed(recordings, settings, watch)
    texts: dict[str, list[ChannelText]] = {}
    waiting = list(recordings)
    for text in engine.transcribe(feed):
        while waiting and waiting[0].sha256 != text.key:
            yield _conclude(waiting.pop(0), feed, texts, engine)
        texts.setdefault(text.key, []).append(text)
    for recording in waiting:
        yield _conclude(recording, feed, texts, engine)


def _conclude(
    recording: Recording, feed: _Feed, texts: Mapping[str, list[ChannelText]], engine: Engine
) -> Heard:
    feed.through(recording)
    tracks = feed.tracks.pop(recording.sha256, SoundTracks())
    lines = feed.lines.pop(recording.sha256, {})
    voices = feed.voices.pop(recording.sha256, None)
    crosstalk = feed.crosstalk.pop(recording.sha256, Crosstalk())
    if recording.sha256 in feed.errors:
        return Heard(recording, error=feed.errors[recording.sha256])
    notes = feed.notes[recording.sha256]
    if crosstalk.removed:
        notes.append(Note.CROSSTALK)
    transcript = assemble(
        recording,
        texts.get(recording.sha256, []),
        feed.decoders[recording.sha256].format,
        engine.info,
        notes,
        BesideWords(
            {channel: line.heard() for channel, line in lines.items()},
            voices.finish() if voices else None,
            crosstalk.removed,
        ),
    )
    return Heard(recording, with_voice(transcript, tracks))
