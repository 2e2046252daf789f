"""How well voices are measured: against references, on made changes, on acted speech.

    python -m bench.voice --data ../shared/data [--emotional FOLDER] [--only loudness,pitch,…]

The references are no dependencies of the project. Beside it, in an environment of its own:
pip install pyloudnorm librosa pyworld. FOLDER: the recordings of the Berlin Database of Emotional
Speech (Burkhardt et al. 2005), 535 WAV files with their own names; left out, that part is.

Turns are where the truth of the calls says; the recogniser is not run. Intervals: Wilson's, 95 %.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import soundfile

from bench.voice_calls import calls, heard, rate
from bench.voice_sounds import HIGHER, known_pitch, spliced
from bench.voice_tone import acted, tone
from pipeline.acoustics import measure
from pipeline.acoustics.clipping import ClipTrack
from pipeline.acoustics.levels import BLOCK, LevelTrack, pauses
from pipeline.acoustics.pitch import PitchTrack
from pipeline.audio import RATE, Decoder, Samples
from pipeline.domain import Role

# Read in the texts by a person; the turn before the silence. Silences under 2 s are left out, and
# where a reader cannot tell either.
LEFT_BY = {
    ("c01_bank_card_loss", 9): "agent",
    ("c05_securities_account", 8): "customer",
    ("c06_insurance_claim", 7): "agent",
    ("c07_insurance_surrender", 9): "agent",
    ("c11_bank_fraud_transfer", 8): "agent",
    ("c12_loan_inquiry_longsilence", 2): "customer",
    ("c12_loan_inquiry_longsilence", 5): "agent",
}


def loudness(data: Path) -> None:
    """Turns and sides against pyloudnorm, which sees the whole channel at once."""
    import pyloudnorm

    meter = pyloudnorm.Meter(RATE)
    off: dict[str, list[float]] = defaultdict(list)
    own = theirs = 0.0
    for _, call, sound in calls(data):
        measured = heard(call, sound)
        metrics = measure(measured)
        for s in measured.segments:
            if s.voice and s.voice.loudness is not None and s.channel is not None:
                part = sound[s.channel, int((s.start or 0) * RATE) : int((s.end or 0) * RATE)]
                off["turns"].append(
                    s.voice.loudness - meter.integrated_loudness(part.astype(float))
                )
        for role, side in ((Role.AGENT, metrics.agent), (Role.CUSTOMER, metrics.customer)):
            channel = next(s.channel for s in call.segments if s.role is role) or 0
            begun = time.process_time()
            reference = meter.integrated_loudness(sound[channel].astype(float))
            theirs += time.process_time() - begun
            begun = time.process_time()
            track = LevelTrack()
            track.add(sound[channel])
            whole = track.loudness([(0, sound.shape[1] / RATE)])
            own += time.process_time() - begun
            off["whole channels"].append((whole or 0.0) - reference)
            if side and side.loudness is not None:
                off["sides, from their turns"].append(side.loudness - reference)
    for name, found in off.items():
        size = np.abs(found)
        print(
            f"  {name}: n={len(found)}, mean difference {np.mean(found):+.2f} LU, "
            f"median {np.median(size):.2f}, 95 % within {np.percentile(size, 95):.2f}"
        )
    print(f"  CPU of the whole channels: {own:.2f} s here, {theirs:.2f} s there")


def pitch(data: Path) -> None:
    """Voices of known pitch through a telephone; librosa's pyin on the same sound."""
    import librosa

    found: dict[str, list[tuple[float, float, float, float]]] = defaultdict(list)
    seconds: Counter[str] = Counter()
    length = compared = 0.0
    for number, (group, sound, truth) in enumerate(known_pitch(data)):
        length += sound.size / RATE
        begun = time.process_time()
        track = PitchTrack()
        track.add(sound)
        hertz = track.hertz
        seconds["here"] += time.process_time() - begun
        found[f"callqa, {group}"].append(_errors(hertz, truth))
        if number % len(HIGHER) != 1:  # it takes long: only the voices as they were
            continue
        compared += sound.size / RATE
        begun = time.process_time()
        named, voiced, _ = librosa.pyin(sound, fmin=65, fmax=500, sr=RATE, hop_length=160)
        seconds["pyin"] += time.process_time() - begun
        found[f"pyin, {group}"].append(_errors(np.where(voiced, named, 0.0), truth))
    for name, rows in sorted(found.items()):
        voiced, gross, middle, movement = np.array(rows).T
        print(f"  {name}: n={len(rows)}; voiced moments found {voiced.mean():.0%}, "
              f"off by more than 20 % {gross.mean():.1%}; median off by {np.median(middle):.2f} "
              f"semitones (95 % within {np.percentile(middle, 95):.2f}), movement by "
              f"{np.median(movement):.2f} ({np.percentile(movement, 95):.2f})")  # fmt: skip
    print(
        f"  CPU per 60 s of sound: callqa {seconds['here'] * 60 / length:.2f} s, "
        f"pyin {seconds['pyin'] * 60 / compared:.1f} s"
    )


def _errors(hertz: Samples, truth: Samples) -> tuple[float, float, float, float]:
    """Found, grossly wrong, and by how many semitones median and movement are off."""
    size = min(hertz.size, truth.size)
    hertz, truth = hertz[:size], truth[:size]
    both = (hertz > 0) & (truth > 0)
    off = 12 * np.log2(hertz[both] / truth[both])
    own = hertz[hertz > 0]
    middle = float(np.median(own))
    kept = own[(own > middle / 2) & (own < middle * 2)]
    spans = [np.subtract(*np.percentile(12 * np.log2(x), (90, 10))) for x in (kept, truth[both])]
    return (
        both.sum() / max((truth > 0).sum(), 1),
        float((np.abs(off) > 12 * np.log2(1.2)).mean()),
        abs(12 * np.log2(middle / np.median(truth[both]))),
        abs(spans[0] - spans[1]),
    )


def clipping(data: Path) -> None:
    """Turns driven into the end of the scale, through codecs; and the calls as they are."""
    with TemporaryDirectory() as folder:
        for codec, form in (("PCM_16", "wav"), ("ALAW", "wav"), ("ULAW", "wav"), ("MP3", "mp3")):
            off, clean = [], []
            for name, call, sound in calls(data):
                turn = next(s for s in call.segments if (s.end or 0) - (s.start or 0) > 2)
                assert turn.start is not None
                assert turn.end is not None
                low = sound[:, ::2]
                span = slice(int(turn.start * 8000), int(turn.end * 8000))
                channel = turn.channel or 0
                driven = low.copy()
                part = driven[channel, span]
                part *= 1 / np.percentile(np.abs(part), 95)  # every twentieth sample is beyond
                true = float((np.abs(part) >= 1).mean())
                for samples, into in ((np.clip(driven, -1, 1), off), (low, clean)):
                    path = Path(folder) / f"{name}.{form}"
                    soundfile.write(path, samples.T, 8000, subtype=None if form == "mp3" else codec)
                    track = ClipTrack()
                    for _ in Decoder(path, tap=track.frame).blocks():
                        pass
                    spans = (
                        [(turn.start, turn.end)] if into is off else [(0, sound.shape[1] / RATE)]
                    )
                    into.append((track.share(channel, spans) or 0.0) - (true if into is off else 0))
            print(
                f"  {codec}: n={len(off)} turns with 5 % beyond the scale: measured "
                f"{5 + 100 * np.mean(off):.1f} %; unchanged calls {100 * np.mean(clean):.3f} %"
            )


def silence(data: Path) -> None:
    """Pauses put into turns; whose turn a silence was."""
    found: dict[float, list[bool]] = defaultdict(list)
    off: dict[float, list[float]] = defaultdict(list)
    for _, call, sound in calls(data):
        for turn in call.segments:
            if (turn.end or 0) - (turn.start or 0) < 3:
                continue
            plain, _ = _speech(spliced(sound, turn, 0.0))
            for length in (0.3, 0.5, 1.0):
                speech, longest = _speech(spliced(sound, turn, length))
                found[length].append(longest >= length - BLOCK)
                off[length].append(abs(speech - plain))
    for length, hits in found.items():
        print(
            f"  pause of {length} s put in: found {rate(sum(hits), len(hits))}; seconds of speech "
            f"then differ by {np.median(off[length]):.2f} (95 % within "
            f"{np.percentile(off[length], 95):.2f})"
        )
    right = unsure = 0
    for name, call, _ in calls(data):
        for one in measure(call).silences:
            wanted = LEFT_BY.get((name, -1 if one.after is None else one.after))
            if wanted is not None:
                right += one.left_by == wanted
                unsure += one.left_by is Role.UNKNOWN
    print(f"  whose turn a silence was, development calls: right {right}, not to be told {unsure}, "
          f"wrong {len(LEFT_BY) - right - unsure}, of {len(LEFT_BY)}")  # fmt: skip


def _speech(sound: Samples) -> tuple[float, float]:
    """Seconds of speech of a turn (n,), pauses left out, and its longest pause."""
    track = LevelTrack()
    track.add(sound)
    blocks = track.speech(0, sound.size / RATE)
    own = pauses(blocks)
    return len(blocks) * BLOCK - sum(own), max(own, default=0.0)


PARTS: dict[str, Callable[[Path], None]] = {
    "loudness": loudness,
    "pitch": pitch,
    "clipping": clipping,
    "silence": silence,
    "tone": tone,
}


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--emotional", type=Path)
    parser.add_argument("--only", default=",".join((*PARTS, "acted")))
    options = parser.parse_args(arguments)
    wanted = options.only.split(",")
    for name, part in PARTS.items():
        if name in wanted:
            print(f"{name}:")
            part(options.data)
    if "acted" in wanted and options.emotional:
        print("acted:")
        acted(options.emotional)


if __name__ == "__main__":
    main()
