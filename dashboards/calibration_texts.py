"""Texts and names of calibration: key → (Simplified Chinese, English)."""

from __future__ import annotations

from typing import Final

CALIBRATION_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "page_calibration": ("校准", "Calibration"),
    # ── rounds ──
    "round_list_note": (
        "几位质检员各自评同一批通话，全部交齐后对照差异",
        "Several inspectors score the same calls, each alone; differences are seen when all are in",
    ),
    "rounds_none": (
        "没有需要您参加的校准。质检主管新建后会出现在这里。",
        "There is no round for you. A QA supervisor makes them; yours appear here.",
    ),
    "rounds_none_made": ("还没有校准。在下面新建一轮。", "No rounds yet. Make one below."),
    "round_unknown": ("没有这一轮校准", "There is no such round"),
    "round_all": ("全部校准", "All rounds"),
    "col_round": ("轮次", "Round"),
    "col_title": ("名称", "Title"),
    "col_mine": ("我的进度", "Mine"),
    "col_all_in": ("已交", "Submitted"),
    "col_due": ("截止", "Due"),
    "col_made_by": ("发起人", "Made by"),
    "col_people": ("参加人", "Taking part"),
    "round_line": (
        "{who} 发起，{calls} 通，{people} 人，截止 {due}",
        "Made by {who}: {calls} calls, {people} people, due {due}",
    ),
    "round_ended_all": ("{when} 全部交齐", "All submitted, {when}"),
    "round_ended_by": ("{when} 由 {who} 结束", "Closed by {who}, {when}"),
    "round_blind": (
        "独立评分：交齐或结束前，任何人都看不到别人的答案；您还没提交的通话，在其他页面也不显示。",
        "Blind: nobody sees anybody else's answers before the round is closed, and calls that you"
        " have not submitted are not shown to you on other pages.",
    ),
    "round_mine": ("我要评的通话", "My calls"),
    "round_go_on": ("开始评下一通", "Score the next call"),
    "round_done": ("您已全部提交，等待其他人", "You have submitted everything; others are awaited"),
    "round_progress": ("进度", "Progress"),
    "round_close": ("结束本轮", "Close the round"),
    "round_close_help": (
        "还有 {n} 份没有提交。结束后不能再评，未提交的不计入，所有参加人可以看到结果。",
        "{n} sheets are not submitted. After closing nobody can score, what was not submitted does"
        " not count, and everybody who took part sees the result.",
    ),
    "round_closed_now": ("已结束", "Closed"),
    "call_waits": (
        "这通电话在校准“{title}”里等您独立评分；提交后这里才显示质检结果。",
        "This call waits in the round “{title}” for you to score it blind; its results are shown"
        " here when you have submitted it.",
    ),
    # ── a new round ──
    "round_new": ("新建校准", "New round"),
    "round_title": ("名称", "Title"),
    "round_title_hint": ("例如：11 月校准", "Such as: November"),
    "round_people": ("参加的质检员", "Who takes part"),
    "round_due": ("截止日", "Due day"),
    "round_ids": ("指定通话编号，一行一个", "Ids of calls, one a line"),
    "round_count": ("另外随机抽取", "Drawn by lot besides"),
    "round_days": ("从哪些天抽", "Of which days"),
    "round_line_of": ("业务条线", "Business line"),
    "round_flagged": ("只抽有问题或待判断的通话", "Only calls with findings"),
    "round_seed": ("随机种子，留空自动生成", "Seed; made up when empty"),
    "round_make": ("新建", "Make it"),
    "round_made": ("已新建第 {id} 轮", "Round {id} was made"),
    "round_new_help": (
        "参加人复核过的通话不能独立评分，抽取时自动排除。每通按当时的规则包提问，之后改规则不影响本轮。",
        "Calls that somebody who takes part has reviewed cannot be scored blind and are not drawn."
        " Each is asked about by the pack that scored it; later packs change nothing.",
    ),
    # ── scoring ──
    "rate_place": ("第 {n} 通，共 {of} 通", "Call {n} of {of}"),
    "rate_answered": ("已评 {n} / {of}", "{n} of {of} answered"),
    "rate_rest": ("其余均为符合", "Mark the rest as met"),
    "rate_rest_help": (
        "把还没有评的控制点都记为“符合”，由人评定的项目除外",
        "Answers every open control point with “met”; not the items that people judge",
    ),
    "rate_key": ("关键", "key"),
    "rate_which": ("违反了哪一项？", "Which of these was violated?"),
    "rate_comment": ("说明，可不填", "Comment, optional"),
    "rate_submit": ("提交本通", "Submit this call"),
    "rate_submit_help": (
        "提交后不能修改，别人要到本轮结束才看得到",
        "Nothing can be altered afterwards; others see it when the round is closed",
    ),
    "rate_submitted": ("已提交，不能再改", "Submitted: it cannot be altered"),
    "rate_over": ("本轮已结束，没有提交的不计入", "The round is closed; this was not submitted"),
    "rate_gone": (
        "没有需要您评的这通电话：可能已删除，或不在您的范围",
        "There is no such call for you to score: it was removed, or is out of your scope",
    ),
    "col_subject_of": ("控制点", "Control point"),
    # ── results ──
    "tile_alpha": ("总体 α", "Alpha, overall"),
    "tile_kappa_cohen": ("Cohen κ", "Cohen's kappa"),
    "tile_kappa_fleiss": ("Fleiss κ", "Fleiss' kappa"),
    "tile_share": ("答案相同", "Same answer"),
    "tile_machine": ("与机器相同", "Same as the machine"),
    "tile_spread": ("最大分差", "Largest spread"),
    "note_interval": ("95% 区间 {low} 至 {high}", "95% interval {low} to {high}"),
    "note_no_interval": (
        "少于 {n} 通或变化太少，不给区间",
        "Fewer than {n} calls, or too little variation: no interval",
    ),
    "note_complete": ("人人都评的 {n} 项", "{n} answered by all"),
    "note_pairs": ("两人以上评的 {n} 项", "{n} answered by two or more"),
    "note_answers": ("{n} 个答案", "{n} answers"),
    "gap_nothing": ("没有两人以上评的", "Nothing was answered twice"),
    "gap_no_variation": (
        "答案全部相同，没有变化，算不出",
        "All answers are the same: undefined",
    ),
    "gap_incomplete": ("没有人人都评的", "Nothing was answered by all"),
    "result_points": ("各控制点的一致性", "Agreement by control point"),
    "result_points_note": ("一致性最低的在前", "Lowest first"),
    "col_rated": ("通数", "Calls"),
    "col_share": ("答案相同", "Same answer"),
    "col_kappa": ("κ", "κ"),
    "col_alpha": ("α", "α"),
    "col_machine_like": ("与机器相同", "As the machine"),
    "result_how": ("这些数怎么看", "How to read these figures"),
    "result_method": (
        "α（Krippendorff，名义）允许缺项，≥ 0.8 可靠，0.667–0.8 只能作初步结论，"
        "更低说明标准不统一；"
        "区间整个低于 0.667 时标红。几乎都是同一答案时 α、κ 会接近 0，请同时看答案相同的比例。"
        "κ 只用人人都评的：两人为 Cohen，三人以上为 Fleiss。“待定”算一种答案。"
        "区间按通话重抽 2000 次，通数少时很宽。由人评定的项目不计入总体。"
        "与机器相同：只比违反与否，任一方待定的不计。",
        "Alpha (Krippendorff's, nominal) allows for missing answers: from 0.8 on reliable, 0.667 to"
        " 0.8 for tentative conclusions, below that people apply different standards; red where"
        " the whole interval is below. Where nearly everything got the same answer both are near 0"
        " though people agree: look at the share beside them. Kappa is of what all answered:"
        " Cohen's for two, Fleiss' for more. “Unsure” is an answer of its own. Intervals draw the"
        " calls anew 2000 times and are wide for few. Items that people judge are not in the"
        " overall figures. As the machine: violated or not, without what either is unsure of.",
    ),
    "result_people": ("各人", "By person"),
    "col_submitted": ("提交", "Submitted"),
    "col_majority": ("与其他人多数相同", "As most others"),
    "col_violated": ("判违反的比例", "Called violated"),
    "result_scores": ("各通得分", "Scores by call"),
    "result_scores_note": (
        "按各人的答案和当时的规则包计算，不影响通话的正式得分；点击到通话页",
        "By each one's answers and the pack of the round; the call's own score knows nothing of it",
    ),
    "col_spread": ("分差", "Spread"),
    "result_disputes": ("不一致的地方", "Where answers differ"),
    "result_disputes_note": ("共 {n} 处，关键控制点在前", "{n}, key points first"),
    "result_same": ("没有不一致的地方", "Nobody answered differently"),
    "result_missing": (
        "有 {n} 通不显示：已不在您的范围，或您在另一轮里还没有提交",
        "{n} calls are not shown: out of your scope, or you still have to score them in another"
        " round",
    ),
    "result_rescored": (
        "此后已按别的规则包重新评分",
        "Scored anew with another pack since",
    ),
    "dispute_of": ("{n} 处不一致，第 {first} 至 {last} 处", "{first} to {last} of {n}"),
    "dispute_all_points": ("全部控制点", "All control points"),
    "dispute_machine": ("机器", "Machine"),
    "dispute_open": ("到通话页核听", "Hear it on the call's page"),
    "dispute_agreed": ("结论", "Agreed"),
    "dispute_agreed_hint": (
        "大家认定的结论和理由，写下后不能改，可再补充",
        "What was agreed and why; it stays, and more can be added",
    ),
    "dispute_save": ("记下", "Write down"),
    "dispute_saved": ("已记录", "Recorded"),
}

CALIBRATION_NAMES: Final[dict[str, tuple[str, str]]] = {
    "answer_pass": ("符合", "Met"),
    "answer_fail": ("违反", "Violated"),
    "answer_not_applicable": ("不适用", "Not applicable"),
    "answer_unsure": ("待定", "Unsure"),
    "round_open": ("进行中", "open"),
    "round_overdue": ("已过截止日", "overdue"),
    "round_closed": ("已结束", "closed"),
    "sheet_open": ("未评", "not begun"),
    "sheet_begun": ("评了一部分", "begun"),
    "sheet_submitted": ("已提交", "submitted"),
    "act_rate": ("参加校准", "take part in calibration"),
    "act_calibrate": ("组织校准", "make calibration rounds"),
}
