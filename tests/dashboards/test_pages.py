"""Every page, in both languages, over databases of every size; what each shows and leads to."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboards.app import PAGES
from dashboards.names import NAMES
from dashboards.texts import LANGUAGES, TEXTS
from pipeline.store import Store
from tests.dashboards import databases
from tests.dashboards.conftest import Open, component, seen
from tests.dashboards.databases import HEARD
from tests.store.reports import a_report

Dbs = dict[str, Path]


@pytest.mark.parametrize("db", ["empty", "one_call", "small"])
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("page", [spec.key for spec in PAGES])
def test_every_page_opens(open_page: Open, dbs: Dbs, page: str, lang: str, db: str) -> None:
    at = open_page(dbs[db], page, lang)
    assert at.subheader
    other = list(LANGUAGES).index("en" if lang == "zh" else "zh")
    mine = list(LANGUAGES).index(lang)
    assert TEXTS["reviewer"][mine] in seen(at)
    assert TEXTS["reviewer"][other] not in seen(at)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_published_says_what_to_do(open_page: Open, dbs: Dbs, lang: str) -> None:
    at = open_page(dbs["unpublished"], lang=lang)
    assert f"callqa run RECORDINGS --db {dbs['unpublished']}" in seen(at)


def test_an_empty_database_shows_what_failed(open_page: Open, dbs: Dbs) -> None:
    english = component(open_page(dbs["empty"], lang="en"), "failures")["rows"][0]["cells"]["why"]
    assert english["sub"] == databases.SOUNDLESS
    at = open_page(dbs["empty"])
    assert TEXTS["no_calls"][0] in seen(at)
    rows = component(at, "failures")["rows"]
    assert rows[0]["cells"]["file"] == "坏.wav"
    assert rows[0]["cells"]["stage"] == NAMES["stage_decode"][0]
    said = "坏.wav 没有声音（解码得 0 个采样），请重新获取录音，或移走文件"
    advice = {"text": NAMES["advice_decode"][0], "sub": said}
    assert rows[0]["cells"]["why"] == advice


def test_every_headline_figure_leads_to_calls(open_page: Open, dbs: Dbs) -> None:
    tiles = component(open_page(dbs["small"]), "figures")["tiles"]
    assert len(tiles) == 9
    assert [tile["link"]["page"] for tile in tiles] == [*["queue"] * 8, "appeals"]
    vetoed = next(tile for tile in tiles if tile["label"] == TEXTS["tile_veto"][0])
    assert vetoed["value"] == "1"
    assert vetoed["link"]["params"] == {"vetoed": "true"}


def test_the_pass_rate_leads_to_those_that_did_not_pass(open_page: Open, dbs: Dbs) -> None:
    tiles = component(open_page(dbs["small"]), "figures")["tiles"]
    rate = next(tile for tile in tiles if tile["label"] == TEXTS["tile_pass"][0])
    at = open_page(dbs["small"], "queue", **rate["link"]["params"])
    assert [row["cells"]["call"] for row in component(at, "queue")["rows"]] == [HEARD]
    assert at.selectbox(key="filter_passed").value == "false"
    at.selectbox(key="filter_passed").select("true").run()
    assert len(component(at, "queue")["rows"]) == 11


def test_a_control_point_leads_to_its_calls(open_page: Open, dbs: Dbs) -> None:
    (point,) = component(open_page(dbs["small"]), "points")["rows"]
    assert point["cells"]["point"]["text"] == "2.1 信息保护"
    assert point["link"]["params"] == {"control_point": "2.1", "pack": "bank"}
    at = open_page(dbs["small"], "queue", **point["link"]["params"])
    assert len(component(at, "queue")["rows"]) == int(point["cells"]["fails"])
    assert at.selectbox(key="filter_control_point").options == ["全部", "1 开场", "2.1 信息保护"]


def test_findings_are_named_in_english_where_the_pack_is(open_page: Open, dbs: Dbs) -> None:
    rows = component(open_page(dbs["small"], lang="en"), "rules")["rows"]
    assert {"No promise of principal", "结束语"} <= {row["cells"]["rule"] for row in rows}
    top = component(open_page(dbs["small"], "queue", "en"), "queue")["rows"][0]
    assert top["cells"]["problem"][-1] == "No promise of principal"
    at = open_page(dbs["small"], "call", "en", id=HEARD)
    mark = component(at, "transcript")["turns"][4]["marks"][0]
    assert mark["title"] == "No promise of principal"
    assert "<b>No promise of principal</b>" in seen(at)
    assert "不得承诺保本" not in seen(at)


def test_a_rule_of_the_overview_leads_to_its_calls(open_page: Open, dbs: Dbs) -> None:
    at = open_page(dbs["small"])
    rows = component(at, "rules")["rows"]
    promise = next(row for row in rows if row["cells"]["rule"] == "不得承诺保本")
    at = open_page(dbs["small"], "queue", **promise["link"]["params"])
    assert [row["cells"]["call"] for row in component(at, "queue")["rows"]] == [HEARD]


def test_most_serious_first(open_page: Open, dbs: Dbs) -> None:
    at = open_page(dbs["small"], "queue")
    rows = component(at, "queue")["rows"]
    assert rows[0]["cells"]["call"] == HEARD
    assert len(rows) == 12


def test_a_filter_in_the_url_filters_and_shows(open_page: Open, dbs: Dbs) -> None:
    at = open_page(dbs["small"], "queue", team="二组", sort="best")
    rows = component(at, "queue")["rows"]
    assert {row["cells"]["team"] for row in rows} == {"二组"}
    assert at.selectbox(key="filter_team").value == "二组"
    assert [row["cells"]["score"]["text"] for row in rows] == ["69", "67", "65", "63", "61"]


def test_a_chosen_filter_goes_into_the_url(open_page: Open, dbs: Dbs) -> None:
    at = open_page(dbs["small"], "queue", size="100")
    at.selectbox(key="filter_business_line").select("wealth").run()
    assert at.query_params["business_line"] in ("wealth", ["wealth"])
    assert at.query_params["size"] in ("100", ["100"])
    assert {row["cells"]["line"] for row in component(at, "queue")["rows"]} == {"理财"}


def test_a_filter_that_nobody_understands_is_named_and_ignored(open_page: Open, dbs: Dbs) -> None:
    at = open_page(dbs["small"], "queue", severity="dreadful", since="yesterday", nonsense="1")
    assert all(part in at.warning[0].value for part in ("severity=dreadful", "since=", "nonsense="))
    assert len(component(at, "queue")["rows"]) == 12


def test_nobody_matches(open_page: Open, dbs: Dbs) -> None:
    at = open_page(dbs["small"], "queue", team="没有的组")
    table = component(at, "queue")
    assert table["rows"] == []
    assert table["empty"] == TEXTS["no_match"][0]


def test_the_call_page_without_an_id_asks_for_one(open_page: Open, dbs: Dbs) -> None:
    assert TEXTS["choose_call"][0] in seen(open_page(dbs["small"], "call"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_unknown_call_is_named(open_page: Open, dbs: Dbs, lang: str) -> None:
    at = open_page(dbs["small"], "call", lang, id="c-nobody")
    assert "c-nobody" in at.subheader[0].value


def test_a_missing_recording_is_named_without_its_folder(open_page: Open, dbs: Dbs) -> None:
    at = open_page(dbs["small"], "call", id="c-00")
    assert "n0.wav" in at.info[0].value
    assert "/recordings" not in seen(at)
    data = component(at, "transcript")
    assert (data["playable"], data["strip"]["wave"]) == (False, None)


def test_a_chat_has_no_player(open_page: Open, dbs: Dbs) -> None:
    at = open_page(dbs["small"], "call", id="c-03")
    assert TEXTS["silent_chat"][0] in at.info[0].value
    assert component(at, "transcript")["mode"] == "chat"
    assert component(at, "transcript")["strip"] is None
    assert not at.get("audio")


def test_a_call_is_heard_read_and_explained(open_page: Open, dbs: Dbs) -> None:
    at = open_page(dbs["small"], "call", id=HEARD)
    assert at.get("audio")
    assert TEXTS["muted"][0].format(n=1) in seen(at)
    transcript = component(at, "transcript")
    assert [turn["role"] for turn in transcript["turns"]][:2] == ["agent", "customer"]
    assert transcript["turns"][4]["marks"][0]["rule"] == "no_promise"
    assert {turn["lane"] for turn in transcript["turns"]} == {0}
    assert len(transcript["strip"]["wave"]["points"]) == 1
    page = seen(at)
    assert 'data-jump=\\"14.370\\"' in page or 'data-jump="14.370"' in page
    for words in ("手册 3.2", "只核对后四位", "坐席复述了完整卡号", "录音 1.wav"):
        assert words in page


def test_a_bonus_is_shown_with_a_plus(open_page: Open, dbs: Dbs) -> None:
    page = seen(open_page(dbs["small"], "call", id=HEARD))
    assert "+2 分" in page
    assert "-100 分" in page


def test_what_was_said_never_becomes_markup(open_page: Open, dbs: Dbs) -> None:
    """The transcript travels as data; only the component's own code makes elements."""
    at = open_page(dbs["small"], "call", id=HEARD)
    assert component(at, "transcript")["turns"][2]["text"].startswith("<b>")
    assert not any("<b>好的</b>" in element.proto.body for element in at.get("html"))


def test_the_language_switch(open_page: Open, dbs: Dbs) -> None:
    at = open_page(dbs["small"])
    at.button_group(key="lang").set_value("en").run()
    assert TEXTS["tile_calls"][1] in seen(at)
    assert at.query_params["lang"] in ("en", ["en"])


def test_a_newer_version_is_shown_at_the_next_step(open_page: Open, tmp_path: Path) -> None:
    db = databases.one_call(tmp_path)
    at = open_page(db)
    with Store.open(db) as store:
        store.save([a_report("later")])
        store.publish()
        at.run()  # while the writer still has its file open
    assert component(at, "figures")["tiles"][0]["value"] == "2"


def test_the_side_bar_says_what_the_last_run_did(open_page: Open, dbs: Dbs) -> None:
    at = open_page(dbs["small"])
    assert any("处理 12，失败 1" in caption.value for caption in at.sidebar.caption)
