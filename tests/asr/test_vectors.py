"""The wide vectors of a processor reach CTranslate2, and only where there are any."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.asr import vectors
from pipeline.asr.vectors import NEEDED, SETTING, take_wide_vectors


def _processor(folder: Path, flags: str) -> Path:
    file = folder / "cpuinfo"
    file.write_text(f"processor\t: 0\nflags\t\t: fpu {flags} sse2\n\n", encoding="utf-8")
    return file


@pytest.mark.parametrize("lost", [None, "avx512_vnni", "avx512dq"])
def test_a_processor_must_have_all_that_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lost: str | None
) -> None:
    monkeypatch.setenv(SETTING, "")
    monkeypatch.delenv(SETTING)
    file = _processor(tmp_path, " ".join(NEEDED - {lost}))
    assert take_wide_vectors(file) is (lost is None)
    assert os.environ.get(SETTING) == (None if lost else "AVX512")


def test_what_somebody_set_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SETTING, "AVX2")
    assert not take_wide_vectors(_processor(tmp_path, " ".join(NEEDED)))
    assert os.environ[SETTING] == "AVX2"


def test_a_system_that_does_not_say_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(SETTING, raising=False)
    assert not take_wide_vectors(tmp_path / "absent")
    assert SETTING not in os.environ


def test_ctranslate2_takes_them_up_when_a_model_is_loaded(model_dir: Path) -> None:
    code = (
        "from pipeline.asr import EngineOptions, make_engine\n"
        f"make_engine('faster-whisper', EngineOptions('base', {str(model_dir)!r}, device='cpu'))"
    )
    env = {name: value for name, value in os.environ.items() if name != SETTING}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**env, "CT2_VERBOSE": "1"}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    wide = vectors._flags(vectors.PROCESSOR) >= NEEDED
    assert ("Selected ISA: AVX512" in done.stderr + done.stdout) is wide
