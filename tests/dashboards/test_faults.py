"""What goes wrong is said in Chinese on a Chinese page: every message that a page can show."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import dashboards
from dashboards.error_texts import ERROR_TEXTS
from dashboards.fault_texts import FAULT_TEXTS
from dashboards.faults import CHINESE, fault
from dashboards.file_texts import FILE_TEXTS
from dashboards.language import speaking
from pipeline import errors
from pipeline.errors import BadInput, CallqaError
from pipeline.store.people import MIGRATIONS
from tests.dashboards.raised import modules, reached, refused, told

FILES = sorted(Path(dashboards.__file__).parent.rglob("*.py"))
ERRORS = frozenset(
    name
    for name, one in vars(errors).items()
    if isinstance(one, type) and issubclass(one, CallqaError)
)
SHOWN = ("pipeline.rules.kept",)
ELSEWHERE = {  # modules that pages import, whose errors are told at the terminal
    "dashboards.launch": "before there is a page",
    "pipeline.settings": "read before there is a page",
    "pipeline.alert_settings": "read with the settings; why a channel waits is a reason",
    "pipeline.alerts.wire": "why a message was not sent is a reason",
    "pipeline.network": "where the language model is: read with the settings",
    "pipeline.rules": "packs are read by runs and `callqa rules`; a back-test prints what it says",
    "pipeline.asr": "engines are loaded by a run, in a process of its own, which ends with it",
    "pipeline.intake.removing": "metadata are removed by `callqa retention`",
    "pipeline.llm": "asked by a run",
    "pipeline.modelfiles": "the same",
    "pipeline.process": "the same",
    "pipeline.oneoff": "`callqa transcribe`, `check`, `score`",
    "pipeline.learning.files": "`callqa train`; a rule whose model cannot be read is unsure",
    "pipeline.store.loader": "the database is written by a run",
    "pipeline.store.lock": "the same",
    "pipeline.store.master": "the same",
    "pipeline.store.masterfile": "the same",
    "pipeline.store.migrations": "the same",
    "pipeline.store.spool": "the same",
    "pipeline.store.export": "`callqa export`",
    "pipeline.store.holds": "`callqa hold`",
}
TERMINAL = {  # messages of the other modules that no page comes to
    "⟨start⟩: there is no such file or folder": "what `callqa run` is given",
    "⟨where⟩: ⟨field⟩: ⟨first['msg']⟩.": "no words of ours but those of the reader of JSON",
    "`callqa alerts list` names them": "`callqa alerts ack`",
    "append-only": "no page alters or deletes what people wrote",
    "--reason: ": "a page asks for no reason: it takes the code of `callqa hear`",
    "user ⟨user⟩ has no role": "the same",
    "--how ⟨how⟩": "`callqa redact`",
    ". Put it back, ⟨remedy⟩": "the same",
    "⟨target⟩": "the same, and `callqa hear -o`",
    "not all private data can be placed": "the same; pages ask before",
    "⟨path⟩ cannot be written": "`callqa raw new-key`",
    "the key in it may be needed": "the same",
    "cannot write ⟨path⟩: ": "originals are kept by a run",
    "holds text that is not Unicode": "the same",
    "check the path": "`callqa forms -o`",
    "calls without a start time or an agent's number": "the same",
    "somebody may have filled it in": "the same",
    "cannot write the search index": "written by a run, or `callqa search rebuild`",
}
UNREAD = {  # errors that hand on what another one says
    "str(error)": "words of the schema: `refused`, or of an error before it",
    "said.removeprefix('callqa: ').replace(str(file), name)": "what a back-test printed",
}


def _mostly(name: str) -> bool:
    parts = name.split(".")
    return name in SHOWN or not any(".".join(parts[:n]) in ELSEWHERE for n in range(2, 4))


def _raised() -> Iterator[str]:
    known = modules()
    files = reached("pipeline.oneoff", known)  # what is wrong with them a page shows of a run
    for name in sorted(reached("dashboards", known) | files):
        if _mostly(name):
            messages, unread = told(known[name], ERRORS)
            assert unread <= set(UNREAD), f"{name}: {unread}"
            yield from messages
    yield from refused(MIGRATIONS)


@cache
def raised() -> list[str]:
    """Every message that a page can show; reading all the source takes seconds."""
    return sorted({text for text in _raised() if not any(part in text for part in TERMINAL)})


def _shape(english: str) -> str:
    """A text of the table with its placeholders without names."""
    parts = string.Formatter().parse(english)
    shape = "".join(literal + ("" if name is None else "{}") for literal, name, *_ in parts)
    return re.sub(r"\brule None\b", "rule {}", shape)


def test_every_message_that_a_page_can_show_has_a_chinese_text_and_none_is_left_over() -> None:
    shapes = {re.sub("⟨.*?⟩", "{}", text) for text in raised()}
    known = {_shape(english) for english in ERROR_TEXTS | FAULT_TEXTS | FILE_TEXTS}
    assert (sorted(shapes - known), sorted(known - shapes)) == ([], [])


def test_a_message_in_chinese_has_every_value_and_no_english_sentence() -> None:
    """Commands, names of settings and files stay."""
    odd = []
    for text in raised():
        expressions = list(dict.fromkeys(re.findall("⟨.*?⟩", text)))
        message = text
        for number, expression in enumerate(expressions):
            message = message.replace(expression, f"‹{number}›")
        with speaking("zh"):
            chinese = fault(BadInput(message))
        words = re.sub(r"`.*?`|callqa raw new-key -o", "", chinese)
        if (
            not re.search("[一-鿿]", chinese)
            or re.search(r"[a-z]+ [a-z]+ [a-z]+", words)
            or any(f"‹{number}›" not in chinese for number in range(len(expressions)))
        ):
            odd.append((message, chinese))
    assert odd == []


def test_both_texts_have_the_same_values() -> None:
    def values(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    assert [one for one in CHINESE if values(one) != values(CHINESE[one])] == []


@pytest.mark.parametrize(
    ("message", "chinese"),
    [
        (
            "li wrote 'reject' about rule r1 of call c-1 at 2026-11-29T12:05:00+00:00, after what "
            "you saw; look at it and decide again",
            "li 于 11-29 20:05 对通话 c-1 的规则 r1 作出“驳回”",
        ),
        (
            "the leader's opinion on appeal 3 is awaited until 2026-12-02 01:30 UTC",
            "申诉 3 正等待班长意见，12-02 09:30 后方可裁定",
        ),
        (
            "appeal 3 ended: uphold by sup",
            "申诉 3 已办结：sup 裁定成立",
        ),
        (
            "/x/people.sqlite is busy or not writable (database is locked); try again",
            "/x/people.sqlite 正忙或不可写入（数据库正忙），请稍后再试",
        ),
        (
            "the pack 0a1b that the round asked by is not kept: score call c again (`callqa "
            "rescore`), then make the round",
            "本轮所用的规则包 0a1b 没有留存：请先重新评分通话 c（`callqa rescore`），再新建校准",
        ),
        ("no such text", "no such text"),
    ],
)
def test_moments_are_local_codes_have_names_and_what_nobody_knows_stays(
    monkeypatch: pytest.MonkeyPatch, message: str, chinese: str
) -> None:
    monkeypatch.setattr("sys.argv", ["app.py", "--db", "none.duckdb"])
    with speaking("zh"):
        assert fault(BadInput(message)) == chinese
    with speaking("en"):
        assert fault(BadInput(message)) == message


SAYING = ("fault", "_refused", "nothing_published")
LATER = "hearing.py"  # what it keeps of an error is said where it is shown


def test_no_page_shows_an_error_in_other_words() -> None:
    """What is caught is said by `fault`, looked at, or handed on."""
    odd = []
    for path in FILES:
        for handler in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(handler, ast.ExceptHandler) and handler.name and path.name != LATER:
                well = {id(used) for node in ast.walk(handler) for used in _used_well(node)}
                odd += [
                    f"{path.name}:{node.lineno}"
                    for node in ast.walk(handler)
                    if isinstance(node, ast.Name) and node.id == handler.name
                    if id(node) not in well
                ]
    assert odd == []


def _used_well(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        name = node.func.id if isinstance(node.func, ast.Name) else name
        yield from node.args if name in SAYING else ()
    elif isinstance(node, ast.Raise) and node.cause is not None:
        yield node.cause
    elif isinstance(node, ast.Attribute):
        yield node.value
