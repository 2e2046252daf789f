"""Gathering a weekly briefing from what is stored: once, for all files and the page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NoReturn

from pipeline import __version__
from pipeline.briefing.content import (
    Basis,
    Briefing,
    GoodExample,
    Headline,
    Item,
    Outcome,
    WeekFigures,
    Why,
)
from pipeline.briefing.suggesting import agreed_answer, suggested
from pipeline.casebook import Seen, library, nameless
from pipeline.domain import (
    BriefingText,
    CaseKind,
    Concerned,
    Problem,
    Severity,
    TrainingAction,
    Whom,
)
from pipeline.effective import decided_results
from pipeline.errors import BadInput
from pipeline.means import Moments
from pipeline.problems import Weekly, look
from pipeline.shares import differ
from pipeline.store import Briefings, Decided, Filters, Snapshot, ask_decided
from pipeline.weeks import Week

WEEKS = 8  # of the headline's chart
MOST_PROBLEMS = 10
GOOD_CALLS, GOOD_CASES = 1, 3  # of a rule, of the library
Row = Mapping[str, Any]
Find = Callable[[Snapshot, Week, str | None], Weekly]


def gather(snapshot: Snapshot, week: Week, team: str | None = None, find: Find = look) -> Briefing:
    """The briefing of a week as this reader may know it, with what people wrote into it.

    BadInput when there are no calls in the week, with the weeks that there are. `find` gives the
    common problems.
    """
    ask = _Asked.of(snapshot, week, team)
    headline = ask.headline()
    if not headline.now.calls:
        _refuse_empty(snapshot, week, team)
    edited = Briefings(snapshot.people).latest(str(week), team or "")
    text = edited.text if edited else BriefingText()
    seen = find(snapshot, week, team)
    cases = library(snapshot)
    items = _items(ask, _ordered(seen.problems, text), cases, text)
    shown = [item.problem for item in items if not item.text.hidden]
    return Briefing(
        week, team, headline, items, ask.good(shown, cases), _outcomes(ask, seen, find),
        ask.basis(), _titles(snapshot), edited, seen.gone,
    )  # fmt: skip


def _titles(snapshot: Snapshot) -> dict[str, tuple[str, str]]:
    rules = snapshot.choices()["rules"] or ()
    return {rule["rule"]: (rule["title"], rule["title_en"] or "") for rule in rules}


def weeks_there(snapshot: Snapshot, team: str | None = None) -> list[Week]:
    """The weeks that hold calls, latest first."""
    rows = ask_decided(snapshot, Filters(team=team), Decided(), "list_weeks")
    return [Week.of(row["begins"]) for row in rows]


def _refuse_empty(snapshot: Snapshot, week: Week, team: str | None) -> NoReturn:
    there = weeks_there(snapshot, team)
    known = ", ".join(map(str, there[:8])) + (" …" if len(there) > 8 else "") or "—"
    if team is None:
        raise BadInput(f"there are no calls in {week}; weeks with calls: {known}")
    raise BadInput(f"team {team} has no calls in {week}; weeks with calls: {known}")


@dataclass(frozen=True, slots=True)
class _Asked:
    """One week's questions to the store, with what people decided."""

    snapshot: Snapshot
    week: Week
    team: str | None
    decided: Decided

    @classmethod
    def of(cls, snapshot: Snapshot, week: Week, team: str | None) -> _Asked:
        asked = cls(snapshot, week, team, Decided())
        return replace(asked, decided=decided_results(snapshot, asked.filters(WEEKS)))

    def filters(self, weeks: int) -> Filters:
        """So many weeks, the last is this one."""
        first = self.week.back(weeks - 1).monday
        return Filters(since=first, until=self.week.sunday, team=self.team)

    def rows(self, name: str, weeks: int = 1, **values: object) -> list[dict[str, Any]]:
        return ask_decided(self.snapshot, self.filters(weeks), self.decided, name, **values)

    def headline(self) -> Headline:
        found = self.rows("count_weeks", WEEKS, pass_score=self.snapshot.pass_score)
        known = {str(Week.of(row["begins"])): row for row in found}
        names = [str(self.week.back(back)) for back in range(WEEKS - 1, -1, -1)]
        first = next((place for place, name in enumerate(names) if name in known), WEEKS - 1)
        return Headline(
            tuple(_figures(name, known.get(name)) for name in names[min(first, WEEKS - 2) :])
        )

    def whys(self) -> dict[str, Why]:
        """By rule."""
        rows = self.rows("list_broken_rules")
        packs = {one: self.snapshot.pack_content(one) for one in {r["pack_hash"] for r in rows}}
        return {row["rule"]: _why(row, packs[row["pack_hash"]] or {}) for row in rows}

    def good(self, problems: Sequence[Problem], cases: Sequence[Seen]) -> tuple[GoodExample, ...]:
        """Good cases that fit the problems, or the latest; then calls that people confirmed."""
        rules = [problem.rule for problem in problems if problem.rule]
        rows = self.rows("list_good_calls", rules=rules, most=GOOD_CALLS) if rules else []
        order = {rule: place for place, rule in enumerate(rules)}
        calls = [_good_call(row) for row in sorted(rows, key=lambda row: order[row["rule"]])]
        return (*_good_cases(problems, cases), *calls[:GOOD_CASES])

    def basis(self) -> Basis:
        rows = self.rows("count_made_by")
        return Basis(
            _counted(rows, lambda r: f"{r['pack']} {r['pack_version']} ({r['pack_hash'][:12]})"),
            _counted(rows, _model),
            tuple((r["kind"], r["model"], r["calls"]) for r in self.rows("count_readers")),
            _counted(rows, lambda r: r["code_version"]),
            __version__,
            self.snapshot.pass_score,
        )


def _figures(week: str, row: Row | None) -> WeekFigures:
    if row is None:
        return WeekFigures(week)
    scores = Moments(row["calls"], row["total"], row["squares"])
    return WeekFigures(
        week, row["calls"], row["passed"], row["vetoed"], row["heard"], row["agents"],
        row["complaints"] if row["watched"] else None, row["watched"], scores, row["read"],
        row["flagged"],
    )  # fmt: skip


def _model(row: Row) -> str:
    if not row["model"]:
        return ""
    return f"{row['engine']} {row['model']} {(row['revision'] or '')[:12]}".strip()


def _counted(rows: Sequence[Row], name: Callable[[Row], str]) -> tuple[tuple[str, int], ...]:
    counts: Counter[str] = Counter()
    for row in rows:
        counts[name(row)] += row["calls"]
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


# ── problems ─────────────────────────────────────────────────────────────────────────────────────


def _ordered(problems: Sequence[Problem], text: BriefingText) -> list[Problem]:
    """Those that a person put first, then by weight; at most `MOST_PROBLEMS`."""
    place = {one: number for number, one in enumerate(text.order)}
    ranked = sorted(problems, key=lambda problem: place.get(problem.id, len(place)))
    return ranked[:MOST_PROBLEMS]


def _items(
    ask: _Asked, problems: Sequence[Problem], cases: Sequence[Seen], text: BriefingText
) -> tuple[Item, ...]:
    whys = ask.whys() if problems else {}
    return tuple(
        Item(
            problem, whys.get(problem.rule or ""), agreed_answer(problem, cases),
            suggested(problem, ask.team), text.of(problem.id),
        )
        for problem in problems
    )  # fmt: skip


def _why(row: Row, pack: Mapping[str, Any]) -> Why:
    rules: Sequence[Row] = pack.get("rules", ())
    rule: Row = next((one for one in rules if one["id"] == row["rule"]), {})
    severity = row["severity"]
    return Why(
        row["control_point"], row["point_title"] or "", severity and Severity(severity),
        bool(row["veto"]), row["calls"], abs(row["points"] or 0.0), rule.get("why", ""),
        (rule.get("reference") or {}).get("text", "") or row["reference"] or "",
    )  # fmt: skip


# ── good examples ────────────────────────────────────────────────────────────────────────────────


def _good_cases(problems: Sequence[Problem], cases: Sequence[Seen]) -> list[GoodExample]:
    usable = [
        one for one in cases if one.case.retired is None and one.case.text.kind is CaseKind.GOOD
    ]
    fitting: list[Seen] = []
    for problem in problems:
        known = agreed_answer(problem, [one for one in usable if one not in fitting])
        fitting += [one for one in usable if known and one.case.id == known.case]
    chosen = (fitting or usable)[:GOOD_CASES]
    return [_good_case(one) for one in chosen]


def _good_case(seen: Seen) -> GoodExample:
    case, passage = seen.case, seen.case.passage
    return GoodExample(
        case.text.title, passage.rule_title or passage.point_title,
        tuple((str(turn.role), turn.text) for turn in passage.quote), case.text.why, case.id,
        passage.call_id, passage.first if seen.call else None, passage.start,
    )  # fmt: skip


def _good_call(row: Row) -> GoodExample:
    quote = nameless(row["quote"] or "", row)
    return GoodExample(
        "", row["title"], (("agent", quote),) if quote else (), "", None, row["call_id"],
        row["segment"], row["start"], row["score"], row["agent_name"] or row["agent_id"],
        row["reviewer"] or "",
    )  # fmt: skip


# ── what became of the last week's actions ───────────────────────────────────────────────────────


def _outcomes(ask: _Asked, seen: Weekly, find: Find) -> tuple[Outcome, ...]:
    week = ask.week.back(1)
    last = Briefings(ask.snapshot.people).latest(str(week), ask.team or "")
    if last is None or not last.text.actions:
        return ()
    earlier = {one.id: one for one in find(ask.snapshot, week, ask.team).problems}
    now, whys = {one.id: one for one in seen.problems}, ask.whys()
    gone = {one.id for one in seen.gone}
    calls = ask.headline().now.calls
    found = []
    for action in last.text.actions:
        then = earlier.get(action.problem)
        before, today = _of_whom(action, then), _of_whom(action, now.get(action.problem))
        if today is None and action.whom is Whom.ALL and then and then.rule:
            broken = whys.get(then.rule)  # too rare to be a common problem any more
            today = (broken.calls if broken else 0, calls)
        elif today is None and action.whom is Whom.ALL and action.problem in gone:
            today = (0, calls)
        change = differ(*today, *before) if before and today else 0
        found.append(Outcome(action, before, today, change))
    return tuple(found)


def _of_whom(action: TrainingAction, problem: Problem | None) -> tuple[int, int] | None:
    """In how many calls of those an action is for; None where that is not known."""
    if problem is None:
        return None
    if action.whom is Whom.ALL:
        return problem.calls, problem.of
    among: tuple[Concerned, ...] = problem.teams if action.whom is Whom.TEAM else problem.agents
    named = [one for one in among if one.key in action.who]
    if not named:
        return None
    return sum(one.calls for one in named), sum(one.of for one in named)
