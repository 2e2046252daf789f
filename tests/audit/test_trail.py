"""Appending: many processes, crashes, and what is noted when the end was tampered with."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.audit import Signing, Trail, operating_user, verify
from pipeline.errors import TryAgain
from tests.conftest import ROOT

SIGNING = Signing("k1", {"k1": b"1" * 32})


def a_trail(folder: Path, entries: int = 8, signing: Signing | None = None) -> Trail:
    trail = Trail.beside(folder / "calls.duckdb", signing)
    for number in range(1, entries + 1):
        trail.append("unmask", subject=f"c-{number}", reason=f"投诉 {number}", role="compliance")
    return trail


def kinds(trail: Trail, signing: Signing | None = None) -> list[tuple[str, int | None]]:
    return [(problem.kind, problem.line) for problem in verify(trail.read(), signing).problems]


def test_an_entry_says_who_did_what_and_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("USER", "somebody-else")
    monkeypatch.setenv("LOGNAME", "somebody-else")
    trail = a_trail(tmp_path, 2)
    assert trail.path.name == "calls.audit.jsonl"
    first, second = (json.loads(line) for line in trail.path.read_text("utf-8").splitlines())
    assert (second["seq"], second["subject"], second["reason"]) == (2, "c-2", "投诉 2")
    assert second["who"] == operating_user() != "somebody-else"
    assert second["time"].endswith("+00:00")
    assert second["prev"] == first["hash"]
    found = verify(trail.read())
    assert (found.entries, found.hash, found.problems) == (2, second["hash"], [])


def test_text_that_is_no_unicode_is_kept_readable(tmp_path: Path) -> None:
    trail = a_trail(tmp_path, 0)
    entry = trail.append("unmask", reason="a\udcff\n\u2028b", details={"list": ["\ud800", 1.5]})
    assert entry.reason == "a\\udcff\n\u2028b"
    assert trail.read().entries() == [entry]
    assert kinds(trail) == []


def test_two_processes_append_two_hundred_entries_each_at_once(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from pipeline.audit import Signing, Trail\n"
        "trail = Trail.beside(Path(sys.argv[1]), Signing('k1', {'k1': b'1' * 32}))\n"
        "for i in range(200): trail.append('unmask', subject=f'{sys.argv[2]}-{i}')\n"
    )
    db = tmp_path / "calls.duckdb"
    writers = [
        subprocess.Popen([sys.executable, "-c", code, str(db), name], cwd=ROOT) for name in "ab"
    ]
    assert [writer.wait(120) for writer in writers] == [0, 0]
    trail = Trail.beside(db)
    found = verify(trail.read(), SIGNING)
    assert (found.entries, found.signed, found.problems) == (400, 400, [])
    subjects = [entry.subject for entry in trail.read().entries()]
    assert len(set(subjects)) == 400
    assert subjects != sorted(subjects, key=str), "they were mixed"


def test_killed_between_the_two_writes_is_no_fault(tmp_path: Path) -> None:
    trail = a_trail(tmp_path, 3)
    head = trail.head_path.read_bytes()
    a_trail(tmp_path, 2)
    trail.head_path.write_bytes(head)  # two entries ahead of it
    assert kinds(trail) == []
    assert trail.append("unmask").doubt is None
    assert verify(trail.read()).entries == 6
    assert kinds(trail) == []


@pytest.mark.parametrize("written", [1, 40, -2])
def test_a_half_written_line_is_told_and_the_next_entry_goes_on(
    tmp_path: Path, written: int
) -> None:
    trail = a_trail(tmp_path, 3)
    before, head = trail.path.read_bytes(), trail.head_path.read_bytes()
    trail.append("unmask", subject="lost")
    line = trail.path.read_bytes()[len(before) :]
    trail.path.write_bytes(before + line[:written])
    trail.head_path.write_bytes(head)
    found = verify(trail.read())
    assert (found.entries, found.torn, found.problems) == (3, [4], [])
    entry = trail.append("unmask", subject="next")
    assert trail.path.read_bytes().startswith(before + line[:written] + b"\n"), "nothing is hidden"
    assert entry.seq == 4
    found = verify(trail.read())
    assert (found.entries, found.torn, found.problems) == (4, [4], [])
    fragment = trail.path.read_bytes().replace(line[:written] + b"\n", b'{"x":1}\n', 1)
    trail.path.write_bytes(fragment)
    assert kinds(trail) == [("inserted", 4)], "the fragment itself is vouched for"


def test_only_the_end_of_line_missing_is_a_whole_entry(tmp_path: Path) -> None:
    trail = a_trail(tmp_path, 3)
    trail.path.write_bytes(trail.path.read_bytes()[:-1])
    assert (verify(trail.read()).entries, kinds(trail)) == (3, [])
    assert trail.append("unmask").torn is None
    assert (verify(trail.read()).entries, kinds(trail)) == (4, [])


def test_appending_after_a_cut_tail_hides_nothing(tmp_path: Path) -> None:
    trail = a_trail(tmp_path, 8)
    lines = trail.path.read_bytes().splitlines(keepends=True)
    trail.path.write_bytes(b"".join(lines[:5]))
    entry = trail.append("unmask")
    assert (entry.seq, entry.doubt and entry.doubt.count) == (9, 8)
    trail.append("unmask")
    (problem,) = verify(trail.read()).problems
    assert (problem.kind, problem.line, problem.first, problem.last) == ("truncated", 6, 6, 8)


def test_appending_after_the_files_were_removed_hides_nothing(tmp_path: Path) -> None:
    trail = a_trail(tmp_path, 4)
    trail.path.unlink()
    assert kinds(trail) == [("truncated", None)]
    trail.append("unmask")
    assert kinds(trail) == [("truncated", 1)]
    trail.head_path.unlink()
    assert kinds(trail) == [("truncated", 1), ("head", None)]
    trail.append("unmask")
    assert kinds(trail) == [("truncated", 1), ("head", 2)]


def test_a_long_trail_is_read_from_its_end(tmp_path: Path) -> None:
    trail = a_trail(tmp_path, 1)
    for _ in range(4):
        trail.append("unmask", reason="长" * 30_000)
    trail.append("unmask")
    found = verify(trail.read())
    assert (found.entries, found.problems) == (6, [])


def test_a_trail_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    trail = a_trail(tmp_path, 1)
    trail.head_path.unlink()
    trail.head_path.mkdir()
    with pytest.raises(TryAgain, match=r"jsonl cannot be written .* nothing was done"):
        trail.append("unmask")
    missing = Trail.beside(tmp_path / "nowhere" / "calls.duckdb")
    with pytest.raises(TryAgain, match="No such file or directory"):
        missing.append("unmask")
    link = Trail.beside(tmp_path / "sink.duckdb")
    link.path.symlink_to("/dev/null")
    with pytest.raises(TryAgain, match="is no file"):
        link.append("unmask")
