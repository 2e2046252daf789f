"""A small OpenAI-compatible server on this machine that behaves as a test wants it to.

And what the tests of the language model share: a call, a question, a pack that asks it.
"""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pytest
import yaml

from pipeline.llm import Llm, Server
from pipeline.rules import Advisers, CallContext, JudgeRequest
from pipeline.rules.operators.llm import Llm as Operator
from pipeline.rules.result import Result

Behaviour = Callable[["Handler", int], None]


class Handler(BaseHTTPRequestHandler):
    """Notes what it is asked, then does what the test says."""

    server: LlmServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        with self.server.lock:
            self.server.asked.append((self.path, dict(self.headers), body))
            number = len(self.server.asked)
            self.server.at_once += 1
            self.server.most_at_once = max(self.server.most_at_once, self.server.at_once)
        try:
            self.server.behaviour(self, number)
        except OSError:
            pass  # the client has given up, as it should
        finally:
            with self.server.lock:
                self.server.at_once -= 1

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def send(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class LlmServer(ThreadingHTTPServer):
    """`asked` holds path, headers and body of every question."""

    def __init__(self, behaviour: Behaviour) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.behaviour = behaviour
        self.asked: list[tuple[str, dict[str, str], str]] = []
        self.lock = threading.Lock()
        self.at_once = self.most_at_once = 0
        self.over = threading.Event()
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.over.set()
        self.shutdown()
        self._thread.join()
        self.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def bodies(self) -> list[str]:
        return [body for _, _, body in self.asked]


def envelope(content: object) -> bytes:
    """What an OpenAI-compatible server sends around what the model wrote."""
    choice = {"index": 0, "message": {"role": "assistant", "content": content}}
    return json.dumps({"id": "x", "object": "chat.completion", "choices": [choice]}).encode()


def verdict(verdict: str, quote: str = "", reason: str = "") -> str:
    return json.dumps({"verdict": verdict, "quote": quote, "reason": reason}, ensure_ascii=False)


def says(content: object) -> Behaviour:
    """The model writes this."""
    return lambda handler, _: handler.send(envelope(content))


def sends(body: bytes, status: int = 200, **headers: str) -> Behaviour:
    """The server sends this, whatever it means."""
    return lambda handler, _: handler.send(body, status, **headers)


def waits(handler: Handler, _: int) -> None:
    """No answer until the test is over."""
    handler.server.over.wait(10)


def drips(handler: Handler, _: int) -> None:
    """Headers that come letter by letter and never end."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not handler.server.over.wait(0.02):
        handler.wfile.write(b"x")
        handler.wfile.flush()


def floods(handler: Handler, _: int) -> None:
    """An answer without end."""
    handler.send_response(200)
    handler.end_headers()
    while not handler.server.over.is_set():
        handler.wfile.write(b"{" * 65536)


def hangs_up(handler: Handler, _: int) -> None:
    """The connection ends without a word."""
    handler.close_connection = True


def in_turn(*behaviours: Behaviour) -> Behaviour:
    """One behaviour after the other, the last one for good."""

    def behave(handler: Handler, number: int) -> None:
        behaviours[min(number, len(behaviours)) - 1](handler, number)

    return behave


def slowly(content: str, seconds: float) -> Behaviour:
    """The model writes this after a while."""

    def behave(handler: Handler, _: int) -> None:
        time.sleep(seconds)
        handler.send(envelope(content))

    return behave


def request_of(body: str) -> dict[str, Any]:
    """The JSON of a question."""
    asked: dict[str, Any] = json.loads(body)
    return asked


LINES = ("客户: 帮我查一下上个月的账单。", "客服: 这个不归我管，你自己想办法。", "客户: 什么态度。")
ASKS = Operator(
    operator="llm",
    label="推诿",
    question="客服是否推诿客户的诉求？",
    include=("让客户自己想办法",),
    exclude=("已登记工单",),
)
HIT = verdict("hit", "这个不归我管，你自己想办法", "拒绝并让客户自己解决")
QUESTION = JudgeRequest("有吗？", (), (), ("客服：有。",))


def an_llm(url: str, seconds: float = 5.0, **given: Any) -> Llm:
    return Llm(Server(url, "qwen"), seconds, **given)


def judged(call: CallContext, judge: Llm, operator: Operator = ASKS) -> Result:
    return operator.check(replace(call, advisers=Advisers(judge)), pytest.fail)


def unused_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


PACK = """
pack: own
title: 自有规则
version: "1"
control_points: [{number: "1", title: 服务}]
rules:
  - id: no_shirking
    title: 不推诿
    title_en: No shirking
    why: 推诿使客户升级投诉。
    checks: []
    reference: {text: 内部规范：首问负责, status: house}
    control_point: "1"
    severity: major
    points: -5
    conditions:
      shirks:
        operator: llm
        label: 推诿
        question: 客服是否推诿客户的诉求？
    forbid: shirks
    suggestion: 我帮您登记，三个工作日内给您答复。
    examples:
      hit:
        - ["客户: 帮我查。", "客服: 这个不归我管，你自己想办法。"]
        - ["客户: 查账。", "客服: 这个不归我管，你自己想办法。"]
        - ["客户: 你好。", "客服: 这个不归我管，你自己想办法。"]
      no_hit: [["客服: 您好。"], ["客服: 请讲。"], ["客服: 再见。"]]
"""


def a_config(folder: Path, url: str | None, **llm: Any) -> Path:
    packs = folder / "packs"
    packs.mkdir(exist_ok=True)
    (packs / "own.yaml").write_text(PACK, encoding="utf-8")
    file = folder / "callqa.yaml"
    content = {
        "packs_dir": str(packs), "pack": "own", "llm": {"url": url, "model": "qwen", **llm}
    }  # fmt: skip
    file.write_text(yaml.safe_dump(content), encoding="utf-8")
    return file
