"""One question over the wire: to the own network only, bounded in time and size."""

from __future__ import annotations

import logging
import ssl
import threading
import time
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from urllib.parse import urlsplit

import httpx

from pipeline.domain import Seconds
from pipeline.network import Foreign, only_own

log = logging.getLogger(__name__)

MOST_BYTES = 1 << 18
TOO_SLOW = "大模型超时"
_BUSY = (408, 425, 429)


class Fault(Exception):
    """There is no usable answer; the text says why, in Chinese. `again`: a second try may help."""

    def __init__(self, why: str, *, again: bool = False) -> None:
        super().__init__(why)
        self.again = again


@dataclass(frozen=True, slots=True)
class Server:
    """Where to ask. `url` is the base, such as `http://10.0.0.5:8000/v1` (`/v1` may be left out).

    `key` is sent to the server and shown nowhere.
    """

    url: str
    model: str
    key: str | None = field(default=None, repr=False)
    tls: ssl.SSLContext = field(
        default_factory=ssl.create_default_context, repr=False, compare=False
    )

    @property
    def endpoint(self) -> str:
        """The address of its chat completions."""
        base = self.url.rstrip("/")
        if base.endswith("/chat/completions"):
            return base
        return f"{base}{'' if urlsplit(base).path else '/v1'}/chat/completions"

    @property
    def headers(self) -> dict[str, str]:
        """What goes with every question. No compression: a small answer must stay small."""
        key = {} if self.key is None else {"Authorization": f"Bearer {self.key}"}
        return {"Content-Type": "application/json", "Accept-Encoding": "identity", **key}


def post(server: Server, body: bytes, seconds: Seconds) -> bytes:
    """What the server answers; raises Fault, after `seconds` at the latest.

    A thread of its own does the work, so that the caller goes on in time whatever hangs: the name
    server, the connection, or an answer that drips.
    """
    box: SimpleQueue[bytes | Fault] = SimpleQueue()

    def work() -> None:
        try:
            box.put(_try(server, body, seconds))
        except Fault as fault:
            box.put(fault)
        except Exception:
            log.exception("our bug while asking the LLM")
            box.put(Fault("大模型调用出错"))

    threading.Thread(target=work, name="llm", daemon=True).start()
    try:
        answer = box.get(timeout=max(seconds, 0))
    except Empty:
        raise Fault(TOO_SLOW) from None
    if isinstance(answer, Fault):
        raise answer
    return answer


def _try(server: Server, body: bytes, seconds: Seconds) -> bytes:
    try:
        return _exchange(server, body, seconds)
    except Foreign as error:
        log.error("llm.url: the server's name leads to %s, not in your own network", error)
        raise Fault("大模型地址不在本单位网络内") from error
    except httpx.TimeoutException as error:
        raise Fault(TOO_SLOW) from error
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise Fault("大模型服务无法连接", again=True) from error


def _exchange(server: Server, body: bytes, seconds: Seconds) -> bytes:
    """Ask past every proxy of the environment, and follow no redirection."""
    deadline = time.monotonic() + seconds
    with (
        httpx.Client(trust_env=False, verify=server.tls, timeout=seconds) as client,
        client.stream(
            "POST",
            server.endpoint,
            content=body,
            headers=server.headers,
            extensions={"trace": only_own},
        ) as response,
    ):
        status = response.status_code
        if status != httpx.codes.OK:
            again = status >= 500 or status in _BUSY
            raise Fault(f"大模型服务返回 HTTP {status}", again=again)
        return _read(response, deadline)


def _read(response: httpx.Response, deadline: float) -> bytes:
    answer = b""
    for chunk in response.iter_raw():
        answer += chunk
        if len(answer) > MOST_BYTES:
            raise Fault("大模型的答复过长")
        if time.monotonic() > deadline:
            raise Fault(TOO_SLOW)
    return answer
