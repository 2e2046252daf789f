"""Every role on every page, with every call in the address: what is seen, heard and done.

The expectations are in `tests/access/site.py` (which calls a role sees) and in the table of rights;
docs/access.md shows that table.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboards.app import PAGES
from dashboards.texts import TEXTS
from pipeline.access import ASSIGNABLE, RIGHTS, SINGLE, Act, JobRole, Page
from pipeline.alerts import drift_line
from tests.access import site
from tests.access.site import NOBODY, OTHER, OWN, PEER, STORED, VISIBLE, Known
from tests.dashboards import matrix
from tests.dashboards.conftest import Open, component, seen
from tests.dashboards.matrix import EVERY, KNOWN_DRIFTS, Tokens


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return matrix.make(tmp_path_factory.mktemp("matrix"))


@pytest.fixture(scope="module")
def tokens(db: Path) -> Tokens:
    return site.people(db)


def marks_in(at: AppTest, known: Known) -> list[str]:
    page = seen(at)
    return [mark for mark in (*known.marks, *known.private) if mark in page]


EVERYTHING = {"scope": "all", "size": "200"}
SAID = {"q": "树"}
LOST = {"month": "2026-11", "show": "lost"}
# Addresses that ask for more than they may: ids, agents, teams, rules, words, sorts.
QUERIES: dict[Page, list[dict[str, str]]] = {
    Page.CALL: [{"id": known.call_id} for known in EVERY],
    Page.QUEUE: [
        EVERYTHING, {"scope": "all", "text": "树", "sort": "oldest"},
        *({"scope": "all", "agent": known.agent} for known in (PEER, OTHER)),
        *({"scope": "all", "team": known.team} for known in (PEER, OTHER)),
        {"pack": "bank", "control_point": "2.1", "severity": "major"},
    ],
    Page.SEARCH: [
        SAID, {"q": "樱桃树", "agent": OTHER.agent}, {"q": "音桃数", "sound": "1"},
        {"q": "您好 -苹果", "team": OTHER.team},
    ],
    Page.SAMPLING: [{"month": "2026-11"}],
    Page.CALIBRATION: [{}, {"round": "1", "id": OTHER.call_id}, {"round": "2"}],
    Page.CASES: [{}, *({"case": str(number)} for number, _ in enumerate(STORED, 1))],
    Page.ALERTS: [{}, {"alert": f"a-{OTHER.call_id}"}],
    Page.BRIEFING: [{}, {"week": "2026-W47", "team": OTHER.team}],
    Page.AGENTS: [LOST, {"month": "2026-11", "agent": OTHER.agent, "part": "lost"}],
}  # fmt: skip
OTHERS = [{}, {"id": OTHER.call_id, "agent": OTHER.agent}]
CASES = [(page, query) for page in Page for query in QUERIES.get(page, OTHERS)]


@pytest.mark.parametrize("role", ASSIGNABLE)
@pytest.mark.parametrize(("page", "query"), CASES, ids=str)
def test_a_page_shows_only_what_the_role_may_see(
    open_page: Open, db: Path, tokens: Tokens, role: JobRole, page: Page, query: dict[str, str]
) -> None:
    at = open_page(db, str(page), token=tokens[role], **query)
    opened = page in RIGHTS[role].pages or (page is Page.OVERVIEW and role is JobRole.OPERATOR)
    assert (TEXTS["no_page"][0] in seen(at)) != opened, "the operator begins at administration"
    asked = set(query.values())
    for known in STORED:
        if known not in VISIBLE[role] or not opened:
            assert [mark for mark in marks_in(at, known) if mark not in asked] == []
        if Act.CUSTOMER not in RIGHTS[role].acts:
            assert not [mark for mark in known.private if mark in seen(at)]
    if opened and page in SHOWN:
        SHOWN[page](at, role, query)


def _call(at: AppTest, role: JobRole, query: dict[str, str]) -> None:
    there = [known for known in VISIBLE[role] if known.call_id == query["id"]]
    assert bool(at.get("audio")) == bool(there)
    assert all(known.marks[1] in seen(at) for known in there)


def _calls_in(name: str, whole: dict[str, str]) -> Callable[..., None]:
    """The table shows what the role may see, all of it, when everything is asked for."""

    def shown(at: AppTest, role: JobRole, query: dict[str, str]) -> None:
        if query == whole:
            rows = component(at, name)["rows"]
            assert {row["cells"]["call"] for row in rows} == {k.call_id for k in VISIBLE[role]}

    return shown


def _search(at: AppTest, role: JobRole, query: dict[str, str]) -> None:
    _calls_in("search", SAID)(at, role, query)
    if query == SAID:
        n = len(VISIBLE[role])
        assert TEXTS["search_count"][0].format(n=n, first=1, last=n) in seen(at), "nobody else's"


def _sampling(at: AppTest, role: JobRole, query: dict[str, str]) -> None:
    del query
    assert len(component(at, "sample_calls")["rows"]) == len(VISIBLE[role])


def _calibration(at: AppTest, role: JobRole, query: dict[str, str]) -> None:
    del query
    assert ("樱桃校准" in seen(at)) == (Act.CALIBRATE in RIGHTS[role].acts)


def _cases(at: AppTest, role: JobRole, query: dict[str, str]) -> None:
    if query:
        known = STORED[int(query["case"]) - 1]
        assert (known.call_id in seen(at)) == bool(at.get("audio")) == (known in VISIBLE[role])


def _alerts(at: AppTest, role: JobRole, query: dict[str, str]) -> None:
    """Alerts of calls in reach, drifts that are theirs to know, channels for whoever runs them."""
    del query
    page = seen(at)
    there = {known.call_id for known in VISIBLE[role]}
    assert {k.call_id for k in STORED if f"a-{k.call_id}_hear" in page} == there
    kept = {b.key for b in at.button if str(b.key).endswith("_save")}
    drifts = {drift_line(one.drift, "zh") for one in KNOWN_DRIFTS[role] if one.drift}
    assert {row["cells"]["what"]["text"] for row in component(at, "drifts")["rows"]} == drifts
    if Act.ACKNOWLEDGE in RIGHTS[role].acts:
        ids = {f"a-{call_id}_save" for call_id in there}
        assert kept == ids | {f"{one.id}_save" for one in KNOWN_DRIFTS[role]}
    else:
        assert not kept
    assert (TEXTS["alerts_no_channels"][0] in page) == (Act.CHANNELS in RIGHTS[role].acts)


SHOWN: dict[Page, Callable[..., None]] = {
    Page.CALL: _call,
    Page.QUEUE: _calls_in("queue", EVERYTHING),
    Page.SEARCH: _search,
    Page.SAMPLING: _sampling,
    Page.CALIBRATION: _calibration,
    Page.CASES: _cases,
    Page.AGENTS: _calls_in("agent_calls", LOST),
    Page.ALERTS: _alerts,
}


@pytest.mark.parametrize("role", [JobRole.AGENT, JobRole.LEADER])
def test_a_forbidden_call_looks_like_one_that_nobody_has(
    open_page: Open, db: Path, tokens: Tokens, role: JobRole
) -> None:
    def page(known: Known) -> str:
        at = open_page(db, "call", token=tokens[role], id=known.call_id)
        return seen(at).replace(known.call_id, "X")

    assert page(OTHER) == page(NOBODY)


@pytest.mark.parametrize("role", ASSIGNABLE)
def test_administration_shows_each_role_its_parts(
    open_page: Open, db: Path, tokens: Tokens, role: JobRole
) -> None:
    at = open_page(db, "admin", token=tokens[role])
    parts = {"tab_users": Act.USERS, "tab_audit": Act.AUDIT, "tab_runs": Act.RUNS}
    may = RIGHTS[role].acts if Page.ADMIN in RIGHTS[role].pages else frozenset()
    shown = {tab.label for tab in at.tabs}
    assert {TEXTS[key][0] for key, act in parts.items() if act in may} == shown - {
        TEXTS["tab_roles"][0]
    }
    assert ("坏.wav" in seen(at)) == (Act.RUNS in may)


@pytest.mark.parametrize("role", ASSIGNABLE)
def test_forms_and_codes_are_there_for_whoever_may_use_them(
    open_page: Open, db: Path, tokens: Tokens, role: JobRole
) -> None:
    at = open_page(db, "call", token=tokens[role], id=OWN.call_id)
    keys = {box.key for box in at.text_input}
    assert (f"comment_{OWN.call_id}_{OWN.marks[2]}" in keys) == (Act.REVIEW in RIGHTS[role].acts)
    assert (f"code_{OWN.call_id}" in keys) == (Act.ORIGINAL in RIGHTS[role].acts)
    assert "reviewer" not in keys, "the name is that of the account"


def test_the_pages_of_the_menu_are_those_of_the_table() -> None:
    assert [spec.key for spec in PAGES] == [str(page) for page in Page]
    assert SINGLE.pages == tuple(Page)
