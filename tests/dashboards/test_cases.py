"""From a passage on a call's page into the library, and who does and sees what there."""

from __future__ import annotations

import io
from pathlib import Path
from urllib.parse import unquote

import numpy as np
import pytest
import soundfile
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from dashboards import options, serving
from dashboards.texts import TEXTS
from pipeline.access import ASSIGNABLE, RIGHTS, Act, JobRole, Page
from pipeline.audit import Trail, operating_user
from pipeline.casebook import Subject, passage_of
from pipeline.domain import CaseKind, CaseText
from pipeline.redaction import hidden_stretches
from pipeline.store import Cases, Decision, People, ReviewDraft, Snapshot
from tests.access import site
from tests.access.site import OTHER, OWN, STORED, VISIBLE
from tests.dashboards import databases
from tests.dashboards.conftest import Open, component, open_page, seen
from tests.dashboards.databases import HEARD
from tests.hearing_site import spoil

__all__ = ["open_page"]

Tokens = dict[JobRole, str]
RULE = f"rule_{OWN.call_id}"
TAB = f"passage_{OWN.call_id}"
TEXT = CaseText(CaseKind.BAD, "念出卡号", "卡号不得复述", "只核对后四位", ("信息保护",))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return site.make(tmp_path_factory.mktemp("cases"))


@pytest.fixture(scope="module")
def tokens(made: Path) -> Tokens:
    return site.people(made)


@pytest.fixture
def db(made: Path, tokens: Tokens, tmp_path: Path) -> Path:
    assert tokens
    return site.copied(made, tmp_path)


def a_case(db: Path, call_id: str = OWN.call_id, text: CaseText = TEXT) -> int:
    with Snapshot.open(db) as snapshot:
        call = snapshot.call(call_id)
        passage = passage_of(call, 1, 1, Subject(f"rule_{call_id}"))
        return Cases(snapshot.people).add("张敏", passage, text).id


def fill(at: AppTest, name: str, **texts: str) -> None:
    for field, text in texts.items():
        box = next(one for one in [*at.text_input, *at.text_area] if one.key == f"{name}_{field}")
        box.set_value(text)


def test_an_inspector_adds_what_a_finding_points_at(
    open_page: Open, db: Path, tokens: Tokens
) -> None:
    at = open_page(db, "call", id=OWN.call_id, token=tokens[JobRole.INSPECTOR])
    name = f"{TAB}_case_{RULE}"
    answer = next(box for box in at.text_area if box.key == f"{name}_answer")
    assert answer.value == "只核对后四位", "the rule's standard wording"
    at.button(key=f"{TAB}_save").click().run()
    assert at.error[0].value == TEXTS["case_need"][0]
    fill(at, name, why="坐席不得复述完整卡号13812345678")
    at.button(key=f"{TAB}_save").click().run()
    assert "“13812345678”像是隐私信息（手机号），请删去" in at.error[0].value
    assert Cases(People.open(db)).all() == []
    fill(at, name, why="坐席不得复述完整卡号")
    at.multiselect(key=f"{name}_tags").set_value(["信息保护"])
    at.button(key=f"{TAB}_save").click().run()
    assert not at.exception
    (case,) = Cases(People.open(db)).all()
    assert (case.who, case.passage.rule, case.passage.first) == ("inspector", RULE, 1)
    assert (case.text.kind, case.text.tags) == (CaseKind.BAD, ("信息保护",))
    assert [turn.text for turn in case.passage.quote] == ["我的卡号是6222****1234。"]
    assert component(at, "cases_of_call")["rows"][0]["link"]["params"] == {"case": "1"}


def test_any_turns_make_a_good_example(open_page: Open, db: Path, tokens: Tokens) -> None:
    at = open_page(db, "call", id=OWN.call_id, token=tokens[JobRole.SUPERVISOR])
    at.selectbox(key=f"{TAB}_about").set_value("").run()
    at.selectbox(key=f"{TAB}_last_").set_value(1).run()
    name = f"{TAB}_case_"
    fill(at, name, title="开场规范", why="问候完整", answer="您好，很高兴为您服务")
    at.selectbox(key=f"{name}_point").set_value("1")
    at.button(key=f"{TAB}_save").click().run()
    (case,) = Cases(People.open(db)).all()
    assert (case.text.kind, case.passage.rule) == (CaseKind.GOOD, None)
    assert (case.passage.point_title, case.passage.first, case.passage.last) == ("开场", 0, 1)


def test_a_trainer_agrees_on_another_answer_and_retires_it(
    open_page: Open, db: Path, tokens: Tokens
) -> None:
    number = a_case(db)
    at = open_page(db, "cases", token=tokens[JobRole.TRAINER], case=str(number))
    other = open_page(db, "cases", token=tokens[JobRole.SUPERVISOR], case=str(number))
    fill(at, "case_1_1", answer="请核对后四位，不报全号")
    at.button(key="case_1_1_save").click().run()
    assert not at.exception
    assert "请核对后四位，不报全号" in seen(at)
    fill(other, "case_1_1", answer="另一种口径")
    other.button(key="case_1_1_save").click().run()
    assert TEXTS["somebody_else"][0] in other.error[0].value
    assert "（trainer 刚刚修改了案例 1）" in other.error[0].value
    now = Cases(People.open(db)).get(number)
    assert [one.who for one in now.versions] == ["张敏", "trainer"]
    at.button(key="case_1_retire_do").click().run()
    assert at.error[0].value == TEXTS["need_comment"][0]
    fill(at, "case_1_retire", why="规定已改")
    at.button(key="case_1_retire_do").click().run()
    assert "规定已改" in seen(at)
    assert not [box for box in at.text_area if box.key == "case_1_2_answer"]
    rows = component(open_page(db, "cases", token=tokens[JobRole.TRAINER]), "cases")["rows"]
    assert rows == []
    old = open_page(db, "cases", token=tokens[JobRole.TRAINER], retired="1")
    assert len(component(old, "cases")["rows"]) == 1


@pytest.mark.parametrize("role", [r for r in ASSIGNABLE if Page.CASES in RIGHTS[r].pages])
def test_everybody_reads_a_case_and_hears_it_where_the_call_is_theirs(
    open_page: Open, db: Path, tokens: Tokens, role: JobRole
) -> None:
    numbers = {known.call_id: a_case(db, known.call_id) for known in STORED}
    rows = component(open_page(db, "cases", token=tokens[role]), "cases")["rows"]
    assert len(rows) == len(STORED)
    for known in STORED:
        at = open_page(db, "cases", token=tokens[role], case=str(numbers[known.call_id]))
        assert "我的卡号是6222****1234。" in seen(at)
        theirs = known in VISIBLE[role]
        assert bool(at.get("audio")) == theirs
        assert (known.call_id in seen(at)) == theirs or known.marks[3] not in seen(at)
        assert (known.agent in seen(at)) is False
        edits = [box for box in at.text_area if (box.key or "").endswith("_answer")]
        assert bool(edits) == (Act.AGREE in RIGHTS[role].acts)


def test_the_list_is_searched_by_its_address(open_page: Open, db: Path, tokens: Tokens) -> None:
    a_case(db)
    a_case(db, OTHER.call_id, CaseText(CaseKind.GOOD, "安抚客户", "先道歉", "很抱歉", ("态度",)))

    def titles(**asked: str) -> list[str]:
        at = open_page(db, "cases", token=tokens[JobRole.AGENT], **asked)
        rows = component(at, "cases")["rows"]
        return [row["cells"]["title"]["text"] for row in rows]

    assert titles() == ["安抚客户", "念出卡号"]
    assert titles(q="道歉") == titles(kind="good") == titles(tag="态度") == ["安抚客户"]
    assert titles(q="道歉 后四位") == titles(point="9.9") == titles(line="wealth") == []
    assert titles(retired="1") == ["安抚客户", "念出卡号"], "not for agents: it is ignored"
    at = open_page(db, "cases", token=tokens[JobRole.AGENT], case="77")
    assert TEXTS["case_unknown"][0].format(n=77) in seen(at)


# ── what is taken out ────────────────────────────────────────────────────────────────────────────


def browser(token: str | None) -> TestClient:
    cookies = {} if token is None else {options.cookie_name(): token}
    app = Starlette(routes=serving.routes())
    return TestClient(app, base_url="http://127.0.0.1", cookies=cookies, client=("127.0.0.1", 5))


def links(at: AppTest) -> dict[str, str]:
    found = {one.proto.label: one.proto.url for one in at.get("link_button")}
    return {label: url.removeprefix("http://127.0.0.1") for label, url in found.items()}


@pytest.mark.parametrize("role", [r for r in ASSIGNABLE if Page.CALL in RIGHTS[r].pages])
def test_who_may_takes_clips_and_forms_and_it_is_written_down(
    open_page: Open, db: Path, tokens: Tokens, role: JobRole
) -> None:
    found = links(open_page(db, "call", id=OWN.call_id, token=tokens[role]))
    if Act.EXPORT not in RIGHTS[role].acts:
        assert found == {}
        return
    clip, form = found[TEXTS["clip_take"][0]], found[TEXTS["form_take"][0]]
    for address in (clip, form):
        for other in (None, "", tokens[JobRole.COMPLIANCE if role != "compliance" else "trainer"]):
            assert browser(other).get(address).status_code == 404
    before = Trail.beside(db).read().data.count(b'"download"')
    given = browser(tokens[role]).get(clip)
    assert given.headers["content-disposition"].startswith("attachment; filename")
    assert given.headers["cache-control"] == "private, no-store"
    assert soundfile.info(io.BytesIO(given.content)).duration == pytest.approx(5.5)
    page = browser(tokens[role]).get(form)
    assert unquote(page.headers["content-disposition"]).endswith("call-own.html")
    assert (OWN.customer in page.text) == (Act.CUSTOMER in RIGHTS[role].acts)
    entries = list(Trail.beside(db).read().entries())[-2:]
    assert Trail.beside(db).read().data.count(b'"download"') == before + 2
    assert [(e.action, e.subject, e.role) for e in entries] == [
        ("download", OWN.call_id, str(role))
    ] * 2
    assert [e.details["what"] for e in entries] == ["clip", "form"]
    assert entries[0].who == operating_user()
    site.door_of(db).accounts.disable(str(role))
    assert browser(tokens[role]).get(form).status_code == 404


def test_what_is_private_is_not_in_a_clip(
    open_page: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = databases.small(tmp_path)
    with Snapshot.open(db) as snapshot:
        call = snapshot.call(HEARD)
    ((start, end),) = hidden_stretches(call.segments, call.private_spans, sounds=call.sounds) or ()
    at = open_page(db, "call", id=HEARD)
    tab = f"passage_{HEARD}"
    at.selectbox(key=f"{tab}_about").set_value("").run()
    at.selectbox(key=f"{tab}_first_").set_value(1).run()
    at.selectbox(key=f"{tab}_last_").set_value(1).run()
    at.number_input(key=f"{tab}_margin").set_value(1).run()
    given = browser(None).get(links(at)[TEXTS["clip_take"][0]])
    sound, rate = soundfile.read(io.BytesIO(given.content))
    begin = 4.5 - 1
    assert len(sound) / rate == pytest.approx(3.0 + 2)
    quiet = sound[int((start - begin) * rate) + 2 : int((end - begin) * rate) - 2]
    assert len(quiet) > rate
    assert not np.any(quiet)
    assert np.abs(sound[: int((start - begin - 0.05) * rate)]).max() > 0.2


def test_the_form_shows_both_results_and_who_decided(
    open_page: Open, db: Path, tokens: Tokens
) -> None:
    token = tokens[JobRole.SUPERVISOR]
    with Snapshot.open(db) as snapshot:
        content = snapshot.contents()[OWN.call_id]
    People.open(db).add_review(
        ReviewDraft("李<b>质检", OWN.call_id, content, Decision.REJECT, rule=RULE, comment="误判&")
    )
    at = open_page(db, "call", id=OWN.call_id, lang="en", token=token)
    page = browser(token).get(links(at)[TEXTS["form_take"][1]])
    policy = page.headers["content-security-policy"]
    assert policy == "default-src 'none'; style-src 'unsafe-inline'"
    html = page.text
    assert "<h1>Call inspection form</h1>" in html
    for said in (
        "规则苹果",
        "6222****1234",
        "只核对后四位",
        "李&lt;b&gt;质检",
        "误判&amp;",
        "手册 3.2",
    ):
        assert said in html, said
    assert not [word for word in ("http:", "https:", "src=", "<script", "url(") if word in html]


@pytest.mark.parametrize(("lang", "said"), [("zh", "审计记录"), ("en", "the audit trail")])
def test_why_nothing_is_given_is_told_in_the_language_of_the_page(
    open_page: Open, db: Path, tokens: Tokens, lang: str, said: str
) -> None:
    token = tokens[JobRole.INSPECTOR]
    at = open_page(db, "call", id=OWN.call_id, lang=lang, token=token)
    mend = spoil(Trail.beside(db))
    given = browser(token).get(links(at)[TEXTS["form_take"][("zh", "en").index(lang)]])
    mend()
    assert given.status_code == 503
    assert given.text.startswith(f"{said} {Trail.beside(db).path}")


def test_after_the_call_is_gone_its_address_gives_nothing(open_page: Open, tmp_path: Path) -> None:
    db = site.make(tmp_path)
    token = site.people(db)[JobRole.INSPECTOR]
    found = links(open_page(db, "call", id=OWN.call_id, token=token))
    number = a_case(db)
    at = open_page(db, "cases", token=token, case=str(number))
    sound = at.get("audio")[0].proto.url.removeprefix("http://127.0.0.1")
    assert browser(token).get(sound).content[:4] == b"RIFF"
    (db.parent / f"{OWN.fruit}.wav").unlink()
    assert browser(token).get(sound).status_code == 404
    assert browser(token).get(found[TEXTS["clip_take"][0]]).status_code == 404
