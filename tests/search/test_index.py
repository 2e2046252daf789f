"""The index follows what is published, whatever happens to it in between."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.errors import BadInput
from pipeline.search import SearchIndex, index, rebuild, sync
from pipeline.store import Snapshot, Store
from tests.conftest import ROOT
from tests.search.site import a_call, add, ask, found, make
from tests.store.reports import a_hash


def names(db: Path) -> set[str]:
    return {path.name for path in SearchIndex.of(db).folder.iterdir()} - {"STATE"}


def test_only_days_that_changed_are_written(tmp_path: Path) -> None:
    db = make(tmp_path, a_call("one", "您好", day=0), a_call("two", "您好", day=1))
    before = names(db)
    assert len(before) == 2
    assert add(db) == 0
    assert add(db, a_call("three", "您好", day=1)) == 1
    assert len(names(db)) == 2
    assert len(names(db) & before) == 1
    assert len(found(ask(db, "您好"))) == 3


def test_a_text_that_changed_is_found_as_it_is_now(tmp_path: Path) -> None:
    db = make(tmp_path, a_call("one", "您好，保本。"))
    assert add(db, a_call("one", "您好，零风险。", code_version="0.2")) == 1
    assert found(ask(db, "保本")) == []
    assert found(ask(db, "零风险")) == [("c-one", 0)]


def test_a_damaged_or_half_written_index_is_mended_by_the_next_run(tmp_path: Path) -> None:
    db = make(tmp_path, a_call("one", "您好", day=0), a_call("two", "您好", day=1))
    files = SearchIndex.of(db)
    files.files()[0][1].unlink()
    (files.folder / ".20261120.x.sqlite.tmp").write_text("half")
    assert [call for call, _ in found(ask(db, "您好"))] == ["c-one"], "the rest can be searched"
    assert add(db) == 1
    assert len(found(ask(db, "您好"))) == 2
    assert not [name for name in names(db) if name.startswith(".")]


def test_a_file_that_is_no_index_says_what_to_do(tmp_path: Path) -> None:
    db = make(tmp_path, a_call("one", "您好"))
    SearchIndex.of(db).files()[0][1].write_bytes(b"nothing of the kind" * 1000)
    with pytest.raises(BadInput, match=r"damaged.*callqa search rebuild"):
        ask(db, "您好")
    with Store.open(db) as store:
        assert rebuild(store) == 1
    assert found(ask(db, "您好")) == [("c-one", 0)]


def test_forgetting_leaves_no_byte(tmp_path: Path) -> None:
    db = make(tmp_path, a_call("one", "我是独一无二的"), a_call("two", "您好"))
    files = SearchIndex.of(db)
    held = b"".join(path.read_bytes() for _, path in files.files())
    assert "独一无二".encode() in held, "else the search below proves nothing"
    assert files.remains({a_hash("one")}) != []
    assert files.forget({a_hash("one")}) == 1
    assert files.remains({a_hash("one")}) == []
    assert not any(files.folder.glob("*.sqlite"))
    assert files.state().outdated("v000001")


def test_another_format_is_written_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    db = make(tmp_path, a_call("one", "您好"))
    monkeypatch.setattr(index, "FORMAT", "next")
    assert add(db) == 1
    assert len(names(db)) == 1


def test_many_calls_are_written_by_several_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "MANY", 2)
    told: list[tuple[int, int]] = []
    db = make(tmp_path, *(a_call(str(day), "您好", day=day) for day in range(3)))
    with Store.open(db) as store:
        assert rebuild(store, lambda done, all_: told.append((done, all_))) == 3
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert len(found(ask(db, "您好"))) == 3


def test_readers_search_while_the_index_is_made_and_a_killed_maker_is_followed(
    tmp_path: Path,
) -> None:
    db = make(tmp_path, *(a_call(f"n{k}", "您好，保本。", day=k) for k in range(30)))
    code = (
        "import sys; from pathlib import Path; from pipeline.search import rebuild, index\n"
        "from pipeline.store import Store\n"
        "with Store.open(Path(sys.argv[1])) as store:\n"
        "    while True:\n"
        "        print('again', flush=True); rebuild(store)\n"
    )
    maker = subprocess.Popen(
        [sys.executable, "-c", code, str(db)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert maker.stdout
    maker.stdout.readline()
    end, counts = time.monotonic() + 1.5, set()
    with Snapshot.open(db) as snapshot:
        while time.monotonic() < end:
            counts.add(ask(snapshot, "保本").count)
    maker.kill()
    maker.communicate(timeout=30)
    assert maker.returncode == -9, "it was at work until it was killed"
    assert counts == {30}, "the old file of a day is there until the new one is"
    with Store.open(db) as store:
        sync(store)
        assert sync(store) == 0
    assert ask(db, "保本").count == 30
