"""Which turns are marked as standing out: changed ones, unchanged ones, acted ones."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

from bench.voice_calls import CAN, calls, heard, rate
from bench.voice_sounds import CHANGES, changed, line, read
from pipeline.acoustics import SoundTracks, with_voice
from pipeline.acoustics.tone import usual_voice
from pipeline.audio import RATE, Samples
from pipeline.domain import CallInfo, Role, Segment, Tone, Transcript


def tone(data: Path) -> None:
    """One turn changed at a time: which changes are marked; and what is marked unchanged."""
    marked: dict[str, Counter[Tone]] = defaultdict(Counter)
    plain: Counter[Tone] = Counter()
    for _, call, sound in calls(data):
        base = heard(call, sound)
        for role in (Role.AGENT, Role.CUSTOMER):
            usual = usual_voice(base.segments, role)
            if usual is None:
                continue
            marks = {mark.segment: mark.tone for mark in usual.marks}
            for index, turn in enumerate(base.segments):
                if turn.role is not role or turn.voice is None or (turn.voice.speech or 0) < 1:
                    continue
                plain[marks.get(index, Tone.CALM)] += 1
                for name in CHANGES:
                    part, other = changed(name, sound, turn)
                    other = measured_alone(part, other)
                    turns = tuple(other if k == index else s for k, s in enumerate(base.segments))
                    found = usual_voice(turns, role)
                    tones = {m.segment: m.tone for m in found.marks} if found else {}
                    marked[name][tones.get(index, Tone.CALM)] += 1
    _show("unchanged", plain)
    for name, counts in marked.items():
        _show(name, counts)


def measured_alone(sound: Samples, turn: Segment) -> Segment:
    """One turn with its voice, from its own sound (n,)."""
    tracks = SoundTracks()
    tracks.add(turn.channel or 0, sound)
    return with_voice(Transcript(CallInfo("turn"), (turn,), capabilities=CAN), tracks).segments[0]


def _show(name: str, counts: Counter[Tone]) -> None:
    total = sum(counts.values())
    any_ = counts[Tone.RAISED] + counts[Tone.AGITATED]
    print(f"  {name}: marked {rate(any_, total)}; of these agitated {counts[Tone.AGITATED]}")


def acted(folder: Path) -> None:
    """Each acted sentence against its speaker's neutral ones, through a telephone line."""
    feelings = {"N": "neutral", "W": "anger", "F": "joy", "A": "fear", "E": "disgust",
                "T": "sadness", "L": "boredom"}  # fmt: skip
    turns: dict[str, Segment] = {}
    for path in sorted(folder.glob("*.wav")):
        sound = line(read(path)[0])
        seconds = sound.size / RATE
        turn = Segment(Role.AGENT, "一二三四五", 0.0, seconds, channel=0)  # no pace: texts differ
        turns[path.stem] = measured_alone(sound, turn)
    counts: dict[str, Counter[Tone]] = defaultdict(Counter)
    for name, turn in turns.items():
        usual = [t for other, t in turns.items()
                 if other[:2] == name[:2] and other[5] == "N" and other != name]  # fmt: skip
        found = usual_voice([*usual, turn], Role.AGENT)
        if found is not None:
            tones = {mark.segment: mark.tone for mark in found.marks}
            counts[feelings[name[5]]][tones.get(len(usual), Tone.CALM)] += 1
    for feeling in feelings.values():
        _show(feeling, counts[feeling])
