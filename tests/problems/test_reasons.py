"""Why people call as a sign of a cause: what the metadata say, else what a model read."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dashboards.language import speaking
from dashboards.problem_list import sign_of
from pipeline.briefing import gather
from pipeline.briefing.document import Export, document
from pipeline.cli import app
from pipeline.documents import write_markdown
from pipeline.domain import Hint
from pipeline.learning.reading import read_new
from pipeline.problems import look
from pipeline.store import LabelDraft, Labels, Snapshot, Store
from tests.problems.conftest import LAST, Made


@pytest.fixture(scope="module")
def read(made: Made, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The history, read by the models that ship."""
    db = tmp_path_factory.mktemp("read") / "calls.duckdb"
    db.write_bytes(made.db.read_bytes())
    with Store.open(db) as store:
        assert read_new(store) == 480
        store.publish()
    return db


def hints(db: Path, word: str) -> dict[str, Hint]:
    with Snapshot.open(db) as snapshot:
        seen = look(snapshot, LAST)
    problem = next(one for one in seen.problems if word in one.name and one.kind == "asked")
    return {hint.what: hint for hint in problem.hints}


def test_what_a_model_read_is_a_sign_where_the_metadata_say_nothing(made: Made, read: Path) -> None:
    assert not {"reason", "read_reason"} & hints(made.db, "违约金").keys(), "no model has looked"
    sign = hints(read, "违约金")["read_reason"]
    assert sign.value == "repayment"
    assert sign.share > 3 * sign.elsewhere
    with speaking("zh"):
        assert sign_of(sign) == "来电原因（模型判断）还款"
    with speaking("en"):
        assert sign_of(sign) == "reason Repayment (as a model reads it)"


def test_an_unsure_model_says_nothing(read: Path) -> None:
    with Snapshot.open(read) as snapshot:
        seen = look(snapshot, LAST)
    said = {h.value for one in seen.problems for h in one.hints if h.what == "read_reason"}
    assert said
    assert not said & {"unsure", "None", ""}


def test_what_the_metadata_say_goes_first(read: Path, tmp_path: Path) -> None:
    db = tmp_path / "calls.duckdb"
    db.write_bytes(read.read_bytes())
    with Store.open(db) as store:
        store.file.connection.execute(
            "UPDATE calls SET attributes = json_merge_patch(attributes, $given) WHERE call_id IN"
            " (SELECT call_id FROM learned WHERE reason = 'repayment')",
            {"given": json.dumps({"call_reason": "提前结清"})},
        )
        store.publish()
    found = hints(db, "违约金")
    assert found["reason"].value == "提前结清"
    assert "read_reason" not in found


def test_what_a_person_said_goes_before_what_a_model_read(read: Path, tmp_path: Path) -> None:
    db = tmp_path / "calls.duckdb"
    db.write_bytes(read.read_bytes())
    with Store.open(db) as store:
        store.publish()
    with Snapshot.open(db) as snapshot:
        labels = Labels(snapshot.people)
        for call in snapshot.list_calls(limit=480).to_pylist():
            content = call["content_sha256"]
            labels.say(LabelDraft("张敏", call["call_id"], content, "reason", "none"))
    assert "read_reason" not in hints(db, "违约金"), "none of the list, people say"


@pytest.mark.parametrize(
    ("lang", "said"),
    [("zh", "来电原因（模型判断）“还款”"), ("en", "call reason (as a model reads it) “Repayment”")],
)
def test_the_briefing_says_it_by_name(read: Path, lang: str, said: str) -> None:
    with Snapshot.open(read) as snapshot:
        briefing = gather(snapshot, LAST)
    assert said in write_markdown(document(briefing, Export(lang, LAST.sunday)))


def test_the_command_says_it_by_name(read: Path) -> None:
    given = ["problems", "--db", str(read), "--week", str(LAST)]
    told = CliRunner(env={"COLUMNS": "300"}).invoke(app, given)
    assert re.search(r"来电原因（模型）[\s│]*还款", told.output), "it may go over two lines"
    again = json.loads(CliRunner().invoke(app, [*given, "--json"]).output)
    signs = [hint for one in again["problems"] for hint in one["hints"]]
    assert {"read_reason"} <= {hint["what"] for hint in signs}
