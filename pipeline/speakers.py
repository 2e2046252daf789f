"""Which channel is the agent: from the metadata, else from what agents say.

Only stereo calls are named here; a mono call keeps `unknown` speakers, and rules that need to know
who spoke say `unsure`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline.domain import CallInfo, Role, Segment

AGENT_SAYS = re.compile(
    r"为您服务|工号|客服中心|服务中心|请问(?:有什么|还有什么|您)|有什么(?:可以|能)帮|感谢您的来电"
    r"|欢迎致电|祝您|这里是[^，。]{1,10}(?:银行|保险|证券|基金|公司|中心)|核实(?:一下)?您|帮您(?:查|办|登记)"
    r"|通话(?:将|会)?(?:被)?录音|请您稍等|请稍等|麻烦您"
)


def channel_roles(info: CallInfo, segments: Sequence[Segment]) -> Mapping[int, Role]:
    """Role of each channel of a two-channel call; empty when it cannot be told.

    `agent_channel` of the metadata decides; without it the side that says what agents say, if it
    says at least two such things more than the other side.
    """
    if info.agent_channel in (0, 1):
        agent = info.agent_channel
    else:
        hits = [
            sum(len(AGENT_SAYS.findall(turn.text)) for turn in segments if turn.channel == side)
            for side in (0, 1)
        ]
        if abs(hits[0] - hits[1]) < 2:
            return {}
        agent = 0 if hits[0] > hits[1] else 1
    return {agent: Role.AGENT, 1 - agent: Role.CUSTOMER}


def named(segments: Sequence[Segment], roles: Mapping[int, Role]) -> list[Segment]:
    """The same turns with the role of their channel."""
    return [
        replace(
            turn, role=roles.get(turn.channel if turn.channel is not None else -1, Role.UNKNOWN)
        )
        for turn in segments
    ]
