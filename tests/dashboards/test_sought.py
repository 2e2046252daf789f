"""Where something is missing: said so and to be clicked, and no mark that something was said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dashboards import form, markup, strip, turns
from dashboards.texts import TEXTS
from pipeline.store import Snapshot, StoredCall
from tests.dashboards.databases import HEARD
from tests.dashboards.test_strip import chinese

__all__ = ["chinese"]

Dbs = dict[str, Path]
pytestmark = pytest.mark.usefixtures("chinese")
LABEL = TEXTS["looked_at"][0]


@pytest.fixture
def call(dbs: Dbs) -> StoredCall:
    """The promise of this call as if it had been missing there."""
    with Snapshot.open(dbs["small"]) as snapshot:
        stored = snapshot.call(HEARD)
    assert stored is not None
    promise = next(f for f in stored.findings if f["rule"] == "no_promise")
    gone = {**promise, "evidence": [{**promise["evidence"][0], "sought": True}]}
    return replace(stored, findings=[gone])


def test_the_card_says_where_it_was_looked_for(call: StoredCall) -> None:
    card = markup.finding_card(call.findings[0], "")
    assert card.index(LABEL) < card.index('data-jump="14.370" data-segment="4"')
    found = {**call.findings[0], "evidence": [{**call.findings[0]["evidence"][0], "sought": False}]}
    assert LABEL not in markup.finding_card(found, "")


def test_it_is_no_mark_on_the_strip_or_in_the_text(call: StoredCall) -> None:
    assert list(strip._findings(call.findings)) == []
    assert turns._marks(call.findings) == {}


def test_the_form_says_it_too(call: StoredCall) -> None:
    assert LABEL in form._evidence(call.findings[0]["evidence"])
    assert form._evidence([]) == ""
