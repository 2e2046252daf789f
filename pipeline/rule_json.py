"""What the rules commands print with --json: the fields of a pack file, and words beside them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from pipeline.rules import ExampleResult, RulePack
from pipeline.rules.catalogue import FoundEntry, NamedPack
from pipeline.rules.check import Checked
from pipeline.rules.compare import Difference
from pipeline.rules.describe import conditions_in_words, expression_in_words
from pipeline.rules.model import Rule
from pipeline.rules.trial import Tried

Json = dict[str, Any]


def pack_json(named: NamedPack) -> Json:
    """A pack in `rules list`."""
    pack = named.pack
    return {
        "name": named.name,
        "title": pack.title,
        "version": pack.version,
        "effective": pack.effective.model_dump(mode="json", by_alias=True),
        "extends": pack.layers[-1].file.extends,
        "files": list(pack.sources),
        "sha256": pack.sha256,
        "rules": [
            {
                "rule": rule.id,
                "title": rule.title,
                "title_en": rule.title_en,
                "control_point": rule.control_point,
                "checks": list(rule.checks),
                "severity": str(rule.severity),
                "points": rule.points,
                "reference": rule.reference.model_dump(),
            }
            for rule in pack.rules
        ],
    }


def entry_json(found: FoundEntry, language: str, *, examples: bool) -> Json:
    """A rule or human item in `rules show`: all its fields, and its conditions in words."""
    entry = found.entry
    titles = {p.number: p.title for p in found.pack.plan.control_points}
    fields = entry.model_dump(
        mode="json", by_alias=True, exclude=set() if examples else {"examples"}
    )
    words: Json = {}
    if isinstance(entry, Rule):
        words = {
            field: expression_in_words(getattr(entry, field), entry.conditions, language)
            for field in ("require", "forbid", "when")
            if getattr(entry, field)
        }
        words["conditions"] = {
            c.name: {"kind": c.kind, "label": c.label, "where": c.where, **dict(c.rows)}
            for c in conditions_in_words(entry, language)
        }
    return {
        **fields,
        "control_point_title": titles.get(entry.control_point),
        "file": found.file,
        "line": found.line,
        "packs": list(found.packs),
        "words": words,
    }


def checked_json(checked: Checked, language: str) -> Json:
    """What `rules check` found."""
    return {
        "files": checked.files,
        "rules": checked.rules,
        "errors": [asdict(problem) for problem in checked.problems],
        "warnings": [
            {
                "lint": remark.lint,
                "file": remark.file,
                "line": remark.line,
                "owner": remark.owner,
                "field": remark.field,
                "message": remark.says(language),
            }
            for remark in checked.remarks
        ],
    }


def tried_json(pack: RulePack, lines: Sequence[str], tried: Iterable[Tried]) -> Json:
    """What `rules try` found."""
    return {
        "pack": pack.name,
        "pack_version": pack.version,
        "lines": list(lines),
        "rules": [
            {
                "rule": one.rule.id,
                "title": one.rule.title,
                "title_en": one.rule.title_en,
                "verdict": str(one.finding.verdict),
                "points": one.finding.points,
                "why": one.finding.why,
                "confidence": one.finding.confidence,
                "evidence": [asdict(item) for item in one.finding.evidence],
                "excused": [asdict(item) for item in one.excused],
                "conditions": [asdict(trace) for trace in one.traces],
            }
            for one in tried
        ],
    }


def difference_json(difference: Difference) -> Json:
    """What `rules diff` found."""
    return {"effect": str(difference.effect), **asdict(difference)}


def results_json(name: str, results: Sequence[ExampleResult], seconds: float) -> Json:
    """What `rules test` found in one pack."""
    tried = [result for result in results if result.tried]
    return {
        "pack": name,
        "examples": len(tried),
        "untried": len(results) - len(tried),
        "seconds": round(seconds, 3),
        "wrong": [asdict(result) for result in tried if not result.ok],
    }
