"""What `callqa audit`, `raw`, `unmask` and `hear` print."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from rich.table import Table
from rich.text import Text

from pipeline.audit import Entry, Problem, Verified
from pipeline.originals import Tally, Unmasked
from pipeline.terminal import make_console

if TYPE_CHECKING:
    from pipeline.hearing_grants import Copy, Grant

ROLES = {
    "zh": {"agent": "客服", "customer": "客户", "unknown": "未知"},
    "en": {"agent": "agent", "customer": "customer", "unknown": "unknown"},
}
WORDS: dict[str, dict[str, Any]] = {
    "zh": {
        "whole": "审计记录完整：{entries} 条，最后一条的哈希：",
        "broken": "审计记录有问题：{entries} 条可读",
        "signed": "第 1–{signed} 条由密钥签名担保；之后 {rest} 条尚无签名担保",
        "unchecked": "未核对签名：{why}",
        "no_key": "设置中没有密钥",
        "torn": "第 {lines} 行只写了一半（写入时中断），不影响其他记录",
        "expected": "给定的哈希是第 {expected} 条",
        "at": "第 {line} 行：", "end": "文件末尾：", "files": "文件：",
        "edited": "被修改（第 {first} 条）",
        "removed": "之前缺少第 {first}–{last} 条：被删除",
        "inserted": "是插入的，不属于原记录",
        "reordered": "顺序被调换（第 {first} 条）",
        "truncated": "第 {first}–{last} 条被截掉",
        "signature": "第 {first} 条的签名不符：被修改，或该编号的密钥不是原来那把",
        "head": "计数文件（.head.json）缺失、损坏或不符：无法证明末尾没有被截掉",
        "unsigned": "没有密钥签名：记录可能被不持有密钥的人重写过，或启用密钥后尚无新记录",
        "expected_missing": "给定的哈希不在记录中：记录被重写，或在那之前被截断",
        "entries": ("序号", "时间", "用户", "角色", "动作", "通话", "理由"),
        "unreadable": "另有 {count} 行不可读：请运行 callqa audit verify",
        "new_key": "密钥 {key} 已写入 {path}（仅本人可读）。请另存一份：丢失后原文无法再打开。\n"
        "设置 raw.key_file 指向该文件；轮换时把新的一行放在旧的一行之前。",
        "rotated": "原文 {originals} 份，本次重新加密 {resealed} 份，现用密钥 {key}",
        "old_keys": "全部使用现用密钥：旧密钥的行可以从密钥文件中删去",
        "keep_keys": "有 {damaged} 份未能处理：旧密钥暂不能删",
        "checked": "原文 {originals} 份，可打开 {good} 份，打不开 {damaged} 份（密钥：{keys}）",
        "compared": "没有原文的通话 {without} 通；没有对应通话的原文 {orphans} 份",
        "unmasked": "# {call}（审计记录第 {seq} 条）",
        "exported": "{file}：{opened} 通为原文（仅本人可读）；{masked} 通没有可打开的原文，"
        "仍为脱敏文本",
        "grant": "{code}\n一次性授权码（审计记录第 {seq} 条）：在看板打开通话 {call}，"
        "点“听原声（需授权）”并填入。\n{until} 前有效，只能用一次，到时停止播放。不得转交、录制。",
        "copy": "未隐去任何内容的录音副本已写入 {file}（仅本人可读，审计记录第 {seq} 条）。\n"
        "用毕请删除，不得转交。",
    },
    "en": {
        "whole": "the audit trail is whole: {entries} entries, hash of the last one:",
        "broken": "the audit trail is not whole: {entries} entries can be read",
        "signed": "a key vouches for entries 1 to {signed}; {rest} after them are unsigned yet",
        "unchecked": "signatures were not checked: {why}",
        "no_key": "the settings name no key",
        "torn": "line {lines} was written by half (a crash); the others are not affected",
        "expected": "the given hash is that of entry {expected}",
        "at": "line {line}: ", "end": "at the end: ", "files": "files: ",
        "edited": "edited (entry {first})",
        "removed": "entries {first} to {last} before it were removed",
        "inserted": "inserted: it does not belong here",
        "reordered": "reordered (entry {first})",
        "truncated": "truncated: entries {first} to {last} were cut off",
        "signature": "the signature of entry {first} does not fit: edited, or another key has its "
        "id now",
        "head": "the file of the count (.head.json) is missing, broken or does not fit: nothing "
        "proves that the end was not cut off",
        "unsigned": "not signed by a key: rebuilt by somebody without the key, or the key is new "
        "and nothing was written since",
        "expected_missing": "the given hash is not in the trail: it was rebuilt, or cut before",
        "entries": ("no.", "time", "user", "role", "action", "call", "reason"),
        "unreadable": "{count} more lines cannot be read: run callqa audit verify",
        "new_key": "key {key} is in {path}, for you alone to read. Keep a copy elsewhere: without "
        "it no original opens.\nSet raw.key_file to it; to rotate, put the new line above the old.",
        "rotated": "{originals} originals, {resealed} sealed again now, active key {key}",
        "old_keys": "all have the active key: lines of old keys may be removed from the key file",
        "keep_keys": "{damaged} could not be done: do not remove old keys yet",
        "checked": "{originals} originals: {good} open, {damaged} do not (keys: {keys})",
        "compared": "stored calls without an original: {without}; originals of no stored call: "
        "{orphans}",
        "unmasked": "# {call} (entry {seq} of the audit trail)",
        "exported": "{file}: {opened} calls with raw text (for its owner alone), {masked} calls "
        "have no original that opens and stay masked",
        "grant": "{code}\nA one-time code (entry {seq} of the audit trail): open call {call} on "
        "the dashboard, click “Hear the original (needs a grant)”, enter it.\nIt counts once, "
        "until {until}; then the sound stops. Do not pass it on, do not record.",
        "copy": "A copy with nothing hidden is in {file} (for you alone to read; entry {seq} of "
        "the audit trail).\nDelete it after use, do not pass it on.",
    },
}  # fmt: skip


def print_verified(found: Verified, unchecked: str | None, language: str) -> None:
    """Whether the trail is whole, what is wrong, what vouches for it."""
    words, console = WORDS[language], make_console()
    whole = not found.problems
    console.print(words["whole" if whole else "broken"].format(entries=found.entries), style="bold")
    if whole:
        console.print(found.hash)
    for problem in found.problems:
        console.print(f"✗ {_problem(problem, words)}", markup=False)
    if found.torn:
        lines = ", ".join(map(str, found.torn))
        console.print(words["torn"].format(lines=lines))
    if unchecked is not None:
        console.print(words["unchecked"].format(why=unchecked or words["no_key"]), markup=False)
    elif found.signed:
        rest = found.entries - found.signed
        console.print(words["signed"].format(signed=found.signed, rest=max(rest, 0)))
    if found.expected is not None:
        console.print(words["expected"].format(expected=found.expected))


def _problem(problem: Problem, words: dict[str, Any]) -> str:
    where = str(words["at"]).format(line=problem.line)
    if problem.line is None:
        where = str(words["end" if problem.kind == "truncated" else "files"])
    text = words["expected_missing" if problem.kind == "expected" else problem.kind]
    return where + str(text).format(first=problem.first, last=problem.last)


def print_entries(entries: Iterable[Entry], unreadable: int, zone: ZoneInfo, language: str) -> None:
    """The trail as a table, oldest first, in local time."""
    words, console = WORDS[language], make_console()
    table = Table(*words["entries"])
    for entry in entries:
        at = datetime.fromisoformat(entry.time).astimezone(zone)
        cells = (entry.who, entry.role, entry.action, entry.subject, entry.reason)
        row = (str(entry.seq), f"{at:%Y-%m-%d %H:%M:%S}", *(cell or "—" for cell in cells))
        table.add_row(*(Text(_printable(cell)) for cell in row))
    console.print(table)
    if unreadable:
        console.print(words["unreadable"].format(count=unreadable))


def print_new_key(key: str, path: str, language: str) -> None:
    """Where the key lies and what to do with it; never the key."""
    make_console().print(WORDS[language]["new_key"].format(key=key, path=path), markup=False)


def print_rotated(tally: Tally, key: str, language: str) -> None:
    """What was sealed again, and whether old keys may go."""
    words, console = WORDS[language], make_console()
    counts = {"originals": tally.originals, "resealed": tally.resealed}
    console.print(words["rotated"].format(key=key, **counts))
    _print_damaged(tally)
    last = words["keep_keys" if tally.damaged else "old_keys"]
    console.print(last.format(damaged=len(tally.damaged)))


def print_checked(tally: Tally, language: str) -> None:
    """How many originals open, and which do not."""
    keys = ", ".join(f"{key} {count}" for key, count in sorted(tally.keys.items()))
    damaged = len(tally.damaged)
    counts = {"originals": tally.originals, "good": tally.originals - damaged, "damaged": damaged}
    make_console().print(WORDS[language]["checked"].format(keys=keys or "—", **counts))
    if tally.without or tally.orphans:
        compared = {"without": tally.without, "orphans": tally.orphans}
        make_console().print(WORDS[language]["compared"].format(**compared))
    _print_damaged(tally)


def _print_damaged(tally: Tally) -> None:
    for line in tally.damaged:
        make_console().print(f"✗ {line}", markup=False)


def print_unmasked(found: Unmasked, language: str) -> None:
    """Raw segments, one a line; control characters of a chat cannot steer the terminal."""
    words, names, console = WORDS[language], ROLES[language], make_console()
    console.print(words["unmasked"].format(call=found.call_id, seq=found.entry.seq), markup=False)
    for number, segment in found.segments.items():
        at = "" if segment.start is None else f"{segment.start:8.2f} "
        line = f"{number:4} {at}{names[segment.role]}: {_printable(segment.text)}"
        console.print(line, markup=False)


def print_grant(made: Grant, zone: ZoneInfo, language: str) -> None:
    """The code, on a line of its own, and how to use it."""
    until = f"{made.until.astimezone(zone):%H:%M}"
    values = {"code": made.code, "seq": made.entry.seq, "call": made.call_id, "until": until}
    text = WORDS[language]["grant"].format(**values)
    make_console().print(text, markup=False, highlight=False)


def print_copy(made: Copy, language: str) -> None:
    """Where the copy lies, and that it is an original."""
    text = WORDS[language]["copy"].format(file=made.file, seq=made.entry.seq)
    make_console().print(text, markup=False, highlight=False)


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


def print_exported(file: Path, opened: int, masked: int, language: str) -> None:
    """How many calls of an export are raw."""
    line = WORDS[language]["exported"].format(file=file, opened=opened, masked=masked)
    make_console().print(line, markup=False)
