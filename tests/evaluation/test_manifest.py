"""What is measured: manifests, folders, and rows that cannot be used."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from pipeline.domain import Role
from pipeline.errors import BadInput, BadMetadata
from pipeline.evaluation.manifest import Kind, Sample, read_sample
from pipeline.settings import Settings
from tests.evaluation.samples import a_csv, a_transcript


def a_sound(path: Path) -> Path:
    """Its bytes are hashed, nothing listens to it here."""
    path.write_bytes(path.name.encode())
    return path


def read(source: Path) -> Sample:
    return read_sample(source, Settings())


def why(sample: Sample) -> list[str]:
    return [failure.message for failure in sample.failures]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_spreadsheet_is_read_in_the_encodings_of_metadata(tmp_path: Path, encoding: str) -> None:
    a_sound(tmp_path / "通话一.wav")
    rows = [{"audio": "通话一.wav", "text": "您好，请问", "business_line": "银行"}]
    sample = read(a_csv(tmp_path / "m.csv", rows, encoding))
    (item,) = sample.items
    assert (item.where, item.name, item.kind) == ("m.csv, line 2", "通话一.wav", Kind.WHOLE)
    assert item.said.segments[0].text == "您好，请问"
    assert item.recording.info.business_line == "bank"
    assert not sample.failures


def test_the_three_ways_to_say_what_is_said(tmp_path: Path) -> None:
    for name in "abc":
        a_sound(tmp_path / f"{name}.wav")
    a_transcript(
        tmp_path / "c.json", ("customer", "謝謝"), ("agent", "您好"),
        agent_channel=1, business_line="insurance",
    )  # fmt: skip
    rows = [
        {"audio": "a.wav", "text": "您好"},
        {"audio": "b.wav", "text_0": "您好", "text_1": "", "agent_channel": 0},
        {"audio": "c.wav", "transcript": "c.json"},
    ]
    manifest = tmp_path / "m.jsonl"
    manifest.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    whole, channels, roles = read(manifest).items
    assert [s.role for s in whole.said.segments] == [Role.UNKNOWN]
    assert [(s.channel, s.role, s.text) for s in channels.said.segments] == [
        (0, Role.AGENT, "您好"), (1, Role.CUSTOMER, ""),
    ]  # fmt: skip
    assert [(s.role, s.text) for s in roles.said.segments] == [
        (Role.CUSTOMER, "谢谢"), (Role.AGENT, "您好"),
    ]  # fmt: skip
    info = roles.recording.info
    assert (info.business_line, info.agent_channel) == ("insurance", 1)


BAD_ROWS = [
    ({"audio": "", "text": "您好"}, "the column `audio` is empty. Name the sound file"),
    ({"audio": "no.wav", "text": "您好"}, "there is no no.wav in .*mend the name or remove"),
    ({"audio": "a.wav"}, r"give what is said once.*\(here: none\)"),
    ({"audio": "a.wav", "text": "您", "text_0": "您"}, r"\(here: `text` and `text_0`\)"),
    ({"audio": "a.wav", "text": "……"}, "the reference holds no letter, digit or Han"),
    ({"audio": "a.wav", "transcript": "t.json"}, "there is no transcript .*t.json"),
    ({"audio": "a.wav", "transcript": "bad.json"}, "bad.json: is not JSON"),
    ({"audio": "a.wav", "transcript": "chat.json"}, "the transcript is of a chat"),
    ({"audio": "a.wav", "text": "您", "agent_channel": "2"}, "agent_channel is '2'; it must be"),
    (
        {"audio": "a.wav", "text": "您", "business_line": "cars"},
        "unknown business_line 'cars'; kno",
    ),
    ({"audio": "twin.wav", "text": "您"}, "holds the same sound as m.csv, line 2. Remove one"),
]


@pytest.mark.parametrize(("row", "message"), BAD_ROWS)
def test_a_row_that_cannot_be_used_names_line_and_remedy_and_the_others_go_on(
    tmp_path: Path, row: dict[str, str], message: str
) -> None:
    for name in ("good.wav", "a.wav", "last.wav"):
        a_sound(tmp_path / name)
    (tmp_path / "twin.wav").write_bytes((tmp_path / "good.wav").read_bytes())
    (tmp_path / "bad.json").write_text("{", encoding="utf-8")
    a_transcript(tmp_path / "chat.json", ("agent", "您好"), channel="chat")
    rows = [{"audio": "good.wav", "text": "您好"}, row, {"audio": "last.wav", "text": "您好"}]
    sample = read(a_csv(tmp_path / "m.csv", rows))
    assert [item.name for item in sample.items] == ["good.wav", "last.wav"]
    (failure,) = sample.failures
    assert failure.message.startswith("m.csv, line 3: ")
    assert re.search(message, failure.message)


def test_a_broken_line_is_one_failure(tmp_path: Path) -> None:
    a_sound(tmp_path / "a.wav")
    manifest = tmp_path / "m.csv"
    manifest.write_text("audio,text\na.wav,您好,还有\na.wav,您好\n", encoding="utf-8")
    sample = read(manifest)
    assert [item.where for item in sample.items] == ["m.csv, line 3"]
    assert "has more values than columns" in why(sample)[0]
    lines = tmp_path / "m.jsonl"
    lines.write_text('{"audio": \n{"audio": "a.wav", "text": "您好"}\n[]', encoding="utf-8")
    sample = read(lines)
    assert [item.where for item in sample.items] == ["m.jsonl, line 2"]
    assert [message[:15] for message in why(sample)] == ["m.jsonl, line 1", "m.jsonl, line 3"]


def test_a_manifest_that_is_none_is_refused_as_a_whole(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text("sound,text\n", encoding="utf-8")
    with pytest.raises(BadMetadata, match="has no column `audio`"):
        read(tmp_path / "m.csv")
    with pytest.raises(BadInput, match="there is no such manifest or folder"):
        read(tmp_path / "none.csv")
    (tmp_path / "m.xlsx").write_bytes(b"PK")
    with pytest.raises(BadInput, match=r"a manifest ends in \.csv or \.jsonl"):
        read(tmp_path / "m.xlsx")


def test_no_message_quotes_the_reference(tmp_path: Path) -> None:
    a_sound(tmp_path / "a.wav")
    (tmp_path / "t.json").write_text('{"text": "我的卡号六二二二零二"', encoding="utf-8")
    rows = [
        {"audio": "a.wav", "text": "我的卡号六二二二零二", "text_0": "六二二二零二"},
        {"audio": "a.wav", "transcript": "t.json"},
    ]
    sample = read(a_csv(tmp_path / "m.csv", rows))
    assert len(sample.failures) == 2
    assert "六二二" not in str(sample.failures)


def test_a_folder_gives_the_recordings_with_a_reference_beside_them(tmp_path: Path) -> None:
    for name in ("a.tel.stereo.wav", "a.tel.mono.wav", "b.wav", "c.wav", "d.wav"):
        a_sound(tmp_path / name)
    a_transcript(tmp_path / "a.json", ("agent", "您好"), business_line="bank")
    (tmp_path / "b.txt").write_text("您好\n再见", encoding="gb18030")
    (tmp_path / "c.json").write_text('{"agent_channel": 1}', encoding="utf-8")
    (tmp_path / "c.txt").write_text("您好", encoding="utf-8")
    sample = read(tmp_path)
    assert sample.unreferenced == 1, "nothing says what is said in d.wav"
    by_name = {item.name: item for item in sample.items}
    assert sorted(by_name) == ["a.tel.mono.wav", "a.tel.stereo.wav", "b.wav", "c.wav"]
    mono, stereo = by_name["a.tel.mono.wav"], by_name["a.tel.stereo.wav"]
    assert mono.call == stereo.call, "two recordings of one conversation"
    assert stereo.recording.info.business_line == "bank"
    assert by_name["c.wav"].recording.info.agent_channel == 1
    assert {item.kind for item in (mono, stereo)} == {Kind.ROLES}
