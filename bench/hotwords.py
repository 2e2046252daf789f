"""What hotwords do: words heard that were said, and words heard that nobody said.

    python -m bench.hotwords --data ../shared/data [--sounds SOUNDS]

The development calls and SOUNDS (`bench.speak_cases`), each recognised without hotwords and with
all of TERMS, words of the whole trade, not taken from these calls. A term counts as found as often
as it is heard where it was said, as inserted as often as it is heard beyond that, per side of a
call.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from bench.rule_accuracy import share
from pipeline.asr import ChannelAudio, Engine, make_engine
from pipeline.audio import Decoder, gate_crosstalk
from pipeline.evaluation.cer import Errors, errors
from pipeline.listening import engine_options, worker_count
from pipeline.settings import Settings

TERMS = (
    "信用卡", "储蓄卡", "理财", "基金", "净值", "年化", "赎回", "定投", "风险测评", "保单", "退保",
    "犹豫期", "现金价值", "受益人", "免赔额", "理赔", "逾期", "分期", "最低还款", "征信", "违约金",
    "罚息", "验证码", "开户", "销户", "佣金", "创业板", "融资融券", "身份证", "工号", "录音",
    "手续费", "网银", "结构性存款", "大额存单", "国债", "外汇", "信托", "可转债", "打新",
)  # fmt: skip
Side = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Spoken:
    """A stereo call and what each channel said."""

    name: str
    path: Path
    said: tuple[str, str]


def calls(folder: Path, ending: str) -> Iterator[Spoken]:
    """Calls with a JSON truth beside their sound."""
    for path in sorted(folder.glob("*.json")):
        truth = json.loads(path.read_text(encoding="utf-8"))
        agent = truth["agent_channel"]
        side = {agent: "agent", 1 - agent: "customer"}
        said = [
            "".join(turn["text"] for turn in truth["segments"] if turn["role"] == side[channel])
            for channel in (0, 1)
        ]
        yield Spoken(path.stem, path.with_name(path.stem + ending), (said[0], said[1]))


def recognised(spoken: list[Spoken], engine: Engine, hotwords: str | None) -> dict[Side, str]:
    """The text of every channel."""

    def channels(mine: list[Spoken]) -> Iterator[ChannelAudio]:
        for call in mine:
            for block in Decoder(call.path).blocks():
                for side, samples in enumerate(gate_crosstalk(block.samples)):
                    yield ChannelAudio(call.name, side, samples, block.start, hotwords)

    workers = worker_count(Settings())
    texts = {(call.name, side): "" for call in spoken for side in (0, 1)}
    with ThreadPoolExecutor(workers) as pool:
        shares = [spoken[n::workers] for n in range(workers)]
        for found in pool.map(lambda mine: list(engine.transcribe(channels(mine))), shares):
            for text in found:
                texts[text.key, text.channel] += "".join(word.text for word in text.words)
    return texts


def row(name: str, spoken: list[Spoken], texts: dict[Side, str]) -> str:
    """One line of the table."""
    said = found = inserted = 0
    total = Errors(0, 0, 0, 0)
    for call in spoken:
        for side, truth in enumerate(call.said):
            heard = texts[call.name, side]
            total += errors(truth, heard)
            for term in TERMS:
                true, seen = truth.count(term), heard.count(term)
                said, found = said + true, found + min(true, seen)
                inserted += max(seen - true, 0)
    return (
        f"| {name} | {said} | {share(found, said)} | {inserted} | {100 * total.rate:.1f} "
        f"| {total.substitutions} | {total.deletions} | {total.insertions} |"
    )


def main() -> None:
    """Recognise twice, count, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--sounds", type=Path)
    options = parser.parse_args()
    groups = {"development": list(calls(options.data / "calls", ".tel.stereo.flac"))}
    if options.sounds:
        groups["held-out cases, spoken"] = list(calls(options.sounds, ".wav"))
    settings = Settings()
    engine = make_engine(settings.asr.engine, engine_options(settings))
    print(f"{len(TERMS)} terms")
    print("| calls | said | found | inserted | CER % | sub | del | ins |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name, spoken in groups.items():
        for how, words in {"without": None, "with": " ".join(TERMS)}.items():
            texts = recognised(spoken, engine, words)
            print(row(f"{name}, {how}", spoken, texts), flush=True)


if __name__ == "__main__":
    main()
