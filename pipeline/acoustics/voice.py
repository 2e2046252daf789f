"""The voice of every segment, from what was kept while its recording was decoded."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from pipeline.acoustics.clipping import ClipTrack
from pipeline.acoustics.levels import BLOCK, LevelTrack, pauses
from pipeline.acoustics.pitch import PitchTrack
from pipeline.audio import Samples
from pipeline.domain import Segment, Transcript, Voice


class ChannelTrack:
    """One channel of a recording; `add` its samples (n,) in order, at 16 kHz, in any portions."""

    def __init__(self) -> None:
        self.levels = LevelTrack()
        self.pitches = PitchTrack()

    def add(self, samples: Samples) -> None:
        """The next stretch."""
        self.levels.add(samples)
        self.pitches.add(samples)


@dataclass(slots=True)
class SoundTracks:
    """What is kept of a recording's sound: by channel, and where it is overdriven."""

    channels: dict[int, ChannelTrack] = field(default_factory=dict)
    clipping: ClipTrack = field(default_factory=ClipTrack)

    def add(self, channel: int, samples: Samples) -> None:
        """The next stretch of a channel, after crosstalk was muted."""
        self.channels.setdefault(channel, ChannelTrack()).add(samples)


def with_voice(transcript: Transcript, tracks: SoundTracks) -> Transcript:
    """The transcript with level and voice of every segment, and the capability `loudness`.

    On one channel both sides come through one line, so their levels say nothing of either: the
    capability needs two. Levels and voices are there all the same.
    """
    segments = tuple(_heard(segment, tracks) for segment in transcript.segments)
    if all(segment.level is None for segment in segments):
        return transcript
    carries = {"loudness"} if "stereo" in transcript.capabilities else set()
    return replace(
        transcript, segments=segments, capabilities=transcript.capabilities | frozenset(carries)
    )


def _heard(segment: Segment, tracks: SoundTracks) -> Segment:
    """By the times of the words: what lies between them is not speech of this segment."""
    own = None if segment.channel is None else tracks.channels.get(segment.channel)
    if own is None or segment.start is None or segment.end is None:
        return segment
    words = [(word.start, word.end) for word in segment.words]
    spans = words or [(segment.start, segment.end)]
    level = own.levels.level(spans)
    if level is None:
        return segment
    pitch = own.pitches.pitch(spans)
    blocks = own.levels.speech(segment.start, segment.end, words)
    silent = pauses(blocks)
    voice = Voice(
        loudness=own.levels.loudness([(segment.start, segment.end)]),
        clipped=tracks.clipping.share(segment.channel or 0, spans),
        pitch=pitch.median if pitch else None,
        movement=pitch.movement if pitch else None,
        speech=round(len(blocks) * BLOCK - sum(silent), 2),
        pauses=len(silent),
        longest_pause=max(silent, default=0.0),
        slope=own.levels.slope(spans),
    )
    return replace(segment, level=level, voice=voice)
