"""Models on disk: a folder per version, the version in force, going back to an older one.

    FILE.d/models/reasons/20261129-231500/   model.skops, README.md (the card), card.json
    FILE.d/models/reasons/CURRENT            the version in force; none: the model that ships

A model is numbers and names only: reading one runs no code (skops, and no type but those that it
trusts of itself).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.errors import BadInput
from pipeline.files import write_atomically
from pipeline.learning.features import Vocabulary
from pipeline.learning.model import KINDS, Model
from pipeline.store import Layout

SHIPPED = Path(__file__).resolve().parents[2] / "models"
FILE, CARD, FIGURES, CURRENT = "model.skops", "README.md", "card.json", "CURRENT"
FORMAT = 1
TRUSTED: list[str] = []  # types besides numpy's arrays and Python's own: none


def models_folder(db: Path) -> Path:
    """Where the models of a database lie."""
    return Layout(db.absolute()).folder / "models"


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

    content = {
        "format": FORMAT, "kind": model.kind, "version": model.version,
        "labels": list(model.labels), "words": list(model.vocabulary.words),
        "ids": model.vocabulary.ids, "idf": model.vocabulary.weights.astype(np.float32),
        "weights": model.weights.astype(np.float16), "bias": model.bias, "scale": model.scale,
        "shift": model.shift, "thresholds": model.thresholds,
    }  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"version": model.version, **figures}, ensure_ascii=False, indent=1)
    write_atomically(folder / CARD, card.encode())
    write_atomically(folder / FIGURES, f"{text}\n".encode())
    write_atomically(folder / FILE, dumps(content, compression=8, compresslevel=9))


def load(folder: Path) -> Model:
    """A model; BadInput when it is not there, damaged or holds anything but numbers and names."""
    from skops.io import get_untrusted_types, loads

    path = folder / FILE
    try:
        data = path.read_bytes()
        strange = sorted(set(get_untrusted_types(data=data)) - set(TRUSTED))
        if strange:
            raise BadInput(f"{path} holds {', '.join(strange)}: it is no model of callqa's")
        content = loads(data, trusted=TRUSTED)
        return _model(content)
    except BadInput:
        raise
    except Exception as error:  # whatever a damaged archive makes skops raise
        raise BadInput(
            f"{path} cannot be read as a model ({type(error).__name__}): train one anew, or go "
            "back to another version (`callqa train use`)"
        ) from error


def _model(content: dict[str, Any]) -> Model:
    if content["format"] != FORMAT or content["kind"] not in KINDS:
        raise ValueError("another format")
    numbers = {
        name: np.asarray(content[name], np.float64)
        for name in ("weights", "bias", "scale", "shift", "thresholds")
    }
    vocabulary = Vocabulary(
        np.asarray(content["ids"], np.int64), np.asarray(content["idf"], np.float64),
        tuple(content["words"]),
    )  # fmt: skip
    return Model(
        content["kind"], content["version"], tuple(content["labels"]), vocabulary, **numbers
    )
