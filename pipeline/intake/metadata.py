"""Metadata of recordings: calls.csv / calls.jsonl in a folder, NAME.json beside, or the file name.

A row's known columns become fields of `CallInfo`, every other column an attribute. A row that
cannot be understood fails its recording with the row, the column and the remedy named, because a
call scored under a wrong date or person is worse than one that waits a day.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pipeline.domain import BUSINESS_LINES, Agent, Attribute, CallInfo, Medium
from pipeline.errors import BadMetadata
from pipeline.text import quotable

TABLES = ("calls.csv", "calls.jsonl")
COMPACT_TIMES = ("%Y%m%d%H%M%S", "%Y%m%d_%H%M%S", "%Y%m%d-%H%M%S", "%Y%m%d%H%M", "%Y%m%d")
SPOKEN_TIMES = (
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y年%m月%d日 %H:%M:%S",
    "%Y年%m月%d日 %H:%M",
)
DIRECTIONS = {"inbound": "inbound", "outbound": "outbound", "呼入": "inbound", "呼出": "outbound"}
LINES_ZH = {
    "银行": "bank",
    "理财": "wealth",
    "证券": "securities",
    "保险": "insurance",
    "催收": "collection",
    "综合": "general",
}
RELATIONS = ("debtor", "self", "contact", "family", "colleague", "stranger")
INNER = {"segments", "truth", "duration", "channel", "file"}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a metadata table: where it stands, the file it speaks of, and its values."""

    table: Path
    line: int
    file: str
    values: Mapping[str, Any]

    @property
    def where(self) -> str:
        """For messages: the table and the line."""
        return f"{self.table.name}, line {self.line}"


def read_table(path: Path) -> Iterator[Row]:
    """Rows of calls.csv or calls.jsonl; raises BadMetadata when the table itself is broken."""
    for line, values in table_rows(path, ("file",)):
        if isinstance(values, BadMetadata):
            raise values
        name = str(values.get("file") or "").strip()
        if not name:
            raise BadMetadata(
                f"{path.name}, line {line}: the column `file` is empty. Name the file."
            )
        yield Row(path, line, name.replace("\\", "/"), values)


def table_rows(
    path: Path, named_by: tuple[str, ...]
) -> Iterator[tuple[int, dict[str, Any] | BadMetadata]]:
    """Line and values of every row of a CSV or .jsonl file; a broken row comes as its error.

    `named_by`: columns of which the first line of a CSV must have one. Raises BadMetadata when the
    file itself cannot be read.
    """
    text = decode_text(path)
    json_lines = path.suffix.lower() == ".jsonl"
    yield from _json_rows(path, text) if json_lines else _csv_rows(path, text, named_by)


def decode_text(path: Path) -> str:
    """Text in UTF-8, UTF-16 with a mark, or GB18030 (what Excel in China writes)."""
    return decode(path)[0]


def decode(path: Path) -> tuple[str, str]:
    """Text as `decode_text`, and the encoding that writes it back as it was."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadMetadata(
            f"{path.name}: cannot be read ({error.strerror}). Allow the callqa user to read it."
        ) from error
    encodings = ["utf-16"] if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
            plain = encoding == "utf-8-sig" and not data.startswith(codecs.BOM_UTF8)
            return text, "utf-8" if plain else encoding
        except UnicodeDecodeError:
            continue
    raise BadMetadata(f"{path.name}: is neither UTF-8 nor GB18030 text. Save it again as UTF-8.")


def _csv_rows(
    path: Path, text: str, named_by: tuple[str, ...]
) -> Iterator[tuple[int, dict[str, Any] | BadMetadata]]:
    header = text.split("\n", 1)[0]
    delimiter = max(",\t;", key=header.count)
    reader = csv.DictReader(io.StringIO(text), delimiter=delimiter)
    columns = [(name or "").strip() for name in reader.fieldnames or ()]
    if not set(named_by) & set(columns):
        raise BadMetadata(
            f"{path.name}: has no column `{named_by[0]}` "
            f"(found: {', '.join(columns) or 'nothing'}). The first line must name the columns."
        )
    reader.fieldnames = columns
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            message = f"{path.name}, line {reader.line_num}: {error}. Mend the line."
            yield reader.line_num, BadMetadata(message)
            continue
        if None in row:
            message = (
                f"{path.name}, line {reader.line_num}: has more values than columns. "
                'Put values that hold a comma in "quotation marks".'
            )
            yield reader.line_num, BadMetadata(message)
            continue
        yield reader.line_num, {k: v.strip() for k, v in row.items() if v and v.strip()}


def _json_rows(path: Path, text: str) -> Iterator[tuple[int, dict[str, Any] | BadMetadata]]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        where = f"{path.name}, line {number}"
        try:
            values = json.loads(line)
        except (json.JSONDecodeError, RecursionError) as error:
            why = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deeply"
            yield number, BadMetadata(f"{where}: is not JSON ({why}). One object per line.")
            continue
        if isinstance(values, dict):
            yield number, values
        else:
            yield number, BadMetadata(f"{where}: is not an object. One object per line.")


def info_from(values: Mapping[str, Any], where: str, zone: ZoneInfo, default_id: str) -> CallInfo:
    """CallInfo from the values of a row, a sidecar or a transcript; `where` is for messages."""
    values = {key: value for key, value in values.items() if value not in (None, "")}
    agent, customer = _nested(values, "agent", where), _nested(values, "customer", where)
    started = values.pop("started_at", None)
    line = str(values.pop("business_line", "")).strip()
    line = LINES_ZH.get(line, line.lower())
    facts: dict[str, Any] = {
        "call_id": str(values.pop("call_id", "") or default_id),
        "started_at": None if started is None else parse_time(started, where, zone),
        "direction": _direction(values.pop("direction", None), where),
        "agent_channel": _agent_channel(values.pop("agent_channel", None), where),
        "medium": Medium.CHAT if values.get("channel") == "chat" else Medium.VOICE,
    }
    team = values.pop("team", None) or agent.get("team")
    person = Agent(
        _text(values.pop("agent_id", None) or agent.get("id")),
        _text(values.pop("agent_name", None) or agent.get("name")),
        _text(team),
    )
    customer_id = _text(values.pop("customer_id", None) or customer.get("id"))
    attributes = _attributes(values, where)
    if line and line not in BUSINESS_LINES:
        attributes["business_line"] = line
    missing = [name for name in ("direction", "started_at") if facts[name] is None]
    missing += [] if line in BUSINESS_LINES else ["business_line"]
    missing += [] if person.id else ["agent_id"]
    missing += [] if customer_id else ["customer_id"]
    return CallInfo(
        **facts,
        business_line=line if line in BUSINESS_LINES else "general",
        agent=person,
        customer_id=customer_id,
        attributes=attributes,
        missing=tuple(sorted(missing)),
    )


def _nested(values: dict[str, Any], key: str, where: str) -> Mapping[str, Any]:
    inner = values.pop(key, None)
    if inner is None:
        return {}
    if not isinstance(inner, dict):
        raise BadMetadata(f'{where}: `{key}` must be an object such as {{"id": "A1024"}}.')
    return inner


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _attributes(values: Mapping[str, Any], where: str) -> dict[str, Attribute]:
    given = dict(values.get("attributes") or {})
    given |= {key: value for key, value in values.items() if key not in INNER | {"attributes"}}
    result: dict[str, Attribute] = {}
    for key, value in given.items():
        if isinstance(value, str | int | float | bool):
            result[key] = _number(value) if isinstance(value, str) else value
    relation = result.get("callee_relation")
    if relation is not None and relation not in RELATIONS:
        raise BadMetadata(
            f"{where}: unknown callee_relation '{quotable(relation)}'; "
            f"known: {', '.join(RELATIONS)}"
        )
    return result


def _number(value: str) -> Attribute:
    """A table's cell as true/false or a short plain number, else the text as it is."""
    if value.lower() in ("true", "false"):
        return value.lower() == "true"
    if re.fullmatch(r"-?(?:0|[1-9]\d{0,8})(?:\.\d+)?", value):
        return float(value) if "." in value else int(value)
    return value


def _direction(value: object, where: str) -> str | None:
    if value is None:
        return None
    known = DIRECTIONS.get(str(value).strip().lower())
    if known is None:
        raise BadMetadata(
            f"{where}: unknown direction '{quotable(value)}'; known: {', '.join(DIRECTIONS)}"
        )
    return known


def _agent_channel(value: object, where: str) -> int | None:
    if value is None:
        return None
    if str(value).strip() not in ("0", "1"):
        raise BadMetadata(
            f"{where}: agent_channel is '{quotable(value)}'; it must be 0 (left) or 1 (right)"
        )
    return int(str(value))


def parse_time(value: object, where: str, zone: ZoneInfo) -> datetime:
    """A moment with its UTC offset; times that name none are local times of the centre."""
    text = str(value).strip()
    moment = None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        for form in COMPACT_TIMES + SPOKEN_TIMES:
            try:
                moment = datetime.strptime(text, form)
                break
            except ValueError:
                continue
    if moment is None or not 1990 <= moment.year <= 2100:
        raise BadMetadata(
            f"{where}: started_at '{text}' is not a date and time. "
            "Write it like 2026-11-20T10:03:00+08:00 or 2026-11-20 10:03:00."
        )
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def from_name(stem: str, pattern: str | None) -> Mapping[str, str]:
    """Metadata in a file's name by the settings' pattern; empty when it does not fit."""
    match = re.search(pattern, stem) if pattern else None
    return {key: value for key, value in match.groupdict().items() if value} if match else {}
