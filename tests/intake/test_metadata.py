from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pipeline.domain import CallInfo
from pipeline.errors import BadMetadata
from pipeline.intake.metadata import from_name, info_from, parse_time, read_table

SHANGHAI = ZoneInfo("Asia/Shanghai")
HEADER = "file,call_id,business_line,agent_id,agent_name,team,started_at,queue,vip\n"
ROW = "a.wav,c-1,bank,A1,王芳,一组,2026-11-20 10:03:00,信用卡,true\n"


def info(**values: Any) -> CallInfo:
    return info_from(values, "calls.csv, line 2", SHANGHAI, "stem")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("comma", [",", "\t", ";"])
def test_a_table_is_read_in_the_encodings_that_people_save(
    tmp_path: Path, encoding: str, comma: str
) -> None:
    table = tmp_path / "calls.csv"
    table.write_bytes((HEADER + ROW).replace(",", comma).encode(encoding))
    (row,) = read_table(table)
    assert (row.file, row.values["agent_name"], row.line) == ("a.wav", "王芳", 2)


def test_known_columns_become_fields_and_others_attributes() -> None:
    call = info(call_id="c-1", business_line="bank", agent_id="A1", queue="信用卡", vip="true",
                customer_age="67", card="0012", started_at="2026-11-20 10:03:00")  # fmt: skip
    assert (call.call_id, call.business_line, call.agent.id) == ("c-1", "bank", "A1")
    assert call.started_at == datetime(2026, 11, 20, 10, 3, tzinfo=SHANGHAI)
    assert call.attributes == {"queue": "信用卡", "vip": True, "customer_age": 67, "card": "0012"}
    assert call.missing == ("customer_id", "direction")


def test_nothing_known_still_makes_a_call_that_says_what_is_missing() -> None:
    call = info()
    assert (call.call_id, call.business_line) == ("stem", "general")
    assert call.missing == ("agent_id", "business_line", "customer_id", "direction", "started_at")


@pytest.mark.parametrize(
    "text",
    ["2026-11-20T10:03:00+08:00", "2026-11-20T02:03:00Z", "2026-11-20 10:03:00", "20261120100300",
     "2026/11/20 10:03", "2026年11月20日 10:03", "20261120_100300"],
)  # fmt: skip
def test_times_are_read_as_people_write_them(text: str) -> None:
    moment = parse_time(text, "row", SHANGHAI)
    assert moment.astimezone(SHANGHAI) == datetime(2026, 11, 20, 10, 3, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"started_at": "昨天"}, "started_at '昨天' is not a date"),
        ({"started_at": "2026-13-45"}, "is not a date"),
        ({"agent_channel": "2"}, "must be 0 .left. or 1"),
        ({"direction": "sideways"}, "unknown direction 'sideways'; known: inbound"),
        ({"callee_relation": "pet"}, "unknown callee_relation 'pet'; known: debtor"),
        ({"agent": "A1"}, "`agent` must be an object"),
    ],
)
def test_a_wrong_value_names_the_row_and_the_choices(values: dict[str, str], says: str) -> None:
    with pytest.raises(BadMetadata, match=f"^calls.csv, line 2: .*{says}"):
        info(**values)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"name,agent\na.wav,A1\n", "has no column `file`"),
        (b"file,agent_id\n,A1\n", "line 2: the column `file` is empty"),
        (b"file,agent_id\na.wav,A1,extra\n", "line 2: has more values than columns"),
        (b"file\n\xff\xfe\xfa\x80\n", "neither UTF-8 nor GB18030"),
    ],
)
def test_a_broken_table_names_itself_and_the_remedy(
    tmp_path: Path, content: bytes, says: str
) -> None:
    table = tmp_path / "calls.csv"
    table.write_bytes(content)
    with pytest.raises(BadMetadata, match=f"^calls.csv.*{says}"):
        list(read_table(table))


def test_metadata_may_stand_in_the_file_name() -> None:
    pattern = r"(?P<started_at>\d{14})_(?P<agent_id>A\d+)"
    assert from_name("20261120100300_A1024_x", pattern) == {
        "started_at": "20261120100300",
        "agent_id": "A1024",
    }
    assert from_name("other", pattern) == {}
