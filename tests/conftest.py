"""Shared by all tests: the speech and the speaker model, and a Prefect of the tests' own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import modelfiles
from pipeline.access import passwords
from pipeline.asr import Engine, EngineOptions, make_engine
from pipeline.diarization import SpeakerModel
from pipeline.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
# With several workers a file is one worker's: those that take longest are begun first.
LONGEST = ("test_run.py", "test_planted_secrets.py", "test_browser.py", "test_flows.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first; their tests stay in order."""
    rank = {name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(item.path.name, len(LONGEST)))


@pytest.fixture(scope="session", autouse=True)
def _own_prefect(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Prefect's database of the tests lies in a temporary folder; nothing leaves the machine."""
    os.environ["PREFECT_HOME"] = str(tmp_path_factory.mktemp("prefect"))
    os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] = "false"
    os.environ["DO_NOT_TRACK"] = "1"


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> Iterator[None]:
    """Hashes of the tests' people cost little; `test_accounts` looks at those of the product."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "MEMORY_KIB", 64)
        yield


@pytest.fixture(scope="session")
def prefect_server(_own_prefect: None) -> Iterator[str]:
    """A Prefect server for the runs of several tests; each would start its own for seconds."""
    from pipeline.prefect_server import own_server

    with own_server(services=False) as url:
        yield url


@pytest.fixture(scope="session")
def model_dir() -> Path:
    """The default model's folder; `make test` fetches it."""
    folder = Settings().models_dir
    if not (folder / "base" / "model.bin").is_file():
        modelfiles.fetch("base", folder)
    return folder


@pytest.fixture(scope="session")
def speaker_model() -> SpeakerModel:
    """The real speaker model, loaded once; `make test` fetches it."""
    folder = Settings().models_dir
    modelfiles.fetch("campplus", folder)
    return SpeakerModel(folder)


@pytest.fixture(scope="session")
def engine(model_dir: Path) -> Engine:
    """The real recogniser, loaded once."""
    return make_engine("faster-whisper", EngineOptions("base", str(model_dir), beam_size=1))


@pytest.fixture
def samples() -> Path:
    """The sample calls of the repository."""
    return ROOT / "sample_audio"
