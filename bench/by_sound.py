"""Phrases that are found by their sound: how many more than by letters, and how many false.

    python -m bench.by_sound texts bench/cases/heldout [MORE …]
    python -m bench.by_sound script bench/cases/heldout script.json [--most 150]
    python bench/speak.py script.json SOUNDS        # in the voice's own environment, see the file
    python -m bench.by_sound recordings SOUNDS ../shared/data/calls

Every phrase of every pack that rules look for by sound (`keyword`, `by_sound` not off), on the side
whose words the rule wants. *texts*: written calls, text or YAML; nothing is misheard there, so a
phrase that is found by sound alone is false. *recordings*: what the recogniser wrote of spoken
calls against what was said; unit is a phrase on one side of one call. 您 and 你 and fillers do not
count as a difference.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from bench.asr import calls_of, recognised, truth_of
from bench.rule_accuracy import share
from pipeline.asr import make_engine
from pipeline.listening import engine_options
from pipeline.rules import list_packs, load_pack
from pipeline.rules.operators.keyword import Keyword
from pipeline.rules.sound import LOOSE_FROM, Spoken, listen, speak, speak_phrase
from pipeline.rules.turns import fold
from pipeline.settings import Settings

SENTENCE = re.compile(r"[。？！?!；;\n]+")
ROLES = {"客服": "agent", "客户": "customer"}
LIGHT = re.compile("[的了呢啊嗯呃哦那个]")
TIERS = {"2-3 syllables": (2, LOOSE_FROM), "4-5": (LOOSE_FROM, 6), "6 and more": (6, 99)}


@dataclass(frozen=True, slots=True)
class Phrase:
    """Folded words that a rule wants of a side (None: of any)."""

    words: str
    role: str | None
    strict: bool

    @property
    def tier(self) -> str:
        """How much may differ goes by its length."""
        size = speak_phrase(self.words).size
        return next(name for name, (low, high) in TIERS.items() if low <= size < high)


def phrases() -> list[Phrase]:
    """Of all packs, each once."""
    found = {
        Phrase(way, condition.role, condition.by_sound == "strict")
        for name in list_packs()
        for rule in load_pack(name).rules
        for condition in rule.conditions.values()
        if isinstance(condition, Keyword) and condition.by_sound != "off"
        for ways in condition.ways
        for way in ways
        if speak_phrase(way).size >= 2
    }
    return sorted(found, key=lambda one: (one.words, one.role or ""))


@dataclass(frozen=True)
class Side:
    """What one speaker says in a call, folded, a sentence a line."""

    role: str | None
    spoken: Spoken

    @classmethod
    def of(cls, role: str | None, text: str) -> Side:
        """From text with its marks."""
        return cls(role, speak("\n".join(filter(None, map(fold, SENTENCE.split(text))))))

    def has(self, phrase: Phrase) -> bool:
        """Whether it is written there."""
        return phrase.words in self.spoken.text

    def means(self, phrase: Phrase) -> bool:
        """Whether it stands there but for 您 and 你, and fillers."""
        return _plain(phrase.words) in _plain(self.spoken.text)

    def sounds(self, phrase: Phrase) -> bool:
        """Whether it is found by its sound, inside a sentence."""
        text, at = self.spoken.text, 0
        for line in text.split("\n"):
            end = at + len(line)
            heard = listen(speak_phrase(phrase.words), self.spoken, at, end, strict=phrase.strict)
            if any(one.score < 1 for one in heard):
                return True
            at = end + 1
        return False


@cache
def _plain(text: str) -> str:
    return LIGHT.sub("", text.replace("您", "你"))


def _wanted(sought: Iterable[Phrase], side: Side) -> Iterator[Phrase]:
    return (one for one in sought if None in (one.role, side.role) or one.role == side.role)


# ── written text ─────────────────────────────────────────────────────────────────────────────────


def turns_of(path: Path) -> Iterator[Side]:
    """Turns of cases (客服: …), lines of any other text."""
    for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
        if file.suffix in (".yaml", ".yml"):
            content = yaml.safe_load(file.read_text(encoding="utf-8"))
            for case in content if isinstance(content, list) else []:
                for line in case.get("lines", ()):
                    who, _, text = str(line).partition(":")
                    yield Side.of(ROLES.get(who), text)
        elif file.suffix in (".txt", ".tsv", ".csv"):
            for line in file.read_text(encoding="utf-8", errors="ignore").splitlines():
                if re.search("[\u4e00-\u9fff]", line):
                    yield Side.of(None, line)


def texts(paths: Sequence[Path]) -> None:
    """Count what is found by sound though everything is written as it was said."""
    sought = phrases()
    print(f"{len(sought)} phrases by sound\n")
    print("| text | turns | written | by sound alone | turns with one, per 1,000 |")
    print("| --- | ---: | ---: | ---: | ---: |")
    which: Counter[str] = Counter()
    for path in paths:
        sides = list(turns_of(path))
        written = alone = hit = 0
        for side in sides:
            own = list(_wanted(sought, side))
            there = [one for one in own if side.has(one)]
            false = [
                one for one in own
                if not side.means(one) and side.sounds(one)
                and not any(one.words in other.words for other in there)
            ]  # fmt: skip
            which.update(one.tier for one in false)
            written, alone, hit = written + len(there), alone + len(false), hit + bool(false)
        rate = f"{1000 * hit / max(len(sides), 1):.1f}"
        print(f"| {path.name} | {len(sides):,} | {written:,} | {alone} | {rate} |", flush=True)
    print("\nby sound alone, by length: " + ", ".join(f"{k}: {v}" for k, v in which.items()))


# ── recordings ───────────────────────────────────────────────────────────────────────────────────


def script(folder: Path, target: Path, most: int) -> None:
    """Held-out cases for the voice of `bench/speak.py`, which reads Han characters alone."""
    cases = [
        case
        for file in sorted(folder.glob("*.yaml"))
        for case in yaml.safe_load(file.read_text(encoding="utf-8"))
        if all(str(line).split(":", 1)[0] in ROLES for line in case["lines"])
        and not re.search("[A-Za-z0-9]", str(case["lines"]))
    ]
    order = np.argsort([n * 0.6180339887 % 1 for n in range(len(cases))])  # evenly at any number
    items = [
        {"id": cases[n]["id"], "line": cases[n]["business_line"], "turns": _turns(cases[n])}
        for n in order[:most]
    ]
    target.write_text(json.dumps(items, ensure_ascii=False), encoding="utf-8")
    print(f"{len(items)} calls")


def _turns(case: dict[str, Any]) -> list[dict[str, str]]:
    lines = (str(line).split(":", 1) for line in case["lines"])
    return [{"role": ROLES[who], "text": text.strip()} for who, text in lines]


def truths(sounds: Path) -> tuple[list[Path], dict[str, dict[str, Any]]]:
    """Recordings and what is said in them, by file name."""
    if (sounds / "spoken.json").exists():
        items = json.loads((sounds / "spoken.json").read_text(encoding="utf-8"))
        known = {f"{i['id']}.wav": {"agent_channel": 0, "segments": i["turns"]} for i in items}
        return sorted((sounds / "calls").glob("*.wav")), known
    files = calls_of(sounds)
    return files, {path.name: truth_of(path) for path in files}


def recordings(folders: Sequence[Path]) -> None:
    """Recognise, and count what is said, written and found by sound."""
    sought, chosen_options = phrases(), engine_options(Settings())
    engine = make_engine(Settings().asr.engine, chosen_options)
    for folder in folders:
        files, known = truths(folder)
        heard = recognised(files, engine, chosen_options.workers)
        pairs = [
            (
                Side.of(
                    role,
                    "。".join(s["text"] for s in known[f.name]["segments"] if s["role"] == role),
                ),
                Side.of(role, heard[f.name][channel]),
            )
            for f in files
            for role, channel in _channels(known[f.name])
        ]
        print(f"\n{folder.name}: {len(files)} calls\n")
        print("| phrases | said | written | by letters or sound | not said, but by sound |")
        print("| --- | ---: | ---: | ---: | ---: |")
        for tier in (*TIERS, "all"):
            print(f"| {tier} | " + " | ".join(_counted(pairs, sought, tier)) + " |")


def _said(truth: dict[str, Any], role: str) -> str:
    return "。".join(one["text"] for one in truth["segments"] if one["role"] == role)


def _channels(truth: dict[str, Any]) -> Iterator[tuple[str, int]]:
    agent = truth["agent_channel"]
    yield from (("agent", agent), ("customer", 1 - agent))


def _counted(pairs: Sequence[tuple[Side, Side]], sought: Sequence[Phrase], tier: str) -> list[str]:
    said = written = found = false = 0
    for true, heard in pairs:
        for one in _wanted(sought, true):
            if tier not in ("all", one.tier):
                continue
            by_letters = heard.has(one)
            if true.means(one):
                said, written = said + 1, written + by_letters
                found += by_letters or heard.sounds(one)
            elif not by_letters:
                false += heard.sounds(one)
    return [str(said), share(written, said), share(found, said), str(false)]


def main() -> None:
    """Print the tables asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parts = parser.add_subparsers(dest="part", required=True)
    one = parts.add_parser("texts")
    one.add_argument("paths", type=Path, nargs="+")
    two = parts.add_parser("script")
    two.add_argument("cases", type=Path)
    two.add_argument("target", type=Path)
    two.add_argument("--most", type=int, default=150)
    three = parts.add_parser("recordings")
    three.add_argument("sounds", type=Path, nargs="+")
    asked = parser.parse_args()
    if asked.part == "texts":
        texts(asked.paths)
    elif asked.part == "script":
        script(asked.cases, asked.target, asked.most)
    else:
        recordings(asked.sounds)


if __name__ == "__main__":
    main()
