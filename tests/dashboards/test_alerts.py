"""The page of alerts: one is acknowledged, leads to its second, and what failed has its reason."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from dashboards.texts import TEXTS
from pipeline.access import JobRole
from pipeline.alerts import Outbox
from pipeline.store import Acknowledgements, People, Snapshot
from tests.access import site
from tests.access.site import OTHER, OWN, STORED
from tests.dashboards import matrix
from tests.dashboards.conftest import Open, component, seen


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """An alert about every call, three drifts, and a channel that refused a message."""
    db = site.make(tmp_path)
    with Snapshot.open(db) as snapshot:
        alerts = matrix.alerts_of(snapshot.contents())
    outbox = Outbox.of(db)
    outbox.add([(one, ["群"]) for one in (*alerts, *matrix.DRIFTS)])
    return db


def test_a_leader_acknowledges_one_of_the_team_and_the_supervisor_sees_by_whom(
    open_page: Open, db: Path
) -> None:
    tokens = site.people(db)
    at = open_page(db, "alerts", token=tokens[JobRole.LEADER])
    key = f"a-{OWN.call_id}"
    at.text_input(key=f"{key}_comment").set_value("已与坐席谈话")
    at.button(key=f"{key}_save").click().run()
    assert not at.exception
    assert TEXTS["alerts_acknowledged"][0] in seen(at)
    assert not [button for button in at.button if button.key == f"{key}_save"]
    (noted,) = Acknowledgements(People.open(db)).all()[key]
    assert (noted.who, noted.comment) == ("leader", "已与坐席谈话")
    page = open_page(db, "alerts", token=tokens[JobRole.SUPERVISOR])
    (row,) = component(page, "answered")["rows"]
    assert row["cells"]["noted"].startswith("leader ")
    assert row["cells"]["what"]["sub"] == "已与坐席谈话"
    assert row["link"]["params"] == {"id": OWN.call_id, "segment": "1"}


def test_the_one_that_a_message_leads_to_comes_first(open_page: Open, db: Path) -> None:
    at = open_page(db, "alerts", alert=f"a-{OTHER.call_id}")
    first = next(button for button in at.button if str(button.key).endswith("_hear"))
    assert first.key == f"a-{OTHER.call_id}_hear"


@pytest.mark.parametrize(
    ("lang", "says"), [("zh", "无法连接（ConnectError）"), ("en", "cannot be")]
)
def test_a_channel_says_why_it_failed(open_page: Open, db: Path, lang: str, says: str) -> None:
    outbox, now = Outbox.of(db), datetime.now(UTC)
    from pipeline.alert_settings import Channel

    channel = Channel(name="群", kind="webhook", url="http://h/")
    outbox.gather(channel, channel.events, now)
    message = outbox.claim(channel, now)
    assert message is not None
    assert len(message.parts) == len(STORED) + len(matrix.DRIFTS)
    outbox.close(message, "failed", now, "cannot be reached (ConnectError)")
    page = open_page(db, "alerts", lang=lang)
    (row,) = component(page, "channels")["rows"]
    assert row["cells"]["failed"] == {"text": "1", "tone": "critical"}
    assert says in row["cells"]["reason"]
