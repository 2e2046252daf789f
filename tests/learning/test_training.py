"""`callqa train` and `callqa words`: from a database to a model in force, or why not."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from pipeline import cli
from pipeline.cutting import cut_words
from pipeline.domain import Flag
from pipeline.errors import BadInput
from pipeline.learning.files import current, in_force, models_folder
from pipeline.learning.material import decided_flags
from pipeline.learning.suggesting import checked, suggest
from pipeline.search import parse
from pipeline.store import Decision, People, ReviewDraft, Snapshot, Store, Words
from tests.learning.site import made_calls, make
from tests.store.fresh import fresh
from tests.store.reports import a_report


def callqa(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    sys.argv = ["callqa", *arguments]
    try:
        cli.main()
        code = 0
    except SystemExit as end:
        code = int(str(end.code or 0))
    out, err = capsys.readouterr()
    return code, out, err


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("train") / "calls.duckdb", made_calls(480))


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    code, out, err = callqa(capsys, *arguments, "--json")
    assert (code, err) == (0, "")
    return json.loads(out)


def test_a_database_trains_a_model_that_is_compared_and_put_in_force_by_a_person(
    db: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ("--db", str(db))
    first = told(capsys, "train", "reasons", *where)
    assert not first["in_force"]
    assert current(models_folder(db), "reasons") is None
    assert first["old_model"] == "reasons@shipped-1"
    assert {one["label"] for one in first["new"]["labels"]} >= {"card_loss", "claim"}
    assert (
        first["new"]["labels"][0]["recall"]["whole"] == first["old"]["labels"][0]["recall"]["whole"]
    )
    card = (Path(first["folder"]) / "README.md").read_text(encoding="utf-8")
    assert "480 calls of 12 agents" in card
    version = first["model"].split("@")[1]
    assert callqa(capsys, "train", "use", "reasons", version, *where)[0] == 0
    assert in_force(models_folder(db), "reasons").id == first["model"]
    assert told(capsys, "train", "apply", *where) == {"read": 480}
    assert callqa(capsys, "train", "use", "reasons", "shipped", *where)[0] == 0
    assert told(capsys, "train", "list", *where)["reasons"] == {
        "versions": ["shipped", version], "in_force": "shipped",
    }  # fmt: skip
    assert callqa(capsys, "train", "use", "reasons", "nope", *where)[0] == 2


def test_flags_are_trained_and_shown_as_a_table(
    db: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = callqa(capsys, "train", "flags", "--db", str(db), "--out", str(tmp_path))
    assert code == 0
    assert "留出样本" in out
    assert "投诉" in out
    assert len(list(tmp_path.glob("*/model.skops"))) == 1
    code, _, err = callqa(capsys, "train", "flags", "--db", str(db), "--out", "x", "--accept")
    assert (code, "--out" in err) == (2, True)


@pytest.mark.parametrize(
    ("kind", "count", "agents", "said"),
    [
        ("flags", 20, 12, "are needed. Load more calls"),
        ("reasons", 20, 12, "a model needs two or more"),
        ("reasons", 200, 2, "Load calls of more agents"),
    ],
)
def test_too_little_to_learn_from_is_refused_with_the_counts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str, count: int, agents: int,
    said: str,
) -> None:  # fmt: skip
    few = make(tmp_path / "few.duckdb", made_calls(count, agents))
    code, _, err = callqa(capsys, "train", kind, "--db", str(few))
    assert code == 2
    assert said in err
    assert not list(models_folder(few).rglob("model.skops"))


# ── words ────────────────────────────────────────────────────────────────────────────────────────

SAID = ("我想买{w}这个产品", "{w}收益怎么样", "上次的{w}到期了", "朋友说{w}不错", "请介绍一下{w}")


@pytest.fixture
def words_db(tmp_path: Path) -> Path:
    calls = []
    for number in range(240):
        word = "稳盈宝" if number % 4 == 0 else ("分期", "贷款", "定期存款")[number % 4 - 1]
        text = SAID[number % 5].format(w=word)
        private = "我叫欧阳铁柱请记一下" if number < 100 else "好的谢谢"  # one customer, many calls
        customer = "U-1" if number < 100 else f"U{number}"
        calls.append(
            a_report(f"w-{number}", turns=("您好", text, private), agent=f"A{number % 6}",
                     customer=customer)
        )  # fmt: skip
    return make(tmp_path / "words.duckdb", calls)


def test_a_product_is_suggested_and_one_customers_name_is_not(
    words_db: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = told(capsys, "words", "suggest", "--db", str(words_db))
    words = [one["word"] for one in found]
    assert "稳盈宝" in words
    assert not [word for word in words if "欧阳" in word or "铁柱" in word]
    assert callqa(capsys, "words", "accept", "稳盈宝", "--db", str(words_db))[0] == 0
    with Snapshot.open(words_db) as snapshot:
        own = Words(snapshot.people).accepted()
        assert "稳盈宝" not in [one.word for one in suggest(snapshot, 100)]
    assert list(cut_words("我想买稳盈宝理财", own)) == ["我", "想", "买", "稳盈宝", "理财"]
    assert [term.text for term in parse("稳盈宝理财", own=own).terms] == ["稳盈宝", "理财"]
    assert callqa(capsys, "words", "reject", "稳盈宝", "--db", str(words_db))[0] == 0
    listed = told(capsys, "words", "list", "--db", str(words_db))
    assert [(one["word"], one["accepted"]) for one in listed] == [("稳盈宝", False)]
    assert Words(People.open(words_db)).accepted() == frozenset()


def test_decisions_about_words_are_append_only(words_db: Path) -> None:
    people = People.open(words_db)
    Words(people).decide("li", ["稳盈宝"], accepted=True)
    for change in ("UPDATE words SET accepted = 0", "DELETE FROM words"):
        with pytest.raises(Exception, match="append-only"), people.writing() as connection:
            connection.execute(change)


@pytest.mark.parametrize("word", ["", "好", "6222", "a" * 13, "卡6222"])
def test_what_cannot_be_a_word_is_refused(word: str) -> None:
    with pytest.raises(BadInput, match="is no word"):
        checked(word)


class AngryPack:
    """As much of a pack as the store keeps: one rule about a mood of the customer, one more."""

    sha256 = "0" * 64

    def content(self) -> dict[str, Any]:
        mood = {"operator": "sentiment", "kinds": ["complaint"], "role": "customer"}
        both = {"all": [mood, {"operator": "keyword", "phrases": ["投诉"]}]}
        rules = [{"id": "no_full_card_number", "fail": mood}, {"id": "greeting", "fail": both}]
        return {"pack": "own", "version": "1", "effective": {"from": None, "to": None},
                "rules": rules}  # fmt: skip


@pytest.mark.parametrize(("decision", "truth"), [(Decision.CONFIRM, 1), (Decision.REJECT, 0)])
def test_what_people_decided_counts_as_truth(
    tmp_path: Path, decision: Decision, truth: int
) -> None:
    db, report = tmp_path / "calls.duckdb", a_report("one")
    with Store.open(fresh(db)) as store:
        store.remember_packs([AngryPack()])
        store.save([report])
        store.publish()
    content = report.provenance.content_sha256
    for rule in ("no_full_card_number", "greeting"):
        draft = ReviewDraft("li", "c-one", content, decision, rule, comment="heard")
        People.open(db).add_review(draft)
    segment = report.findings[0].evidence[0].segment
    with Snapshot.open(db) as snapshot:
        assert decided_flags(snapshot) == {("c-one", segment, Flag.COMPLAINT): truth}
