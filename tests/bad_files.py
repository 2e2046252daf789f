"""More than fifty ways in which a night's input can be broken, and what must be said of each."""

from __future__ import annotations

import json
import os
import shutil
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import soundfile

from tests.sounds import a_tone, encode

NOISE = np.random.default_rng(7).bytes(20_000)
HTML = b"<!DOCTYPE html><html><body><h1>504 Gateway Time-out</h1></body></html>\n" * 20
NOT_SOUND = "is not a sound file that can be decoded"
BadFile = tuple[str, Callable[[Path], object], str]


def _bytes(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


def _json(value: object) -> Callable[[Path], object]:
    return lambda path: path.write_text(json.dumps(value), encoding="utf-8")


def _chat(**changes: object) -> Callable[[Path], object]:
    turn = {"role": "agent", "text": "您好", "start": None, "end": None}
    chat = {"call_id": "c", "channel": "chat", "segments": [turn]} | changes
    return _json({key: value for key, value in chat.items() if value is not ...})


def _table(name: str, text: bytes) -> Callable[[Path], object]:
    """A metadata table, with the good-looking sound it speaks of beside it."""

    def make(path: Path) -> None:
        path.write_bytes(text)

    make.__name__ = name
    return make


def _row(values: str) -> Callable[[Path], object]:
    """A sound whose row in calls.csv has one wrong value."""

    def make(path: Path) -> None:
        encode(path, a_tone(1, 8000), "pcm_s16le")
        column, value = values.split("=")
        (path.parent / "calls.csv").write_text(f"file,{column}\n{path.name},{value}\n")

    return make


def _sidecar(content: str) -> Callable[[Path], object]:
    def make(path: Path) -> None:
        encode(path, a_tone(1, 8000), "pcm_s16le")
        path.with_suffix(".json").write_text(content)

    return make


def _wav_header(*, codec: int = 1, channels: int = 1, rate: int = 8000) -> Callable[[Path], object]:
    body = b"\0" * 16_000
    form = struct.pack("<HHIIHH", codec, channels, rate, rate * 2, 2, 16)
    head = b"WAVEfmt " + struct.pack("<I", 16) + form + b"data" + struct.pack("<I", len(body))
    return _bytes(b"RIFF" + struct.pack("<I", len(head) + len(body)) + head + body)


def _cut(codec: str, share: float, rate: int = 8000) -> Callable[[Path], object]:
    """A real recording of which only the first part arrived."""

    def make(path: Path) -> None:
        encode(path, a_tone(20, rate), codec, rate=rate)
        path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])

    return make


def _silent_film(path: Path) -> None:
    with av.open(str(path), "w") as film:
        stream = film.add_stream("mpeg4", rate=10)
        stream.width = stream.height = 64
        stream.pix_fmt = "yuv420p"
        for _ in range(10):
            frame = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")
            film.mux(stream.encode(frame))
        film.mux(stream.encode(None))


def _zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("call.txt", "text " * 100)


def _no_samples(path: Path) -> None:
    soundfile.write(path, np.zeros((0, 1)), 8000)


BAD_FILES: list[BadFile] = [
    # name, how it is made, what the failure must say
    ("empty.wav", _bytes(b""), "is empty"),
    ("empty.mp3", _bytes(b""), "is empty"),
    ("riff only.wav", _bytes(b"RIFF\x24\x00\x00\x00WAVE"), NOT_SOUND),
    ("half a header.wav", _bytes(b"RIFF\x24\x80\x00\x00WAVEfmt \x10\x00"), NOT_SOUND),
    ("文本.wav", _bytes("这是一段文字，不是录音。".encode() * 99), NOT_SOUND),
    ("text.mp3", _bytes(b"mp3 call list of Monday\n" * 99), NOT_SOUND),
    ("text.flac", _bytes(b"flac call list of Monday\n" * 99), NOT_SOUND),
    ("text.gsm", _bytes(b"gsm call list of Monday\n" * 99), NOT_SOUND),
    ("text.alaw", _bytes(b"alaw call list of Monday\n" * 99), NOT_SOUND),
    ("text.amr", _bytes(b"amr call list of Monday\n" * 99), NOT_SOUND),
    ("error page.mp3", _bytes(HTML), NOT_SOUND),
    ("error body.wav", _bytes(b'{"code": 403, "message": "Access Denied"}'), NOT_SOUND),
    ("picture.wav", _bytes(b"\x89PNG\r\n\x1a\n" + NOISE), "picture.wav"),
    ("photo.mp3", _bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF" + NOISE), "photo.mp3"),
    ("document.wav", _bytes(b"%PDF-1.7\n" + NOISE), NOT_SOUND),
    ("archive.m4a", _zip, NOT_SOUND),
    ("noise.wav", _bytes(NOISE), NOT_SOUND),
    ("noise.mp3", _bytes(NOISE[::-1] + b"mp3"), "noise.mp3"),
    ("noise.amr", _bytes(NOISE[::-1] + b"amr"), NOT_SOUND),
    ("noise.flac", _bytes(NOISE[::-1] + b"flac"), "noise.flac"),
    ("zeros.wav", _bytes(bytes(20_000)), NOT_SOUND),
    ("zeros.mp3", _bytes(bytes(20_001)), "zeros.mp3"),
    ("no samples.wav", _no_samples, "holds no sound"),
    ("no samples.flac", _no_samples, "no samples.flac"),
    ("cut.wav", _cut("pcm_s16le", 0.5), "is cut off: its header promises 20 s"),
    ("cut alaw.wav", _cut("pcm_alaw", 0.3), "is cut off"),
    ("cut.flac", _cut("flac", 0.5), "is cut off"),
    ("cut.m4a", _cut("aac", 0.6, 16000), NOT_SOUND),
    ("first bytes.opus", _cut("libopus", 0.001, 16000), "first bytes.opus"),
    ("header.amr", _bytes(b"#!AMR\n"), "header.amr"),
    ("unknown codec.wav", _wav_header(codec=0x7ABC), "unknown codec.wav"),
    ("no channels.wav", _wav_header(channels=0), "no channels.wav"),
    ("no rate.wav", _wav_header(rate=0), "no rate.wav"),
    ("film.mp4", _silent_film, "has no audio track"),
    ("lost link.wav", lambda path: path.symlink_to(path.parent / "nowhere"), "cannot be read"),
    ("pipe.wav", os.mkfifo, "is not a regular file"),
    ("row date.wav", _row("started_at=2026-02-30"), "started_at '2026-02-30' is not a date"),
    ("row direction.wav", _row("direction=upwards"), "unknown direction 'upwards'; known"),
    ("row channel.wav", _row("agent_channel=left"), "agent_channel is 'left'"),
    ("row relation.wav", _row("callee_relation=neighbour"), "unknown callee_relation"),
    ("sidecar text.wav", _sidecar("not json"), "sidecar text.json: is not JSON"),
    ("sidecar list.wav", _sidecar("[1]"), "sidecar list.json: must hold one object"),
    ("t1/calls.csv", _table("lost", b"file\nlost.wav\n"), "names 'lost.wav', but there is no such"),
    ("t2/calls.csv", _table("columns", b"name,agent\na,b\n"), "has no column `file`"),
    ("t3/calls.csv", _table("bytes", b"file\n\xff\xfe\xfa\x80\n"), "neither UTF-8 nor GB18030"),
    ("t4/calls.csv", _table("values", b"file,queue\na.wav,b,c\n"), "has more values than columns"),
    ("t5/calls.csv", _table("nobody", b"file,queue\n,b\n"), "the column `file` is empty"),
    ("t6/calls.jsonl", _table("json", b"{file: x}\n"), "line 1: is not JSON"),
    ("t7/calls.jsonl", _table("list", b"[1]\n"), "line 1: is not an object"),
    ("chat.json", _bytes(b"{not json"), "chat.json: is not JSON"),
    ("blank.json", _bytes(b""), "blank.json: is empty"),
    ("list.json", _json([1]), "must hold one object"),
    ("no id.json", _chat(call_id=...), "`call_id` is missing"),
    ("no turns.json", _chat(segments=...), "`segments` is missing"),
    ("fax.json", _chat(channel="fax"), "channel is 'fax'; known"),
    ("boss.json", _chat(segments=[{"role": "boss", "text": "x"}]), "role is 'boss'; known"),
    ("number.json", _chat(segments=[{"role": "agent", "text": 5}]), "segments.0.text"),
    ("silence.json", _chat(segments=[]), "holds no text"),
    ("chat date.json", _chat(started_at="gestern"), "started_at 'gestern' is not a date"),
    (
        "backwards.json",
        _chat(channel="voice", segments=[{"role": "agent", "text": "x", "start": 5, "end": 1}]),
        "ends at 1.0 before it starts at 5.0",
    ),
    ("broken line.jsonl", _bytes(b"{broken\n"), "broken line.jsonl, line 1: is not JSON"),
]


def make_bad_files(folder: Path) -> dict[str, str]:
    """Write every bad file; gives what its failure must say, by name."""
    expected = {}
    for name, make, says in BAD_FILES:
        path = folder / name
        if name.startswith("row "):
            path = folder / path.stem / name  # a table of its own
        path.parent.mkdir(parents=True, exist_ok=True)
        make(path)
        expected[path.relative_to(folder).as_posix()] = says
    if os.geteuid() != 0:  # root may read everything
        locked = folder / "locked.wav"
        shutil.copy(folder / "cut.wav", locked)
        locked.chmod(0)
        expected["locked.wav"] = "no permission to read it"
    return expected
