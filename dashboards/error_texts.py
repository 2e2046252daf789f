"""What a person is told when something is not done: English of the code → Simplified Chinese.

Both have the same named placeholders: `{error}` is said in Chinese too where it is one of these,
`{at}` is a moment and shown in local time, `{decision}`, `{step}`, `{act}`, `{jobrole}`, `{kind}`
are shown by their names (`dashboards/names.py`), all others as they are: `dashboards/faults.py`.
"""

from __future__ import annotations

from typing import Final

ERROR_TEXTS: Final[dict[str, str]] = {
    "an acknowledgement needs a name: say who you are": "请先填写姓名，再确认预警",
    "there is no alert {alert}": "没有预警 {alert}",
    # ── who one is, what one may ──
    "the session ended: sign in again": "登录已失效，请重新登录",
    "say who you are (side bar)": "请先在侧栏填写复核人姓名",
    "the role {jobrole} may not do this ({act})": "{jobrole}没有此项权限（{act}）",
    "there is no call {call} for you": "没有可供您查看的通话 {call}",
    "this role reads no cases": "您的角色不能查看案例",
    "the account '{name}' was disabled or removed meanwhile": "账号 {name} 已被停用或删除",
    "sign in again, then change the password": "请重新登录后再修改密码",
    # ── accounts and passwords ──
    "there is an account '{name}' already; `callqa users role` changes": (
        "账号 {name} 已存在；要换角色，请用“管理用户”"
    ),
    "there is an account '{name}' already; `callqa users role` changes it": (
        "账号 {name} 已存在；要换角色，请用“管理用户”"
    ),
    "there is no account '{name}'; `callqa users list` shows them": (
        "没有账号 {name}，请在用户列表中核对"
    ),
    "'{name}' cannot be the name of an account: 2 to 64 letters, digits, . @ + - _": (
        "“{name}”不能作用户名：请用 2 至 64 个文字、字母、数字或 . @ + - _"
    ),
    "'{name}' signs in by the identity provider and has no password here": (
        "{name} 通过统一身份认证登录，这里没有密码"
    ),
    "unknown role '{role}'; choose one of: {known}": "没有角色 {role}，请选择：{known}",
    "--agent-id: an agent needs one, and nobody else has one": ("坐席需要填写工号，其他角色不填"),
    "--team: a leader needs one, and nobody else has one": "班长需要填写班组，其他角色不填",
    "your own account is changed by somebody else": "不能修改自己的账号，请由其他管理员操作",
    "this is the password that you have; choose another one": "这是现在的密码，请换一个",
    "a password has {shortest} to {longest} characters": "密码须为 {shortest} 至 {longest} 个字符",
    "a password does not hold the name of its account and has five different characters": (
        "密码不能包含用户名，且至少有五个不同的字符"
    ),
    # ── the weekly briefing ──
    "this role reads no briefings": "您的角色不能查看周报",
    "this role takes no recordings along": "您的角色不能带走录音",
    "'{text}' is no week; write the ISO year and week, such as 2026-W47": (
        "“{text}”不是周次，请写年份和周，如 2026-W47"
    ),
    "there are no calls in {week}; weeks with calls: {known}": (
        "{week} 没有通话；有通话的周：{known}"
    ),
    "team {team} has no calls in {week}; weeks with calls: {known}": (
        "{team}在 {week} 没有通话；有通话的周：{known}"
    ),
    "a text of a briefing has at most {most} characters: “{begin}…”": (
        "周报中每段文字最多 {most} 字：“{begin}…”"
    ),
    "the text names the agent “{name}”: it is read aloud; choose agents where a training is "
    "decided": "文字中出现坐席姓名“{name}”：周报要宣读，请在“本周行动”中选择坐席",
    "choose teams or agents for “{name}”, and say what is done": (
        "请为“{name}”选择班组或坐席，并写明做什么"
    ),
    "say who you are: a briefing keeps who wrote what": "周报需要署名，请先填写姓名",
    "{who} changed this briefing meanwhile; look at it again": (
        "{who} 刚刚修改了这份周报，请重新查看"
    ),
    "somebody else changed this briefing meanwhile": "他人刚刚修改了这份周报，请重新查看",
    "unknown format '{form}'; choose one of: {known}": "没有格式 {form}，可选：{known}",
    # ── decisions, levels, corrections, who has a call ──
    "a review needs a reviewer: say who you are": "复核需要署名，请先填写复核人",
    "{who} wrote '{decision}' about rule {rule} of call {call} at {at}, after what you saw; "
    "look at it and decide again": ("{who} 于 {at} 对通话 {call} 的规则 {rule} 作出“{decision}”"),
    "{who} wrote '{decision}' about rule None of call {call} at {at}, after what you saw; "
    "look at it and decide again": ("{who} 于 {at} 对通话 {call} 作出“{decision}”"),
    "review {review} is not about call {call}, rule {rule}": (
        "复核记录 {review} 与通话 {call} 的规则 {rule} 不符，请刷新页面"
    ),
    "review {review} is not about call {call}, rule None": (
        "复核记录 {review} 与通话 {call} 不符，请刷新页面"
    ),
    "{who} has call {call} since {at}; leave it to them": (
        "通话 {call} 自 {at} 起由 {who} 负责，请留给其处理"
    ),
    "say who gets the calls": "请选择把通话分给谁",
    "a level needs a reviewer: say who you are": "评定等级需要署名，请先填写复核人",
    "{who} chose '{level}' for {item} of call {call} meanwhile": (
        "{who} 刚刚把通话 {call} 的 {item} 评为“{level}”"
    ),
    "nobody chose for {item} of call {call} meanwhile": (
        "通话 {call} 的 {item} 还没有评定等级，请刷新页面"
    ),
    "no human item {item}; known: {known}": "没有人工评分项 {item}，现有：{known}",
    "human item {item} has no level {level}; known: {known}": (
        "人工评分项 {item} 没有等级 {level}，可选：{known}"
    ),
    "a decision about words needs a name: say who you are": "采纳或拒绝词语需要署名",
    "a correction needs a name: say who you are": "更正需要署名，请先填写复核人",
    "a correction says what was said; take it back to have the old text": (
        "请写出实际说的话；要恢复识别原文，请用“恢复识别原文”"
    ),
    "a label needs a name: say who you are": "判断需要署名，请先填写复核人",
    "'{value}' cannot be said of {subject}": "{subject} 不能填“{value}”，请刷新页面",
    "{who} labelled call {call} meanwhile": "{who} 刚刚核对了通话 {call}",
    "nobody labelled call {call} meanwhile": "通话 {call} 还没有人核对过这一项，请刷新页面",
    "write what was said in this turn, in at most {longest} characters": (
        "请写出这一句实际说的话，不超过 {longest} 字"
    ),
    "this is what the transcript says already": "与现有文字相同，无需更正",
    "call {call} has no turn {turn}": "通话 {call} 没有第 {turn} 句",
    "{who} corrected turn {turn} of call {call} meanwhile": (
        "{who} 刚刚更正了通话 {call} 的第 {turn} 句"
    ),
    "nobody corrected turn {turn} of call {call} meanwhile": (
        "通话 {call} 的第 {turn} 句没有更正过，请刷新页面"
    ),
    # ── appeals ──
    "there is no appeal {appeal}": "没有申诉 {appeal}",
    "an appeal needs a name and a reason": "申诉需要署名并写明理由",
    "there is an appeal against {rule} of {call} already": "通话 {call} 的规则 {rule} 已有申诉",
    "the time for appeals against this finding ended at {at} UTC": "申诉期已于 {at} 结束",
    "somebody else did this to appeal {appeal} meanwhile": "申诉 {appeal} 刚刚已由他人处理",
    "a step of an appeal needs a name and a reason": "处理申诉需要署名并写明理由",
    "appeal {appeal} ended: {step} by {who}": "申诉 {appeal} 已办结：{who} {step}",
    "only who filed an appeal withdraws it": "只有申诉人本人可以撤回申诉",
    "the leader's opinion on appeal {appeal} is awaited until {at} UTC": (
        "申诉 {appeal} 正等待班长意见，{at} 后方可裁定"
    ),
    "who decided of this call, filed the appeal or gave an opinion does not decide it": (
        "复核过此通话、提出申诉或给过意见的人不能裁定，请由他人裁定"
    ),
    "nobody gives an opinion on their own appeal": "不能对自己的申诉给意见，请由他人给意见",
    "this finding was decided on appeal, which is final": "此项已经申诉裁定，不能再改",
    # ── sampling ──
    "'{month}' is no month; write it as 2026-11": "“{month}”不是月份，请写成 2026-11",
    "there is no whole day of {month} left to draw from (none yet); draw tomorrow, or choose "
    "another month": "{month} 还没有完整的一天可抽，请明天再抽，或换一个月",
    "there is no whole day of {month} left to draw from (plan {plan} reaches to {until}); draw "
    "tomorrow, or choose another month": (
        "{month} 没有剩下完整的一天可抽（计划 {plan} 已抽到 {until}），请明天再抽，或换一个月"
    ),
    "no calls from {since} to {until} are stored; calls without a start time cannot be drawn "
    "(give `started_at` in the metadata)": (
        "{since} 至 {until} 没有通话；没有开始时间的通话不能抽，请在元数据中填写 `started_at`"
    ),
    "calls per agent: 0 to {most}, not {given}": "每个坐席可抽 0 至 {most} 通，不能是 {given}",
    "unflagged calls: 0 to {most}, not {given}": "未命中通话可抽 0 至 {most} 通，不能是 {given}",
    "a plan of nothing: ask for calls per agent, unflagged ones, or both": (
        "没有可抽的：请填写每个坐席的通数、未命中的通数，或两者"
    ),
    "a plan lies in one month, not from {since} to {until}": (
        "一个计划只在一个月之内，不能从 {since} 到 {until}"
    ),
    "plan {plan} has drawn from {since} to {until} already; draw from the day after {until} "
    "on": "计划 {plan} 已抽过 {since} 至 {until}，请从 {until} 的次日起抽",
    "there is no sampling plan {plan}; `callqa sample show` lists them": (
        "没有抽样计划 {plan}，请在抽样页核对"
    ),
    # ── calibration ──
    "give the round a title": "请填写校准名称",
    "agreement takes two people or more: name those who take part": (
        "校准至少要两人参加，请选择参加的质检员"
    ),
    "a round has 1 to {most} calls, not {given}: pick some, or draw them": (
        "一轮校准须有 1 至 {most} 通，现为 {given} 通：请指定或抽取通话"
    ),
    "{who} cannot take part: there is no such account of an inspector": (
        "{who} 不能参加：没有这个质检员账号"
    ),
    "call {call} is not in the scope of {who}: leave the call or the person out": (
        "{who} 无权查看通话 {call}，请去掉该通话或该人员"
    ),
    "{who} has reviewed call {call} before and cannot score it blind: leave the call or the "
    "person out": "{who} 复核过通话 {call}，不能盲评，请去掉该通话或该人员",
    "somebody who takes part has reviewed a call of the round before": (
        "参加人中有人复核过本轮的通话，不能盲评，请去掉该通话或该人员"
    ),
    "only {found} of {all} calls from {since} to {until} can be drawn, not {given}: take more "
    "days, or fewer calls": (
        "{since} 至 {until} 的 {all} 通中只有 {found} 通可抽，不够 {given} 通：请加天数或减通数"
    ),
    "the pack that scored call {call} is not kept: score call {call} again "
    "(`callqa rescore`), then make the round": (
        "通话 {call} 评分所用的规则包没有留存：请先重新评分（`callqa rescore`），再新建校准"
    ),
    "{error}: score call {call} again (`callqa rescore`), then make the round": (
        "{error}：请先重新评分通话 {call}（`callqa rescore`），再新建校准"
    ),
    "nothing can be asked of call {call}: its pack looked at nothing": (
        "通话 {call} 没有可评的控制点，请换一通"
    ),
    "there is no calibration round {round}": "没有第 {round} 轮校准",
    "round {round} is open: its answers are seen when it is closed": (
        "第 {round} 轮校准尚未结束，结束后才能看答案"
    ),
    "round {round} is closed already, or there is none": "第 {round} 轮校准已结束，或没有这一轮",
    "call {call} is not asked of you in round {round}": "第 {round} 轮校准没有请您评通话 {call}",
    "the pack that round {round} asks by is not kept: close the round": (
        "第 {round} 轮校准所用的规则包没有留存，请结束本轮"
    ),
    "the pack {pack} that the round asked by is not kept": "本轮所用的规则包 {pack} 没有留存",
    "'{answer}' cannot be answered here; choose one of: {known}": (
        "这里不能答“{answer}”，请选择：{known}"
    ),
    "{subject}: no answer": "{subject}：还没有答",
    "{subject}: '{answer}' is no verdict": "{subject}：“{answer}”不是可选的答案",
    "{subject}: say which of its rules were broken: {rules}": (
        "{subject}：请选出违反了哪一项：{rules}"
    ),
    "this was written meanwhile: look at it again": "此项刚刚已有改动，请刷新后再看",
    "this is not asked of you in this round": "本轮没有请您评这一项",
    "this round is closed": "本轮已结束",
    "every control point and item of the call is answered before it is submitted": (
        "每个控制点和人工评分项都评了才能提交"
    ),
    "what was submitted, or whose round is closed, is not altered": (
        "已提交的或已结束的校准不能再改"
    ),
    "what was agreed is written down of what was asked, when the round is closed": (
        "本轮结束后才能记结论，且只记评过的项"
    ),
    "the answer before is one to the same question by the same person": (
        "前一个答案不是您对同一项的，请刷新页面"
    ),
    "the note before is one about the same": "前一条结论不是关于同一项的，请刷新页面",
    "the calls of a round are chosen when it is made": "通话只能在新建校准时选定",
    "who takes part in a round is decided when it is made": "参加人只能在新建校准时选定",
    # ── cases ──
    "there is no case {case}": "没有案例 {case}",
    "a case needs a name, a title, why it matters and the agreed answer": (
        "案例需要署名、标题、为什么重要和统一答复口径"
    ),
    "a case is retired with a reason": "停用案例需要写明原因",
    "case {case} is used no more ({reason}): add a new one": (
        "案例 {case} 已停用（{reason}），请另加新案例"
    ),
    "this case is used no more: add a new one": "此案例已停用，请另加新案例",
    "{who} changed case {case} meanwhile; look at it again": ("{who} 刚刚修改了案例 {case}"),
    "somebody else changed case {case} meanwhile": "案例 {case} 刚刚已由他人修改",
    "“{text}” looks like private data ({kind}): leave it out": (
        "“{text}”像是隐私信息（{kind}），请删去"
    ),
    "the text names the agent: everybody reads a case, leave it out": (
        "文字中提到了坐席，案例人人可见，请删去"
    ),
    "call {call} has no turns {first} to {last}": "通话 {call} 没有第 {first} 至 {last} 句",
    "a passage has at most {most} turns, this one {given}": ("片段最多 {most} 句，现为 {given} 句"),
    "call {call} was not checked by rule {rule}": "通话 {call} 没有用规则 {rule} 检查过",
    # ── search ──
    "the query is empty; type the words to look for": "请输入要找的词语",
    "the query is longer than {longest} characters; shorten it": (
        "检索内容超过 {longest} 字，请缩短"
    ),
    'a quotation mark has no second one; write "words like this"': (
        '引号没有成对，请写成 "要找的话"'
    ),
    "say also what to look for, not only what to leave out": "不能只写排除的词，请再写要找的词",
    "there is no letter, digit or Chinese character in the query": (
        "检索内容中没有文字、字母或数字"
    ),
    # ── calls, forms, runs ──
    "unknown call '{call}' in {version} of {db}": "{db} 的 {version} 中没有通话 {call}",
    "unknown {name} '{value}'; choose one of: {known}": ("{name} 不能是“{value}”，请选择：{known}"),
    "no calls of anybody in {month}": "{month} 没有任何人的通话",
    "there is nothing to hear of this call": "此通话没有可听的录音",
    "a run is going on": "正在运行，请等它结束",
    "the last run looked through {folders}, and {gone} is not there (any more): start the run at "
    "the terminal, `callqa run FOLDER --db FILE`": (
        "上次运行读取的是 {folders}，其中 {gone} 已不在：请在终端运行 `callqa run FOLDER --db FILE`"
    ),
    # ── common problems ──
    "'{week}' is no week; write the ISO year and week, such as 2026-W47": (
        "“{week}”不是一周：请写 ISO 年和周，如 2026-W47"
    ),
    "'{word}' is no word of this problem: choose one of its words": (
        "“{word}”不是这个问题的词：请从它的词里选"
    ),
    "a change of problems needs a name: say who you are": "整理共性问题需要署名：请填写姓名",
    "a problem has a name of 1 to {most} characters": "问题名称为 1 到 {most} 个字",
    "problems are noted up to {newest}: week {week} is only looked at, so that later weeks stay "
    "as they were read": "共性问题已记录到 {newest}：{week} 只供查看，以后各周因此保持不变",
    "problems of rules are not merged: each is its rule": "违规问题各是一条规则，不能合并",
    "somebody else undid act {number} meanwhile": "第 {number} 项整理已被他人撤销",
    "there is no act {number} on problems to undo": "没有可撤销的第 {number} 项整理",
    "there is no problem {id} in this week; look at it again": (
        "这一周没有问题 {id}，请重新打开后再试"
    ),
    "these are the same problem already": "这两个已经是同一个问题",
    "this role sees no common problems": "您的角色不能查看共性问题",
}
