from __future__ import annotations

import json
import threading
import time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pipeline.errors import BadInput
from pipeline.intake import Found, discover

SHANGHAI = ZoneInfo("Asia/Shanghai")


def look(folder: Path, **options: object) -> Found:
    return discover([folder], SHANGHAI, **({"settle_seconds": 0} | options))  # type: ignore[arg-type]


def a_file(path: Path, content: bytes | str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_chinese_names_spaces_and_subfolders_are_found(tmp_path: Path) -> None:
    a_file(tmp_path / "十一月" / "理财 推荐.WAV", b"1")
    a_file(tmp_path / ".hidden" / "x.wav", b"2")
    a_file(tmp_path / "upload.wav.part", b"3")
    a_file(tmp_path / "notes.txt", b"4")
    found = look(tmp_path)
    assert [r.info.call_id for r in found.recordings] == ["理财 推荐"]
    assert found.ignored == 1
    assert found.failures == []


def test_the_same_sound_under_two_names_is_one_recording_with_both_names(tmp_path: Path) -> None:
    a_file(tmp_path / "a.wav", b"same")
    a_file(tmp_path / "b" / "copy.wav", b"same")
    a_file(tmp_path / "calls.csv", "file,call_id\nb/copy.wav,c-7\n")
    (recording,) = look(tmp_path).recordings
    assert [path.name for path in recording.paths] == ["a.wav", "copy.wav"]
    assert recording.info.call_id == "c-7", "the name with metadata speaks for it"


def test_two_recordings_never_share_a_call_id(tmp_path: Path) -> None:
    a_file(tmp_path / "x" / "001.wav", b"one")
    a_file(tmp_path / "y" / "001.wav", b"two")
    first, second = look(tmp_path).recordings
    assert first.info.call_id == "001"
    assert second.info.call_id == f"001~{second.sha256[:8]}"


def test_metadata_comes_from_table_sidecar_and_name(tmp_path: Path) -> None:
    a_file(tmp_path / "A7_x.wav", b"1")
    a_file(tmp_path / "A7_x.json", json.dumps({"customer": {"id": "U5"}, "direction": "inbound"}))
    a_file(tmp_path / "calls.csv", "file,direction,started_at\nA7_x.wav,呼出,2026-11-20 09:00\n")
    (recording,) = look(tmp_path, name_pattern=r"^(?P<agent_id>A\d+)_").recordings
    info = recording.info
    assert (info.agent.id, info.customer_id, info.direction) == ("A7", "U5", "outbound")
    assert info.missing == ("business_line",)


def test_a_sidecar_speaks_for_every_ending_of_its_name(tmp_path: Path) -> None:
    a_file(tmp_path / "c1.tel.stereo.flac", b"1")
    a_file(tmp_path / "c1.json", json.dumps({"call_id": "c1", "segments": []}))
    found = look(tmp_path)
    assert found.recordings[0].info.call_id == "c1"
    assert found.transcripts == []
    assert found.failures == []


@pytest.mark.parametrize(
    ("files", "stage", "says"),
    [
        ({"calls.csv": "file\nlost.wav\n"}, "metadata", "names 'lost.wav', but there is no such"),
        ({"a.wav": ""}, "decode", "a.wav: is empty"),
        (
            {"a.wav": "x", "calls.csv": "file,started_at\na.wav,soon\n"},
            "metadata",
            "line 2: started",
        ),
        ({"a.wav": "x", "a.json": "{"}, "metadata", "a.json: is not JSON"),
        ({"chat.json": "{}"}, "transcript", "chat.json: `call_id` is missing"),
        ({"chat.jsonl": ""}, "transcript", "chat.jsonl: is empty"),
    ],
)
def test_what_cannot_be_used_is_a_failure_with_its_reason(
    tmp_path: Path, files: dict[str, str], stage: str, says: str
) -> None:
    for name, content in files.items():
        a_file(tmp_path / name, content)
    (failure,) = look(tmp_path).failures
    assert failure.stage == stage
    assert says in failure.message


def test_a_file_that_still_grows_is_left_for_the_next_run(tmp_path: Path) -> None:
    a_file(tmp_path / "done.wav", b"1")
    growing = a_file(tmp_path / "growing.wav", b"2")
    stop = threading.Event()

    def upload() -> None:
        while not stop.is_set():
            with growing.open("ab") as file:
                file.write(b"more")
            time.sleep(0.02)

    writer = threading.Thread(target=upload)
    writer.start()
    try:
        found = look(tmp_path, settle_seconds=0.3)
    finally:
        stop.set()
        writer.join()
    assert [path.name for path in found.growing] == ["growing.wav"]
    assert [r.path.name for r in found.recordings] == ["done.wav"]


def test_thousands_of_files_are_hashed_once(tmp_path: Path) -> None:
    for number in range(3_000):
        (tmp_path / f"{number:05}.wav").write_bytes(b"%d" % number)
    first = look(tmp_path)
    assert len(first.recordings) == 3_000
    wrong = {key: "remembered" for key in first.hashes}
    again = look(tmp_path, known_hashes=wrong)
    assert {r.sha256 for r in again.recordings} == {"remembered"}, "unchanged files are not read"


def test_an_input_that_does_not_exist_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such file or folder"):
        look(tmp_path / "nowhere")
