"""The mail server: a session with it, and handing over one message so that a crash does not double it."""

import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from ipaddress import ip_address
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import UUID

import structlog

from logic.core.config import Settings
from logic.core.errors import AppError
from logic.core.language import _, later, many
from logic.mail.tokens import forget_token, token_of

log = structlog.get_logger(__name__)
TIMEOUT_SECONDS = 20
RECEIPT_SECONDS = 120
"""A mail server may look a mail through before it says that it has it."""
REST_SECONDS = 30
"""So long nobody calls a mail server that was just called in vain: a thousand mails do not wait a thousand times."""
NOT_SET_UP = later(
    'E-mail is not set up here. Whoever runs this computer sets LOGBOOK_SMTP_URL to the mail server and starts Logbook '
    'again.'
)
IN_CLEAR = later(
    'E-mail goes to the mail server without encryption: whoever is on the way can read it, with the links for new '
    'passwords in it. Turn on TLS at the mail server, or use one that has it.'
)
NO_SUCH_ADDRESS = frozenset({550, 551, 553})
"""RFC 5321, 4.2.3: mailbox unavailable, user not local, mailbox name not allowed."""
FULLER_CODE = re.compile(r'\b5\.(\d{1,3}\.\d{1,3})\b')
"""RFC 3463."""
NO_SUCH_ADDRESS_FULLER = frozenset({'1.1', '1.2', '1.3', '1.6', '1.10', '2.1'})
"""RFC 3463, 3.2 and 3.3: no such mailbox or system, not an address, moved, takes no mail; mailbox disabled."""
SAYS_LITTLE = frozenset({'0.0', '1.0', '2.0'})
READY_FOR_TEXT = 354


def is_no_address(code: int, text: str) -> bool:
    """Say whether an answer means that an address is none: not that a mailbox is full, or a mail taken for spam."""
    fuller = FULLER_CODE.search(text)
    if fuller is None or fuller[1] in SAYS_LITTLE:
        return code in NO_SUCH_ADDRESS
    return fuller[1] in NO_SUCH_ADDRESS_FULLER


class Refusal(Exception):
    """The mail server did not take a mail, in plain words; `is_final` when it never will.

    `is_address` says that it does not know the address: nothing else that is sent there will arrive either;
    `is_silence`, that it did not answer, so that it may have taken what it was sent.
    """

    def __init__(
        self, sentence: str, *, is_final: bool = False, is_address: bool = False, is_silence: bool = False
    ) -> None:
        super().__init__(sentence)
        self.is_silence = is_silence
        self.sentence = sentence
        self.is_final = is_final
        self.is_address = is_address


@asynccontextmanager
async def connected(settings: Settings) -> AsyncIterator[Any]:
    """Open a session at the mail server, by TLS where it has it, signed in. Raises Refusal, also from the block."""
    import aiosmtplib

    if settings.smtp_url is None:
        raise Refusal(NOT_SET_UP)
    parts = urlsplit(settings.smtp_url)
    at_once = parts.scheme == 'smtps'
    port = parts.port or (465 if at_once else 587)
    client = aiosmtplib.SMTP(
        hostname=parts.hostname, port=port, use_tls=at_once, start_tls=False, timeout=TIMEOUT_SECONDS
    )
    try:
        async with client:
            await client.ehlo()
            if not at_once and client.supports_extension('starttls'):
                await client.starttls()
                await client.ehlo()  # what was said before in clear counts no more (RFC 3207, 4.2)
            elif not at_once and parts.username:
                raise Refusal(
                    _('{host} offers no encryption, so the password was not sent to it.', host=parts.hostname)
                )
            elif is_in_clear(client):
                log.warning('mail.not_encrypted', host=parts.hostname)
            if parts.username and settings.smtp_oauth:
                await _sign_in_by_token(client, unquote(parts.username), settings.smtp_oauth)
            elif parts.username:
                await client.login(unquote(parts.username), unquote(parts.password or ''))
            yield client
    except aiosmtplib.SMTPAuthenticationError as error:
        text = later('{host} does not accept the user name and password: {reason}')
        if settings.smtp_oauth:
            text = later('{host} does not accept the token for this mailbox: {reason}')
        raise Refusal(_(text, host=parts.hostname, reason=error.message)) from error
    except aiosmtplib.SMTPResponseException as error:
        sentence = _('{host} answers {code}: {reason}', host=parts.hostname, code=error.code, reason=error.message)
        about_address = isinstance(error, aiosmtplib.SMTPRecipientRefused | aiosmtplib.SMTPDataError)
        raise Refusal(
            sentence, is_final=error.code >= 500, is_address=about_address and is_no_address(error.code, error.message)
        ) from error
    except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
        log.info('mail.unreachable', host=parts.hostname, port=port, error=str(error)[:300])
        where = f'{parts.hostname}:{port}'
        sentence = _('{host} cannot be reached: {reason}', host=where, reason=_reason(error))
        raise Refusal(sentence, is_silence=True) from error


async def _sign_in_by_token(client: Any, mailbox: str, endpoint: str) -> None:
    from aiosmtplib import SMTPAuthenticationError

    try:
        await client.auth_xoauth2(mailbox, await token_of(endpoint))
    except SMTPAuthenticationError:
        forget_token(endpoint)
        raise
    except AppError as error:
        raise Refusal(str(error), is_silence=True) from error


def _reason(error: Exception) -> str:
    from aiosmtplib import SMTPConnectError, SMTPServerDisconnected, SMTPTimeoutError

    if isinstance(error, SMTPTimeoutError | TimeoutError):
        return many('no answer within {count} second', 'no answer within {count} seconds', TIMEOUT_SECONDS)
    if isinstance(error, SMTPServerDisconnected):
        return _('it ended the connection')
    if isinstance(error, SMTPConnectError):
        return _('nothing answers there')
    return str(error) or type(error).__name__


async def hand_over(
    settings: Settings, mail_id: UUID, recipient: str, content: bytes,
    before_text: Callable[[Callable[[], None]], Awaitable[None]],
) -> bool:  # fmt: skip
    """Send one message over SMTP; returns whether it went in clear. Raises Refusal.

    A mail server that can is asked to report when the mail cannot be brought to its reader, with our id in the report.

    `before_text` is awaited when the server has said that it is ready for the text. It gets the function that sends the
    text, to be called the moment its note is stored: what it notes tells a later attempt that the message is out, when
    its receipt was never heard.
    """
    if _rest[0] is settings and time.monotonic() < _rest[1]:
        raise Refusal(_rest[2], is_silence=True)
    try:
        return await _hand_over(settings, mail_id, recipient, content, before_text)
    except Refusal as refusal:
        if refusal.is_silence:
            _rest[:] = settings, time.monotonic() + REST_SECONDS, refusal.sentence
        raise


_rest: list[Any] = [None, 0.0, '']
"""Whose mail server was called in vain, until when it is left alone, and what is said meanwhile."""


async def _hand_over(
    settings: Settings, mail_id: UUID, recipient: str, content: bytes,
    before_text: Callable[[Callable[[], None]], Awaitable[None]],
) -> bool:  # fmt: skip
    from aiosmtplib import SMTPDataError

    async with connected(settings) as client:
        reports = client.supports_extension('dsn')  # RFC 3461
        await client.mail(settings.sender, options=['RET=HDRS', f'ENVID={mail_id.hex}'] if reports else [])
        await client.rcpt(in_ascii(recipient), options=['NOTIFY=FAILURE'] if reports else [])
        ready = await client.execute_command(b'DATA')
        if ready.code != READY_FOR_TEXT:
            raise SMTPDataError(ready.code, ready.message)
        await _send_text(client, content, before_text)
        return is_in_clear(client)


def in_ascii(address: str) -> str:
    """Return an address as mail servers know it: letters of other alphabets in its domain are written in ASCII."""
    box, _at, domain = address.rpartition('@')
    return f'{box}@{domain if domain.isascii() else domain.encode("idna").decode()}'


async def _send_text(client: Any, content: bytes, before_text: Callable[[Callable[[], None]], Awaitable[None]]) -> None:
    from aiosmtplib import SMTPDataError

    lines = content.replace(b'\r\n', b'\n').replace(b'\r', b'\n').split(b'\n')
    if lines and not lines[-1]:
        lines.pop()
    quoted = b''.join((b'.' + line if line.startswith(b'.') else line) + b'\r\n' for line in lines)
    protocol = client.protocol
    # The public command of the library asks for DATA and sends the text in one; here something is stored in between.
    failed: list[Exception] = []

    def send() -> None:
        try:
            protocol._response_pending = True
            protocol.write(quoted + b'.\r\n')
        except Exception as error:  # noqa: BLE001  told below, since the note is stored already
            failed.append(error)

    await before_text(send)
    if failed:
        raise failed[0]
    answer = await protocol.read_response(timeout=RECEIPT_SECONDS)
    if answer.code != 250:
        raise SMTPDataError(answer.code, answer.message)


def is_in_clear(client: Any) -> bool:
    """Say whether what goes over a session can be read on its way; between two programs of this computer is no way."""
    return client.get_transport_info('sslcontext') is None and not _is_here(client.get_transport_info('peername')[0])


def _is_here(address: str) -> bool:
    return ip_address(address.partition('%')[0]).is_loopback


async def greet(settings: Settings) -> tuple[str, bool]:
    """Open a session at the mail server and end it; returns its name, and whether it is in clear. Raises Refusal."""
    async with connected(settings) as client:
        return str(client.hostname), is_in_clear(client)
