"""One message over the wire, in bounded time: a web request or a mail."""

from __future__ import annotations

import logging
import smtplib
import socket
import ssl
import threading
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import httpx

from pipeline.alert_settings import Mail
from pipeline.alerts.bodies import Answer, Outcome, Post
from pipeline.errors import BadSettings
from pipeline.network import Foreign, is_own, only_own

log = logging.getLogger(__name__)
logging.getLogger("httpx").setLevel(logging.WARNING)  # it would log addresses, with their keys

MOST_BYTES = 1 << 16
SLOW = Outcome(False, "no answer in time", again=True)


def within(seconds: float, work: Callable[[], Answer | Outcome]) -> Answer | Outcome:
    """What `work` gives, or SLOW after so many seconds, whatever hangs: its thread is left behind.

    What it raises becomes an outcome.
    """
    box: SimpleQueue[Answer | Outcome] = SimpleQueue()

    def run() -> None:
        try:
            box.put(work())
        except Foreign as error:
            box.put(Outcome(False, f"its name leads to {error}, outside your own network"))
        except BadSettings as error:
            box.put(Outcome(False, str(error), again=True))
        except Exception as error:
            log.exception("our bug while sending an alert")
            box.put(Outcome(False, f"a bug in callqa ({type(error).__name__})", again=True))

    threading.Thread(target=run, name="alert", daemon=True).start()
    try:
        return box.get(timeout=seconds)
    except Empty:
        return SLOW


def post(request: Post, seconds: float, *, own: bool, ca_file: Path | None) -> Answer | Outcome:
    """Send it past every proxy of the environment, following no redirection.

    `own`: only into the own network, looked at on the connection itself.
    """
    extensions: dict[str, Any] = {"trace": only_own} if own else {}
    secure = request.url.startswith("https:")  # certificates take longer to load than to send
    tls = secure and trusted(ca_file)
    try:
        with (
            httpx.Client(trust_env=False, verify=tls, timeout=seconds) as client,
            client.stream(
                "POST", request.url, content=request.body, headers=dict(request.headers),
                extensions=extensions,
            ) as response,
        ):  # fmt: skip
            body = b""
            for chunk in response.iter_raw():
                body += chunk
                if len(body) > MOST_BYTES:
                    break
            return Answer(response.status_code, dict(response.headers), body)
    except httpx.TimeoutException:
        return SLOW
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        return Outcome(False, _why(error), again=True)


def mail(
    message: EmailMessage, server: Mail, seconds: float, *, own: bool, ca_file: Path | None
) -> Outcome:
    """Hand a mail to its server; `own` as in `post`."""
    try:
        with _connected(server, seconds, own, trusted(ca_file)) as smtp:
            if server.security == "starttls":
                smtp.starttls(context=trusted(ca_file))
            if server.user:
                smtp.login(server.user, server.password())
            refused = smtp.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        return _refused(error.recipients)
    except smtplib.SMTPResponseException as error:
        return Outcome(False, f"SMTP {error.smtp_code}", again=error.smtp_code < 500)
    except TimeoutError:
        return SLOW
    except (smtplib.SMTPException, OSError) as error:
        return Outcome(False, _why(error), again=True)
    if refused:
        log.warning("alerts: the mail server took a mail, but not for %d of its receivers",
                    len(refused))  # fmt: skip
    return Outcome(True)


def trusted(ca_file: Path | None) -> ssl.SSLContext:
    """Certificates of the system, and of the site's own authority."""
    try:
        context = ssl.create_default_context()
        if ca_file is not None:
            context.load_verify_locations(cafile=str(ca_file.expanduser()))
    except (OSError, ssl.SSLError) as error:
        raise BadSettings(f"alerts: ca_file {ca_file} cannot be read: {error}") from error
    return context


class _Smtp(smtplib.SMTP):
    """Looks where a connection leads before anything is said."""

    def __init__(self, server: Mail, seconds: float, *, own: bool) -> None:
        super().__init__(timeout=seconds)
        self._own = own
        self._host = server.host  # the name that TLS checks

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        connection: socket.socket = super()._get_socket(host, port, timeout)  # type: ignore[misc]
        address = str(connection.getpeername()[0])
        if self._own and not is_own(address):
            connection.close()
            raise Foreign(address)
        return connection


class _SmtpSsl(smtplib.SMTP_SSL, _Smtp):
    """The same; the base class calls the socket above, then speaks TLS over it."""

    def __init__(self, server: Mail, seconds: float, *, own: bool, tls: ssl.SSLContext) -> None:
        self.context = tls
        _Smtp.__init__(self, server, seconds, own=own)
        self.default_port = server.port


def _connected(server: Mail, seconds: float, own: bool, tls: ssl.SSLContext) -> smtplib.SMTP:
    made = (
        _SmtpSsl(server, seconds, own=own, tls=tls)
        if server.security == "ssl"
        else _Smtp(server, seconds, own=own)
    )
    made.connect(server.host, server.port)
    return made


def _refused(recipients: dict[str, tuple[int, bytes]]) -> Outcome:
    codes = sorted({code for code, _ in recipients.values()})
    again = all(code < 500 for code in codes)
    return Outcome(False, f"SMTP {', '.join(map(str, codes))}: no receiver was taken", again)


def _why(error: Exception) -> str:
    """What went wrong, without an address."""
    cause = error.__cause__ or error.__context__ or error
    if isinstance(error, ssl.SSLError) or isinstance(cause, ssl.SSLError):
        return "its certificate is not trusted (alerts: ca_file), or it speaks no TLS"
    return f"cannot be reached ({type(error).__name__})"
