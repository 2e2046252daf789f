"""An objection of an agent to a finding: filed, the leader's opinion, decided by somebody else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class AppealStep(StrEnum):
    """What happens to an appeal: an opinion (support, oppose), then its end."""

    SUPPORT = "support"
    OPPOSE = "oppose"
    UPHOLD = "uphold"
    DISMISS = "dismiss"
    WITHDRAW = "withdraw"


OPINIONS = (AppealStep.SUPPORT, AppealStep.OPPOSE)
ENDS = (AppealStep.UPHOLD, AppealStep.DISMISS, AppealStep.WITHDRAW)


class AppealState(StrEnum):
    """Who has to do something: the leader, the supervisor; or how it ended."""

    FILED = "filed"
    OPINION = "opinion"
    UPHELD = "upheld"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"


_ENDED = {
    AppealStep.UPHOLD: AppealState.UPHELD,
    AppealStep.DISMISS: AppealState.DISMISSED,
    AppealStep.WITHDRAW: AppealState.WITHDRAWN,
}


@dataclass(frozen=True, slots=True)
class Stepped:
    """One step; `at` is UTC."""

    at: datetime
    who: str
    step: AppealStep
    comment: str


@dataclass(frozen=True, slots=True)
class Appeal:
    """A stored appeal with its steps in order; `at` is UTC."""

    id: int
    at: datetime
    who: str
    call_id: str
    content_sha256: str
    rule: str
    reason: str
    pack_version: str
    steps: tuple[Stepped, ...] = ()

    @property
    def opinion(self) -> Stepped | None:
        """What the leader thinks."""
        return next((one for one in self.steps if one.step in OPINIONS), None)

    @property
    def end(self) -> Stepped | None:
        """The step that ended it."""
        return next((one for one in self.steps if one.step in ENDS), None)

    @property
    def state(self) -> AppealState:
        """Where it stands."""
        if self.end is not None:
            return _ENDED[self.end.step]
        return AppealState.FILED if self.opinion is None else AppealState.OPINION
