"""The development calls as `bench.voice` hears them: turns where their truth says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from bench.rule_accuracy import share
from bench.voice_sounds import read
from pipeline.acoustics import SoundTracks, with_voice
from pipeline.audio import Samples
from pipeline.domain import CallInfo, Role, Segment, Transcript

CAN = frozenset({"times", "stereo", "overlap", "roles"})


def calls(data: Path) -> Iterator[tuple[str, Transcript, Samples]]:
    """Every development call: its name, its true turns, its two channels at 16 kHz."""
    for path in sorted((data / "calls").glob("*.json")):
        truth = json.loads(path.read_text(encoding="utf-8"))
        agent = truth["agent_channel"]
        turns = tuple(
            Segment(Role(s["role"]), s["text"], s["start"], s["end"],
                    channel=agent if s["role"] == "agent" else 1 - agent)
            for s in truth["segments"]
        )  # fmt: skip
        call = Transcript(CallInfo(path.stem), turns, truth["duration"], capabilities=CAN)
        yield path.stem, call, read(path.with_name(f"{path.stem}.tel.stereo.flac"))


def rate(part: int, whole: int) -> str:
    """`12 of 40, 30 % [18, 45]`."""
    return f"{part} of {whole}, {share(part, whole)}"


def heard(call: Transcript, sound: Samples) -> Transcript:
    """The call with the voices of its turns, as the line measures them."""
    tracks = SoundTracks()
    for channel, samples in enumerate(sound):
        tracks.add(channel, samples)
    return with_voice(call, tracks)
