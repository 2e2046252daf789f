"""Alerts: what people are told of at once, and the messages about it that go out of the house.

::

    published snapshot ─ look ─▶ alerts, deliveries ─ gather ─▶ messages ─ send ─▶ channels
                                  └─ alerts.sqlite: ids and figures ─┘        └ text comes here

Nothing is lost when a process is killed: a message is written down before it is sent, and sent
again with the same id. One that a person answered meanwhile, or whose call is gone, is not sent.
"""

from pipeline.alerts.drifts import judge_drifts
from pipeline.alerts.look import look
from pipeline.alerts.outbox import Outbox
from pipeline.alerts.outboxrows import Sent
from pipeline.alerts.send import Delivered, send_due, send_test
from pipeline.alerts.state import ChannelState, Shown, channels_of, state_of
from pipeline.alerts.watching import Watching, alert_now
from pipeline.alerts.words import drift_line, kind_name

__all__ = [
    "ChannelState",
    "Delivered",
    "Outbox",
    "Sent",
    "Shown",
    "Watching",
    "alert_now",
    "channels_of",
    "drift_line",
    "judge_drifts",
    "kind_name",
    "look",
    "send_due",
    "send_test",
    "state_of",
]
