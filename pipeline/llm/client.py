"""The judge: a question in, an answer out, and never an error."""

from __future__ import annotations

import hashlib
import json
import logging
import threading
import time
from collections import OrderedDict
from urllib.parse import urlsplit

from pipeline.domain import Seconds
from pipeline.llm.breaker import Breaker
from pipeline.llm.post import Fault, Server, post
from pipeline.llm.prompt import messages, read_reply
from pipeline.rules.judge import JudgeReply, JudgeRequest

log = logging.getLogger(__name__)

MOST_TOKENS = 1024
MOST_REMEMBERED = 1024
BREATH: Seconds = 0.2  # before the second try
PAUSED = "大模型服务连续失败，暂停提问"


class Llm:
    """A model behind an OpenAI-compatible server. Safe to use from several threads.

    `seconds`: for one question with its second try; `concurrency`: questions at once. Answers are
    remembered by content, the newest ones.
    """

    def __init__(
        self,
        server: Server,
        seconds: Seconds = 30.0,
        concurrency: int = 2,
        breaker: Breaker | None = None,
    ) -> None:
        self.server, self.seconds = server, seconds
        self._breaker = breaker or Breaker()
        self._slots = threading.BoundedSemaphore(concurrency)
        self._known: OrderedDict[bytes, JudgeReply] = OrderedDict()
        self._lock = threading.Lock()

    def ask(self, request: JudgeRequest) -> JudgeReply:
        """The model's answer; `unsure` with the fault when there is none that can be used."""
        body = self._body(request)
        key = hashlib.sha256(body).digest()
        known = self._remembered(key)
        if known is not None:
            return known
        try:
            reply = self._answer(body)
        except Fault as fault:
            return JudgeReply("unsure", fault=str(fault))
        if not reply.fault:
            self._remember(key, reply)
        return reply

    def _body(self, request: JudgeRequest) -> bytes:
        question = {
            "model": self.server.model,
            "messages": messages(request),
            "temperature": 0,
            "max_tokens": MOST_TOKENS,
            "stream": False,
        }
        return json.dumps(question, ensure_ascii=False).encode("utf-8", "replace")

    def _answer(self, body: bytes) -> JudgeReply:
        """Ask when there is a slot, unless the server fails and fails."""
        if self._breaker.is_open:
            raise Fault(PAUSED)
        with self._slots:
            if not self._breaker.may_try():
                raise Fault(PAUSED)
            try:
                reply = self._in_time(body)
            except Fault as fault:
                self._failed(fault)
                raise
        if self._breaker.succeeded():
            log.warning("the LLM at %s answers again", self._host)
        return reply

    def _in_time(self, body: bytes) -> JudgeReply:
        """One try, and a second one when that may help and there is time for it."""
        deadline = time.monotonic() + self.seconds
        try:
            return self._once(body, self.seconds)
        except Fault as fault:
            if not fault.again or deadline - time.monotonic() <= BREATH:
                raise
        time.sleep(BREATH)
        return self._once(body, deadline - time.monotonic())

    def _once(self, body: bytes, seconds: Seconds) -> JudgeReply:
        reply = read_reply(post(self.server, body, seconds))
        if reply is None:
            raise Fault("大模型服务的答复不合协议")
        return reply

    def _failed(self, fault: Fault) -> None:
        if self._breaker.failed():
            why = f"{fault}: {fault.__cause__}" if fault.__cause__ else fault
            log.warning(
                "the LLM at %s failed %d times in a row (%s): its questions are unsure, "
                "it is tried again every %g s",
                self._host, self._breaker.limit, why, self._breaker.pause,
            )  # fmt: skip

    @property
    def _host(self) -> str:
        return urlsplit(self.server.url).netloc

    def _remembered(self, key: bytes) -> JudgeReply | None:
        with self._lock:
            reply = self._known.get(key)
            if reply is not None:
                self._known.move_to_end(key)
            return reply

    def _remember(self, key: bytes, reply: JudgeReply) -> None:
        with self._lock:
            self._known[key] = reply
            if len(self._known) > MOST_REMEMBERED:
                self._known.popitem(last=False)
