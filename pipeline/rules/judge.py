"""Who answers a question about a call that no phrase or number can answer: a language model.

The rules know only this protocol; `pipeline/llm/` speaks it to a server of the user's own network.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

Answer = Literal["hit", "no", "unsure"]


@dataclass(frozen=True, slots=True)
class JudgeRequest:
    """A question about a passage of a call.

    `include` and `exclude`: what counts and what does not. `lines`: what was said, **masked**, each
    such as `客服：您好`; the only thing of a call that is given away.
    """

    question: str
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class JudgeReply:
    """An answer: the words of the passage that show it, and why. Nothing of it is trusted yet.

    `fault`: why there is no usable answer, a Chinese clause; the verdict is `unsure` then.
    """

    verdict: Answer
    quote: str = ""
    reason: str = ""
    fault: str = ""


class Judge(Protocol):
    """Answers questions, from several threads at once."""

    def ask(self, request: JudgeRequest) -> JudgeReply:
        """The answer; never raises, whatever happens on the way."""
        ...
