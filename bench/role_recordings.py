"""Who is named the agent in recordings whose roles are known, recognised as a nightly run does.

    python -m bench.role_recordings --data ../shared/data [--sounds SOUNDS]

The development calls (stereo, and mixed into one channel), an English telephone call, the samples
of the repository, and SOUNDS, calls that `bench.speak_cases` made from cases nobody tuned on. Each
without metadata; stereo ones also with the right and with the wrong channel in the metadata, and
with the channels changing places in the pause nearest to the middle (then recognised again).

Printed: calls named rightly, wrongly, left unnamed; characters in turns of the right and of the
wrong person; wrong metadata noticed; swaps found. Wilson's intervals, 95 %.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import yaml

from bench.der import Turn, read_rttm
from bench.rule_accuracy import share
from pipeline import speakers
from pipeline.asr import Engine, make_engine
from pipeline.audio import RATE, Decoder
from pipeline.domain import CallInfo, Note, Recording, Role, RoleBasis, Segment, Transcript
from pipeline.listening import engine_options, listen
from pipeline.settings import Settings

SAMPLES = Path(__file__).resolve().parent.parent / "sample_audio"
Heard = tuple[Transcript, "Call"]


@dataclass(frozen=True, slots=True)
class Call:
    """A recording and who speaks when; `agent` is the channel of the agent, None in mono."""

    name: str
    path: Path
    turns: tuple[Turn, ...]
    agent: int | None


@dataclass(slots=True)
class Row:
    """What was counted over a group of calls."""

    calls: Counter[str] = field(default_factory=Counter)
    characters: Counter[str] = field(default_factory=Counter)
    noticed: int = 0

    def cells(self) -> str:
        """The row's cells."""
        n, size = self.calls.total(), self.characters.total()
        calls = " | ".join(share(self.calls[said], n) for said in ("right", "wrong", "unnamed"))
        text = " | ".join(
            f"{100 * self.characters[said] / max(size, 1):.1f}" for said in ("right", "wrong")
        )
        return f"{n} | {calls} | {text} | {self.noticed}"


# ── the recordings ───────────────────────────────────────────────────────────────────────────────


def truths(folder: Path, sound: Callable[[Path], Path], *, mono: bool = False) -> Iterator[Call]:
    """Calls with a JSON truth beside their sound."""
    for path in sorted(folder.glob("*.json")):
        truth = json.loads(path.read_text(encoding="utf-8"))
        agent = None if mono else truth["agent_channel"]
        yield Call(truth["call_id"], sound(path), _turns(truth["segments"]), agent)


def english(data: Path) -> Iterator[Call]:
    """A telephone call in English, acted; left is the agent."""
    folder = data / "en_aws_lca_call40"
    (turns,) = read_rttm(folder / "call40.rttm").values()
    roles = {"agent": "agent", "caller": "customer"}
    said = tuple(Turn(turn.start, turn.end, roles[turn.speaker]) for turn in turns)
    yield Call("call40", folder / "call40_stereo_L-agent_R-caller.flac", said, 0)


def samples() -> Iterator[Call]:
    """The sample calls of the repository: other texts, synthetic voices."""
    for call in yaml.safe_load((SAMPLES / "truth.yaml").read_text(encoding="utf-8"))["calls"]:
        if call["channel"] == "voice":
            channel = call.get("agent_channel")
            yield Call(call["call_id"], SAMPLES / call["file"], _turns(call["segments"]), channel)


def _turns(segments: Sequence[dict[str, Any]]) -> tuple[Turn, ...]:
    return tuple(Turn(s["start"], s["end"], s["role"]) for s in segments)


def swapped(call: Call, folder: Path) -> Call:
    """The same call, its channels changing places in a pause near its middle."""
    sound = np.concatenate([block.samples for block in Decoder(call.path).blocks()], axis=1)
    pauses = [
        (one.end + other.start) / 2
        for one, other in zip(call.turns, call.turns[1:], strict=False)
        if other.start - one.end > 0.1
    ]
    middle = sound.shape[1] / RATE / 2
    at = min(pauses, key=lambda time: abs(time - middle))
    cut = round(at * RATE)
    sound[:, cut:] = sound[::-1, cut:].copy()
    path = folder / f"{call.name}.flac"
    soundfile.write(path, sound.T, RATE)
    return Call(call.name, path, call.turns, call.agent)


# ── counting ─────────────────────────────────────────────────────────────────────────────────────


def heard(calls: Sequence[Call], engine: Engine, settings: Settings) -> Iterator[Heard]:
    """Each call as a nightly run would hear it, without metadata."""
    recordings = [
        Recording(CallInfo(call.name), (call.path,), call.name, call.path.stat().st_size)
        for call in calls
    ]
    for call, result in zip(calls, listen(recordings, engine, settings), strict=True):
        if result.transcript is None:
            raise SystemExit(f"{call.path}: {result.error}")
        yield result.transcript, call


def judged(group: Sequence[Heard], named: Callable[[Transcript, Call], list[Segment]]) -> Row:
    """Counts over calls whose segments `named` gives with roles."""
    row = Row()
    for transcript, call in group:
        counts: Counter[str] = Counter()
        for segment in named(transcript, call):
            true = _speaker(segment, call)
            if true is None:
                continue
            if segment.role is Role.UNKNOWN:
                counts["unnamed"] += len(segment.text)
            else:
                counts["right" if segment.role == true else "wrong"] += len(segment.text)
        row.characters += counts
        known = counts["right"] + counts["wrong"]
        if known < counts["unnamed"] or not known:
            row.calls["unnamed"] += 1
        else:
            row.calls["right" if counts["right"] > counts["wrong"] else "wrong"] += 1
    return row


def _speaker(segment: Segment, call: Call) -> str | None:
    """Who speaks most during a segment."""
    shares: dict[str, float] = {}
    for turn in call.turns:
        common = min(segment.end, turn.end) - max(segment.start, turn.start)
        if common > 0:
            shares[turn.speaker] = shares.get(turn.speaker, 0.0) + common
    return max(shares, key=lambda speaker: shares[speaker], default=None)


def as_heard(transcript: Transcript, _: Call) -> list[Segment]:
    """The roles of the run itself."""
    return list(transcript.segments)


def told(*, right: bool) -> Callable[[Transcript, Call], list[Segment]]:
    """Roles when the metadata name the right, or the wrong, channel."""

    def named(transcript: Transcript, call: Call) -> list[Segment]:
        return speakers.named(transcript.segments, _basis(transcript, call, right=right))

    return named


def _basis(transcript: Transcript, call: Call, *, right: bool) -> RoleBasis:
    channel = call.agent if right else 1 - (call.agent or 0)
    return speakers.find_roles(CallInfo(call.name, agent_channel=channel), transcript.segments)


def main() -> None:
    """Recognise, count, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--sounds", type=Path)
    options = parser.parse_args()
    calls = options.data / "calls"
    groups = {
        "development, stereo": list(
            truths(calls, lambda p: p.with_name(f"{p.stem}.tel.stereo.flac"))
        ),
        "development, mono": list(
            truths(calls, lambda p: p.with_name(f"{p.stem}.tel.mono.flac"), mono=True)
        ),
        "English telephone call": list(english(options.data)),
        "samples of the repository": list(samples()),
    }
    if options.sounds:
        groups["held-out cases, spoken"] = list(
            truths(options.sounds, lambda p: p.with_suffix(".wav"))
        )
    settings = Settings()
    engine = make_engine(settings.asr.engine, engine_options(settings))
    print("| recordings | n | right | wrong | unnamed | characters right % | wrong % | noticed |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name, group in groups.items():
        found = list(heard(group, engine, settings))
        print(f"| {name} | {judged(found, as_heard).cells()} |", flush=True)
        stereo = [
            (transcript, call)
            for transcript, call in found
            if call.agent is not None and "stereo" in transcript.capabilities
        ]
        if not stereo:
            continue
        print(f"| … right channel in the metadata | {judged(stereo, told(right=True)).cells()} |")
        wrong = judged(stereo, told(right=False))
        wrong.noticed = sum(_basis(*pair, right=False).contradicted for pair in stereo)
        print(f"| … wrong channel in the metadata | {wrong.cells()} |", flush=True)
        with tempfile.TemporaryDirectory() as scratch:
            turned = [swapped(call, Path(scratch)) for _, call in stereo]
            again = list(heard(turned, engine, settings))
        row = judged(again, as_heard)
        row.noticed = sum(Note.CHANNELS_SWAPPED in transcript.notes for transcript, _ in again)
        print(f"| … channels swapped in the middle | {row.cells()} |", flush=True)


if __name__ == "__main__":
    main()
