"""Calls are taken out of the input without a scratch on anything else there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.intake import still_there, take_out
from pipeline.intake.transcripts import content_of
from tests.store.reports import a_hash


def a_sound(folder: Path, name: str, content: str | None = None) -> Path:
    """A file whose content hash is `a_hash(content)`; by default its name."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content or name)
    return path


def test_a_recording_goes_with_its_sidecar_and_nothing_else_does(tmp_path: Path) -> None:
    gone, stays = a_sound(tmp_path, "a.wav"), a_sound(tmp_path, "b.wav")
    for sound in (gone, stays):
        sound.with_suffix(".json").write_text("{}")
    taken = take_out({a_hash("a.wav"): [gone, tmp_path / "was/never.wav"]})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.json", "b.wav"]
    assert (dict(+taken.counts), taken.left) == ({"recording": 1, "sidecar": 1, "absent": 1}, {})


def test_a_sidecar_of_two_recordings_stays_with_the_second(tmp_path: Path) -> None:
    left, right = a_sound(tmp_path, "call.left.wav"), a_sound(tmp_path, "call.right.wav")
    (tmp_path / "call.json").write_text("{}")
    take_out({a_hash(left.name): [left]})
    assert (tmp_path / "call.json").exists()
    take_out({a_hash(right.name): [right]})
    assert list(tmp_path.iterdir()) == []


def test_another_recording_under_the_name_stays(tmp_path: Path) -> None:
    path = a_sound(tmp_path, "a.wav", "something new")
    taken = take_out({a_hash("a.wav"): [path]})
    assert path.exists()
    assert dict(+taken.counts) == {"other": 1}
    assert not still_there(path, {a_hash("a.wav")})


def test_what_a_link_leads_to_goes_too(tmp_path: Path) -> None:
    real = a_sound(tmp_path / "archive", "a.wav")
    link = tmp_path / "in.wav"
    link.symlink_to(real)
    take_out({a_hash("a.wav"): [link]})
    assert not real.exists()
    assert not link.is_symlink()


TABLE = (
    'file,call_id,note\r\na.wav,1,普通\r\nsub/b.wav,2,"两行\r\n的备注, 带逗号"\r\n\r\nc.wav,3,末尾'
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_rows_of_a_table_go_and_the_rest_keeps_its_bytes(tmp_path: Path, encoding: str) -> None:
    table = tmp_path / "calls.csv"
    table.write_bytes(TABLE.encode(encoding))
    table.chmod(0o640)
    sounds = [a_sound(tmp_path, name) for name in ("a.wav", "sub/b.wav", "c.wav")]
    taken = take_out({a_hash("sub/b.wav"): [sounds[1]]})
    assert taken.counts["metadata_row"] == 1
    rest = TABLE.replace('sub/b.wav,2,"两行\r\n的备注, 带逗号"\r\n', "")
    assert table.read_bytes() == rest.encode(encoding)
    assert table.stat().st_mode & 0o777 == 0o640
    take_out({a_hash("a.wav"): [sounds[0]], a_hash("c.wav"): [sounds[2]]})
    assert table.read_bytes().decode(encoding).split() == ["file,call_id,note"]


def test_a_row_goes_also_when_the_recording_was_deleted_by_somebody_else(tmp_path: Path) -> None:
    table = tmp_path / "calls.jsonl"
    rows = [json.dumps({"file": name, "customer_id": "客户"}) for name in ("a.wav", "b.wav")]
    table.write_text("\n".join(rows))
    take_out({a_hash("a.wav"): [tmp_path / "a.wav"]})
    assert table.read_text() == rows[1]


def test_a_broken_table_keeps_the_call_and_says_so(tmp_path: Path) -> None:
    sound = a_sound(tmp_path, "a.wav")
    (tmp_path / "calls.csv").write_text("name,customer\na.wav,王\n")
    taken = take_out({a_hash("a.wav"): [sound]})
    assert "has no column `file`" in taken.left[a_hash("a.wav")][0]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_one_chat_of_a_file_goes_and_the_others_stay(tmp_path: Path, encoding: str) -> None:
    chats = [{"call_id": str(n), "text": f"第{n}通"} for n in range(3)]
    lines = [json.dumps(chat, ensure_ascii=False) + "\n" for chat in chats]
    log = tmp_path / "log.jsonl"
    log.write_bytes("".join([*lines, "not json\n"]).encode(encoding))
    content = content_of(chats[1])
    assert still_there(log, {content})
    taken = take_out({content: [log]})
    assert log.read_bytes() == "".join([lines[0], lines[2], "not json\n"]).encode(encoding)
    assert taken.counts["transcript"] == 1
    assert not still_there(log, {content})


def test_a_chat_alone_in_its_file_takes_the_file_along(tmp_path: Path) -> None:
    chat = {"call_id": "1"}
    whole, line = tmp_path / "a.json", tmp_path / "b.jsonl"
    for path in (whole, line):
        path.write_text(json.dumps(chat, indent=None) + "\n\n")
    assert take_out({content_of(chat): [whole, line]}).counts["transcript"] == 2
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_only_has_the_name_of_a_table_is_not_our_matter(tmp_path: Path) -> None:
    sound = a_sound(tmp_path / "in", "a.wav")
    (tmp_path / "calls.csv").write_text("name,customer\nb.wav,王\n")
    assert take_out({a_hash("a.wav"): [sound]}).left == {}


def test_a_table_behind_a_link_loses_its_row_where_it_lies(tmp_path: Path) -> None:
    sound, real = a_sound(tmp_path / "in", "a.wav"), tmp_path / "shared.csv"
    real.write_text("file,customer_id\na.wav,U1\nb.wav,U2\n")
    link = tmp_path / "in" / "calls.csv"
    link.symlink_to(real)
    take_out({a_hash("a.wav"): [sound]})
    assert (link.is_symlink(), real.read_text()) == (True, "file,customer_id\nb.wav,U2\n")


def test_a_sidecar_goes_also_when_the_recording_was_deleted_by_somebody_else(
    tmp_path: Path,
) -> None:
    sidecar, chat, shared = (tmp_path / name for name in ("a.json", "b.json", "c.json"))
    sidecar.write_text('{"customer_id": "U1"}')
    chat.write_text('{"call_id": "1", "channel": "chat", "segments": []}')
    shared.write_text('{"customer_id": "U1"}')
    a_sound(tmp_path, "c.right.wav")
    names = ("a.wav", "b.wav", "c.left.wav")
    take_out({a_hash(name): [tmp_path / name] for name in names})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.json", "c.json", "c.right.wav"]


def test_a_link_and_what_it_leads_to_go_with_the_sidecars_of_both(tmp_path: Path) -> None:
    real, link = a_sound(tmp_path, "z.wav"), tmp_path / "a.wav"
    link.symlink_to(real)
    for sound in (real, link):
        sound.with_suffix(".json").write_text("{}")
    take_out({a_hash("z.wav"): [link, real]})
    assert list(tmp_path.iterdir()) == []


def test_two_recordings_of_one_sidecar_go_together_with_it(tmp_path: Path) -> None:
    sounds = [a_sound(tmp_path, f"call.{side}.wav") for side in ("left", "right")]
    (tmp_path / "call.json").write_text("{}")
    take_out({a_hash(sound.name): [sound] for sound in sounds})
    assert list(tmp_path.iterdir()) == []
