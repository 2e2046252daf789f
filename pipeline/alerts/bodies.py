"""What each kind of receiver wants to get, and what its answer means.

Robots get plain text: nothing in a title can become markup or a mention.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

WECOM_BYTES = 2048  # of a text message of WeCom
ROBOT_BYTES = 18_000  # DingTalk and Feishu take 20 kB, of JSON
LONGEST_WAIT = 3600.0
BUSY = (408, 425, 429)
# Error codes in an answer of status 200 that pass by themselves, and after how many seconds.
PASSING = {
    "wecom": {-1: 30.0, 45009: 60.0, 45033: 60.0},
    "dingtalk": {-1: 30.0, 130101: 600.0, 410100: 600.0},
    "feishu": {11232: 60.0, 11233: 60.0},
}


@dataclass(frozen=True, slots=True)
class Post:
    """A request; `url` may hold a key and is shown nowhere."""

    url: str = field(repr=False)
    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether it was taken (`ok`).

    Else `reason`, and whether a later try may help (`again`), `after` seconds at the earliest.
    """

    ok: bool
    reason: str = ""
    again: bool = False
    after: float = 0.0


def webhook(
    url: str, message: str, content: Mapping[str, Any], secret: str | None, now: datetime
) -> Post:
    """The generic form: JSON, signed where there is a secret; docs/alerts.md has its fields."""
    body = json.dumps(content, ensure_ascii=False).encode()
    stamp = str(int(now.timestamp()))
    headers = {"X-Callqa-Message": message, "X-Callqa-Timestamp": stamp}
    if secret is not None:
        digest = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
        headers["X-Callqa-Signature"] = f"sha256={digest}"
    return Post(url, body, {**_JSON, **headers})


def wecom(url: str, text: str) -> Post:
    """企业微信: the key is in the address, there is no signature."""
    return _post(url, {"msgtype": "text", "text": {"content": cut(text, WECOM_BYTES)}})


def dingtalk(url: str, text: str, secret: str | None, now: datetime) -> Post:
    """钉钉: time in milliseconds and signature (加签) in the address."""
    if secret is not None:
        stamp = str(int(now.timestamp() * 1000))
        digest = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256).digest()
        url = _with(url, {"timestamp": stamp, "sign": base64.b64encode(digest).decode()})
    return _post(url, {"msgtype": "text", "text": {"content": cut(text, ROBOT_BYTES)}})


def feishu(url: str, text: str, secret: str | None, now: datetime) -> Post:
    """飞书: time in seconds and signature (签名校验) in the body; nothing is signed but the key."""
    content: dict[str, Any] = {"msg_type": "text", "content": {"text": cut(text, ROBOT_BYTES)}}
    if secret is not None:
        stamp = str(int(now.timestamp()))
        digest = hmac.new(f"{stamp}\n{secret}".encode(), b"", hashlib.sha256).digest()
        content |= {"timestamp": stamp, "sign": base64.b64encode(digest).decode()}
    return _post(url, content)


def cut(text: str, most: int) -> str:
    """The text without what robots would read as a mention, at most so many bytes, whole lines."""
    lines = text.replace("<", "＜").split("\n")
    while len("\n".join(lines).encode()) > most and len(lines) > 1:
        lines.pop(-2 if len(lines) > 2 else -1)
    return "\n".join(lines).encode()[:most].decode(errors="ignore")


def judged(kind: str, answer: Answer, now: datetime) -> Outcome:
    """Whether a receiver took a message; robots say in the body that they did not."""
    status = answer.status
    if 300 <= status < 400:
        return Outcome(False, f"HTTP {status}: redirected, which is not followed")
    if not 200 <= status < 300:
        passing = status >= 500 or status in BUSY
        return Outcome(False, f"HTTP {status}", passing, _retry_after(answer, now))
    return Outcome(True) if kind == "webhook" else _judged_robot(kind, answer.body)


def _judged_robot(kind: str, body: bytes) -> Outcome:
    code, said = _said(kind, body)
    if code is None:
        return Outcome(False, "the answer is not what a robot says", again=True)
    after = PASSING[kind].get(code)
    return Outcome(code == 0, f"{kind} {code}: {said}"[:200], after is not None, after or 0.0)


_JSON = {"Content-Type": "application/json; charset=utf-8", "Accept-Encoding": "identity"}


def _post(url: str, content: Mapping[str, Any]) -> Post:
    return Post(url, json.dumps(content, ensure_ascii=False).encode(), _JSON)


def _with(url: str, more: Mapping[str, str]) -> str:
    parts = urlsplit(url)
    query = "&".join(filter(None, (parts.query, urlencode(more))))
    return urlunsplit(parts._replace(query=query))


def _said(kind: str, body: bytes) -> tuple[int | None, str]:
    """The error code of a robot's answer and its words; None when it is no such answer."""
    try:
        content = json.loads(body)
    except (ValueError, UnicodeDecodeError):
        return None, ""
    if not isinstance(content, dict):
        return None, ""
    names = ("code", "StatusCode") if kind == "feishu" else ("errcode",)
    code = next((content[name] for name in names if name in content), None)
    said = content.get("msg") or content.get("errmsg") or ""
    return (code, str(said)) if isinstance(code, int) else (None, "")


def _retry_after(answer: Answer, now: datetime) -> float:
    """Seconds that a receiver asks us to wait, an hour at most; 0 when it does not say."""
    value = answer.headers.get("retry-after", "").strip()
    if value.isdigit():
        return min(float(value), LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(value)
    except ValueError:
        return 0.0
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max((until - now).total_seconds(), 0.0), LONGEST_WAIT)
