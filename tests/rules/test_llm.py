"""The operator that asks a language model, against a real HTTP server on this machine."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.domain import Provenance, Transcript, Verdict
from pipeline.llm.prompt import read_answer
from pipeline.nightly import Line
from pipeline.process import inspect, make_judge
from pipeline.rules import load_pack, run_examples
from pipeline.rules.result import Outcome, Result
from pipeline.settings import Settings, load_settings
from tests.builders import a_dialogue
from tests.rules.calls import a_call, prepared
from tests.rules.llm_server import (
    HIT,
    LINES,
    Behaviour,
    LlmServer,
    a_config,
    an_llm,
    drips,
    envelope,
    floods,
    hangs_up,
    in_turn,
    judged,
    request_of,
    says,
    sends,
    unused_port,
    verdict,
    waits,
)
from tests.test_cli import callqa


def answer_to(behaviour: Behaviour, seconds: float = 5.0) -> Result:
    with LlmServer(behaviour) as server:
        return judged(a_call(*LINES), an_llm(server.url, seconds))


# ── answers ──────────────────────────────────────────────────────────────────────────────────────


def test_a_hit_is_shown_at_the_place_of_its_quote() -> None:
    result = answer_to(says(HIT))
    assert (result.outcome, result.confidence) == (Outcome.HIT, 0.8)
    call = a_call(*LINES)
    (found,) = result.hits
    assert call.evidence(found).segment == 1
    assert call.evidence(found).quote == "这个不归我管，你自己想办法"
    assert call.evidence(found).start == pytest.approx(3.3)
    assert result.reason == (
        "推诿：00:03 客服“这个不归我管，你自己想办法”（大模型：拒绝并让客户自己解决）"
    )


def test_a_no_needs_no_quote() -> None:
    result = answer_to(says(verdict("no", reason="已登记工单。")))
    assert (result.outcome, result.confidence) == (Outcome.NO, 0.8)
    assert result.reason == "通话全程未发现推诿（大模型：已登记工单）"


@pytest.mark.parametrize(
    "content",
    [
        f"```json\n{HIT}\n```",
        f"好的，结果如下：\n{HIT}\n希望对您有帮助。",
        f"<think>也许是 {verdict('no')}？再看看。</think>\n{HIT}",
        f'{{"想法": "先看看"}} {HIT}',
        HIT.replace('"hit"', '" HIT "'),
        f"{HIT}\n{HIT}",
    ],
)
def test_the_answer_is_found_whatever_stands_around_it(content: str) -> None:
    assert answer_to(says(content)).outcome is Outcome.HIT


@pytest.mark.parametrize(
    ("behaviour", "why"),
    [
        (says("我认为客服推诿了。"), "大模型的答复不合格式"),
        (says(HIT[:-5]), "大模型的答复不合格式"),
        (says(""), "大模型的答复不合格式"),
        (says(None), "大模型的答复不合格式"),
        (says(verdict("是")), "大模型的答复不合格式"),
        (says('{"verdict": "hit", "quote": ["这个不归我管"]}'), "大模型的答复不合格式"),
        (says('{"verdict": true}'), "大模型的答复不合格式"),
        (says("{" * 20_000), "大模型的答复不合格式"),
        (says('{"verdict":' * 20_000), "大模型的答复不合格式"),
        (says(f"{HIT} {verdict('no')}"), "大模型的答复前后矛盾"),
        (says(verdict("hit", "客户您好请稍等")), "大模型认为有，但所引原话在通话中找不到"),
        (says(verdict("hit")), "大模型认为有，但所引原话在通话中找不到"),
        (says(verdict("unsure", reason="语境不足。")), "大模型不能确定（大模型：语境不足）"),
        (sends(b"<html>it works</html>"), "大模型服务的答复不合协议"),
        (sends(b'{"choices": []}'), "大模型服务的答复不合协议"),
        (sends(b'{"choices": [' + b"[" * 100_000), "大模型服务的答复不合协议"),
        (sends(b"\xff\xfe\x00"), "大模型服务的答复不合协议"),
        (sends(b"{}", 500), "大模型服务返回 HTTP 500"),
        (sends(b"{}", 401), "大模型服务返回 HTTP 401"),
        (sends(b"", 307, Location="http://203.0.113.9/v1"), "大模型服务返回 HTTP 307"),
        (hangs_up, "大模型服务无法连接"),
        (floods, "大模型的答复过长"),
    ],
)  # fmt: skip
def test_a_wrong_answer_is_unsure_and_says_why(behaviour: Behaviour, why: str) -> None:
    result = answer_to(behaviour)
    assert result.outcome is Outcome.UNSURE
    assert result.reason == f"推诿：{why}，需人工判断"


@pytest.mark.parametrize("behaviour", [waits, drips])
def test_a_slow_answer_is_unsure_in_time(behaviour: Behaviour) -> None:
    started = time.monotonic()
    with LlmServer(behaviour) as server:
        result = judged(a_call(*LINES), an_llm(server.url, 0.3))
        assert time.monotonic() - started < 1.5
        assert result.outcome is Outcome.UNSURE
        assert result.reason == "推诿：大模型超时，需人工判断"
        assert len(server.asked) == 1, "after its time there is no second try"


def test_nobody_there_is_unsure() -> None:
    result = judged(a_call(*LINES), an_llm(f"http://127.0.0.1:{unused_port()}"))
    assert result.reason == "推诿：大模型服务无法连接，需人工判断"


def test_a_second_try_may_help() -> None:
    with LlmServer(in_turn(sends(b"", 503), says(HIT))) as server:
        assert judged(a_call(*LINES), an_llm(server.url)).outcome is Outcome.HIT
        assert len(server.asked) == 2


def test_what_a_model_writes_can_be_stored_and_shown() -> None:
    reason = "\ud800第一行\n\x1b[31m第二行\u202e" + "长" * 200
    reply = read_answer(json.dumps({"verdict": "no", "reason": reason}))
    assert re.fullmatch(r"第一行 \[31m第二行 长+…", reply.reason)
    assert len(reply.reason) == 80
    reply.reason.encode()


# ── switched on and off ──────────────────────────────────────────────────────────────────────────


def a_transcript(folder: Path) -> Path:
    segments = [
        {"role": "customer", "text": "我的卡号是6222021234567890128，帮我查账。"},
        {"role": "agent", "text": "这个不归我管，你自己想办法。"},
    ]
    file = folder / "chat.json"
    file.write_text(json.dumps({"call_id": "c-9", "channel": "chat", "segments": segments}))
    return file


Run = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def scored(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def score(url: str | None, **llm: Any) -> tuple[int, dict[str, Any]]:
        config = a_config(tmp_path, url, **llm)
        chat = str(a_transcript(tmp_path))
        code, out, _ = callqa(capsys, "score", chat, "--config", str(config), "--json")
        (finding,) = json.loads(out)["findings"]
        return code, finding

    return score


def test_score_asks_the_model_of_the_settings(scored: Run) -> None:
    with LlmServer(says(HIT)) as server:
        code, finding = scored(f"{server.url}/v1")
        (body,) = server.bodies
    assert (code, finding["verdict"], finding["points"]) == (0, "fail", -5)
    assert finding["confidence"] == 0.8
    assert finding["evidence"][0]["quote"] == "这个不归我管，你自己想办法"
    assert request_of(body)["model"] == "qwen"
    assert "622202*********0128" in body
    assert "1234567890" not in body


def test_a_server_that_is_slow_is_no_error_of_the_command(scored: Run) -> None:
    with LlmServer(waits) as server:
        code, finding = scored(server.url, timeout_seconds=0.3)
    assert (code, finding["verdict"], finding["points"]) == (0, "unsure", 0)
    assert finding["why"] == "推诿：大模型超时，需人工判断。"


def test_it_is_off_by_default(scored: Run) -> None:
    assert make_judge(Settings()) is None
    code, finding = scored(None)
    assert (code, finding["verdict"]) == (0, "not_applicable")
    assert finding["why"] == "不适用：大模型未启用，未检查推诿。"


def test_a_run_asks_the_model_of_the_settings(tmp_path: Path) -> None:
    with LlmServer(says(HIT)) as server:
        line = Line(load_settings(a_config(tmp_path, server.url)), tmp_path / "spool")
        pack = line.packs.of("general")
        provenance = Provenance("k", "", "", "", pack.sha256, "h", "0")
        call: Transcript = a_dialogue(*LINES)
        (finding,) = inspect(call, pack, provenance, advisers=line.advisers).findings
    assert finding.verdict is Verdict.FAIL


def test_examples_are_tried_where_there_is_a_model(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    off = callqa(capsys, "rules", "test", "own", "--config", str(a_config(tmp_path, None)))
    assert (off[0], off[2]) == (0, "")
    assert off[1].startswith("own：0 个示例中 0 个正确")
    assert off[1].endswith("\n  另有 6 个未试：要问大模型，而大模型未启用\n")

    def attends(handler: Any, number: int) -> None:
        shirks = "不归我管" in handler.server.bodies[number - 1]
        handler.send(envelope(HIT if shirks else verdict("no")))

    with LlmServer(attends) as server:
        config = str(a_config(tmp_path, server.url))
        code, out, _ = callqa(capsys, "rules", "test", "own", "--config", config)
    assert code == 0
    assert out.startswith("own：6 个示例中 6 个正确")
    untried = run_examples(load_pack(tmp_path / "packs" / "own.yaml"), prepared)
    assert not any(result.tried for result in untried)


def test_a_judge_that_is_not_sure_shows_where_it_looked() -> None:
    with LlmServer(says(verdict("unsure", "这个不归我管"))) as server:
        result = judged(a_call(*LINES), an_llm(server.url))
    assert [h.segment for h in result.hits] == [1]
