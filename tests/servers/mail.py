"""A real SMTP server that keeps what it takes."""

import contextlib
import email
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import default as email_policy
from typing import Any

from tests.servers.databases import free_port


class Mailbox:
    """A real SMTP server on a free port that keeps what it takes; `refuse` holds an answer to give instead."""

    def __init__(self) -> None:
        self.port, self.refuse = 0, ''
        self.messages: list[EmailMessage] = []
        self.recipients: list[list[str]] = []

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if self.refuse:
            return self.refuse
        self.messages.append(email.message_from_bytes(envelope.content, policy=email_policy))  # type: ignore[arg-type]
        self.recipients.append(list(envelope.rcpt_tos))
        return '250 OK'

    def to(self, address: str) -> list[EmailMessage]:
        """What was sent to one address, oldest first."""
        return [m for m, addresses in zip(self.messages, self.recipients, strict=True) if address in addresses]


@contextlib.contextmanager
def smtp_server() -> Iterator[Mailbox]:
    """An SMTP server for the time of a `with`."""
    from aiosmtpd.controller import Controller

    mailbox = Mailbox()
    mailbox.port = free_port()
    controller = Controller(mailbox, hostname='127.0.0.1', port=mailbox.port, ready_timeout=10)
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()
