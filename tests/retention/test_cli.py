"""`callqa purge`, `erase` and `hold` as people type them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from pipeline.audit import operating_user
from tests.retention.centre import REASON, Centre
from tests.test_cli import callqa

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Centre:
    """Two calls, one of them old, and a settings file with periods and a role."""
    monkeypatch.chdir(tmp_path)
    centre = Centre(tmp_path)
    centre.call("old", "2001-01-01", customer="U1")
    centre.call("new", "2026-11-20", customer="U2")
    write_settings(tmp_path)
    assert centre.db.is_file()  # stored now: the commands know only the file
    return centre


def write_settings(site: Path, language: str = "zh", **retention: object) -> None:
    values = {
        "raw": {"keep": True, "key_file": str(site / "raw.keys")},
        "people": {"privileged": {operating_user(): "compliance"}},
        "retention": retention or {"default": {"audio": "2y", "results": "20y"}},
        "language": language,
    }
    (site / "callqa.yaml").write_text(yaml.safe_dump(values))


def test_a_purge_is_shown_and_removes_only_when_told(site: Centre, capsys: Capture) -> None:
    for arguments in ((), ("--dry-run",)):
        code, out, err = callqa(capsys, "purge", "--db", "calls.duckdb", *arguments)
        assert (code, err) == (0, "")
        assert "2y/同结果/20y" in out
        assert "以上仅为预览，未删除任何内容" in out
        assert site.there("old") == "rao"
    code, out, _ = callqa(capsys, "purge", "--db", "calls.duckdb", "--apply")
    assert (code, "已删除通话 1 通" in out, "均未再找到" in out) == (0, True, True)
    assert site.all_there("old", "new") == {"old": "", "new": "rao"}
    code, out, _ = callqa(capsys, "purge", "--db", "calls.duckdb", "--json")
    assert json.loads(out)["due"]["parts"] == {"audio": [], "original": [], "everything": []}
    assert "没有到期的内容" in callqa(capsys, "purge", "--db", "calls.duckdb")[1]


def test_holds_are_set_listed_and_released(site: Centre, capsys: Capture) -> None:
    where = ("--db", "calls.duckdb")
    assert "没有生效的法律保全" in callqa(capsys, "hold", "list", *where)[1]
    code, out, _ = callqa(capsys, "hold", "add", "customer", "U1", *where, "--reason", REASON)
    assert (code, "U1" in out, REASON in out) == (0, True, True)
    assert "目前涉及已入库的通话 1 通" in out
    assert "因法律保全保留：1 通（保全编号 1）" in callqa(capsys, "purge", *where)[1]
    code, out, _ = callqa(capsys, "hold", "list", *where, "--json")
    assert json.loads(out)["subject"] == "U1"
    code, _, err = callqa(capsys, "erase", "--customer", "U1", *where, "--reason", REASON)
    assert (code, "legal hold 1 is in force" in err) == (2, True)
    code, out, _ = callqa(capsys, "hold", "release", "1", *where, "--reason", "结案 4711")
    assert (code, "法律保全 1 已解除" in out) == (0, True)
    code, _, err = callqa(capsys, "hold", "release", "1", *where, "--reason", "结案 4711")
    assert (code, "hold 1 is not in force" in err) == (2, True)
    code, _, err = callqa(capsys, "hold", "add", "team", "x", *where, "--reason", REASON)
    assert (code, "customer, agent, call" in err) == (2, True)


def test_erase_says_what_went_and_exits_3_when_something_is_left(
    site: Centre, capsys: Capture
) -> None:
    write_settings(site.folder, "en")
    command = ("erase", "--customer", "U2", "--db", "calls.duckdb", "--reason", REASON)
    (site.folder / "in" / "calls.csv").write_text("name\nnew.wav\n")
    code, out, _ = callqa(capsys, *command)
    assert (code, "calls not removed completely: 1" in out) == (3, True)
    assert "has no column `file`" in out
    (site.folder / "in" / "calls.csv").unlink()
    code, out, _ = callqa(capsys, *command, "--json")
    done = json.loads(out)
    assert (code, done["calls"], done["found"], done["left"]) == (0, 1, [], [])
    assert site.there("new") == ""
    code, _, err = callqa(capsys, *command)
    assert (code, "there is no call of this customer" in err) == (2, True)


def test_no_database_and_no_period_are_exit_2_in_one_line(site: Centre, capsys: Capture) -> None:
    commands = [
        ("purge", "--db", "no.duckdb"),
        ("erase", "--customer", "U1", "--db", "no.duckdb", "--reason", REASON),
        ("hold", "add", "call", "c-1", "--db", "no.duckdb", "--reason", REASON),
        ("hold", "list", "--db", "no.duckdb"),
    ]
    for command in commands:
        code, out, err = callqa(capsys, *command)
        assert (code, out, len(err.splitlines())) == (2, "", 1), command
    assert not (site.folder / "no.duckdb.d").exists()
