from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import BadSettings
from pipeline.settings import Settings, load_settings
from tests.conftest import ROOT


def test_the_example_file_shows_the_defaults() -> None:
    assert load_settings(ROOT / "callqa.example.yaml") == Settings()


def test_the_environment_beats_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "callqa.yaml"
    file.write_text("asr: {model: small, beam_size: 3}\n")
    assert load_settings(file).asr.model == "small"
    monkeypatch.setenv("CALLQA_ASR__MODEL", "large-v3")
    assert (load_settings(file).asr.model, load_settings(file).asr.beam_size) == ("large-v3", 3)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("asr: {modle: base}", r"callqa.yaml\): asr.modle: Extra inputs"),
        ("timezone: Mars/Base", "unknown time zone 'Mars/Base'"),
        ("asr: {beam_size: 0}", "asr.beam_size"),
        ("language: fr", "language"),
        ("just words", "must hold fields"),
        ("a: [", "is not valid YAML"),
    ],
)
def test_a_wrong_setting_names_the_file_and_the_field(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "callqa.yaml"
    file.write_text(text)
    with pytest.raises(BadSettings, match=says):
        load_settings(file)


def test_only_settings_that_change_a_result_are_in_the_hash() -> None:
    plain = Settings()
    assert plain.result_hash() == Settings(language="en", models_dir=Path("/x")).result_hash()
    other = plain.asr.model_copy(update={"beam_size": 1})
    assert plain.result_hash() != Settings(asr=other).result_hash()
