"""What is wrong with databases, keys and the audit trail: as in `dashboards/error_texts.py`."""

from __future__ import annotations

from typing import Final

FAULT_TEXTS: Final[dict[str, str]] = {
    # ── results and databases ──
    "nothing is published for {db}: run `callqa run INPUT --db {db}` first": (
        "{db} 还没有结果：请先运行 `callqa run INPUT --db {db}`"
    ),
    "the published copy of {db} was made by an older callqa (schema {found}, this one needs "
    "{known}): run `callqa run` once, it brings the database up to date": (
        "{db} 的结果出自旧版 callqa（结构 {found}，现需 {known}）：运行一次 `callqa run` 即可更新"
    ),
    "{db} is published faster than it can be opened; try again": (
        "{db} 更新太快，来不及打开，请稍后再试"
    ),
    "{db}: there is no such database. Run `callqa run … --db {db}` first.": (
        "没有数据库 {db}，请先运行 `callqa run … --db {db}`"
    ),
    "{db} is not a file; give --db the path of a callqa database": (
        "{db} 不是文件：请用 --db 给出 callqa 数据库的路径"
    ),
    "{db} is open in another program: close it (or wait) and try again. DuckDB says: {error}": (
        "{db} 被其他程序占用，请关闭该程序或稍后再试。DuckDB：{error}"
    ),
    "{db} is not a DuckDB file; give --db another path, it will be created": (
        "{db} 不是 DuckDB 文件：请用 --db 给出别的路径，会自动新建"
    ),
    "{db} was written by a newer DuckDB: update the duckdb package. {error}": (
        "{db} 由更新的 DuckDB 写成，请升级 duckdb 软件包。{error}"
    ),
    "cannot open the database {db}: {error}": "无法打开数据库 {db}：{error}",
    "cannot create {folder} for the database {db}: {error}; choose a folder that exists and may "
    "be written to": "无法为数据库 {db} 新建 {folder}（{error}），请选择可写入的现有文件夹",
    "unknown time zone '{zone}'; use an IANA name such as Asia/Shanghai": (
        "没有时区 {zone}，请用 IANA 名称，如 Asia/Shanghai"
    ),
    "cannot open {file}: {error}; check the folder's rights": (
        "无法打开 {file}（{error}），请检查文件夹的权限"
    ),
    "{file} is busy or not writable ({error}); try again": (
        "{file} 正忙或不可写入（{error}），请稍后再试"
    ),
    "{file} is busy or cannot be read ({error}); try again": (
        "{file} 正忙或无法读取（{error}），请稍后再试"
    ),
    "{file} cannot be read ({error}); try again": "无法读取 {file}（{error}），请稍后再试",
    "{file} cannot be used as a SQLite database: {error}": (
        "{file} 不能作为 SQLite 数据库使用：{error}"
    ),
    "{file} has schema {version}, newer than this callqa: update callqa": (
        "{file} 出自更新的 callqa（结构 {version}），请升级 callqa"
    ),
    "people.sqlite has schema {version}, newer than this callqa: update callqa": (
        "people.sqlite 出自更新的 callqa（结构 {version}），请升级 callqa"
    ),
    "the search index is damaged ({file}: {error}): run `callqa search rebuild`": (
        "检索索引已损坏（{file}：{error}），请运行 `callqa search rebuild`"
    ),
    "there is no search index yet: run `callqa search rebuild --db {db}`": (
        "检索索引还没有建立，请运行 `callqa search rebuild --db {db}`"
    ),
    "pack {pack} was kept without its scorecard ({error})": (
        "规则包 {pack} 留存时缺少评分表（{error}）"
    ),
    # ── originals, keys and the audit trail ──
    "the time of this grant is over": "授权时间已到，请重新申请",
    "grants cannot be kept in {folder} ({error}). Let the folder above belong to a group (chgrp, "
    "chmod 2770) of whoever runs `callqa hear` and the dashboard's user": (
        "授权无法存入 {folder}（{error}）：请让上级文件夹属于 `callqa hear` 的使用人与看板用户"
        "共同的组（chgrp、chmod 2770）"
    ),
    "originals need a key, and the settings name none: make one by `callqa raw new-key -o FILE`, "
    "then set raw.key_file to FILE (or {variable} to its line)": (
        "原文需要密钥，设置中没有：请运行 `callqa raw new-key -o FILE`，再把 raw.key_file 设为 FILE"
        "（或把 {variable} 设为其中一行）"
    ),
    "the audit trail {file} is signed, and there is no key here to sign with: name it by "
    "raw.key_file (or {variable}) for this user too": (
        "审计记录 {file} 带签名，这里没有签名的密钥：请为此用户也设置 raw.key_file（或 {variable}）"
    ),
    "the audit trail {file} cannot be written ({error}), so nothing was done. Allow user {user} "
    "to write it and its folder; is the disk full?": (
        "审计记录 {file} 无法写入（{error}），因此没有执行。请让用户 {user} 可写该文件及其文件夹，"
        "并检查磁盘是否已满"
    ),
    "the audit trail {file} cannot be read ({error}). Allow user {user} to read it.": (
        "审计记录 {file} 无法读取（{error}），请让用户 {user} 可以读取"
    ),
    "the audit trail {file} is no file; put the real one back": (
        "审计记录 {file} 不是文件，请放回原来的文件"
    ),
    "{file} is locked by another process": "{file} 被其他进程锁定，请稍后再试",
    "raw.key_file: there is no {file}. Bring the file back (a new key opens nothing that an old "
    "one sealed), or make the first one: callqa raw new-key -o {file}": (
        "没有密钥文件 {file}（raw.key_file）：请放回原文件（新密钥打不开旧密钥封存的内容），"
        "首次使用请运行 callqa raw new-key -o {file}"
    ),
    "raw.key_file: {file} cannot be read: {error}": (
        "密钥文件 {file}（raw.key_file）无法读取：{error}"
    ),
    "raw.key_file: {file} is not a file": "raw.key_file：{file} 不是文件",
    "raw.key_file: {file} may be read by others, or written by its group (mode {mode}). Run "
    "`chmod 600 {file}`, or 640 for a group of people who may unmask; if others could read "
    "it, change the key (`callqa raw rotate`).": (
        "密钥文件 {file}（raw.key_file）他人可读或同组可写（权限 {mode}）：请运行 "
        "`chmod 600 {file}`，给有权看原文的组用 640；他人可能读过时，请更换密钥"
        "（`callqa raw rotate`）"
    ),
    "{where}, line {line}: must be `ID KEY`, a name and 32 bytes in base64. "
    "`callqa raw new-key` makes such a line.": (
        "{where} 第 {line} 行须为 `ID KEY`（名称和 base64 的 32 字节），`callqa raw new-key` 可生成"
    ),
    "{where}, line {line}: the id {key} is there twice": "{where} 第 {line} 行：名称 {key} 重复",
    "{where}: holds no key. `callqa raw new-key` makes one.": (
        "{where} 中没有密钥，`callqa raw new-key` 可生成"
    ),
    "{file}: is empty (0 bytes). Restore it from a backup.": "{file} 是空的，请从备份恢复",
    "{file}: is no sealed original, or its beginning was changed. Restore it from a backup.": (
        "{file} 不是封存的原文，或开头被改动，请从备份恢复"
    ),
    "{file}: is cut off. Restore it from a backup.": "{file} 不完整，请从备份恢复",
    "{file}: has format {version}; this callqa knows {known}. Update callqa.": (
        "{file} 的格式为 {version}，本版 callqa 只认 {known}，请升级 callqa"
    ),
    "{file}: holds the original of another call ({content}…): it was renamed, or copied over. "
    "Restore it from a backup.": (
        "{file} 是另一通通话的原文（{content}…），被改名或覆盖，请从备份恢复"
    ),
    "{file}: was sealed with the key {key}, which is not in {where} (there: {keys}). Add its line "
    "below the active key.": (
        "{file} 用密钥 {key} 封存，{where} 中没有（现有：{keys}），请在当前密钥下面补上这一行"
    ),
    "{file}: was sealed with another key than the one called {key} in {where}. Put the right key "
    "under this id.": "封存 {file} 的密钥与 {where} 中的 {key} 不同，请换成正确的密钥",
    "{file}: was changed or cut off since it was sealed. Restore it from a backup.": (
        "{file} 封存后被改动或截断，请从备份恢复"
    ),
    "{file}: opens, but holds a form that this callqa does not know. Update it.": (
        "{file} 可以打开，但本版 callqa 不认识其内容，请升级 callqa"
    ),
    "{folder}: there is no such folder, so no originals. Were they moved? `raw: {{keep: true}}` "
    "in the settings keeps those of new calls.": (
        "没有文件夹 {folder}，因此没有原文。是否被移走？"
        "设置 `raw: {{keep: true}}` 可留存新通话的原文"
    ),
    "{folder}: there is no such folder. Restore it from a backup.": (
        "没有文件夹 {folder}，请从备份恢复"
    ),
    "{file}: there is no such file in {folder}: the call was processed without keeping originals, "
    "or the file was lost. Restore it from a backup.": (
        "{folder} 中没有 {file}：处理时没有留存原文，或文件丢失，请从备份恢复"
    ),
    "{file}: cannot be read: {error}": "无法读取 {file}：{error}",
}

# What those above are told by a file, by SQLite, by the operating system; what a run adds to them.
REASON_TEXTS: Final[dict[str, str]] = {
    "{error} (Also found as: {also}.)": "{error}（同一内容的其他文件：{also}）",
    "{file}: given up after several tries: {error}. Mend the cause and run again.": (
        "{file} 多次尝试后放弃：{error}，请排除原因后再运行"
    ),
    "{file}: a bug in callqa ({name}). See the log.": "{file}：callqa 内部错误（{name}），请看日志",
    # why a message about an alert was not sent
    "no answer in time": "没有及时应答",
    "HTTP {number}: redirected, which is not followed": "HTTP {number}：被重定向，不跟随",
    "cannot be reached ({name})": "无法连接（{name}）",
    "its certificate is not trusted (alerts: ca_file), or it speaks no TLS": (
        "证书不受信任（设置 ca_file），或对方不支持 TLS"
    ),
    "its name leads to {address}, outside your own network": (
        "域名指向 {address}，不在本单位网络内"
    ),
    "the answer is not what a robot says": "应答不是机器人的格式",
    "SMTP {number}: no receiver was taken": "SMTP {number}：收件人均被拒收",
    "alerts: the environment variable {name} is not set; set it": "环境变量 {name} 没有设置",
    "alerts: the mail server's password is empty or not ASCII": "邮箱密码为空或含非 ASCII 字符",
    "alerts: {field} {path} cannot be read: {error}": "{field} {path} 无法读取：{error}",
    "alerts: {channel}: {field}: {error}": "通道 {channel} 的 {field}：{error}",
    "a bug in callqa ({name})": "callqa 内部错误（{name}），请看日志",
    "its coding is not known": "编码未知",
    "the header names no sample rate": "文件头没有采样率",
    "no GSM frames in it": "其中没有 GSM 帧",
    "it is text": "内容是文字",
    "Invalid data found when processing input": "数据无效",
    "UNIQUE constraint failed: {columns}": "刚刚已有人写入（{columns}），请刷新后再看",
    "[Errno {number}] {error}: '{file}'": "{error}：{file}（Errno {number}）",
    "No such file or directory": "没有这个文件或文件夹",
    "Permission denied": "没有权限",
    "No space left on device": "磁盘已满",
    "Read-only file system": "文件系统只读",
    "database is locked": "数据库正忙",
    "attempt to write a readonly database": "数据库只读",
    "unable to open database file": "无法打开数据库文件",
    "file is not a database": "不是数据库文件",
}
