"""Every detector against its case file: what must be masked, and look-alikes that must stay."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.privacy import DETECTORS, find_private, mask
from pipeline.rules.marked_yaml import plain
from tests.builders import a_dialogue

CASES = Path(__file__).resolve().parents[1] / "cases" / "privacy"
ENOUGH = 5


def _load(kind: str) -> dict[str, list[Any]]:
    content = plain((CASES / f"{kind}.yaml").read_text(encoding="utf-8"))
    assert set(content) == {"hit", "no_hit"}
    return dict(content)


def _lines(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _hits() -> Iterator[Any]:
    for file in sorted(CASES.glob("*.yaml")):
        for number, case in enumerate(_load(file.stem)["hit"]):
            yield pytest.param(file.stem, case, id=f"{file.stem}-{number}")


def _no_hits() -> Iterator[Any]:
    for file in sorted(CASES.glob("*.yaml")):
        for number, case in enumerate(_load(file.stem)["no_hit"]):
            yield pytest.param(_lines(case), id=f"{file.stem}-{number}")


@pytest.mark.parametrize(("kind", "case"), list(_hits()))
def test_private_data_is_found_and_masked(kind: str, case: dict[str, Any]) -> None:
    transcript = a_dialogue(*_lines(case["turns"]))
    spans = find_private(transcript)
    masked = [segment.text for segment in mask(transcript, spans).segments]
    assert {span.kind for span in spans} == {kind}
    assert masked == _lines(case["masked"])


@pytest.mark.parametrize("turns", list(_no_hits()))
def test_look_alikes_stay_untouched(turns: list[str]) -> None:
    transcript = a_dialogue(*turns)
    spans = find_private(transcript)
    assert spans == ()
    assert mask(transcript, spans).segments == transcript.segments


@pytest.mark.parametrize("kind", DETECTORS)
def test_every_detector_has_a_docstring_and_a_full_case_file(kind: str) -> None:
    detector, cases = DETECTORS[kind], _load(kind)
    assert (type(detector).__doc__ or "").strip()
    assert (type(detector).find.__doc__ or "").strip()
    assert detector.kind == kind
    assert len(cases["hit"]) >= ENOUGH
    assert len(cases["no_hit"]) >= ENOUGH


def test_every_case_file_belongs_to_a_detector() -> None:
    assert {file.stem for file in CASES.glob("*.yaml")} == set(DETECTORS)
