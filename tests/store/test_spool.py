"""The spool: exact round trips, complete files only, damage is named."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.domain import Medium
from pipeline.errors import BadInput
from pipeline.store.spool import SpoolDamageError, read_spool, write_spool
from tests.store.reports import a_hash, a_report


@pytest.mark.parametrize("medium", list(Medium))
def test_a_report_comes_back_exactly(tmp_path: Path, medium: Medium) -> None:
    report = a_report(medium=medium)
    path = write_spool(report, tmp_path, "r-1")
    assert path.name == f"{a_hash('one')}.json"
    entry = read_spool(path)
    assert entry.report == report
    assert entry.run_id == "r-1"
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_attributes_keep_their_types(tmp_path: Path) -> None:
    attributes = read_spool(write_spool(a_report(), tmp_path)).report.info.attributes
    assert {k: type(v) for k, v in attributes.items()} == {
        "customer_age": int, "rate": float, "vip": bool, "product": str,
    }  # fmt: skip


def test_not_a_number_does_not_cost_the_call(tmp_path: Path) -> None:
    report = a_report()
    broken = replace(report, metrics=replace(report.metrics, agent_rate=math.nan))
    rate = read_spool(write_spool(broken, tmp_path)).report.metrics.agent_rate
    assert rate is not None
    assert math.isnan(rate)


def test_a_file_name_that_is_no_unicode_is_kept_readable(tmp_path: Path) -> None:
    path = write_spool(a_report(sources=("/录音/\udcc4\udce3.wav",)), tmp_path)
    assert read_spool(path).report.sources == (r"/录音/\udcc4\udce3.wav",)


def test_text_that_is_no_unicode_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="c-one holds text that is not Unicode"):
        write_spool(a_report(turns=("\ud800",)), tmp_path)


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda data: data[:200], "damaged"),
        (lambda data: b"", "damaged"),
        (lambda data: data.replace(b'"role":"agent"', b'"role":"robot"'), "role"),
        (lambda data: data.replace(b'"format":1', b'"format":9'), "format 9"),
        (lambda data: data.replace(b'"sources"', b'"sauces"'), "damaged"),
    ],
)
def test_damage_is_named(tmp_path: Path, damage: Callable[[bytes], bytes], says: str) -> None:
    path = write_spool(a_report(), tmp_path)
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(SpoolDamageError, match=says):
        read_spool(path)
