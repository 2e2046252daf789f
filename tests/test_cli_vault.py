"""The commands for originals and the trail as people type them: exit codes, output, messages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from pipeline.audit import Trail, operating_user
from tests.test_cli import callqa
from tests.test_originals import CARD, REASON, a_night, settings_of

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a processed night, its key and a settings file that grants a role."""
    monkeypatch.chdir(tmp_path)
    a_night(tmp_path, settings_of(tmp_path))
    write_settings(tmp_path, {operating_user(): "compliance"})
    return tmp_path


def write_settings(site: Path, privileged: dict[str, str], language: str = "zh") -> None:
    raw = {"keep": True, "key_file": str(site / "raw.keys")}
    values = {"raw": raw, "people": {"privileged": privileged}, "language": language}
    (site / "callqa.yaml").write_text(yaml.safe_dump(values))


def test_unmask_prints_raw_text_as_table_and_as_json(site: Path, capsys: Capture) -> None:
    command = ("unmask", "c1", "--db", "calls.duckdb", "--reason", REASON)
    code, out, err = callqa(capsys, *command)
    assert (code, err) == (0, "")
    assert f"客户: 我的卡号是{CARD}" in out
    code, out, _ = callqa(capsys, *command, "--segment", "1", "--json")
    assert json.loads(out) == {
        "call_id": "c1",
        "audit_entry": 3,
        "segments": [
            {"segment": 1, "role": "customer", "start": None, "end": None,
             "text": f"我的卡号是{CARD}"}
        ],
    }  # fmt: skip


def test_control_characters_of_a_chat_do_not_reach_the_terminal(
    tmp_path: Path, capsys: Capture
) -> None:
    from pipeline.audit import Entry
    from pipeline.domain import Role, Segment
    from pipeline.originals import Unmasked
    from pipeline.vault_tables import print_unmasked

    entry = Trail.beside(tmp_path / "c.duckdb").append("unmask")
    assert isinstance(entry, Entry)
    print_unmasked(Unmasked("c", {0: Segment(Role.AGENT, "a\x1b[2J\nb[red]")}, entry), "en")
    assert "agent: a\ufffd[2J\ufffdb[red]" in capsys.readouterr().out


def test_unmask_without_a_role_is_exit_2_in_one_line(site: Path, capsys: Capture) -> None:
    write_settings(site, {"somebody": "compliance"})
    code, out, err = callqa(capsys, "unmask", "c1", "--db", "calls.duckdb", "--reason", REASON)
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert "has no role" in err
    code, out, _ = callqa(capsys, "audit", "show", "--db", "calls.duckdb", "--call", "c1", "--json")
    (entry,) = [json.loads(line) for line in out.splitlines()]
    assert (entry["action"], entry["who"], entry["reason"]) == (
        "unmask_refused", operating_user(), REASON,
    )  # fmt: skip


def test_verify_says_the_count_and_the_hash_or_what_is_wrong(site: Path, capsys: Capture) -> None:
    verify = ("audit", "verify", "--db", "calls.duckdb")
    callqa(capsys, "unmask", "c1", "--db", "calls.duckdb", "--reason", REASON)
    trail = Trail.beside(Path("calls.duckdb"))
    last = trail.read().entries()[-1].hash
    code, out, err = callqa(capsys, *verify, "--expect", last)
    assert (code, err) == (0, "")
    assert "审计记录完整：2 条" in out
    assert last in out
    assert "第 1–2 条由密钥签名担保" in out
    code, out, _ = callqa(capsys, *verify, "--expect", "0" * 64)
    assert (code, "给定的哈希不在记录中" in out) == (3, True)
    trail.path.write_bytes(trail.path.read_bytes().replace(b'"subject":"c1"', b'"subject":"c2"'))
    code, out, _ = callqa(capsys, *verify)
    assert (code, "✗ 第 2 行：被修改（第 2 条）" in out) == (3, True)
    write_settings(site, {}, "en")
    code, out, _ = callqa(capsys, *verify)
    assert (code, "✗ line 2: edited (entry 2)" in out) == (3, True)
    code, out, _ = callqa(capsys, *verify, "--json")
    assert json.loads(out)["problems"] == [{"kind": "edited", "line": 2, "first": 2, "last": 2}]


def test_verify_without_the_key_says_that_signatures_were_not_checked(
    site: Path, capsys: Capture
) -> None:
    (site / "raw.keys").chmod(0o644)
    code, out, _ = callqa(capsys, "audit", "verify", "--db", "calls.duckdb")
    assert (code, "未核对签名" in out, "chmod 600" in out) == (0, True, True)
    code, _, err = callqa(capsys, "audit", "verify", "--db", "nowhere.duckdb")
    assert (code, "there is no such database, and no audit trail" in err) == (2, True)


def test_show_filters_by_action(site: Path, capsys: Capture) -> None:
    callqa(capsys, "unmask", "c1", "--db", "calls.duckdb", "--reason", REASON)
    code, out, _ = callqa(capsys, "audit", "show", "--db", "calls.duckdb", "--action", "unmask")
    assert (code, REASON in out, "raw_begin" in out) == (0, True, False)


def test_a_key_is_made_used_and_changed(site: Path, capsys: Capture) -> None:
    code, out, _ = callqa(capsys, "raw", "new-key", "-o", "new.keys")
    line = (site / "new.keys").read_text()
    assert (code, line.split()[0] in out, line.split()[1] in out) == (0, True, False)
    assert callqa(capsys, "raw", "new-key", "-o", "new.keys")[0] == 2
    keys = site / "raw.keys"
    keys.write_text(line + keys.read_text())
    code, out, _ = callqa(capsys, "raw", "rotate", "--db", "calls.duckdb")
    assert (code, "重新加密 2 份" in out, "旧密钥的行可以" in out) == (0, True, True)
    keys.write_text(line)
    code, out, _ = callqa(capsys, "raw", "check", "--db", "calls.duckdb")
    assert (code, "可打开 2 份" in out) == (0, True)
    code, out, _ = callqa(capsys, "audit", "verify", "--db", "calls.duckdb")
    assert (code, "第 1–3 条由密钥签名担保" in out) == (0, True)


def test_check_names_what_does_not_open(site: Path, capsys: Capture) -> None:
    damaged, _ = sorted(Path("calls.raw").rglob("*.sealed"))
    damaged.write_bytes(b"")
    code, out, _ = callqa(capsys, "raw", "check", "--db", "calls.duckdb")
    assert (code, f"✗ {damaged.name}: is empty" in out) == (3, True)
    code, out, _ = callqa(capsys, "raw", "rotate", "--db", "calls.duckdb")
    assert (code, "旧密钥暂不能删" in out) == (3, True)
    for path in Path("calls.raw").rglob("*.sealed"):
        path.unlink()
    for folder in [*Path("calls.raw").iterdir(), Path("calls.raw")]:
        folder.rmdir()
    code, _, err = callqa(capsys, "raw", "check", "--db", "calls.duckdb")
    assert (code, "calls.raw: there is no such folder" in err) == (2, True)


def test_an_unmasked_export_is_only_of_segments_and_into_a_file(
    site: Path, capsys: Capture
) -> None:
    where = ("--db", "calls.duckdb", "--unmask-for", REASON)
    for wrong in (("calls", "-o", "x.csv"), ("segments",)):
        code, out, err = callqa(capsys, "export", *wrong, *where)
        assert (code, out, len(err.splitlines())) == (2, "", 1)
    code, out, _ = callqa(capsys, "export", "segments", "-o", "x.jsonl", *where)
    assert (code, "x.jsonl：2 通为原文" in out) == (0, True)
    assert CARD in (site / "x.jsonl").read_text()
    code, out, _ = callqa(capsys, "export", "segments", "--db", "calls.duckdb")
    assert (code, CARD in out) == (0, False)
