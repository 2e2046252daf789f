"""Receivers of alerts on this machine: a web server that answers as told, and a mail server."""

from __future__ import annotations

import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any, cast

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


@dataclass(frozen=True)
class Reply:
    """An answer; `hang`: seconds until it comes."""

    status: int = 200
    body: bytes = b"{}"
    headers: Mapping[str, str] = field(default_factory=dict)
    hang: float = 0.0


@dataclass(frozen=True)
class Got:
    """A request that came."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


class Receiver:
    """A web server; `replies` are given one after the other, the last one from then on."""

    def __init__(self, *replies: Reply) -> None:
        self.replies = list(replies) or [Reply()]
        self.got: list[Got] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.got.append(Got(self.path, dict(self.headers.items()), body))
                reply = outer.replies.pop(0) if len(outer.replies) > 1 else outer.replies[0]
                time.sleep(reply.hang)
                try:
                    self.send_response(reply.status)
                    for name, value in reply.headers.items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", str(len(reply.body)))
                    self.end_headers()
                    self.wfile.write(reply.body)
                except OSError:
                    return  # the one who asked is gone

            def log_message(self, *_: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/hook"

    def __enter__(self) -> Receiver:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class MailServer:
    """Speaks SMTP as far as a client needs it; `tls`: starttls, ssl or none."""

    def __init__(
        self, tls: str = "none", pair: tuple[Path, Path] | None = None, refuse: str = ""
    ) -> None:
        self.mails: list[EmailMessage] = []
        self.logins: list[str] = []
        self.encrypted = False
        self._tls, self._refuse = tls, refuse
        self._opened: list[socket.socket] = []
        self._context: ssl.SSLContext | None = None
        if pair is not None:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(*pair)
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._socket.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                try:
                    self._talk(connection)
                except (OSError, ssl.SSLError):
                    continue
                finally:
                    while self._opened:
                        self._opened.pop().close()

    def _talk(self, connection: socket.socket) -> None:  # noqa: C901 - a line per command
        if self._tls == "ssl":
            connection = self._secured(connection)
        lines = connection.makefile("rb")

        def say(text: str) -> None:
            connection.sendall(f"{text}\r\n".encode())

        say("220 mail.test")
        while line := lines.readline():
            word = line.decode().strip()
            command = word.split(" ")[0].upper()
            if command == "EHLO":
                say("250-mail.test\r\n250-STARTTLS\r\n250 AUTH PLAIN" if self._tls == "starttls"
                    else "250-mail.test\r\n250 AUTH PLAIN")  # fmt: skip
            elif command == "STARTTLS":
                say("220 go")
                connection = self._secured(connection)
                lines = connection.makefile("rb")
            elif command == "AUTH":
                self.logins.append(word.split(" ")[-1])
                say("235 welcome")
            elif command == self._refuse:
                say("451 later" if self._refuse == "MAIL" else "550 nobody here")
            elif command == "DATA":
                say("354 go on")
                data = b""
                while (part := lines.readline()) != b".\r\n":
                    data += part.removeprefix(b".")
                self.mails.append(cast(EmailMessage, message_from_bytes(data, policy=default)))
                say("250 taken")
            elif command == "QUIT":
                say("221 bye")
                return
            else:
                say("250 fine")

    def _secured(self, connection: socket.socket) -> ssl.SSLSocket:
        assert self._context is not None
        self.encrypted = True
        secured = self._context.wrap_socket(connection, server_side=True)
        self._opened.append(secured)
        return secured


@contextmanager
def mail_server(**how: Any) -> Iterator[MailServer]:
    server = MailServer(**how)
    try:
        yield server
    finally:
        server.close()


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that vouches for itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail.test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    cert, private = folder / "cert.pem", folder / "key.pem"
    cert.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return cert, private
