"""Secrets of every kind go through the whole system; afterwards none of them stands anywhere.

Four numbers and four in words in each of 50 chats and transcripts; the run is debugged, originals
are kept, calls are scored again, exported, shown on every page, held and purged.
"""

from __future__ import annotations

import json
import os
import random
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
import yaml
from ahocorasick_rs import AhoCorasick
from starlette.applications import Starlette
from starlette.testclient import TestClient
from stdnum import luhn
from stdnum.cn import ric
from streamlit.testing.v1 import AppTest

from dashboards.serving import routes
from pipeline.audit import operating_user
from pipeline.casebook import Subject, passage_of
from pipeline.corrected import masked
from pipeline.domain import CaseKind, CaseText
from pipeline.store import Cases, CorrectionDraft, Corrections, Snapshot
from tests.conftest import ROOT
from tests.dashboards.conftest import Open, open_page, seen
from tests.vault.keys import a_key_file

__all__ = ["open_page"]

CHINESE = str.maketrans("0123456789", "零幺二三四五六七八九")
PLAIN = str.maketrans(
    "零〇○幺一二三四五六七八九壹两０１２３４５６７８９", "00011234567891" + "2" + "0123456789"
)
BETWEEN = re.compile(r"(?<=[0-9Xx])[\s,，、.。-]{1,3}(?=[0-9Xx])")
CALLS = 50
Told = tuple[str, str]  # where, and the text that stands there


def phone(rng: random.Random) -> str:
    return rng.choice(("138", "159", "186", "199")) + f"{rng.randrange(10**8):08}"


def identity(rng: random.Random) -> str:
    born = f"{rng.randrange(1950, 2005)}{rng.randrange(1, 13):02}{rng.randrange(1, 29):02}"
    number = rng.choice(("330106", "510107", "420106")) + born + f"{rng.randrange(1000):03}"
    return number + str(ric.calc_check_digit(number))


def card(rng: random.Random) -> str:
    number = "622848" + f"{rng.randrange(10**12):012}"
    return number + luhn.calc_check_digit(number)


def code(rng: random.Random) -> str:
    return f"{rng.randrange(10**8):08}"


def spelled(rng: random.Random, number: str) -> str:
    """A number as people write or say it."""
    way = rng.randrange(4)
    if way == 0:
        return number
    if way == 1:
        return number.translate(CHINESE)
    groups = re.findall("....?.?", number)
    text = ("，" if way == 2 else " ").join(groups)
    return text.translate(CHINESE) if way == 2 else text


SURNAMES = ["欧阳", "司马", "陈", "林", "赵", "周", "吴", "郑"]
GIVEN = ["雨桐", "浩然", "梓涵", "思远", "佳怡", "嘉豪"]


def name(rng: random.Random) -> str:
    return rng.choice(SURNAMES) + rng.choice(GIVEN)


def address(rng: random.Random) -> str:
    return f"文三路{rng.randrange(100, 999)}号{rng.randrange(2, 30)}栋{rng.randrange(101, 2900)}室"


def email(rng: random.Random) -> str:
    return f"user{rng.randrange(10**6):06}@163.com"


def wechat(rng: random.Random) -> str:
    return f"wx_{rng.randrange(10**7):07}"


def passport(rng: random.Random) -> str:
    return f"E{rng.randrange(10**8):08}"


def plate(rng: random.Random) -> str:
    return f"浙A{rng.randrange(10**5):05}"


def amount(rng: random.Random) -> str:
    return f"{rng.randrange(10**7, 10**8)}"


WORDED = {
    name: "我叫{}", address: "我家住在杭州市{}", email: "邮箱是{}", wechat: "微信号是{}",
    passport: "护照号码是{}", plate: "车牌号是{}", amount: "卡里的余额是{}元",
}  # fmt: skip


def a_call(rng: random.Random, number: int, secrets: list[str]) -> str:
    """A chat, or a voice call with words and times; what is private in it joins `secrets`."""
    said = [make(rng) for make in (phone, identity, card, code)]
    kinds = rng.sample(list(WORDED), 4)
    worded = [(kind(rng), WORDED[kind]) for kind in kinds]
    secrets += [*said, *(secret for secret, _ in worded)]
    one, two, three, four = (spelled(rng, secret) for secret in said)
    lines = [
        ("agent", "您好，请问有什么可以帮您？"),
        ("customer", f"我的手机号是{one}"),
        ("agent", "请报一下身份证号。"),
        ("customer", two),
        ("customer", f"卡号{three}"),
        ("agent", "请问收到的验证码是多少？"),
        ("customer", four),
        *(("customer", form.format(secret)) for secret, form in worded),
    ]
    voice = number % 2
    return json.dumps(
        {
            "call_id": f"call-{number:03}", "channel": "voice" if voice else "chat",
            "business_line": "bank", "started_at": "2026-11-20T14:02:00+08:00",
            "segments": [
                {"role": role, "text": text, **(timed(text, 10.0 * at) if voice else {})}
                for at, (role, text) in enumerate(lines)
            ],
        },
        ensure_ascii=False,
    )  # fmt: skip


def timed(text: str, start: float) -> dict[str, object]:
    """Times of a segment, and of each character as a word."""
    words = [
        {"text": char, "start": start + 0.2 * at, "end": start + 0.2 * at + 0.2}
        for at, char in enumerate(text)
    ]
    return {"start": start, "end": start + 0.2 * len(text), "words": words}


def plain(text: str) -> str:
    """All digits in ASCII and in one piece, however they were spelled."""
    return BETWEEN.sub("", text.translate(PLAIN)).upper()


def everything(folder: Path) -> Iterator[tuple[str, str]]:
    """Every file below a folder as text, and every table of every database with all its cells."""
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        data = path.read_bytes()
        yield str(path), data.decode("utf-8", "replace")
        if data[8:12] == b"DUCK":
            with duckdb.connect(str(path), read_only=True) as db:
                for (table,) in db.sql("SELECT table_name FROM duckdb_tables()").fetchall():
                    yield f"{path}:{table}", repr(db.sql(f'SELECT * FROM "{table}"').fetchall())
                    if table == "segments":
                        words = db.sql("SELECT unnest(words).text FROM segments").fetchall()
                        yield f"{path}:words", "".join(word for (word,) in words)
        elif data.startswith(b"SQLite format 3"):
            with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as other:
                names = other.execute(  # what a virtual table holds lies in tables beside it
                    "SELECT name FROM sqlite_master"
                    " WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
                )
                for (table,) in names.fetchall():
                    rows = other.execute(f'SELECT * FROM "{table}"').fetchall()
                    yield f"{path}:{table}", repr(rows)


def settings_file(kept: Path) -> Path:
    key = a_key_file(kept / "raw.keys")
    values = {
        "intake": {"settle_seconds": 0},
        "raw": {"keep": True, "key_file": str(key)},
        "people": {"privileged": {operating_user(): "compliance"}},
        "retention": {"default": {"results": "30y"}},
    }
    (kept / "callqa.yaml").write_text(yaml.safe_dump(values))
    return kept / "callqa.yaml"


# One process does them all one after the other; each ends as it would in a process of its own.
SEVERAL = """
import json, sys
from pipeline.cli import main
for arguments in json.loads(sys.argv[1]):
    sys.argv[1:], code = arguments, 0
    try:
        main()
    except SystemExit as stop:
        code = stop.code or 0
    print(f"exit {code}")
"""


def callqa(environment: dict[str, str], *together: tuple[int, tuple[str, ...]]) -> list[Told]:
    """What one process says that runs these commands; each with its exit code."""
    expected = [f"exit {code}" for code, _ in together]
    given = json.dumps([arguments for _, arguments in together])
    done = subprocess.run(
        [sys.executable, "-c", SEVERAL, given],
        capture_output=True, text=True, env=environment, cwd=ROOT, check=False, timeout=240,
    )  # fmt: skip
    exits = [line for line in done.stdout.splitlines() if line.startswith("exit ")]
    assert (done.returncode, exits) == (0, expected), done.stderr[-2000:]
    return [("stdout", done.stdout), ("stderr", done.stderr)]


def commands(given: Path, db: Path) -> Iterator[tuple[int, tuple[str, ...]]]:
    """What is done with the calls, and the exit code of it."""
    where = ("--db", str(db))
    yield 3, ("run", str(given), *where)
    yield 0, ("rescore", *where)
    for table in ("calls", "segments", "findings", "private_spans", "runs"):
        yield 0, ("export", table, *where, "--format", "csv", "-o", str(db.parent / f"{table}.csv"))
    yield 0, ("hold", "add", "call", "call-001", *where, "--reason", "监管调查 88")
    yield 0, ("purge", *where, "--apply")
    yield 2, ("erase", "--customer", "U1", *where, "--reason", "客户要求 4711")
    yield 0, ("calls", *where)


def cases(db: Path) -> None:
    """Whole calls as cases."""
    text = CaseText(CaseKind.GOOD, "核身", "完整", "请您核对后四位")
    with Snapshot.open(db) as snapshot:
        for number in range(4):
            call = snapshot.call(f"call-{number:03}")
            passage = passage_of(call, 0, len(call.segments) - 1, Subject())
            Cases(snapshot.people).add("李质检", passage, text)


def corrections(db: Path, secrets: list[str]) -> None:
    """Numbers that a person heard where the recogniser heard none."""
    with Snapshot.open(db) as snapshot:
        for number in range(4):
            call = snapshot.call(f"call-{number:03}")
            (stored,) = snapshot.texts([call.call["call_id"]])
            ids, heard = (call.call["call_id"], call.call["content_sha256"]), call.segments
            typed = f"请您记下卡号{secrets[8 * number + 2]}，手机{secrets[8 * number]}"
            draft = CorrectionDraft("李", *ids, 2, heard[2]["text"], *masked(stored, 2, typed))
            Corrections(snapshot.people).add(draft)


def forms(at: AppTest) -> Iterator[tuple[str, str]]:
    """What is taken out of a call's page."""
    app = TestClient(Starlette(routes=routes()), "http://127.0.0.1", client=("127.0.0.1", 5))
    for link in at.get("link_button"):
        yield "form", app.get(link.proto.url).text


def pages(open_page: Open, db: Path) -> Iterator[tuple[str, str]]:
    """All that the dashboard sends to a browser, of every page and of 12 calls."""
    for page in ("overview", "queue", "cases"):
        yield f"page {page}", seen(open_page(db, page))
    for number in range(1, 5):
        yield "page of a case", seen(open_page(db, "cases", case=str(number)))
    for number in range(12):
        if number % 10 < 7:
            at = open_page(db, "call", id=f"call-{number:03}")
            yield f"page of call {number}", seen(at)
            yield from forms(at)


def an_own_prefect(home: Path) -> Path:
    """A Prefect of its own, begun from a copy: to make its database takes half a minute."""
    home.mkdir()
    made = Path(os.environ["PREFECT_HOME"]) / "prefect.db"
    with sqlite3.connect(made) as source, sqlite3.connect(home / "prefect.db") as target:
        source.backup(target)
    return home


@pytest.mark.timeout(280)
@pytest.mark.usefixtures("prefect_server")
def test_none_of_four_hundred_secrets_is_left_anywhere(
    tmp_path: Path, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = random.Random(4)
    given, kept = tmp_path / "given", tmp_path / "kept"
    given.mkdir()
    kept.mkdir()
    secrets: list[str] = []
    for number in range(CALLS):
        text = a_call(rng, number, secrets)
        if number % 10 == 7:
            text = text[:-40]  # cut off: the error must not quote it
        elif number % 10 == 8:
            text = text.replace('"customer"', f'"{secrets[-8]}"')  # a role that is a secret
        (given / f"call-{number:03}.json").write_text(text, encoding="utf-8")
    assert len(secrets) == 8 * CALLS
    environment = os.environ | {
        "CALLQA_CONFIG": str(settings_file(kept)),
        "PREFECT_HOME": str(an_own_prefect(kept / "prefect")),
        "PREFECT_LOGGING_LEVEL": "DEBUG", "PREFECT_LOGGING_ROOT_LEVEL": "DEBUG",
        "TMPDIR": str(kept),
    }  # fmt: skip
    db = kept / "calls.duckdb"
    run, *others = commands(given, db)
    said = [*callqa(environment, run), *callqa(environment, *others)]
    monkeypatch.setenv("CALLQA_CONFIG", environment["CALLQA_CONFIG"])
    cases(db)
    corrections(db, secrets)
    places = [*said, *everything(kept), *pages(open_page, db)]
    for part in (
        ":segments",
        ":words",
        "prefect.db:",
        ".sealed",
        ".audit.jsonl",
        "page of call",
        ":cases",
    ):
        assert any(part in where for where, _ in places), part
    for part in (":segments", ":words", "page of call", "page of a case", ":cases"):
        shown = [where for where, text in places if part in where and "请报一下身份证号" in text]
        assert shown, f"what is not private is seen in {part}"
    search = AhoCorasick([secret.upper() for secret in secrets])
    found = [
        (where, secret)
        for where, text in places
        for secret in set(search.find_matches_as_strings(plain(text)))
    ]
    assert found == []
