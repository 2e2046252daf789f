r"""Recordings of music and speech for measuring sounds of the line, telephone band, by purpose.

Music and recorded prompts come from Debian packages that are unpacked, not installed:

    apt-get download asterisk-moh-opsound-wav asterisk-core-sounds-{en,es,fr,it,ru}-wav \
        singularity-music lincity-ng-data drascula-music planetblupi-music-ogg \
        extremetuxracer-data tumiki-fighters-data fretsonfire-songs-{muldjord,sectoid}
    for deb in *.deb; do dpkg-deb -x "$deb" "PACKAGES/${deb%%_*}"; done

Licences by their copyright files: music on hold and prompts CC-BY-SA-3.0; singularity CC-BY-SA;
lincity GPL-2+ (pieces with their own free licences); drascula freeware with source, BSD-like;
planetblupi GPL-3+; extremetuxracer GPL-2+; tumiki GPL; fretsonfire CC-BY-SA-3.0 and GPL. None of
it is part of the project. `fit` is what the model was fitted with, `test` was not looked at before
the model was settled.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.line_signals import Sound, at_level, through
from pipeline.audio import RATE, Decoder

MUSIC = {
    "fit": ("singularity-music", "lincity-ng-data", "drascula-music"),
    "test": ("asterisk-moh-opsound-wav", "planetblupi-music-ogg", "extremetuxracer-data",
             "tumiki-fighters-data", "fretsonfire-songs-muldjord", "fretsonfire-songs-sectoid"),
}  # fmt: skip
PROMPTS = {"fit": ("en", "ru"), "test": ("es", "fr", "it")}
NO_SPEECH = ("silence", "beep", "tone", "ascending", "descending")
LEAST = 8.0  # seconds of a piece of music
CALLS = {"fit": range(1, 7), "test": range(7, 13)}
CLIPS = ("zh_azure_customspeech", "zh_fleurs_clips", "zh_wenet_tests", "zh_funasr_examples",
         "zh_charsiu_aishell3", "zh_aliyun_bailian", "zh_audiocmn_words")  # fmt: skip
GAP = np.zeros(RATE // 2, np.float32)
LEVEL = -22.0


@dataclass(frozen=True, slots=True)
class Source:
    """One sound (n,) at 16 kHz with its name, such as `asterisk-moh-opsound-wav/cold_day`."""

    name: str
    sound: Sound


def read(path: Path, seconds: float, skip: float = 0.0) -> Sound:
    """Mono, a stretch of a file."""
    parts: list[Sound] = []
    for block in Decoder(path, block=40.0).blocks():
        parts.append(block.samples.mean(axis=0))
        if block.start + block.samples.shape[1] / RATE > skip + seconds:
            break
    whole = np.concatenate(parts)
    return whole[int(min(skip, max(whole.size / RATE - seconds, 0)) * RATE) :][
        : int(seconds * RATE)
    ]


def pieces(packages: Path, purpose: str, seconds: float = 30.0) -> Iterator[Source]:
    """Music, at most `seconds` of every piece, from its twentieth second on where it is longer."""
    for package in MUSIC[purpose]:
        seen = set()
        for path in sorted((packages / package).rglob("*")):
            wanted = path.suffix in (".ogg", ".wav", ".mp3") and path.stem != "guitar"
            in_folder = any(name in path.parts for name in ("sounds", "sound"))
            place = path.parent.name if path.stem == "song" else path.stem
            if not wanted or path.is_symlink() or place in seen or not path.is_file():
                continue
            if in_folder and package != "tumiki-fighters-data":
                continue
            seen.add(place)
            sound = read(path, seconds, 20.0)
            if sound.size >= LEAST * RATE and np.abs(sound).max() > 0.01:
                yield Source(f"{package}/{place}", at_level(sound, LEVEL))


def speech(data: Path, packages: Path, purpose: str, prompts: int = 150) -> Iterator[Source]:
    """Human and synthetic speech without other sounds: prompts, clips, calls by channel."""
    for language in PROMPTS[purpose]:
        yield Source(f"prompts/{language}", _prompts(packages, language, prompts))
    yield mandarin(data, purpose)
    for number in CALLS[purpose]:
        yield from call_channels(data, number)
    if purpose == "test":
        yield from _both(data / "en_aws_lca_call40" / "call40_stereo_L-agent_R-caller.flac")
        yield Source("pyannote sample", read(data / "en_pyannote_sample" / "sample.wav", 60))


def mandarin(data: Path, purpose: str) -> Source:
    """Human Mandarin clips, every second one, end to end with pauses."""
    clips = sorted(p for d in CLIPS for p in (data / d).rglob("*") if p.suffix in (".wav", ".mp3"))
    own = clips[0::2] if purpose == "fit" else clips[1::2]
    return Source("mandarin clips", _strung(own))


def call_channels(data: Path, number: int) -> Iterator[Source]:
    """Both sides of a development call, silent where ringback or music sounds."""
    path = next((data / "calls").glob(f"c{number:02}_*.json"))
    truth = json.loads(path.read_text(encoding="utf-8"))
    for source in _both(path.with_name(f"{path.stem}.tel.stereo.flac")):
        sound = source.sound.copy()
        for event in truth["truth"].get("events", ()):
            if event["type"] != "silence":
                spoken = [s["start"] for s in truth["segments"] if s["end"] > event["start"]]
                end = min([event["end"], *spoken])
                sound[int((event["start"] - 0.2) * RATE) : int(end * RATE)] = 0.0
        yield Source(source.name, sound)


def _both(path: Path) -> Iterator[Source]:
    whole = np.concatenate([block.samples for block in Decoder(path).blocks()], axis=1)
    for channel in range(whole.shape[0]):
        yield Source(f"{path.name.split('.')[0]}/{channel}", whole[channel])


def _prompts(packages: Path, language: str, count: int) -> Sound:
    folder = packages / f"asterisk-core-sounds-{language}-wav"
    files = [
        path
        for path in sorted(folder.rglob("*.wav"))
        if not any(word in path.stem for word in NO_SPEECH) and path.stat().st_size > 8_000
    ]
    return _strung(files[:: max(len(files) // count, 1)])


def _strung(files: list[Path]) -> Sound:
    parts: list[Sound] = []
    for path in files:
        parts += [at_level(read(path, 60.0), LEVEL), GAP]
    return np.concatenate(parts)


def on_the_line(sound: Sound, codec: str, noise_dbfs: float, seed: int) -> Sound:
    """Telephone band, with line noise, through a codec."""
    noise = np.random.default_rng(seed).normal(0, 10 ** (noise_dbfs / 20), sound.size)
    return through((sound + noise).astype(np.float32), codec)
