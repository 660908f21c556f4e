"""A real SMTP server that keeps what it takes."""

import asyncio
import base64
import contextlib
import email
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default as email_policy
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from tests.servers.databases import free_port


class Mailbox:
    """A real SMTP server on a free port that keeps what it takes; `refuse` holds an answer to give instead."""

    def __init__(self) -> None:
        self.port, self.refuse = 0, ''
        self.is_silent = False
        """Takes the text, and does not say so in time."""
        self.messages: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.holds = False
        """Whether it lets everybody wait who greets it."""
        self.reports = False
        """Whether it offers to report what cannot be brought to its reader (DSN, RFC 3461)."""
        self.asked: list[str] = []
        """How it was asked to report: the options after each address."""
        self.tokens: dict[str, str] = {}
        """The token that it takes for each mailbox."""

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if self.refuse:
            return self.refuse
        self.messages.append(email.message_from_bytes(envelope.content, policy=email_policy))  # type: ignore[arg-type]
        self.recipients.append(list(envelope.rcpt_tos))
        if self.is_silent:
            await asyncio.sleep(60)
        return '250 OK'

    async def auth_XOAUTH2(self, _server: object, args: list[str]) -> Any:  # noqa: N802 - aiosmtpd's name
        from aiosmtpd.smtp import AuthResult

        user, bearer, *_rest = base64.b64decode(args[1]).decode().split('\x01')
        mailbox, token = user.removeprefix('user='), bearer.removeprefix('auth=Bearer ')
        return AuthResult(success=self.tokens.get(mailbox) == token, handled=False, auth_data=mailbox)

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, _server: object, session: Any, _envelope: object, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        while self.holds:  # noqa: ASYNC110  set by the test's thread, in which no event of this loop can be set
            await asyncio.sleep(0.02)
        return [*responses[:-1], *(['250-DSN'] if self.reports else []), responses[-1]]

    def to(self, address: str) -> list[EmailMessage]:
        """What was sent to one address, oldest first."""
        return [m for m, addresses in zip(self.messages, self.recipients, strict=True) if address in addresses]


@contextlib.contextmanager
def smtp_server(folder: Path | None = None) -> Iterator[Mailbox]:
    """An SMTP server for the time of a `with`; with a folder for its certificate it encrypts, by STARTTLS."""
    from aiosmtpd.controller import Controller

    mailbox = Mailbox()
    mailbox.port = free_port()
    tls = {'tls_context': _certified(folder), 'require_starttls': True} if folder else {}

    class Reporting(Controller):
        def factory(self) -> Any:
            return _reporting()(self.handler, **self.SMTP_kwargs)

    controller = Reporting(mailbox, hostname='127.0.0.1', port=mailbox.port, ready_timeout=10, **tls)
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()


def _reporting() -> type[Any]:
    """Return a server that takes the options of RFC 3461, which the library refuses."""
    from aiosmtpd.smtp import SMTP

    class Reporting(SMTP):
        async def smtp_MAIL(self, arg: str | None) -> None:  # noqa: N802 - aiosmtpd's name
            await super().smtp_MAIL(self._noted(arg))

        async def smtp_RCPT(self, arg: str | None) -> None:  # noqa: N802 - aiosmtpd's name
            await super().smtp_RCPT(self._noted(arg))

        def _noted(self, arg: str | None) -> str | None:
            if not self.event_handler.reports or arg is None:
                return arg
            address, *options = arg.split()
            asked = [one for one in options if one.startswith(('RET=', 'ENVID=', 'NOTIFY='))]
            self.event_handler.asked += asked
            return ' '.join([address, *(one for one in options if one not in asked)])

    return Reporting


def _certified(folder: Path) -> ssl.SSLContext:
    """Make `certificate.pem` for this address, which `SSL_CERT_FILE` lets clients trust."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, 'Mail server of a test')])
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = (
        made.not_valid_before(datetime(2000, 1, 1, tzinfo=UTC))  # OpenSSL knows nothing of a clock that a test has set
        .not_valid_after(datetime(2100, 1, 1, tzinfo=UTC))
        .add_extension(x509.BasicConstraints(True, None), True)
    )
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address('127.0.0.1'))])
    plain = serialization.NoEncryption()
    sealed = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    signed = made.add_extension(names, False).sign(key, hashes.SHA256())
    (folder / 'key.pem').write_bytes(sealed)
    (folder / 'certificate.pem').write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / 'certificate.pem', folder / 'key.pem')
    return context
