"""What a nightly run makes of calls whose truth is known.

    python bench/accuracy.py --data ../shared/data [--out bench/results/accuracy.json]

Runs `callqa run` over (a) the 12 development calls, stereo, with their metadata, and (b) the human
Mandarin clips that have a reference text, then compares with the truth: character error rate with
95 % intervals, speed as a multiple of real time, rule findings and private data against the marks.
"""

from __future__ import annotations

import argparse
import io
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.evaluation.cer import Errors, errors
from pipeline.evaluation.intervals import interval_of
from pipeline.store import export

DIGIT_KINDS = {"id": "id_card", "phone": "phone", "code": "otp", "card": "bank_card"}
LOOK_ALIKES = ("staff", "policy", "contract", "stock", "hotline", "card4", "id4", "amount", "rate")
# A forbidden phrase of the truth is found when one of these rules fails with evidence near it.
NEAR = 3.0


def main() -> None:
    """Run, compare, print, and write the numbers as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    report = {"calls": calls(options.data), "clips": clips(options.data)}
    if options.out:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(json.dumps(report, ensure_ascii=False, indent=1), encoding="utf-8")


def night(folder: Path) -> tuple[dict[str, Any], dict[str, list[dict[str, Any]]]]:
    """`callqa run` over a folder; its summary and its tables by call."""
    db = folder.parent / "bench.duckdb"
    command = [sys.executable, "-m", "pipeline.cli", "run", str(folder), "--db", str(db), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    summary = json.loads(done.stdout.splitlines()[-1])
    tables = {}
    for table in ("calls", "segments", "findings", "private_spans"):
        out = io.StringIO()
        export(table, db, out)
        tables[table] = [json.loads(line) for line in out.getvalue().splitlines()]
    return summary, tables


def calls(data: Path) -> dict[str, Any]:
    """The development calls, stereo."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "calls"
        folder.mkdir()
        truths = {}
        for truth_file in sorted((data / "calls").glob("c*.json")):
            truth = json.loads(truth_file.read_text(encoding="utf-8"))
            truths[truth["call_id"]] = truth
            sound = truth_file.with_name(f"{truth_file.stem}.tel.stereo.flac")
            (folder / f"{truth_file.stem}.flac").symlink_to(sound.resolve())
            (folder / truth_file.name).symlink_to(truth_file.resolve())
        summary, tables = night(folder)
        texts = transcripts(folder)
    rows = []
    for call, truth in truths.items():
        reference = [(s["role"], s["text"]) for s in truth["segments"]]
        by_role = [
            errors(
                "".join(text for who, text in reference if who == role),
                "".join(text for who, text in texts[call] if who == role),
            )
            for role in ("agent", "customer")
        ]
        rows.append((call, sum(by_role, Errors(0, 0, 0, 0)), findings_of(call, truth, tables)))
    report = show_calls(rows, summary, private_data(truths, tables))
    report["against_truth"] = against_truth(verdicts_on_truth(data), tables)
    for name, value in report["against_truth"].items():
        print(f"{name}: {value}")
    return report


def transcripts(folder: Path) -> dict[str, list[tuple[str, str]]]:
    """(role, raw text) of every call by `callqa transcribe`: the store holds masked text only."""
    command = [sys.executable, "-m", "pipeline.cli", "transcribe", str(folder), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    return {
        call["call_id"]: [(turn["role"], turn["text"]) for turn in call["segments"]]
        for call in found
    }


def verdicts_on_truth(data: Path) -> dict[str, dict[str, str]]:
    """Verdict of every rule on the true text of each call, by `callqa score`."""
    files = [str(path) for path in sorted((data / "calls").glob("c*.json"))]
    command = [sys.executable, "-m", "pipeline.cli", "score", *files, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    reports = [json.loads(line) for line in done.stdout.splitlines()]
    return {r["call_id"]: {f["rule"]: f["verdict"] for f in r["findings"]} for r in reports}


def against_truth(truth: dict[str, dict[str, str]], tables: dict[str, Any]) -> dict[str, Any]:
    """What recognition errors do to the rules: verdicts on the recording beside the true text's."""
    counts: Counter[str] = Counter()
    wrong = []
    for finding in tables["findings"]:
        true = truth[finding["call_id"]][finding["rule"]]
        heard = finding["verdict"]
        if true == "fail":
            counts[f"true fails: {heard} on the recording"] += 1
        elif heard == "fail":
            counts["false fails on the recording"] += 1
        if (true == "fail") != (heard == "fail"):
            wrong.append(f"{finding['call_id']} {finding['rule']}: {true} -> {heard}")
    return {**counts, "differences": wrong}


def findings_of(call: str, truth: dict[str, Any], tables: dict[str, Any]) -> dict[str, Any]:
    """Forbidden phrases that a failed finding points at, and negated ones that one accuses."""
    failed = [f for f in tables["findings"] if f["call_id"] == call and f["verdict"] == "fail"]
    evidence = [e for finding in failed for e in finding["evidence"]]
    moments = [(e["start"], e["end"]) for e in evidence if e["start"] is not None]
    marks = Counter()
    for mark in truth["truth"]["marks"]:
        if mark["kind"] in ("forbidden", "forbidden_negated"):
            near = any(a - NEAR <= mark["start"] and mark["end"] <= b + NEAR for a, b in moments)
            marks[f"{mark['kind']} {'accused' if near else 'not accused'}"] += 1
    return {
        "failed": [f["rule"] for f in failed],
        "unsure": [
            f["rule"]
            for f in tables["findings"]
            if f["call_id"] == call and f["verdict"] == "unsure"
        ],
        "marks": dict(marks),
    }


def private_data(truths: dict[str, Any], tables: dict[str, Any]) -> dict[str, int]:
    """Marked numbers with a span of the right kind at that moment; look-alikes with one."""
    segments = {(s["call_id"], s["segment"]): s for s in tables["segments"]}
    spans = [
        (s["call_id"], s["kind"], segments[s["call_id"], s["segment"]])
        for s in tables["private_spans"]
    ]
    counts = Counter({"found": 0, "missed": 0, "look-alikes masked": 0, "look-alikes": 0})
    for call, truth in truths.items():
        for mark in truth["truth"]["marks"]:
            if mark["kind"] != "digits":
                continue
            kinds = {
                kind
                for owner, kind, turn in spans
                if owner == call
                and turn["start"] - 1 <= mark["start"]
                and mark["end"] <= turn["end"] + 1
            }
            if mark["type"] in DIGIT_KINDS:
                counts["found" if DIGIT_KINDS[mark["type"]] in kinds else "missed"] += 1
            elif mark["type"] in LOOK_ALIKES:
                counts["look-alikes"] += 1
                counts["look-alikes masked"] += bool(kinds)
    return dict(counts)


def show_calls(
    rows: list[tuple[str, Errors, dict[str, Any]]], summary: dict[str, Any], private: dict[str, int]
) -> dict[str, Any]:
    print("| call | CER % | sub | del | ins | failed rules | unsure |")
    print("| --- | ---: | ---: | ---: | ---: | --- | ---: |")
    marks: Counter[str] = Counter()
    for call, found, checked in rows:
        marks.update(checked["marks"])
        counts = f"{found.substitutions} | {found.deletions} | {found.insertions}"
        failed = ", ".join(checked["failed"]) or "-"
        unsure = len(checked["unsure"])
        print(f"| {call} | {100 * found.rate:.1f} | {counts} | {failed} | {unsure} |")
    more = {"marks": dict(marks), "private": private}
    return footer([found for _, found, _ in rows], summary, more)


def footer(parts: list[Errors], summary: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    total = sum(parts, Errors(0, 0, 0, 0))
    between = interval_of([(part.count, part.length) for part in parts])
    low, high = (between.low, between.high) if between else (0.0, float("inf"))
    speed = summary["audio_seconds"] / summary["wall_seconds"]
    print(
        f"\n{len(parts)} files, {summary['audio_seconds']:.0f} s, {total.length} characters: "
        f"CER {100 * total.rate:.1f} % [{100 * low:.1f}, {100 * high:.1f}], {speed:.1f}x real time "
        f"(RTF {1 / speed:.3f}), failed {summary['failed']}"
    )
    for name, counts in more.items():
        print(f"{name}: {counts}")
    print()
    return {
        "cer": round(total.rate, 4),
        "interval": [round(low, 4), round(high, 4)] if between else None,
        "characters": total.length,
        "audio_seconds": summary["audio_seconds"],
        "times_real_time": round(speed, 2),
        "findings": summary["findings"],
        **more,
    }


def references(data: Path) -> Iterator[tuple[Path, str]]:
    """Human clips with a text, from the folders that carry one."""
    for folder in ("training", "testing"):
        table = data / "zh_azure_customspeech" / folder / "trans.txt"
        for line in table.read_text(encoding="utf-8-sig").splitlines():
            name, _, text = line.partition("\t")
            sound = table.parent / name.strip()
            if text.strip() and sound.is_file():
                yield sound, text
    for clip in sorted((data / "zh_fleurs_clips").glob("*.txt")):
        sound = clip.with_suffix(".wav")
        if sound.is_file():
            yield sound, clip.read_text(encoding="utf-8-sig")
    known = {
        "zh_wenet_tests/aishell-BAC009S0724W0121.wav": "广州市房地产中介协会分析",
        "zh_funasr_examples/asr_example.wav": "欢迎大家来体验达摩院推出的语音识别模型",
    }
    for name, text in known.items():
        if (data / name).is_file():
            yield data / name, text
    for word in sorted((data / "zh_audiocmn_words" / "64k_hsk").glob("*.mp3")):
        yield word, word.stem


def clips(data: Path) -> dict[str, Any]:
    """Human speech: sentences, and single call-centre words apart from them."""
    result = {}
    for title, single in (("sentences", False), ("single words", True)):
        chosen = [(p, t) for p, t in references(data) if ("audiocmn" in str(p)) is single]
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch) / "clips"
            folder.mkdir()
            for number, (sound, _) in enumerate(chosen):
                (folder / f"{number:04}{sound.suffix}").symlink_to(sound.resolve())
            summary, _ = night(folder)
            texts = transcripts(folder)
        heard = {call: "".join(text for _, text in turns) for call, turns in texts.items()}
        parts = [errors(text, heard.get(f"{n:04}", "")) for n, (_, text) in enumerate(chosen)]
        print(f"human clips, {title}:")
        result[title] = footer(parts, summary, {})
    return result


if __name__ == "__main__":
    main()
