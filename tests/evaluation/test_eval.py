"""`callqa asr eval`: a site measures its own audio, with tiny models whose hearing is known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.evaluation.measuring import model_named
from pipeline.settings import AsrSettings, Settings
from tests.asr import tiny_models
from tests.clips import a_clip
from tests.evaluation.samples import a_csv, a_pack, a_recording, a_transcript
from tests.test_cli import callqa

HELLO = ((1.0, 1), (1.3, 2))  # 您好
SECRET = "一三八零零一三八零零零"


@pytest.fixture
def models(tmp_path: Path) -> dict[str, str]:
    """Folders of two models; the second hears the third whistle as 号, the first as a comma."""
    made = {
        "sense": tiny_models.sense_voice(tmp_path / "sense"),
        "para": tiny_models.paraformer(tmp_path / "para"),
    }
    return {name: str(folder) for name, folder in made.items()}


@pytest.fixture
def config(tmp_path: Path) -> str:
    file, pack = tmp_path / "callqa.yaml", a_pack(tmp_path / "ours.yaml")
    file.write_text(f"language: en\npack: {pack}\nasr: {{workers: 1}}\n", encoding="utf-8")
    return str(file)


def evaluated(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any]]:
    code, out, err = callqa(capsys, "asr", "eval", *arguments, "--json")
    assert code in (0, 3), err
    report: dict[str, Any] = json.loads(out)
    return code, report


def test_errors_phrases_and_speed_of_a_manifest(
    tmp_path: Path, models: dict[str, str], config: str, capsys: pytest.CaptureFixture[str]
) -> None:
    a_recording(tmp_path / "mono.wav", HELLO)
    a_recording(tmp_path / "stereo.wav", HELLO, [(2.0, 1)])
    a_transcript(tmp_path / "stereo.json", ("agent", "您好！"), ("customer", "您早"))
    rows = [
        {"audio": "mono.wav", "text": "您好，再见"},
        {"audio": "stereo.wav", "transcript": "stereo.json", "business_line": "bank"},
    ]
    code, report = evaluated(
        capsys, str(a_csv(tmp_path / "m.csv", rows)), "--model", models["sense"], "--config", config
    )
    assert (code, report["failed"]) == (0, 0)
    (model,) = report["models"]
    assert model["engine"]["name"] == "sherpa-onnx", "told by the files of the model"
    assert model["engine"]["revision"].startswith("local-")
    assert model["audio_seconds"] == 16.0
    assert model["rtf"] == pytest.approx(1 / model["times_real_time"], rel=0.05)
    assert model["wall_seconds"] > 0
    whole = model["cer"]
    assert (whole["substitutions"], whole["deletions"], whole["insertions"]) == (0, 3, 0)
    assert whole["rate"] == 0.375
    assert whole["interval"] is None, "two calls are too few"
    sides = {name: part["rate"] for name, part in model["by_side"].items()}
    assert sides == {"agent": 0.0, "customer": 0.5, "whole": 0.5}
    assert set(model["by_business_line"]) == {"bank", "general"}
    sought = {(s["kind"], s["text"]): s for s in model["sought"]}
    hello, bye = sought["phrase", "您好"], sought["phrase", "再见"]
    assert (hello["said"], hello["written"], hello["lost"]) == (2, 2, 0)
    assert (bye["said"], bye["written"], bye["lost"]) == (1, 0, 1)
    assert bye["rules"]
    assert model["phrases"]["said"] == model["phrases"]["written"] + model["phrases"]["lost"]


def test_models_are_compared_on_the_same_calls_in_one_run(
    tmp_path: Path, models: dict[str, str], config: str, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = []
    for number in range(5):
        a_recording(tmp_path / f"{number}.wav", [*HELLO, (2.0 + number / 2, 3)])
        rows.append({"audio": f"{number}.wav", "text": "您好"})  # the second adds 号
    manifest = str(a_csv(tmp_path / "m.csv", rows))
    named = ("--model", models["sense"], "--compare", f"sherpa-onnx:{models['para']}")
    code, report = evaluated(capsys, manifest, *named, "--config", config)
    assert code == 0
    assert [model["cer"]["rate"] for model in report["models"]] == [0.0, 0.5]
    (difference,) = report["differences"]
    assert difference["difference"] == 0.5
    assert difference["interval"] == [0.5, 0.5]
    assert (difference["calls"], difference["better"], difference["worse"]) == (5, 0, 5)
    code, out, _ = callqa(capsys, "asr", "eval", manifest, *named, "--config", config)
    assert code == 0
    said = "+50.0 points [50.0, 50.0]: better on 0, worse on 5 of 5 calls, worse"
    assert said in " ".join(out.split())


def test_bad_rows_are_named_the_others_measured_and_the_exit_code_says_so(
    tmp_path: Path, models: dict[str, str], config: str, capsys: pytest.CaptureFixture[str]
) -> None:
    a_recording(tmp_path / "good.wav", HELLO)
    (tmp_path / "noise.wav").write_bytes(b"no sound")
    (tmp_path / "empty.wav").write_bytes(b"")
    rows = [
        {"audio": "noise.wav", "text": "您好"},
        {"audio": "good.wav", "text": "您好"},
        {"audio": "empty.wav", "text": "您好"},
        {"audio": "gone.wav", "text": "您好"},
        {"audio": "good.wav", "text_0": "您好"},
    ]
    manifest = str(a_csv(tmp_path / "m.csv", rows))
    both = ("--model", models["sense"], "--compare", models["para"], "--config", config)
    code, report = evaluated(capsys, manifest, *both)
    assert code == 3
    assert [len(model["calls"]) for model in report["models"]] == [1, 1]
    messages = [failure["message"] for failure in report["failures"]]
    assert report["failed"] == len(messages) == 4, "each once, whatever the models"
    assert sum(
        message.startswith("m.csv, line 2: noise.wav: is not a sound") for message in messages
    )
    assert {message[:13] for message in messages} == {
        "m.csv, line 2", "m.csv, line 4", "m.csv, line 5", "m.csv, line 6",
    }  # fmt: skip
    code, out, _ = callqa(capsys, "asr", "eval", manifest, *both)
    assert code == 3
    assert "4 could not be measured:" in out
    assert "line 5: there is no gone.wav" in out


def test_nothing_that_was_said_or_heard_is_printed_and_differences_are_masked(
    tmp_path: Path, models: dict[str, str], config: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """No number of the reference, no free word of either text, in no output."""
    a_recording(tmp_path / "a.wav", [*HELLO, (2.0, 3)])
    rows = [{"audio": "a.wav", "text": f"您好，我的手机号是{SECRET}，蓝色的伞"}]
    manifest, target = str(a_csv(tmp_path / "m.csv", rows)), tmp_path / "errors.txt"
    options = ("--model", models["para"], "--config", config)
    code, report = evaluated(capsys, manifest, *options, "--errors", str(target))
    assert code == 0
    printed = callqa(capsys, "asr", "eval", manifest, *options)[1]
    for output in (json.dumps(report, ensure_ascii=False), printed):
        assert "蓝色" not in output
        assert "零零" not in output
    differences = target.read_text(encoding="utf-8")
    assert "您好[" in differences
    assert "蓝色的伞" in differences, "words that are nobody's stay to be read"
    assert "零" not in differences
    assert "***" in differences


def test_what_cannot_begin_says_so_before_anything_is_recognised(
    tmp_path: Path, models: dict[str, str], config: str, capsys: pytest.CaptureFixture[str]
) -> None:
    a_recording(tmp_path / "a.wav", HELLO)
    manifest = str(a_csv(tmp_path / "m.csv", [{"audio": "a.wav", "text": "您好"}]))

    def refused(*arguments: str) -> str:
        code, out, err = callqa(capsys, "asr", "eval", *arguments, "--config", config)
        assert (code, out) == (2, "")
        return err

    sense = ("--model", models["sense"])
    assert "name each model once" in refused(manifest, *sense, "--compare", models["sense"])
    assert "give a file in a folder that is there" in refused(
        manifest, *sense, "--errors", str(tmp_path / "no" / "e.txt")
    )
    assert "there is no such manifest" in refused(str(tmp_path / "none.csv"), *sense)
    assert "callqa models fetch large-v3" in refused(manifest, "--model", "large-v3")
    assert "made for the engine 'sherpa-onnx'" in refused(
        manifest, *sense, "--engine", "faster-whisper"
    )


def test_a_manifest_in_which_nothing_can_be_measured_is_told_in_chinese_too(
    tmp_path: Path, models: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    manifest = a_csv(tmp_path / "m.csv", [{"audio": "gone.wav", "text": "您好"}])
    config = tmp_path / "callqa.yaml"
    config.write_text(f"pack: {a_pack(tmp_path / 'ours.yaml')}", encoding="utf-8")
    named = ("--model", models["sense"], "--config", str(config))
    code, out, _ = callqa(capsys, "asr", "eval", str(manifest), *named)
    assert code == 3
    assert "没有可测的录音" in out
    assert "1 项无法测量：" in out


def test_the_engine_of_a_model_is_found_out(tmp_path: Path, models: dict[str, str]) -> None:
    settings = Settings(models_dir=tmp_path, asr=AsrSettings(model="base"))

    def chosen(*named: str | None) -> tuple[str, str]:
        asr = model_named(named[0], settings, *named[1:]).settings.asr
        return asr.engine, asr.model

    assert chosen(None) == ("faster-whisper", "base")
    assert chosen("paraformer-zh") == ("sherpa-onnx", "paraformer-zh")
    assert chosen(f"sherpa-onnx:{models['sense']}") == ("sherpa-onnx", models["sense"])
    assert chosen("whatever", "sherpa-onnx") == ("sherpa-onnx", "whatever")
    assert chosen("large-v3") == ("faster-whisper", "large-v3")
    assert chosen("base", "kaldi") == ("kaldi", "base"), "refused when it is made, with the known"


@pytest.mark.model
def test_the_default_model_is_measured_on_a_real_clip(
    tmp_path: Path, model_dir: Path, config: str, capsys: pytest.CaptureFixture[str]
) -> None:
    a_clip(tmp_path / "call.wav", "bank_card_loss.wav", seconds=8.0)
    said = "您好，东方银行，工号一零二四，很高兴为您服务。本次通话会被录音，请问有什么可以帮您？"
    manifest = a_csv(tmp_path / "m.csv", [{"audio": "call.wav", "text_0": said}])
    code, report = evaluated(capsys, str(manifest), "--config", config)
    (model,) = report["models"]
    assert (code, model["name"]) == (0, "base")
    assert set(model["by_side"]) == {"channel 0"}
    assert model["cer"]["characters"] == 36
    assert model["cer"]["rate"] < 0.3
