"""The page of agents, as an agent, a shift leader and a supervisor, without a browser."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboards.agent_texts import AGENT_TEXTS
from dashboards.names import NAMES
from pipeline.access import JobRole
from pipeline.store import Appeals, People, Snapshot
from tests.access import site
from tests.agents.conftest import made  # noqa: F401 - a fixture
from tests.dashboards.conftest import Open, component, seen

MONTH = "2026-11"
Tokens = dict[JobRole, str]


@pytest.fixture(scope="module")
def db(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:  # noqa: F811
    """With an account of every role; tests leave it as it is."""
    folder = tmp_path_factory.mktemp("accounts")
    shutil.copytree(made.parent, folder, dirs_exist_ok=True)
    return folder / made.name


@pytest.fixture(scope="module")
def tokens(db: Path) -> Tokens:
    return site.people(db)


def rows(at: AppTest, name: str) -> list[dict[str, Any]]:
    return list(component(at, name)["rows"])


def values(at: AppTest, name: str) -> list[str]:
    return [tile["value"] for tile in component(at, name)["tiles"]]


def test_an_agent_sees_themselves_beside_nobody(open_page: Open, db: Path, tokens: Tokens) -> None:
    at = open_page(db, "agents", token=tokens[JobRole.AGENT], month=MONTH)
    assert values(at, "agent_tiles") == ["5", "95", "3", "0", "4", "2"]
    assert "A2" not in seen(at)
    assert {box.key for box in at.selectbox} == {"agents_month", "agents_business_line"}
    first = rows(at, "lost_points")[0]
    assert first["cells"]["point"]["text"] == "1 开场"
    assert (
        first["link"]["params"].items() >= {"part": "calls", "pack": "bank", "point": "1"}.items()
    )
    at = open_page(db, "agents", token=tokens[JobRole.AGENT], **first["link"]["params"])
    shown = [row["cells"]["call"] for row in rows(at, "agent_calls")]
    assert shown == ["c-A1-10", "c-A1-2", "c-A1-1"]


def test_a_deduction_leads_to_its_moment_and_says_until_when_to_appeal(
    open_page: Open, db: Path, tokens: Tokens
) -> None:
    at = open_page(db, "agents", token=tokens[JobRole.AGENT], month=MONTH, part="lost")
    found = {(r["cells"]["call"], r["cells"]["rule"]["text"]): r for r in rows(at, "deductions")}
    upheld = found["c-A1-20", "不得承诺保本"]
    assert upheld["cells"]["points"] == "0"
    assert NAMES["appeal_upheld"][0] in upheld["cells"]["outcome"]["text"]
    free = found["c-A1-10", "不得复述卡号"]
    assert free["link"]["params"] == {"id": "c-A1-10", "segment": "1"}
    begins = AGENT_TEXTS["appeal_open_until"][0].split("{")[0]
    assert free["cells"]["outcome"]["sub"].startswith(begins)
    added = found["c-A1-1", "问候"]
    assert added["cells"]["outcome"]["text"] == NAMES["decision_add"][0]
    assert added["cells"]["outcome"]["sub"].startswith(begins)


def test_a_leader_sees_the_team_ranked_and_those_with_few_calls_last(
    open_page: Open, db: Path, tokens: Tokens
) -> None:
    at = open_page(db, "agents", token=tokens[JobRole.LEADER], month=MONTH)
    table = rows(at, "agents")
    assert [row["cells"]["agent"] for row in table] == ["坐席A2 A2", "坐席A1 A1"]
    assert table[0]["cells"]["rank"] == "1"
    assert table[0]["cells"]["change"] == {"text": "+5.0 ↑", "tone": "ok"}
    assert table[1]["cells"]["rank"]["text"] == AGENT_TEXTS["few_calls"][0]
    assert table[1]["cells"]["ahead"] == ""
    assert "A3" not in seen(at)
    assert "agents_team" not in {box.key for box in at.selectbox}
    at = open_page(db, "agents", token=tokens[JobRole.LEADER], **table[1]["link"]["params"])
    assert values(at, "agent_tiles")[0] == "5"
    at.button(key="agents_back").click().run()
    assert len(rows(at, "agents")) == 2


def test_a_supervisor_filters_and_every_figure_leads_to_its_calls(
    open_page: Open, db: Path, tokens: Tokens
) -> None:
    token = tokens[JobRole.SUPERVISOR]
    at = open_page(db, "agents", token=token, month=MONTH)
    assert values(at, "agents_tiles") == ["3", "53", "98.4", "3", "0"]
    links = [tile["link"] for tile in component(at, "agents_tiles")["tiles"]]
    at = open_page(db, "queue", token=token, **links[1]["params"])
    assert "53" in at.markdown[0].value
    at = open_page(db, "agents", token=token, **links[3]["params"])
    assert len(rows(at, "agent_calls")) == 3
    at.selectbox(key="agents_team").select("一组").run()
    assert [row["cells"]["team"] for row in rows(at, "agents")] == ["一组", "一组"]
    assert at.query_params["team"] in ("一组", ["一组"])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_form_on_the_page(open_page: Open, db: Path, tokens: Tokens, lang: str) -> None:
    at = open_page(
        db, "agents", lang, token=tokens[JobRole.INSPECTOR], month=MONTH, agent="A1", part="form"
    )
    weeks = rows(at, "form_weeks")
    assert [row["cells"]["mean"] for row in weeks][:3] == ["95", "95", "92.5"]
    assert weeks[-1]["cells"]["calls"]["text"] == "5"
    assert [row["cells"]["call"] for row in rows(at, "form_heard")] == [
        "c-A1-1", "c-A1-9", "c-A1-20",
    ]  # fmt: skip
    assert len(at.get("link_button")) == 1


def test_a_trainer_sees_figures_but_no_forms(open_page: Open, db: Path, tokens: Tokens) -> None:
    token = tokens[JobRole.TRAINER]
    at = open_page(db, "agents", token=token, month=MONTH, agent="A1", part="form")
    assert not at.get("link_button")
    assert values(at, "agent_tiles")[0] == "5"


def test_an_appeal_that_was_just_filed_is_there_at_once(
    open_page: Open, db: Path, tokens: Tokens, tmp_path: Path
) -> None:
    shutil.copytree(db.parent, tmp_path, dirs_exist_ok=True)
    db = tmp_path / db.name
    token = tokens[JobRole.AGENT]
    open_page(db, "agents", token=token, month=MONTH, part="lost")
    content = Snapshot.open(db).contents()["c-A1-2"]
    Appeals(People.open(db)).file("agent", (content, "c-A1-2", "greeting"), "说了您好", "1")
    at = open_page(db, "agents", token=token, month=MONTH, part="lost")
    assert values(at, "agent_tiles")[-1] == "3"


def test_a_month_without_calls_and_nonsense_in_the_address(
    open_page: Open, db: Path, tokens: Tokens
) -> None:
    token = tokens[JobRole.SUPERVISOR]
    at = open_page(db, "agents", token=token, month="2026-07")
    assert AGENT_TEXTS["agents_none"][0].format(month="2026-07") in at.info[0].value
    at = open_page(
        db, "agents", token=token, month="soon", part="x", show="y", agent="A1", point="'"
    )
    assert values(at, "agent_tiles")[0] == "5"
