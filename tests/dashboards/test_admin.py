"""Administration by an operator: accounts, and the last run once more."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboards import rerun
from dashboards.texts import TEXTS
from pipeline import again
from pipeline.access import Accounts, JobRole, Post
from pipeline.audit import Trail
from pipeline.errors import BadInput
from pipeline.store import Snapshot, Store
from tests.access import site
from tests.dashboards.conftest import Open, component, seen
from tests.store.fresh import fresh


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return site.make(tmp_path)


@pytest.fixture
def page(open_page: Open, db: Path) -> AppTest:
    return open_page(db, "admin", token=site.people(db)[JobRole.OPERATOR])


def click(page: AppTest, key: str) -> AppTest:
    page.button(key=key).click().run()
    assert not page.exception, page.exception[0].message
    return page


def test_an_operator_adds_a_user_who_can_sign_in_once_with_what_is_shown(
    page: AppTest, db: Path
) -> None:
    page.text_input(key="staff_name").set_value("Zhao")
    page.selectbox(key="staff_new__role").set_value(JobRole.LEADER).run()
    click(page, "staff_add")
    refused = "没有保存：班长需要填写班组，其他角色不填"
    assert page.error[0].value == refused, "a leader without a team is refused"
    page.text_input(key="staff_new__team").set_value("二组").run()
    click(page, "staff_add")
    first = page.code[0].value
    assert Accounts.of(db).get("zhao").post == Post(JobRole.LEADER, None, "二组")
    assert Accounts.of(db).get("zhao").state == "first"
    assert "zhao" in [row["cells"]["name"]["text"] for row in component(page, "users")["rows"]]
    assert first not in seen(page.run()), "shown once"
    entry = Trail.beside(db).read().entries()[-1]
    assert (entry.action, entry.subject, entry.role) == ("user_added", "zhao", "leader")
    assert entry.details["account"] == "operator", "who did it on the page"
    token = site.door_of(db).sign_in("zhao", first)
    assert isinstance(token, str)


def test_an_operator_changes_stops_and_starts_others(page: AppTest, db: Path) -> None:
    accounts = Accounts.of(db)
    choice = page.selectbox(key="staff_who")
    assert "operator" not in choice.options, "not the own account"
    choice.set_value("trainer").run()
    page.selectbox(key="staff_other_trainer_role").set_value(JobRole.AGENT).run()
    page.text_input(key="staff_other_trainer_agent_id").set_value("A9").run()
    click(page, "staff_give")
    assert accounts.get("trainer").post == Post(JobRole.AGENT, "A9")
    click(page, "staff_disable")
    assert accounts.get("trainer").state == "disabled"
    click(page, "staff_enable")
    assert accounts.get("trainer").state == "active"
    click(page, "staff_reset")
    assert isinstance(site.door_of(db).sign_in("trainer", page.code[0].value), str)
    click(page, "staff_unlock")
    actions = [entry.action for entry in Trail.beside(db).read().entries()]
    assert [a for a in actions if a.startswith("user_")] == [
        "user_role", "user_disabled", "user_enabled", "user_reset", "user_unlocked",
    ]  # fmt: skip


def test_what_failed_is_tried_again_from_the_page(open_page: Open, tmp_path: Path) -> None:
    folder = tmp_path / "chats"
    folder.mkdir()
    log = folder / "c1.json"
    log.write_text("{", encoding="utf-8")
    db = fresh(tmp_path / "calls.duckdb")
    config = tmp_path / "callqa.yaml"
    config.write_text("intake: {settle_seconds: 0}\n", encoding="utf-8")
    with Store.open(db) as store:
        store.start_run(again.joined([folder]))
        store.finish_run({"processed": 0, "failed": 1}, 3)
        store.publish()
    call = {"call_id": "c1", "channel": "chat", "segments": [{"role": "agent", "text": "您好。"}]}
    log.write_text(json.dumps(call), encoding="utf-8")
    page = open_page(db, "admin", config=config)
    click(page, "rerun")
    deadline = time.monotonic() + 120
    while rerun._going() and time.monotonic() < deadline:
        time.sleep(0.5)
    assert TEXTS["rerun_done"][0] in seen(page.run())
    with Snapshot.open(db) as snapshot:
        assert list(snapshot.contents()) == ["c1"]


def test_a_run_whose_folder_is_gone_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="start the run at the terminal"):
        again.start(str(tmp_path / "gone"), fresh(tmp_path / "calls.duckdb"), None)
