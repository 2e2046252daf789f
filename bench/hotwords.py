"""What hotwords do: words heard that were said, and words heard that nobody said.

    python -m bench.hotwords --data ../shared/data [--sounds SOUNDS]

The development calls and SOUNDS (`bench.speak_cases`), each recognised without hotwords and with
all of TERMS, words of the whole trade, not taken from these calls. A term counts as found as often
as it is heard where it was said, as inserted as often as it is heard beyond that, per side of a
call.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from bench.asr import Texts, calls_of, recognised, said_on, truth_of
from bench.rule_accuracy import share
from pipeline.asr import make_engine
from pipeline.evaluation.cer import Errors, errors
from pipeline.listening import engine_options
from pipeline.settings import Settings

TERMS = (
    "信用卡", "储蓄卡", "理财", "基金", "净值", "年化", "赎回", "定投", "风险测评", "保单", "退保",
    "犹豫期", "现金价值", "受益人", "免赔额", "理赔", "逾期", "分期", "最低还款", "征信", "违约金",
    "罚息", "验证码", "开户", "销户", "佣金", "创业板", "融资融券", "身份证", "工号", "录音",
    "手续费", "网银", "结构性存款", "大额存单", "国债", "外汇", "信托", "可转债", "打新",
)  # fmt: skip


def row(name: str, files: list[Path], texts: Texts) -> str:
    """One line of the table."""
    said = found = inserted = 0
    total = Errors(0, 0, 0, 0)
    for path in files:
        for truth, heard in zip(said_on(truth_of(path)), texts[path.name], strict=True):
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
    groups = {"development": calls_of(options.data / "calls")}
    if options.sounds:
        groups["held-out cases, spoken"] = calls_of(options.sounds)
    chosen = engine_options(Settings())
    engine = make_engine(Settings().asr.engine, chosen)
    print(f"{len(TERMS)} terms")
    print("| calls | said | found | inserted | CER % | sub | del | ins |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name, files in groups.items():
        for how, words in {"without": None, "with": " ".join(TERMS)}.items():
            texts = recognised(files, engine, chosen.workers, hotwords=words)
            print(row(f"{name}, {how}", files, texts), flush=True)


if __name__ == "__main__":
    main()
