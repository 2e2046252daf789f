from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import BadSettings
from pipeline.settings import LlmSettings, Settings, load_settings
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
        ("llm: {url: 'http://8.8.8.8/v1', model: m}", "llm.url: .* '8.8.8.8' is outside your own"),
        ("llm: {url: 'http://[2001:4860:4860::8888]/v1', model: m}", "outside your own network"),
        ("llm: {url: 'http://[::ffff:8.8.8.8]/v1', model: m}", "outside your own network"),
        ("llm: {url: 'http://me:secret@10.0.0.5/v1', model: m}", "no password.*llm.api_key_env"),
        ("llm: {url: '10.0.0.5:8000', model: m}", "write http://HOST:PORT/v1"),
        ("llm: {url: 'file:///etc/passwd', model: m}", "write http://HOST:PORT/v1"),
        ("llm: {url: 'http://10.0.0.5:port', model: m}", "is not an address: Port could not"),
        ("llm: {url: 'http://10.0.0.5:8000'}", "llm: .* name the model that the server"),
        ("llm: {api_key: sk-1}", "llm.api_key: Extra inputs"),
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


def test_the_llm_is_in_the_hash_only_where_it_is_on() -> None:
    def hashed(**llm: object) -> str:
        return Settings(llm=llm).result_hash()  # type: ignore[arg-type]

    plain, local = Settings().result_hash(), "http://127.0.0.1:8000/v1"
    assert hashed(model="qwen", concurrency=4) == plain
    on = hashed(url=local, model="qwen")
    assert on == hashed(url=local, model="qwen", timeout_seconds=5, api_key_env="KEY")
    assert (
        len({plain, on, hashed(url=local, model="other"), hashed(url=local + "/", model="qwen")})
        == 4
    )


def test_a_key_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    llm = LlmSettings(url="http://10.0.0.5", model="m", api_key_env="NO_SUCH_KEY")
    for value in ("", "密钥", "a\nb"):
        monkeypatch.setenv("NO_SUCH_KEY", value)
        with pytest.raises(BadSettings, match="variable NO_SUCH_KEY is not set"):
            llm.api_key()
    monkeypatch.setenv("NO_SUCH_KEY", " sk-1\n")
    assert llm.api_key() == "sk-1"
