"""Texts of alerts: key → (Simplified Chinese, English)."""

from __future__ import annotations

from typing import Final

ALERT_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "page_alerts": ("预警", "Alerts"),
    "alerts_open": ("待确认的预警", "Open alerts"),
    "alerts_open_note": (
        "最新的在前；确认后不再重复提醒，复核通话里的问题也算确认",
        "Latest first; an acknowledged one is not sent again, and a decision on its finding counts"
        " too",
    ),
    "alerts_none": ("没有待确认的预警", "No open alerts"),
    "alerts_shown": ("显示第 {first}–{last} 项，共 {n} 项", "{first}–{last} of {n}"),
    "alerts_hear": ("核听", "Listen"),
    "alerts_comment_hint": ("处理情况（可不填）", "What was done about it (may stay empty)"),
    "alerts_acknowledge": ("确认", "Acknowledge"),
    "alerts_acknowledged": ("已确认", "Acknowledged"),
    "alerts_drifts": ("指标异常", "Unusual figures"),
    "alerts_drifts_note": (
        "与以往同类日期相比；偶然出现的概率已按比较的指标个数校正",
        "Against such days before; the chance is corrected for how many figures were compared",
    ),
    "alerts_no_drifts": ("没有指标异常", "No figure is unusual"),
    "alerts_answered": ("已确认的预警", "Answered alerts"),
    "alerts_no_answered": ("还没有确认过的预警", "Nothing was acknowledged yet"),
    "alerts_channels": ("通道", "Channels"),
    "alerts_channels_note": (
        "设置见 callqa.yaml 的 alerts；失败的消息用 callqa alerts resend 重发",
        "Set up under alerts in callqa.yaml; failed messages go again by callqa alerts resend",
    ),
    "alerts_no_channels": (
        "没有设置通道：预警只显示在本页",
        "No channel is set up: alerts are on this page only",
    ),
    "alerts_outside": ("本单位网络之外，不含通话内容", "outside; holds nothing of a call"),
    "alerts_gone": ("已从设置中移除", "not in the settings any more"),
    "tile_alerts_open": ("待确认", "Open"),
    "note_alerts_open": (
        "一票否决 {veto}，投诉风险 {complaint}",
        "{veto} veto, {complaint} threats to complain",
    ),
    "tile_alerts_drifts": ("指标异常", "Unusual figures"),
    "tile_alerts_failed": ("发送失败", "Failed messages"),
    "note_alerts_failed": ("待发 {n}", "{n} waiting"),
    "col_alert_kind": ("类型", "Kind"),
    "col_alert_what": ("内容", "What"),
    "col_noticed": ("发现时间", "Noticed"),
    "col_noted": ("确认", "Acknowledged"),
    "col_chance": ("偶然概率", "By chance"),
    "col_drift_since": ("起始日", "Since"),
    "col_drift_state": ("状态", "State"),
    "drift_going": ("持续中", "Going on"),
    "drift_over": ("已恢复 {when}", "Over {when}"),
    "col_channel": ("通道", "Channel"),
    "col_channel_kind": ("种类", "Kind"),
    "col_sent": ("已发", "Sent"),
    "col_waiting": ("待发", "Waiting"),
    "col_failed_messages": ("失败", "Failed"),
    "col_last_sent": ("最近发出", "Last sent"),
    "col_why_not": ("未发出的原因", "Why not sent"),
}

ALERT_NAMES: Final[dict[str, tuple[str, str]]] = {
    "act_acknowledge": ("确认预警", "acknowledge alerts"),
    "act_channels": ("看预警通道", "channels of alerts"),
    "channel_kind_webhook": ("Webhook", "Webhook"),
    "channel_kind_wecom": ("企业微信", "WeCom"),
    "channel_kind_dingtalk": ("钉钉", "DingTalk"),
    "channel_kind_feishu": ("飞书", "Feishu"),
    "channel_kind_mail": ("邮件", "Mail"),
}
