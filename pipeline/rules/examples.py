"""The examples that every rule carries: short dialogues that must fail it, or must not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipeline.domain import (
    Agent,
    CallInfo,
    Medium,
    PastCall,
    Role,
    Seconds,
    Segment,
    Transcript,
    Verdict,
    Voice,
)
from pipeline.errors import BadPack
from pipeline.rules.context import CallContext
from pipeline.rules.evaluation import evaluate, evaluate_rule
from pipeline.rules.history import past_call_of
from pipeline.rules.model import LINE, Dialogue, Rule
from pipeline.rules.pack import RulePack

SPEAKERS = {"客服": Role.AGENT, "客户": Role.CUSTOMER, "未知": Role.UNKNOWN}
PAUSE: Seconds = 0.4
USUAL_LEVEL = -25.0
USUAL_PITCH, USUAL_MOVEMENT = 200.0, 6.0
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

    `kind`: `hit`, `noted`, `no_hit` or `unsure`. `tried` False: the rule asks a language model,
    which is off, so nobody can tell.
    """

    rule: str
    kind: str
    number: int
    lines: tuple[str, ...]
    verdict: Verdict
    ok: bool
    why: str
    tried: bool = True


def parse_dialogue(
    lines: Sequence[str],
    info: Mapping[str, Any] | None = None,
    tail: Seconds = 0,
    pace: float = 5,
    lead: Seconds = 0.5,
) -> Transcript:
    """A transcript from lines such as `客服: 您好`, spoken at `pace` characters a second.

    A line may begin with `+8 ` for 8 seconds of silence before it, or `-2 ` to overlap the line
    before by 2 seconds. `客服 +10dB: 您好` is said 10 dB louder than usual (-25 dBFS), `-6dB` more
    softly, `+6dB +3st` also 3 semitones higher; where no line says so, the call has no levels, and
    no pitch. `info`: `channel`, `business_line`,
    `direction`, `team`, `customer_id` and `started_at` of the call; any other name is an attribute.
    `lead` and `tail`: seconds before the first word and after the last one.
    """
    given = dict(info or {})
    fields = {name: given.pop(name) for name in FIELDS if name in given}
    medium = Medium(fields.pop("channel", "voice"))
    if "team" in given:
        fields["agent"] = Agent(team=str(given.pop("team")))
    if "started_at" in given:  # YAML may have read it already
        fields["started_at"] = datetime.fromisoformat(str(given.pop("started_at")))
    call = CallInfo("example", medium=medium, attributes=given, **fields)
    matches = [_read(line) for line in lines]
    if medium is Medium.CHAT:
        said = tuple(Segment(SPEAKERS[m["who"]], m["text"]) for m in matches)
        return Transcript(call, said, capabilities=frozenset({"roles"}))
    loud = any(match["louder"] or match["higher"] for match in matches)
    high = any(match["higher"] for match in matches)
    segments: list[Segment] = []
    clock = lead
    for match in matches:
        clock += float(match["pause"]) - PAUSE if match["pause"] else 0.0
        end = clock + max(len(match["text"]), 1) / pace
        level = USUAL_LEVEL + float(match["louder"] or 0) if loud else None
        who, text = SPEAKERS[match["who"]], match["text"]
        voice = _voice(float(match["higher"] or 0), end - clock) if high else None
        segments.append(
            Segment(who, text, round(clock, 3), round(end, 3), level=level, voice=voice)
        )
        clock = end + PAUSE
    capabilities = {"roles", "times", "stereo", "overlap", *(["loudness"] if loud else [])}
    duration = round(clock + tail, 3)
    return Transcript(call, tuple(segments), duration, capabilities=frozenset(capabilities))


def _voice(higher: float, seconds: Seconds) -> Voice:
    """A voice so many semitones above the usual one, without a pause."""
    pitch = USUAL_PITCH * 2 ** (higher / 12)
    return Voice(pitch=pitch, movement=USUAL_MOVEMENT, speech=seconds, pauses=0, longest_pause=0.0)


def _read(line: str) -> re.Match[str]:
    match = LINE.fullmatch(line)
    if match is None:
        raise BadPack(f"cannot read the example line {line!r}: write 客服: … or 客户: …")
    return match


def run_examples(pack: RulePack, prepare: Prepare) -> list[ExampleResult]:
    """Every example of every rule. `prepare` measures a transcript and finds its private data."""
    return [r for rule in pack.rules for r in run_rule_examples(rule, prepare, pack)]


def run_rule_examples(
    rule: Rule, prepare: Prepare, pack: RulePack | None = None
) -> Iterator[ExampleResult]:
    """The examples of one rule; one with a prerequisite or earlier calls needs its pack."""
    for kind, dialogues in _kinds(rule):
        for number, d in enumerate(dialogues, start=1):
            call = prepare(_transcript(d), _history(d, prepare, pack))
            found = evaluate_rule(rule, call, pack)
            tried = call.advisers.judge is not None or not rule.asks_a_model
            ok = not tried or _as_expected(rule, kind, found.verdict)
            yield ExampleResult(rule.id, kind, number, d.lines, found.verdict, ok, found.why, tried)


def _as_expected(rule: Rule, kind: str, verdict: Verdict) -> bool:
    """A rule that only notes must not pass where there is nothing to note."""
    noted_wrongly = kind == "no_hit" and rule.only_notes and verdict is Verdict.PASS
    return verdict in EXPECTED[kind] and not noted_wrongly


def _transcript(dialogue: Dialogue) -> Transcript:
    d = dialogue
    return parse_dialogue(d.lines, d.info, d.tail, d.pace, d.lead)


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
