"""An appeal from the agent's page to the supervisor's, each signed in, without a browser."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from dashboards.names import NAMES
from dashboards.texts import TEXTS
from pipeline.access import JobRole
from pipeline.domain import AppealState, Verdict
from pipeline.store import Appeals, Decision, People, ReviewDraft, Snapshot, Store
from tests.access import site
from tests.access.site import OTHER, OWN
from tests.dashboards.conftest import Open, component, seen
from tests.store.reports import a_finding

RULE = f"rule_{OWN.call_id}"
KEY = f"appeal_{OWN.call_id}_{RULE}"
Tokens = dict[JobRole, str]


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return site.make(tmp_path)


@pytest.fixture
def tokens(db: Path) -> Tokens:
    return site.people(db)


def click(at: AppTest, key: str, field: str, text: str) -> AppTest:
    box = next(box for box in [*at.text_area, *at.text_input] if box.key == field)
    box.set_value(text)
    at.button(key=key).click().run()
    assert not at.exception
    return at


def step(at: AppTest, name: str, first: str, text: str) -> AppTest:
    return click(at, f"{KEY}_{name}_do", f"{KEY}_{first}_comment", text)


def test_filed_opined_and_decided_by_three_people(
    open_page: Open, db: Path, tokens: Tokens
) -> None:
    def page(role: JobRole) -> AppTest:
        return open_page(db, "call", id=OWN.call_id, token=tokens[role])

    click(page(JobRole.AGENT), f"{KEY}_file", f"{KEY}_reason", "第 3 秒是客户说的")
    appeals = Appeals(People.open(db))
    (appeal,) = appeals.all()
    assert (appeal.rule, appeal.state) == (RULE, AppealState.FILED)

    supervisor = page(JobRole.SUPERVISOR)
    assert not [b for b in supervisor.button if b.key == f"confirm_{OWN.call_id}_{RULE}"]
    early = step(page(JobRole.SUPERVISOR), "uphold", "uphold", "成立")
    assert early.error[0].value.startswith(f"没有保存：申诉 {appeal.id} 正等待班长意见，")
    step(page(JobRole.LEADER), "support", "support", "同意坐席")
    done = step(page(JobRole.SUPERVISOR), "uphold", "uphold", "确为客户所说")
    assert "确为客户所说" in seen(done)
    assert appeals.get(appeal.id).state is AppealState.UPHELD
    (review,) = People.open(db).reviews(OWN.call_id)
    assert (review.rule, review.decision) == (RULE, Decision.REJECT)
    assert not [b for b in page(JobRole.SUPERVISOR).button if (b.key or "").startswith(KEY)]

    row = component(open_page(db, "appeals", token=tokens[JobRole.AGENT]), "appeals")["rows"][0]
    assert row["cells"]["state"]["text"] == NAMES["appeal_upheld"][0]
    assert row["link"]["params"] == {"id": OWN.call_id}


def test_who_decided_the_finding_is_refused_on_the_page_too(
    open_page: Open, db: Path, tokens: Tokens
) -> None:
    at = open_page(db, "call", id=OWN.call_id, token=tokens[JobRole.SUPERVISOR])
    at.button(key=f"confirm_{OWN.call_id}_{RULE}").click().run()
    agent = open_page(db, "call", id=OWN.call_id, token=tokens[JobRole.AGENT])
    click(agent, f"{KEY}_file", f"{KEY}_reason", "不是我说的")
    leader = open_page(db, "call", id=OWN.call_id, token=tokens[JobRole.LEADER])
    step(leader, "oppose", "support", "听过，是坐席说的")
    at = open_page(db, "call", id=OWN.call_id, token=tokens[JobRole.SUPERVISOR])
    at = step(at, "dismiss", "uphold", "维持")
    assert "给过意见的人不能裁定，请由他人裁定" in at.error[0].value
    at = open_page(db, "call", "en", id=OWN.call_id, token=tokens[JobRole.SUPERVISOR])
    assert "does not decide it" in step(at, "dismiss", "uphold", "维持").error[0].value
    (appeal,) = Appeals(People.open(db)).all()
    assert appeal.state is AppealState.OPINION


def test_others_see_no_appeal_of_a_call_that_is_not_theirs(
    open_page: Open, db: Path, tokens: Tokens
) -> None:
    with Snapshot.open(db) as snapshot:
        content = snapshot.contents()[OTHER.call_id]
    subject = (content, OTHER.call_id, f"rule_{OTHER.call_id}")
    Appeals(People.open(db)).file("b1", subject, "樱桃树的事不对", "1")
    for role in (JobRole.AGENT, JobRole.LEADER):
        page = seen(open_page(db, "appeals", token=tokens[role]))
        assert "樱桃" not in page
        assert TEXTS["appeals_none"][0] in page
    assert "樱桃树的事不对" in seen(open_page(db, "appeals", token=tokens[JobRole.SUPERVISOR]))


def test_after_some_days_it_is_too_late(open_page: Open, db: Path, tokens: Tokens) -> None:
    with duckdb.connect(str(db)) as connection:
        connection.execute("UPDATE calls SET scored_at = now() - INTERVAL 6 DAY")
    with Store.open(db) as store:
        store.publish()
    at = open_page(db, "call", id=OWN.call_id, token=tokens[JobRole.AGENT])
    assert not [b for b in at.button if (b.key or "").startswith(KEY)]
    assert TEXTS["appeal_late"][0].split("{")[0] in seen(at)
    config = db.with_name("callqa.yaml")
    config.write_text("appeals: {days: 7}\n", encoding="utf-8")
    at = open_page(db, "call", id=OWN.call_id, token=tokens[JobRole.AGENT], config=config)
    assert at.button(key=f"{KEY}_file")


def test_what_a_person_added_can_be_appealed_against(
    open_page: Open, db: Path, tokens: Tokens
) -> None:
    passed = a_finding("greeting", verdict=Verdict.PASS, points=0.0, title="问候")
    report = OWN.report(db.parent)
    with Store.open(db) as store:
        store.save([replace(report, findings=(*report.findings, passed))])
        store.publish()
    with Snapshot.open(db) as snapshot:
        content = snapshot.contents()[OWN.call_id]
    key = f"appeal_{OWN.call_id}_greeting_file"
    agent = open_page(db, "call", id=OWN.call_id, token=tokens[JobRole.AGENT])
    assert key not in [button.key for button in agent.button]
    draft = ReviewDraft("李质检", OWN.call_id, content, Decision.ADD, "greeting", 0, "没有问候")
    People.open(db).add_review(draft)
    agent = open_page(db, "call", id=OWN.call_id, token=tokens[JobRole.AGENT])
    click(agent, key, f"appeal_{OWN.call_id}_greeting_reason", "第一句就问候了")
    assert [appeal.rule for appeal in Appeals(People.open(db)).all()] == ["greeting"]


def test_a_rejected_finding_needs_no_appeal(open_page: Open, db: Path, tokens: Tokens) -> None:
    at = open_page(db, "call", id=OWN.call_id, token=tokens[JobRole.SUPERVISOR])
    at.text_input(key=f"comment_{OWN.call_id}_{RULE}").set_value("误判")
    at.button(key=f"reject_{OWN.call_id}_{RULE}").click().run()
    at = open_page(db, "call", id=OWN.call_id, token=tokens[JobRole.AGENT])
    assert not [b for b in at.button if (b.key or "").startswith(KEY)]
