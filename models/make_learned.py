"""Makes the models for call reasons and flags that ship, from the phrases in seeds.yaml.

    python models/make_learned.py

The same phrases give the same models. Nothing of bench/cases is read.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from pathlib import Path
from re._parser import parse
from typing import Any

import numpy as np
import yaml

from pipeline.learning.card import write_model
from pipeline.learning.fitting import Examples, fit
from pipeline.learning.measuring import out_of_fold
from pipeline.learning.model import FLAGS, REASONS
from pipeline.learning.names import reasons
from pipeline.learning.texts import TURN, Passage, fold
from pipeline.rules.lexicon import Lexicon, lexicon

HERE = Path(__file__).parent
VERSION = "shipped-1"
PER_PHRASE = 3
PER_PATTERN = 12  # ways to say what an expression of a word list matches
LEAST = 2
NOTHING = ("none", "calm")  # of flags: words that show nothing
SEED = 20261129
BEFORE = ("喂你好", "你好", "那个", "我想问一下", "麻烦你", "是这样的", "请问", "嗯", "我这边", "")
AFTER = (
    "",
    "",
    "谢谢",
    "怎么办",
    "好吧",
    "行",
    "可以吗",
    "麻烦了",
    "对",
    "嗯嗯",
    "你帮我看看",
    "好的",
)
GREETING = ("您好请问有什么可以帮您", "您好很高兴为您服务", "", "请讲", "您好工号为您服务")
CLOSING = ("请稍等", "好的我看一下", "", "感谢您的来电再见", "还有其他需要吗", "核实一下您的身份")
# Whose words show something beside the reason; they are no examples of nothing.
HEATED = ("complaint", "surrender", "close", "fee_dispute", "fraud", "collection")
DATA = """Generated: {phrases:,} phrases, written by hand for this model or made from the word lists
that give weak labels, put between words of nobody's concern. No real call is in it. The figures
below are out of fold, but phrases of one label resemble each other: on calls in other words it is
worse; `python -m bench.learning` says how much."""


def main() -> None:
    """Both models, with their cards."""
    seeds = {
        kind: yaml.safe_load((HERE / kind / "seeds.yaml").read_text(encoding="utf-8"))
        for kind in (REASONS, FLAGS)
    }
    for kind, labels, examples in (
        (REASONS, tuple(reasons()), _calls(seeds[REASONS])),
        (FLAGS, tuple(name for name in seeds[FLAGS] if name not in NOTHING), _turns(seeds)),
    ):
        model = fit(kind, VERSION, labels, examples, least=LEAST)
        phrases = len(np.unique(examples.groups))
        measured = out_of_fold(kind, labels, examples, LEAST)
        write_model(HERE / kind, model, measured, DATA.format(phrases=phrases))
        print(kind, measured.summary())  # noqa: T201


def _calls(seeds: dict[str, dict[str, list[str]]]) -> Examples:
    """Openings of calls; a group is the customer's phrase."""
    draw, keys = random.Random(SEED), list(reasons())
    passages, truth, groups = [], [], []
    phrases = [(key, phrase) for key in keys for phrase in seeds[key]["customer"]]
    phrases += [
        (key, phrase)
        for key in keys
        for phrase in _expanded(draw, [reasons()[key].words.pattern] * 3)
    ]
    for group, (key, phrase) in enumerate(phrases):
        for _ in range(PER_PHRASE):
            customer = [_said(draw, phrase)]
            if draw.random() < 0.3:
                customer.append(_said(draw, draw.choice(seeds[key]["customer"])))
            agent = [draw.choice(GREETING), draw.choice(CLOSING)]
            if draw.random() < 0.6:
                agent.insert(1, draw.choice(seeds[key]["agent"]))
            passages.append(Passage(_joined(customer), _joined(agent)))
            truth.append([key == other for other in keys])
            groups.append(group)
    return Examples(passages, np.array(truth, np.int8), np.array(groups))


def _turns(seeds: dict[str, dict[str, list[str]]]) -> Examples:
    """Customers' turns; a group is the phrase."""
    draw = random.Random(SEED)
    labels = [name for name in seeds[FLAGS] if name not in NOTHING]
    calm = [p for key, one in seeds[REASONS].items() if key not in HEATED for p in one["customer"]]
    calm += seeds[FLAGS]["calm"]
    lists = {name: lexicon(name) for name in labels}
    told: list[tuple[str, str]] = [
        *((name, phrase) for name, own in seeds[FLAGS].items() if name != "calm" for phrase in own),
        *((name, phrase) for name, own in lists.items() for phrase in _worded(draw, own)),
        *(("none", phrase) for own in lists.values() for phrase in _expanded(draw, own.unless)),
        *(("none", phrase) for phrase in calm),
    ]
    passages, truth, groups = [], [], []
    for group, (name, phrase) in enumerate(told):
        for time in range(PER_PHRASE):
            text = _said(draw, phrase) if time else phrase
            if time and draw.random() < 0.5:
                text += draw.choice(calm)
            passages.append(Passage(fold(text)))
            truth.append(list(_true_of(name, labels)))
            groups.append(group)
    return Examples(passages, np.array(truth, np.int8), np.array(groups))


def _true_of(name: str, labels: list[str]) -> Iterator[int]:
    """Whoever complains, abuses or leaves may be discontent too: nobody knows."""
    for label in labels:
        open_ = label == "dissatisfaction" and name not in (*NOTHING, label)
        yield -1 if open_ else int(label == name)


def _worded(draw: random.Random, words: Lexicon) -> list[str]:
    """Ways to say what a word list of the rules finds strong enough."""
    strong = [
        pattern for entry in words.entries if entry.weight >= 0.6 for pattern in entry.patterns
    ]
    return [text for text in _expanded(draw, strong) if words.found(text)]


def _expanded(draw: random.Random, patterns: Iterable[str]) -> list[str]:
    """Texts that regular expressions match, a few of each, none twice."""
    found = (_one(draw, parse(pattern)) for pattern in patterns for _ in range(PER_PATTERN))
    return sorted({text for text in found if text})


def _one(draw: random.Random, parsed: Iterable[tuple[object, Any]]) -> str:
    """A text that a parsed expression matches; what looks ahead is left out."""
    text = ""
    for operation, value in parsed:
        name = str(operation)
        if name == "LITERAL":
            text += chr(value)
        elif name == "IN":
            text += _one(draw, [draw.choice(value)])
        elif name == "RANGE":
            text += chr(draw.randint(*value))
        elif name == "ANY":
            text += draw.choice("的了我这个那")
        elif name == "BRANCH":
            text += _one(draw, draw.choice(value[1]))
        elif name == "SUBPATTERN":
            text += _one(draw, value[3])
        elif name in ("MAX_REPEAT", "MIN_REPEAT"):
            low, high, inner = value
            for _ in range(draw.randint(low, min(high, low + 2))):
                text += _one(draw, inner)
    return text


def _said(draw: random.Random, phrase: str) -> str:
    return draw.choice(BEFORE) + phrase + draw.choice(AFTER)


def _joined(turns: list[str]) -> str:
    return TURN.join(fold(turn) for turn in turns if turn)


if __name__ == "__main__":
    main()
