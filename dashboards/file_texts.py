"""What is wrong with files that came in, and with their metadata: as in `error_texts.py`.

The table of failed files shows them too, as the run kept them.
"""

from __future__ import annotations

from typing import Final

FILE_TEXTS: Final[dict[str, str]] = {
    # ── recordings ──
    "{file}: has no audio track. Remove it or export the sound.": (
        "{file} 没有音轨，请移走，或重新导出声音"
    ),
    "{file}: holds no sound (0 samples decoded). Fetch the recording again, or remove the file.": (
        "{file} 没有声音（解码得 0 个采样），请重新获取录音，或移走文件"
    ),
    "{file}: is not a sound file that can be decoded ({error}). Check that the upload finished "
    "and that the name's ending fits the content.": (
        "{file} 不是可以解码的录音（{error}），请检查是否上传完整、扩展名与内容是否相符"
    ),
    "{file}: is over before second {second}": "{file} 不到第 {second} 秒就结束了",
    "{file}: no permission to read it. Allow the callqa user to read the file.": (
        "没有读取 {file} 的权限，请让运行 callqa 的用户可以读取"
    ),
    "call {call} has no recording: it was held in writing or came as text": (
        "通话 {call} 没有录音：是文字会话，或以文字入库"
    ),
    "the recording of call {call} was removed on {day}: its time was over": (
        "通话 {call} 的录音保存期满，已于 {day} 删除"
    ),
    "the recording of call {call} is not where it was ({names}). Put it back": (
        "通话 {call} 的录音不在原处（{names}），请放回原处"
    ),
    "{file} is not the recording of call {call} any more: it was replaced or changed. Put the "
    "original back": "{file} 已不是通话 {call} 的录音（被替换或改动），请放回原文件",
    "{file}: is cut off: its header promises {promised} s, only {there} s are there. Upload the "
    "whole recording again.": (
        "{file} 不完整：文件头标明 {promised} 秒，实有 {there} 秒，请重新上传整个录音"
    ),
    "{file}: the program ended {times} times while this recording was in work. It is left out of "
    "this run and tried again in the next one; if that happens again, remove the file and report "
    "it.": ("处理 {file} 时程序 {times} 次中断：本次跳过，下次再试；若再发生，请移走文件并上报"),
    # ── files of a folder ──
    "{file}: cannot be read ({error}). Check the disk or link.": (
        "无法读取 {file}（{error}），请检查磁盘或链接"
    ),
    "{file}: is empty (0 bytes). Upload the recording again.": "{file} 是空的，请重新上传录音",
    "{file}: is not JSON ({error}). Write it again.": "{file} 不是 JSON（{error}），请重新生成",
    "{file}: is not a regular file. Remove it from the folder.": (
        "{file} 不是普通文件，请从文件夹移走"
    ),
    "{file}: must hold one object with the call's metadata.": (
        "{file} 应是一个对象，内容为该通话的元数据"
    ),
    "{where}: names '{file}', but there is no such file beside it. Upload the recording or remove "
    "the row.": "{where} 列出的 {file} 不在同一文件夹，请上传录音或删去这一行",
    # ── metadata ──
    "{where}, line {line}: the column `file` is empty. Name the file.": (
        "{where} 第 {line} 行：`file` 列是空的，请填写文件名"
    ),
    "{where}, line {line}: is not JSON ({error}). One object per line.": (
        "{where} 第 {line} 行不是 JSON（{error}），应每行一个对象"
    ),
    "{where}, line {line}: is not JSON (nested too deeply). One object per line.": (
        "{where} 第 {line} 行不是 JSON（嵌套过深），应每行一个对象"
    ),
    "{where}, line {line}: is not an object. One object per line.": (
        "{where} 第 {line} 行不是对象，应每行一个对象"
    ),
    "{where}, line {line}: has more values than columns. Put values that hold a comma in "
    '"quotation marks".': '{where} 第 {line} 行的值比列多，含逗号的值请加引号 "…"',
    "{where}, line {line}: {error}. Mend the line.": "{where} 第 {line} 行：{error}，请更正这一行",
    "{file}: cannot be read ({error}). Allow the callqa user to read it.": (
        "无法读取 {file}（{error}），请让运行 callqa 的用户可以读取"
    ),
    "{file}: has no column `{column}` (found: {found}). The first line must name the columns.": (
        "{file} 没有 `{column}` 列（现有：{found}），第一行应为列名"
    ),
    "{file}: is neither UTF-8 nor GB18030 text. Save it again as UTF-8.": (
        "{file} 不是 UTF-8 或 GB18030 文字，请另存为 UTF-8"
    ),
    '{where}: `{key}` must be an object such as {{"id": "A1024"}}.': (
        '{where}：`{key}` 应是对象，如 {{"id": "A1024"}}'
    ),
    "{where}: agent_channel is '{value}'; it must be 0 (left) or 1 (right)": (
        "{where}：agent_channel 为“{value}”，应为 0（左声道）或 1（右声道）"
    ),
    "{where}: started_at '{value}' is not a date and time. Write it like "
    "2026-11-20T10:03:00+08:00 or 2026-11-20 10:03:00.": (
        "{where}：started_at “{value}”不是日期和时间，请写成 2026-11-20T10:03:00+08:00 或 "
        "2026-11-20 10:03:00"
    ),
    "{where}: unknown callee_relation '{value}'; known: {known}": (
        "{where}：没有 callee_relation “{value}”，可选：{known}"
    ),
    "{where}: unknown direction '{value}'; known: {known}": (
        "{where}：没有 direction “{value}”，可选：{known}"
    ),
    # ── transcripts ──
    "{file}: is empty. Export the chat log again.": "{file} 是空的，请重新导出会话",
    "{where}: `{field}` is missing. A transcript needs call_id, channel and segments.": (
        "{where} 缺少 `{field}`，文字记录须有 call_id、channel 和 segments"
    ),
    "{where}: holds no text. Check the export of this call.": (
        "{where} 没有文字，请检查该通话的导出"
    ),
    "{where}: is not JSON ({error}). Export it again.": "{where} 不是 JSON（{error}），请重新导出",
    "{where}: must hold one object with call_id, channel and segments (several calls: one object "
    "per line in a .jsonl file).": (
        "{where} 应是一个含 call_id、channel、segments 的对象（多通通话用 .jsonl，每行一个）"
    ),
    "{where}: segment {segment} ends at {end} before it starts at {start}.": (
        "{where}：第 {segment} 段的结束 {end} 早于开始 {start}"
    ),
    "{where}: {field} is '{value}'; known: {known}.": "{where}：{field} 为“{value}”，可选：{known}",
}
