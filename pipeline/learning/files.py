"""Models on disk: a folder per version, the version in force, going back to an older one.

    FILE.d/models/reasons/20261129-231500/   model.skops, README.md (the card), card.json
    FILE.d/models/reasons/CURRENT            the version in force; none: the model that ships

A model is numbers and names only, and reading one runs no code: skops writes it, and of what a
skops file may hold three kinds of parts are trusted (a mapping, JSON text, an array of numbers).
They are read here, because skops takes seconds to import for all that it could read besides.
"""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np

from pipeline.errors import BadInput
from pipeline.files import write_atomically
from pipeline.learning.features import Vocabulary
from pipeline.learning.model import KINDS, Model
from pipeline.store import Layout

MODELS = "models"
SHIPPED = Path(__file__).resolve().parents[2] / "models"
FILE, CARD, FIGURES, CURRENT = "model.skops", "README.md", "card.json", "CURRENT"
FORMAT = 1
TRUSTED = ("DictNode", "JsonNode", "NdArrayNode")
NUMBERS = ("idf", "weights", "bias", "scale", "shift", "thresholds")


def models_folder(db: Path) -> Path:
    """Where the models of a database lie."""
    return Layout(db.absolute()).folder / MODELS


def versions(folder: Path, kind: str) -> list[str]:
    """Versions that were trained, oldest first."""
    return sorted(path.parent.name for path in (folder / kind).glob(f"*/{FILE}"))


def current(folder: Path, kind: str) -> str | None:
    """The version in force; None: the model that ships."""
    try:
        return (folder / kind / CURRENT).read_text(encoding="utf-8").strip() or None
    except FileNotFoundError:
        return None


def use(folder: Path, kind: str, version: str | None) -> None:
    """Put a version in force; None: the model that ships. BadInput when there is no such one."""
    if version is not None and version not in versions(folder, kind):
        known = ", ".join(versions(folder, kind)) or "none yet"
        raise BadInput(f"no model '{version}' of {kind} in {folder}; there are: {known}, shipped")
    (folder / kind).mkdir(parents=True, exist_ok=True)
    write_atomically(folder / kind / CURRENT, (version or "").encode())


def in_force(folder: Path, kind: str) -> Model:
    """The model that reads calls now."""
    version = current(folder, kind)
    return load(SHIPPED / kind if version is None else folder / kind / version)


def in_force_id(folder: Path, kind: str) -> str:
    """Its id without reading it."""
    version = current(folder, kind)
    if version is None:
        version = json.loads((SHIPPED / kind / FIGURES).read_text(encoding="utf-8"))["version"]
    return f"{kind}@{version}"


def save(folder: Path, model: Model, card: str, figures: dict[str, Any]) -> None:
    """Write a model with its card; what lay there is replaced, a half-written one never seen."""
    from skops.io import dumps

    about = {
        "format": FORMAT,
        "kind": model.kind,
        "version": model.version,
        "labels": model.labels,
        "words": model.vocabulary.words,
    }
    content = {
        "about": json.dumps(about, ensure_ascii=False),
        "ids": model.vocabulary.ids,
        "idf": model.vocabulary.weights.astype(np.float32),
        "weights": model.weights.astype(np.float16),
        "bias": model.bias,
        "scale": model.scale,
        "shift": model.shift,
        "thresholds": model.thresholds,
    }
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"version": model.version, **figures}, ensure_ascii=False, indent=1)
    write_atomically(folder / CARD, card.encode())
    write_atomically(folder / FIGURES, f"{text}\n".encode())
    write_atomically(folder / FILE, dumps(content, compression=8, compresslevel=9))


def load(folder: Path) -> Model:
    """A model; BadInput when it is not there, damaged or holds anything but numbers and names."""
    path = folder / FILE
    try:
        return _model(_parts(path.read_bytes()))
    except BadInput:
        raise
    except Exception as error:  # whatever a damaged archive makes zipfile, json or numpy raise
        raise BadInput(
            f"{path} cannot be read as a model ({type(error).__name__}): train one anew, or go "
            "back to another version (`callqa train use`)"
        ) from error


def _parts(data: bytes) -> dict[str, Any]:
    """What a skops file of trusted parts holds."""
    with ZipFile(BytesIO(data)) as archive:
        top = json.loads(archive.read("schema.json"))
        nodes = {"the file": top, **top["content"]}
        for name, node in nodes.items():
            if node["__loader__"] not in TRUSTED or node.get("type", "numpy") != "numpy":
                raise BadInput(f"{name} in a model is a {node['__loader__']}: none of callqa's")
        return {
            name: np.load(BytesIO(archive.read(node["file"])), allow_pickle=False)
            if node["__loader__"] == "NdArrayNode"
            else json.loads(json.loads(node["content"]))
            for name, node in top["content"].items()
        }


def _model(content: dict[str, Any]) -> Model:
    about = content["about"]
    if about["format"] != FORMAT or about["kind"] not in KINDS:
        raise ValueError("another format")
    idf, *numbers = (np.asarray(content[name], np.float64) for name in NUMBERS)
    ids = np.asarray(content["ids"], np.int64)
    vocabulary = Vocabulary(ids, idf, tuple(about["words"]))
    return Model(about["kind"], about["version"], tuple(about["labels"]), vocabulary, *numbers)
