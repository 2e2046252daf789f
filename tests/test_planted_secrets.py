"""Two hundred secrets go through the whole system; afterwards none of them stands anywhere."""

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
from stdnum import luhn
from stdnum.cn import ric

CHINESE = str.maketrans("0123456789", "零幺二三四五六七八九")
PLAIN = str.maketrans(
    "零〇○幺一二三四五六七八九壹两０１２３４５６７８９", "00011234567891" + "2" + "0123456789"
)
BETWEEN = re.compile(r"(?<=[0-9Xx])[\s,，、.。-]{1,3}(?=[0-9Xx])")
CALLS = 50


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


def a_chat(rng: random.Random, number: int, secrets: list[str]) -> str:
    said = [make(rng) for make in (phone, identity, card, code)]
    secrets += said
    one, two, three, four = (spelled(rng, secret) for secret in said)
    lines = [
        ("agent", "您好，请问有什么可以帮您？"),
        ("customer", f"我的手机号是{one}"),
        ("agent", "请报一下身份证号。"),
        ("customer", two),
        ("customer", f"卡号{three}"),
        ("agent", "请问收到的验证码是多少？"),
        ("customer", four),
    ]
    return json.dumps(
        {
            "call_id": f"chat-{number:03}", "channel": "chat", "business_line": "bank",
            "started_at": "2026-11-20T14:02:00+08:00",
            "segments": [{"role": role, "start": None, "end": None, "text": text}
                         for role, text in lines],
        },
        ensure_ascii=False,
    )  # fmt: skip


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
        elif data.startswith(b"SQLite format 3"):
            with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as other:
                names = other.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
                for (table,) in names.fetchall():
                    rows = other.execute(f'SELECT * FROM "{table}"').fetchall()
                    yield f"{path}:{table}", repr(rows)


@pytest.mark.timeout(280)
def test_none_of_two_hundred_secrets_is_left_anywhere(tmp_path: Path) -> None:
    rng = random.Random(4)
    given, kept = tmp_path / "given", tmp_path / "kept"
    given.mkdir()
    kept.mkdir()
    secrets: list[str] = []
    for number in range(CALLS):
        text = a_chat(rng, number, secrets)
        if number % 10 == 7:
            text = text[:-40]  # cut off: the error must not quote it
        elif number % 10 == 8:
            text = text.replace('"customer"', f'"{secrets[-4]}"')  # a role that is a secret
        (given / f"chat-{number:03}.json").write_text(text, encoding="utf-8")
    assert len(secrets) == 4 * CALLS
    environment = os.environ | {
        "CALLQA_INTAKE__SETTLE_SECONDS": "0", "PREFECT_HOME": str(kept / "prefect"),
        "PREFECT_LOGGING_LEVEL": "DEBUG", "PREFECT_LOGGING_ROOT_LEVEL": "DEBUG",
        "TMPDIR": str(kept),
    }  # fmt: skip
    db = kept / "calls.duckdb"
    said = []
    for command in (("run", str(given), "--db", str(db)), ("rescore", "--db", str(db))):
        done = subprocess.run(
            [sys.executable, "-m", "pipeline.cli", *command],
            capture_output=True, text=True, env=environment, check=False, timeout=240,
        )  # fmt: skip
        assert done.returncode == (3 if command[0] == "run" else 0), done.stderr[-2000:]
        said += [("stdout", done.stdout), ("stderr", done.stderr)]
    for table in ("calls", "segments", "findings", "private_spans", "runs"):
        out = kept / f"{table}.csv"
        subprocess.run(
            [sys.executable, "-m", "pipeline.cli", "export", table, "--db", str(db),
             "--format", "csv", "-o", str(out)],
            env=environment, check=True, timeout=60,
        )  # fmt: skip
    places = [*said, *everything(kept)]
    assert any(":segments" in name for name, _ in places), "the tables were searched"
    assert any("prefect.db:" in name for name, _ in places), "Prefect's database was searched"
    found = [
        (name, secret)
        for name, text in places
        for haystack in [plain(text)]
        for secret in secrets
        if secret in haystack
    ]
    assert found == []
