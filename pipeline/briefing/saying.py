"""A briefing's content in words: the same sentences in every file and on the page."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.briefing.content import (
    Agreed,
    Briefing,
    Headline,
    Item,
    Outcome,
    Training,
    Why,
)
from pipeline.briefing.suggesting import FEWEST
from pipeline.briefing.words import Words
from pipeline.domain import Gone, Hint, Moment, Problem, ProblemKind, TrainingAction, Trend, Whom
from pipeline.learning import reason_name
from pipeline.problems import REASONS

CHANGES = {1: "up", -1: "down", 0: "chance"}
MOST_GONE = 3  # named in one line


def subtitle(words: Words, briefing: Briefing) -> str:
    """Which week, of whom."""
    week = briefing.week
    team = briefing.team or words("all_teams")
    return words("subtitle", week=week, first=week.monday, last=week.sunday, team=team)


def lead(words: Words, headline: Headline) -> str:
    """The headline figures as sentences."""
    now, before = headline.now, headline.before
    parts = [words("lead", calls=now.calls, before=before.calls, heard=now.heard)]
    passes = {"now": percent(now.pass_rate), "before": percent(before.pass_rate)}
    parts.append(_moved(words, "lead", headline.passed, passes, known=bool(before.calls)))
    if before.calls:
        means = {"now": one_digit(now.scores.mean), "before": one_digit(before.scores.mean)}
        parts.append(_moved(words, "lead_mean", headline.mean, means, known=True))
    parts.append(words("lead_veto", n=now.vetoed))
    between = " " if words.language == "en" else ""
    return between.join(parts)


def flagged(words: Words, headline: Headline) -> str:
    """In how many calls a model reads a complaint, and last week; empty where no model looked."""
    now, before = headline.now, headline.before
    if not now.read:
        return ""
    last = words("flagged_no_last")
    if before.read:
        of = words("of", calls=before.flagged, of=before.read)
        last = against(words, of, headline.flagged, known=True)
    of = words("of", calls=now.flagged, of=now.read)
    return words("flagged_line", of=of, share=percent(share(now.flagged, now.read)), last=last)


def _moved(words: Words, key: str, change: int, values: dict[str, str], *, known: bool) -> str:
    if not known:
        return words("lead_first", now=values["now"])
    if values["now"] == values["before"]:
        return words(f"{key}_equal", **values)
    if not change:
        return words(f"{key}_same", **values)
    return words(f"{key}_moved", change=words(CHANGES[change]), **values)


def against(words: Words, value: str, change: int | None, *, known: bool) -> str:
    """A word on a figure: what it was last week, and whether it moved beyond chance."""
    if not known:
        return words("no_last")
    last = words("last_week", value=value)
    if change is None:
        return last
    comma = ", " if words.language == "en" else "，"
    return f"{last}{comma}{words(CHANGES[change])}"


# ── a problem ────────────────────────────────────────────────────────────────────────────────────


def name_of(words: Words, problem: Problem | Gone) -> str:
    """What it is called."""
    return words.either(problem.name, problem.name_en)


def named(words: Words, problem: Problem | Gone) -> str:
    """Its name and what makes it a problem."""
    name, kind = name_of(words, problem), words.of("kind", problem.kind)
    return f"{name} ({kind})" if words.language == "en" else f"{name}（{kind}）"


def trend_of(words: Words, problem: Problem, *, chance: bool = False) -> str:
    """Where it goes; with the p-value where that is asked for."""
    said = words.of("trend", problem.trend)
    moved = problem.trend in (Trend.UP, Trend.DOWN, Trend.NEW)
    if not (chance and moved and problem.chance is not None):
        return said
    p = "p<0.001" if problem.chance < 0.001 else f"p={problem.chance:.3f}"
    return said + words("trend_chance", p=p)


def numbers(words: Words, problem: Problem) -> str:
    """In how many calls, against last week, and the trend."""
    values = {
        "calls": problem.calls, "share": percent(share(problem.calls, problem.of)),
        "trend": trend_of(words, problem, chance=True),
    }  # fmt: skip
    if len(problem.weeks) < 2 or not problem.weeks[-2].of:
        return words("numbers_first", **values)
    before = problem.weeks[-2]
    return words("numbers", before=percent(share(before.calls, before.of)), **values)


def why(words: Words, item: Item) -> str:
    """Why it matters: as a person wrote it, else control point, law and points lost."""
    if item.text.why:
        return item.text.why
    if item.why is None:
        return (
            words(f"why_{item.problem.kind}") if item.problem.kind is not ProblemKind.RULE else ""
        )
    stop = ". " if words.language == "en" else "。"
    comma = ", " if words.language == "en" else "，"
    facts = comma.join(_facts(words, item.why))
    law = words("why_law", law=item.why.reference) if item.why.reference else ""
    parts = [part.rstrip("。.") for part in (item.why.meaning, facts, law) if part]
    return stop.join(parts) + (stop.strip() if parts else "")


def _facts(words: Words, known: Why) -> Iterator[str]:
    if known.point:
        yield words("why_point", number=known.point, title=known.point_title).strip()
    if known.severity is not None:
        yield words.of("severity", known.severity)
    if known.veto:
        yield words("why_veto")
    if known.lost:
        yield words("why_lost", points=f"{known.lost:g}")


def hints(words: Words, briefing: Briefing, problem: Problem) -> list[str]:
    """Signs of a cause."""
    return [
        words("hint", what=words.of("hint", one.what), value=_value(words, briefing, one),
              share=percent(one.share), elsewhere=percent(one.elsewhere))
        for one in problem.hints
    ]  # fmt: skip


def _value(words: Words, briefing: Briefing, hint: Hint) -> str:
    if hint.what == "rule" and hint.value in briefing.titles:
        return words.either(*briefing.titles[hint.value])
    if hint.what in REASONS:
        return reason_name(hint.value, words.language)
    return words.of(hint.what, hint.value)


def agreed(words: Words, item: Item) -> str:
    """The answer that all shall give: as a person wrote it, else of the case library."""
    if item.text.answer:
        return item.text.answer
    return item.agreed.answer if item.agreed else words("agreed_none")


def agreed_from(words: Words, item: Item) -> str:
    """Where the answer is from; empty where a person wrote it or there is none."""
    known: Agreed | None = item.agreed
    if item.text.answer or known is None:
        return ""
    return words(f"agreed_{known.by}", case=known.case)


def training(words: Words, item: Item, *, named: bool) -> list[str]:
    """For whom, with the reason; `named`: single agents by name, for the annex."""
    if item.text.training:
        return [item.text.training]
    between = " - " if words.language == "en" else "："
    return [
        f"{whom(words, one, named=named)}{between}{_reason(words, item.problem, one)}"
        for one in item.training
    ]


def whom(words: Words, one: Training, *, named: bool) -> str:
    """Everybody, teams, or single agents."""
    if one.whom is None:
        return words("watch")
    if one.whom is Whom.ALL:
        return words("all")
    who = _list(words, [_person(c.key, c.name) for c in one.who])
    if one.whom is Whom.TEAM:
        return words("team", who=who)
    if named:
        return words("named", who=who)
    many = len(one.who)
    return words("single_one") if many == 1 else words("single", n=many)


def short_training(words: Words, item: Item) -> str:
    """For whom alone."""
    if item.text.training:
        return item.text.training
    between = " + "
    return between.join(whom(words, one, named=False) for one in item.training)


def _reason(words: Words, problem: Problem, one: Training) -> str:
    values = {"calls": one.calls, "of": one.of}
    if one.whom is None:
        few = problem.calls < FEWEST
        return words("reason_few" if few else "reason_watch", **values)
    if one.whom is Whom.ALL:
        asked = problem.kind is ProblemKind.ASKED
        return words("reason_asked" if asked else "reason_all", **values)
    shares = {
        "share": percent(share(one.calls, one.of)),
        "rest": percent(share(one.rest, one.rest_of)),
    }
    return words("reason_group", **values, **shares)


def _person(key: str, name: str) -> str:
    return name if name == key or not name else f"{name}（{key}）"


def _list(words: Words, parts: list[str]) -> str:
    return (", " if words.language == "en" else "、").join(parts)


def place(moment: Moment) -> str:
    """When in a call: `01:12`, or which turn of a chat."""
    if moment.start is None:
        return f"#{moment.segment + 1}"
    return f"{int(moment.start // 60):02}:{int(moment.start % 60):02}"


def gone(words: Words, one: Gone) -> str:
    """A problem that is in no call any more: its last size, and whether that is more than noise."""
    sure = "gone_few" if one.chance is None else "gone_maybe"
    said = words("gone_sure" if one.trend is Trend.DOWN else sure)
    last = one.last
    return words(
        "gone_line", name=named(words, one), week=last.week, calls=last.calls, of=last.of, said=said
    )


def gone_in_short(words: Words, briefing: Briefing) -> str:
    """Those that fell by more than chance by name, of the others how many; empty: none."""
    sure = [name_of(words, one) for one in briefing.gone if one.trend is Trend.DOWN]
    if not briefing.gone:
        return ""
    maybe = len(briefing.gone) - len(sure)
    parts = [words("gone_named", names=_list(words, sure[:MOST_GONE]))] if sure else []
    parts += [words("gone_others" if sure else "gone_unsure", n=maybe)] if maybe else []
    return ("; " if words.language == "en" else "；").join(parts)


# ── actions ──────────────────────────────────────────────────────────────────────────────────────


def for_whom(words: Words, action: TrainingAction, *, named: bool) -> str:
    """For whom an action is."""
    if action.whom is Whom.ALL:
        return words("all")
    if action.whom is Whom.TEAM:
        return words("team", who=_list(words, list(action.who)))
    if named:
        return words("named", who=_list(words, list(action.who)))
    many = len(action.who)
    return words("single_one") if many == 1 else words("single", n=many)


def action(words: Words, one: TrainingAction, *, named: bool) -> str:
    """What was decided to be done."""
    return words("action", name=one.name, whom=for_whom(words, one, named=named), what=one.what)


def outcome(words: Words, one: Outcome, *, named: bool) -> str:
    """What became of an action."""
    said = {1: "worse", -1: "better", 0: "alike"}[one.change]
    if one.before is None or one.now is None:
        said = "no_figure"
    return words(
        "outcome", name=one.action.name, whom=for_whom(words, one.action, named=named),
        what=one.action.what, before=_of(words, one.before, "unknown"),
        now=_of(words, one.now, "gone"), said=words(said),
    )  # fmt: skip


def _of(words: Words, pair: tuple[int, int] | None, otherwise: str) -> str:
    if pair is None:
        return words(otherwise)
    return f"{words('of', calls=pair[0], of=pair[1])}（{percent(share(*pair))}）"


# ── figures ──────────────────────────────────────────────────────────────────────────────────────


def share(part: int, whole: int) -> float | None:
    """None of nothing."""
    return part / whole if whole else None


def percent(value: float | None) -> str:
    """`8.5%`, whole above a tenth; a dash for what is not known."""
    if value is None:
        return "—"
    return f"{value:.1%}" if value < 0.995 else f"{value:.0%}"


def one_digit(value: float | None) -> str:
    """`90.2`."""
    return "—" if value is None else f"{value:.1f}"
