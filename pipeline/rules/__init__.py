"""Rules: packs of them in YAML, the operators they are made of, and their findings on a call.

`load_pack` reads a pack, `evaluate` applies it, `run_examples` tests it with its own examples.
"""

from __future__ import annotations

from pipeline.rules.advisers import NOBODY, Advisers
from pipeline.rules.context import CallContext
from pipeline.rules.days import local_day, local_day_of, today
from pipeline.rules.evaluation import evaluate, evaluate_rule
from pipeline.rules.examples import ExampleResult, parse_dialogue, run_examples, run_rule_examples
from pipeline.rules.history import past_call_of
from pipeline.rules.judge import Judge, JudgeReply, JudgeRequest
from pipeline.rules.model import Rule
from pipeline.rules.moods import MoodReader, MoodReading
from pipeline.rules.operators import OPERATORS
from pipeline.rules.pack import Library, RulePack, list_packs, load_pack, pack_for

__all__ = [
    "NOBODY",
    "OPERATORS",
    "Advisers",
    "CallContext",
    "ExampleResult",
    "Judge",
    "JudgeReply",
    "JudgeRequest",
    "Library",
    "MoodReader",
    "MoodReading",
    "Rule",
    "RulePack",
    "evaluate",
    "evaluate_rule",
    "list_packs",
    "load_pack",
    "local_day",
    "local_day_of",
    "pack_for",
    "parse_dialogue",
    "past_call_of",
    "run_examples",
    "run_rule_examples",
    "today",
]
