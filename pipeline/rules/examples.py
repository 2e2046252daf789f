"""The examples that every rule carries: short dialogues that must fail it, or must not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipeline.domain import (
    CallInfo,
    Medium,
    PastCall,
    Role,
    Seconds,
    Segment,
    Transcript,
    Verdict,
)
from pipeline.errors import BadPack
from pipeline.rules.context import CallContext
from pipeline.rules.evaluation import evaluate, evaluate_rule
from pipeline.rules.history import past_call_of
from pipeline.rules.model import LINE, Dialogue, Rule
from pipeline.rules.pack import RulePack

SPEAKERS = {"客服": Role.AGENT, "客户": Role.CUSTOMER, "未知": Role.UNKNOWN}
PAUSE: Seconds = 0.4
Prepare = Callable[[Transcript, tuple[PastCall, ...] | None], CallContext]
FIELDS = ("channel", "business_line", "direction", "customer_id")
EXPECTED = {
    "hit": (Verdict.FAIL,),
    "noted": (Verdict.PASS,),
    "no_hit": (Verdict.PASS, Verdict.NOT_APPLICABLE),
    "unsure": (Verdict.UNSURE,),
}


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """One example of one rule: what it should be and what it is.

    `kind`: `hit`, `noted`, `no_hit` or `unsure`.
    """

    rule: str
    kind: str
    number: int
    lines: tuple[str, ...]
    verdict: Verdict
    ok: bool
    why: str


def parse_dialogue(
    lines: Sequence[str],
    info: Mapping[str, Any] | None = None,
    tail: Seconds = 0,
    pace: float = 5,
) -> Transcript:
    """A transcript from lines such as `客服: 您好`, spoken at `pace` characters a second.

    A line may begin with `+8 ` for 8 seconds of silence before it, or `-2 ` to overlap the line
    before by 2 seconds. `info`: `channel`, `business_line`, `direction`, `customer_id` and
    `started_at` of the call; any other name is an attribute. `tail`: seconds of silence after the
    last word.
    """
    given = dict(info or {})
    fields = {name: given.pop(name) for name in FIELDS if name in given}
    medium = Medium(fields.pop("channel", "voice"))
    if "started_at" in given:  # YAML may have read it already
        fields["started_at"] = datetime.fromisoformat(str(given.pop("started_at")))
    segments: list[Segment] = []
    clock: Seconds = 0.5
    for line in lines:
        match = LINE.fullmatch(line)
        if match is None:
            raise BadPack(f"cannot read the example line {line!r}: write 客服: … or 客户: …")
        if match["pause"]:
            clock += float(match["pause"]) - PAUSE
        end = clock + max(len(match["text"]), 1) / pace
        times = (None, None) if medium is Medium.CHAT else (round(clock, 3), round(end, 3))
        segments.append(Segment(SPEAKERS[match["who"]], match["text"], *times))
        clock = end + PAUSE
    chat = medium is Medium.CHAT
    return Transcript(
        CallInfo("example", medium=medium, attributes=given, **fields),
        tuple(segments),
        None if chat else round(clock + tail, 3),
        capabilities=frozenset({"roles"} if chat else {"roles", "times", "stereo", "overlap"}),
    )


def run_examples(pack: RulePack, prepare: Prepare) -> list[ExampleResult]:
    """Every example of every rule. `prepare` measures a transcript and finds its private data."""
    return [r for rule in pack.rules for r in run_rule_examples(rule, prepare, pack)]


def run_rule_examples(
    rule: Rule, prepare: Prepare, pack: RulePack | None = None
) -> Iterator[ExampleResult]:
    """The examples of one rule; one that looks at earlier calls needs its pack."""
    for kind, dialogues in _kinds(rule):
        for number, dialogue in enumerate(dialogues, start=1):
            history = _history(dialogue, prepare, pack)
            found = evaluate_rule(rule, prepare(_transcript(dialogue), history))
            ok = found.verdict in EXPECTED[kind] and not (
                kind == "no_hit" and rule.only_notes and found.verdict is Verdict.PASS
            )
            yield ExampleResult(rule.id, kind, number, dialogue.lines, found.verdict, ok, found.why)


def _transcript(dialogue: Dialogue) -> Transcript:
    return parse_dialogue(dialogue.lines, dialogue.info, dialogue.tail, dialogue.pace)


def _history(
    dialogue: Dialogue, prepare: Prepare, pack: RulePack | None
) -> tuple[PastCall, ...] | None:
    """What the rules of the pack said of the earlier calls; None where the example has none."""
    if not dialogue.before:
        return None
    earlier: list[PastCall] = []
    for before in dialogue.before:
        given = before.model_copy(update={"info": {**dialogue.info, **before.info}})
        call = prepare(_transcript(given), None)
        findings = () if pack is None else evaluate(pack, call)
        past = past_call_of(call.masked, findings, call.transcript.duration)
        same = call.transcript.info.customer_id == dialogue.info.get("customer_id")
        if past is not None and same:
            earlier.append(past)
    return tuple(earlier)


def _kinds(rule: Rule) -> Iterator[tuple[str, Sequence[Dialogue]]]:
    yield "hit", rule.examples.hit
    yield "noted", rule.examples.noted
    yield "no_hit", rule.examples.no_hit
    yield "unsure", rule.examples.unsure
