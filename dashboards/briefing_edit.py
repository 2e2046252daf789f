"""What the trainer writes into a briefing: one form, kept as one version."""

from __future__ import annotations

from html import escape

import streamlit as st

from dashboards import briefings, data
from dashboards.language import agent_of, language, t, when
from dashboards.reviews import attempt, me
from pipeline.briefing import LONGEST, Briefing, Item, saying
from pipeline.briefing.words import Words
from pipeline.domain import BriefingText, ProblemText, TrainingAction, Whom
from pipeline.errors import BadInput

TEXTS = ("why", "answer", "training", "note")
WHOM = (None, *Whom)


def render(key: str, found: Briefing) -> None:
    """The form of one week and team; its widgets belong to the version that is shown."""
    version = found.edited.id if found.edited else 0
    name = f"brief_{found.week}_{found.team or ''}_{version}"
    words = Words(language())
    with st.form(name, border=False):
        st.caption(t("brief_hint"))
        st.text_area(
            t("brief_comment"), found.text.comment, key=f"{name}_comment", max_chars=LONGEST,
            height=90,
        )  # fmt: skip
        for place, item in enumerate(found.items, 1):
            _problem(f"{name}_{item.problem.id}", place, item, found, words)
        st.form_submit_button(
            t("brief_save"), key=f"{name}_save", on_click=_save, args=(key, name, found),
            type="primary",
        )  # fmt: skip
    _history(found)


def _problem(name: str, place: int, item: Item, found: Briefing, words: Words) -> None:
    title = saying.named(words, item.problem)
    suggested = {
        "why": saying.why(words, item), "answer": saying.agreed(words, item),
        "training": "；".join(saying.training(words, item, named=False)), "note": "",
    }  # fmt: skip
    with st.expander(f"{place}. {title}"):
        left, right = st.columns([1, 4], vertical_alignment="bottom")
        left.number_input(t("brief_place"), 1, 99, place, key=f"{name}_place")
        right.checkbox(t("brief_hidden"), item.text.hidden, key=f"{name}_hidden")
        for field in TEXTS:
            st.text_area(
                t(f"brief_{field}"), getattr(item.text, field), key=f"{name}_{field}",
                placeholder=suggested[field], max_chars=LONGEST, height=68,
            )  # fmt: skip
        _action(name, item.problem.id, found)


def _action(name: str, problem: str, found: Briefing) -> None:
    now = next((one for one in found.text.actions if one.problem == problem), None)
    known = _people(found)
    left, middle, right = st.columns([1, 2, 3])
    left.selectbox(
        t("brief_whom"), WHOM, WHOM.index(now.whom) if now else 0, key=f"{name}_whom",
        format_func=lambda whom: t(f"brief_{whom}" if whom else "brief_nobody"),
    )  # fmt: skip
    middle.multiselect(
        t("brief_who"), list(known), [who for who in now.who if who in known] if now else [],
        key=f"{name}_who", format_func=lambda key: known[key],
    )  # fmt: skip
    right.text_input(
        t("brief_what"), now.what if now else "", key=f"{name}_what", max_chars=LONGEST
    )


def _people(found: Briefing) -> dict[str, str]:
    """Teams and agents that may be chosen, with how they are called."""
    choices = data.choices()
    teams = {} if found.team else {team: team for team in choices["teams"] or ()}
    agents = {
        agent["id"]: agent_of({"agent_name": agent["name"], "agent_id": agent["id"]})
        for agent in choices["agents"] or ()
        if found.team in (None, agent["team"])
    }
    return {**teams, **agents}


def _save(key: str, name: str, found: Briefing) -> None:
    previous = found.edited.id if found.edited else None
    attempt(
        key, lambda: briefings.save(me(), (found.week, found.team), _typed(name, found), previous),
        t("brief_saved"),
    )  # fmt: skip


def _typed(name: str, found: Briefing) -> BriefingText:
    teams = {str(team) for team in data.choices()["teams"] or ()}
    state, problems, actions = st.session_state, [], []
    places = {}
    for place, item in enumerate(found.items, 1):
        known = f"{name}_{item.problem.id}"
        texts = {field: _text(f"{known}_{field}") for field in TEXTS}
        places[item.problem.id] = (state.get(f"{known}_place", place), place)
        written = ProblemText(item.problem.id, **texts, hidden=bool(state.get(f"{known}_hidden")))
        if written != ProblemText(item.problem.id):
            problems.append(written)
        action = _typed_action(known, item, teams)
        actions += [action] if action else []
    moved = any(chosen != place for chosen, place in places.values())
    order = found.text.order
    if moved:
        order = tuple(sorted(places, key=lambda one: (places[one][0], -_moved(places[one]))))
    return BriefingText(_text(f"{name}_comment"), tuple(problems), order, tuple(actions))


def _moved(place: tuple[int, int]) -> int:
    """Whoever was moved up to a place stands before the one that had it, moved down after."""
    return place[1] - place[0]


def _typed_action(known: str, item: Item, teams: set[str]) -> TrainingAction | None:
    state = st.session_state
    whom, who, what = state.get(f"{known}_whom"), state.get(f"{known}_who") or [], ""
    if whom is None:
        return None
    what = _text(f"{known}_what")
    fitting = tuple(one for one in who if (one in teams) == (whom is Whom.TEAM))
    if not what or (whom is not Whom.ALL and not fitting):
        raise BadInput(f"choose teams or agents for “{item.problem.name}”, and say what is done")
    named = () if whom is Whom.ALL else fitting
    return TrainingAction(item.problem.id, item.problem.name, whom, named, what)


def _text(key: str) -> str:
    return str(st.session_state.get(key) or "").strip()


def _history(found: Briefing) -> None:
    versions = briefings.versions(found.week, found.team)
    if len(versions) < 2:
        return
    lines = "".join(
        f'<div class="cq-line">{escape(version.who)}　{when(version.at, year=True)}</div>'
        for version in reversed(versions)
    )
    with st.expander(t("brief_history", n=len(versions))):
        st.html(f'<div class="cq">{lines}</div>')
