"""A model folder for sherpa-onnx, checked before the native library sees it.

sherpa-onnx ends the whole process where the model's metadata or tokens are not as it expects. So
everything it reads is read here first: the metadata out of the ONNX file itself (by seeking over
the graph, whatever its size), and every line of tokens.txt.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from pipeline.errors import BadSettings

MELS = 80  # features of one frame in all these models
METADATA_PROPS = 14  # field number in onnx.ModelProto, see onnx.proto
VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5  # protobuf wire types
GIT_LFS = b"version https://git-lfs"
LANGUAGES = ("auto", "zh", "en", "ja", "ko", "yue")
_BLANKS = re.compile(r"[ \t\r\n\f\v]+")  # what sherpa-onnx cuts a line of tokens.txt at
_NUMBERS = ("vocab_size", "lfr_window_size", "lfr_window_shift")
_SENSE_VOICE = (
    "normalize_samples", "with_itn", "without_itn", *(f"lang_{name}" for name in LANGUAGES),
)  # fmt: skip


class Family(StrEnum):
    """The kinds of models that were tried, as `model_type` in their metadata names them."""

    SENSE_VOICE = "sense_voice_ctc"
    PARAFORMER = "paraformer"


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """What the recogniser is made from."""

    family: Family
    weights: Path
    tokens: Path


def checked(weights: Path) -> ModelFiles:
    """The model around a file of weights; BadSettings says which file is wrong and what to do."""
    metadata = _metadata(weights)
    family = _family(weights, metadata)
    numbers = _NUMBERS + (_SENSE_VOICE if family is Family.SENSE_VOICE else ())
    values = {name: _number(weights, metadata, name) for name in numbers}
    width = MELS * values["lfr_window_size"]
    for name in ("neg_mean", "inv_stddev"):
        _vector(weights, metadata, name, width)
    tokens = weights.with_name("tokens.txt")
    _check_tokens(tokens, values["vocab_size"], family)
    return ModelFiles(family, weights, tokens)


def _family(weights: Path, metadata: Mapping[str, str]) -> Family:
    kind = metadata.get("model_type", "")
    if kind not in tuple(Family) or "Nano" in metadata.get("comment", ""):
        known = ", ".join(Family)
        what = f"is a '{metadata.get('comment') or kind}' model" if kind else "names no model_type"
        raise BadSettings(
            f"{weights}: {what}; the engine sherpa-onnx was tried with: {known}. "
            "Take a SenseVoiceSmall or Paraformer model that was exported for sherpa-onnx."
        )
    return Family(kind)


def _metadata(weights: Path) -> dict[str, str]:
    """`metadata_props` of an ONNX file; only they are read, the graph is passed over."""
    try:
        size = weights.stat().st_size
        with weights.open("rb") as file:
            if file.read(len(GIT_LFS)) == GIT_LFS:
                raise BadSettings(
                    f"{weights}: is a pointer of Git LFS, not the weights. Run `git lfs pull` "
                    "where it was cloned, or fetch the file itself."
                )
            file.seek(0)
            return dict(_entry(data) for data in _fields(file, size, METADATA_PROPS))
    except OSError as error:
        raise BadSettings(f"{weights}: cannot be read ({error.strerror}).") from error
    except ValueError as error:
        raise BadSettings(
            f"{weights}: is not a whole ONNX file ({error}). Copy or fetch it again."
        ) from error


def _fields(file: BinaryIO, end: int, wanted: int) -> list[bytes]:
    """The contents of one field of a protobuf message that ends at `end`; others are skipped."""
    found = []
    while file.tell() < end:
        key = _varint(file)
        number, wire = key >> 3, key & 7
        if wire == VARINT:
            _varint(file)
            continue
        if wire not in (FIXED64, BYTES, FIXED32) or number == 0:
            raise ValueError("its parts cannot be told apart")
        size = _varint(file) if wire == BYTES else 8 if wire == FIXED64 else 4
        if file.tell() + size > end:
            raise ValueError("it is cut off")
        if number == wanted and wire == BYTES:
            found.append(file.read(size))
        else:
            file.seek(size, 1)
    return found


def _varint(file: BinaryIO) -> int:
    value = shift = 0
    while byte := file.read(1):
        value |= (byte[0] & 0x7F) << shift
        shift += 7
        if byte[0] < 0x80:
            return value
        if shift > 63:
            raise ValueError("its parts cannot be told apart")
    raise ValueError("it is cut off")


def _entry(data: bytes) -> tuple[str, str]:
    """Key and value of one StringStringEntryProto."""
    from io import BytesIO

    texts = [_fields(BytesIO(data), len(data), number) for number in (1, 2)]
    key, value = ((text[-1] if text else b"").decode("utf-8", "replace") for text in texts)
    return key, value


def _lacking(weights: Path, name: str, why: str) -> BadSettings:
    return BadSettings(
        f"{weights}: its metadata {why} `{name}`. Take a model that was exported for sherpa-onnx."
    )


def _number(weights: Path, metadata: Mapping[str, str], name: str) -> int:
    value = metadata.get(name, "")
    if not re.fullmatch(r"\d{1,9}", value):
        raise _lacking(weights, name, "holds no whole number" if value else "has no")
    return int(value)


def _vector(weights: Path, metadata: Mapping[str, str], name: str, width: int) -> None:
    try:
        found = [float(part) for part in metadata.get(name, "").split(",")]
    except ValueError:
        found = []
    if len(found) != width:
        raise _lacking(weights, name, f"does not hold {width} numbers as")


def _check_tokens(tokens: Path, vocabulary: int, family: Family) -> None:
    try:
        lines = tokens.read_text(encoding="utf-8").split("\n")
    except OSError as error:
        raise BadSettings(
            f"{tokens}: cannot be read ({error.strerror}). It must lie beside the weights."
        ) from error
    except UnicodeDecodeError as error:
        raise BadSettings(f"{tokens}: is not UTF-8 text. Copy or fetch it again.") from error
    ids: dict[int, str] = {}
    for number, line in enumerate(lines, 1):
        *symbol, last = [part for part in _BLANKS.split(line) if part] or [""]
        if not last:
            continue
        if len(symbol) > 1 or not re.fullmatch(r"\d{1,9}", last):
            raise BadSettings(f"{tokens}, line {number}: is not `token number`. Fetch it again.")
        ids[int(last)] = symbol[0] if symbol else " "
    missing = sum(1 for number in range(vocabulary) if number not in ids)
    if missing:
        raise BadSettings(
            f"{tokens}: lacks {missing} of the {vocabulary} tokens of the model. Take the "
            "tokens.txt that belongs to these weights."
        )
    if family is Family.PARAFORMER and "</s>" not in ids.values():
        raise BadSettings(f"{tokens}: has no token </s>, by which Paraformer ends a sentence.")
