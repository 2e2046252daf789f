"""The outer format of `callqa asr eval --json`."""

from __future__ import annotations

from dataclasses import asdict

from pipeline.evaluation.cer import Errors
from pipeline.evaluation.intervals import Interval
from pipeline.evaluation.keywords import PATTERN, PHRASE, Kept
from pipeline.evaluation.result import CallResult, ModelResult, Rate, Recall, Report


def report_json(report: Report) -> dict[str, object]:
    """The whole report; shares are between 0 and 1, times in seconds."""
    return {
        "source": report.source,
        "models": [_model_json(model) for model in report.models],
        "differences": [
            {**asdict(d), "interval": _interval_json(d.interval)} for d in report.differences
        ],
        "failed": len(report.failures),
        "unreferenced": report.unreferenced,
        "failures": [asdict(failure) for failure in report.failures],
    }


def _model_json(model: ModelResult) -> dict[str, object]:
    speed = model.times_real_time
    return {
        "name": model.name,
        "engine": asdict(model.engine),
        "recordings": len(model.calls),
        "audio_seconds": round(model.audio_seconds, 1),
        "wall_seconds": round(model.wall_seconds, 2),
        "load_seconds": round(model.load_seconds, 2),
        "workers": model.workers,
        "times_real_time": round(speed, 2),
        "rtf": round(1 / speed, 4) if speed else None,
        "cer": _rate_json(model.whole),
        "by_side": {name: _rate_json(rate) for name, rate in model.by_side.items()},
        "by_business_line": {name: _rate_json(rate) for name, rate in model.by_line.items()},
        "calls": [_call_json(call) for call in model.calls],
        "phrases": _recall_json(model.recall(PHRASE)),
        "patterns": _recall_json(model.recall(PATTERN)),
        "sought": [
            {"kind": kind, "text": text, **_kept_json(kept), "rules": sorted(kept.rules)}
            for (kind, text), kept in model.kept.items()
        ],
    }


def _errors_json(errors: Errors) -> dict[str, object]:
    return {
        "rate": round(errors.rate, 4) if errors.length else None,
        "substitutions": errors.substitutions,
        "deletions": errors.deletions,
        "insertions": errors.insertions,
        "characters": errors.length,
    }


def _rate_json(rate: Rate) -> dict[str, object]:
    interval = _interval_json(rate.interval)
    return {**_errors_json(rate.errors), "interval": interval, "calls": rate.calls}


def _interval_json(interval: Interval | None) -> list[float] | None:
    return None if interval is None else [round(interval.low, 4), round(interval.high, 4)]


def _call_json(call: CallResult) -> dict[str, object]:
    return {
        "file": call.file,
        "business_line": call.line,
        "seconds": round(call.seconds, 1),
        **_errors_json(call.errors),
        "sides": [
            {"role": str(s.role), "channel": s.channel, **_errors_json(s.errors)}
            for s in call.sides
        ],
        "removed_characters": call.removed,
        "agent_channel_contradicted": call.contradicted,
    }


def _kept_json(kept: Kept) -> dict[str, object]:
    return {
        "said": kept.said,
        "written": kept.written,
        "found_otherwise": kept.found,
        "lost": kept.lost,
        "invented": kept.invented,
    }


def _recall_json(recall: Recall) -> dict[str, object]:
    counts = recall.counts
    share = (counts.written + counts.found) / counts.said if counts.said else None
    return {
        **_kept_json(counts),
        "recall": None if share is None else round(share, 4),
        "interval": _interval_json(recall.interval),
        "calls": recall.calls,
    }
