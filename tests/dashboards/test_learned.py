"""What models read, as a line under the head of a call."""

from __future__ import annotations

import pytest

from dashboards import learned
from dashboards.links import listing_of
from pipeline.learning.reading import read_new
from pipeline.store import Snapshot, Store, StoredCall
from tests.learning.site import make
from tests.store.reports import a_report

TURNS = {
    "lost": ("您好请问有什么可以帮您", "我的信用卡丢了我要挂失"),
    "angry": ("您好", "我要投诉你们银行，叫你们领导接电话"),
    "dim": ("您好", "嗯"),
}


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> dict[str, StoredCall]:
    db = make(
        tmp_path_factory.mktemp("learned") / "calls.duckdb",
        [a_report(name, turns=turns) for name, turns in TURNS.items()],
    )
    with Store.open(db) as store:
        store.publish()
        with Snapshot.open(db) as before:
            assert learned.line(before.call("c-lost")) == "", "no model has looked"
        read_new(store)
        store.publish()
    with Snapshot.open(db) as snapshot:
        return {name: snapshot.call(f"c-{name}") for name in TURNS}


def test_a_call_says_why_somebody_called_and_how_sure_that_is(calls: dict[str, StoredCall]) -> None:
    said = learned.line(calls["lost"])
    assert "来电原因：挂失补卡" in said
    assert "reasons@shipped-1" in said
    assert "flag" not in said


def test_a_flag_leads_to_the_words_that_raise_it(calls: dict[str, StoredCall]) -> None:
    said = learned.line(calls["angry"])
    assert 'href="call?id=c-angry&amp;segment=1"' in said
    assert ">投诉</span></a>" in said


def test_an_unsure_model_says_so(calls: dict[str, StoredCall]) -> None:
    assert "来电原因：不确定" in learned.line(calls["dim"])


def test_filters_are_offered_by_name_and_a_wrong_flag_is_left_out() -> None:
    assert list(learned.reason_options(["unsure", "claim", "card_loss"]).items()) == [
        ("card_loss", "挂失补卡"), ("claim", "理赔"), ("unsure", "不确定"),
    ]  # fmt: skip
    assert list(learned.flag_options().values()) == ["投诉", "不满", "辱骂", "流失风险"]
    found = listing_of({"flag": "abuse", "reason": "claim"})
    assert (found.filters.flag, found.filters.reason, found.ignored) == ("abuse", "claim", ())
    assert listing_of({"flag": "angry"}).ignored == ("flag=angry",)
