"""Mail that comes back: reading what a mail server reports, and sending nothing more to an address that is none."""

import email
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.message import Message
from uuid import UUID

from sqlmodel import col, select

from data.notifications import Mail, MailStatus, RefusedAddress
from logic.core.errors import Conflict, Invalid, NotFound
from logic.core.service import service
from logic.core.work import Work
from logic.mail.domain import MANAGE
from logic.mail.smtp import is_no_address

MOST_BYTES = 256_000
"""What is read of a report: a mail server that is asked for headers only sends far less."""
REASON_LENGTH = 400
ARRIVED = frozenset({MailStatus.SENT, MailStatus.UNCERTAIN})
"""States of a mail that may come back: the mail server has taken it, or may have."""
OUR_ID = re.compile(r'<?([0-9a-f]{32})(?:@[^>\s]+>)?')


@dataclass(frozen=True, slots=True)
class Report:
    """What a mail server says of a mail that it could not bring to its reader."""

    mail_id: UUID
    reason: str
    is_address: bool
    """There is no such address: nothing else that is sent there will arrive either."""


def read_report(content: bytes) -> Report | None:
    """Read a report of a mail server (RFC 3464); None for what tells of no mail of ours that failed for good.

    Nothing in it is believed but which mail it is about: the address is the one that the mail was sent to.
    """
    try:
        message = email.message_from_bytes(content[:MOST_BYTES])
        parts = {part.get_content_type(): part for part in message.walk()}
    except RecursionError:
        return None
    told = parts.get('message/delivery-status')
    if told is None or not isinstance(told.get_payload(), list):
        return None
    blocks = [block for block in told.get_payload() if isinstance(block, Message)]
    mail_id = _mail_of(_ids(blocks, parts))
    failed = next((block for block in blocks if str(block.get('Action', '')).strip().lower() == 'failed'), None)
    if mail_id is None or failed is None:
        return None
    status, said = _line(failed.get('Status')), _line(failed.get('Diagnostic-Code')).partition(';')[2].strip()
    code = re.match(r'\d{3}\b', said)
    reason = f'{status} {said}'.strip()[:REASON_LENGTH]
    return Report(mail_id, reason, is_no_address(int(code[0]) if code else 0, reason))


def _ids(blocks: Iterable[Message], parts: dict[str, Message]) -> Iterator[str]:
    """Name what may say which mail it was: the id that we gave with it, else that in its headers."""
    for block in blocks:
        yield _line(block.get('Original-Envelope-Id'))
    headers = parts.get('text/rfc822-headers')
    if headers is not None:
        yield _line(email.message_from_string(str(headers.get_payload())).get('Message-ID'))
    whole = parts.get('message/rfc822')
    if whole is not None and isinstance(whole.get_payload(), list):
        yield from (_line(one.get('Message-ID')) for one in whole.get_payload() if isinstance(one, Message))


def _mail_of(ids: Iterable[str]) -> UUID | None:
    found = next((match for one in ids if (match := OUR_ID.fullmatch(one))), None)
    return UUID(found[1]) if found else None


def _line(value: object) -> str:
    """Return what a header says as one line of letters that may be shown."""
    return ' '.join(''.join(one if one.isprintable() else ' ' for one in str(value or '')).split())


@service(MANAGE)
async def note_bounce(work: Work, content: bytes) -> Mail:
    """Take a report of a mail server that a mail came back; one that was taken before changes nothing.

    Raises Invalid for what is no such report, NotFound when it is about none of our mails.
    """
    report = read_report(content)
    if report is None:
        raise Invalid('This is no report that an e-mail of Logbook came back for good (RFC 3464).')
    row = await _ours(work, report.mail_id)
    if row.status in ARRIVED:
        await _came_back(work, row, report.reason, is_address=report.is_address)
    return row


@service(MANAGE)
async def mark_bounced(work: Work, mail_id: UUID, reason: str) -> Mail:
    """Note by hand that a mail came back; nothing more is sent to its address. Raises Conflict, NotFound."""
    row = await _ours(work, mail_id)
    if row.status not in ARRIVED:
        raise Conflict('Only a mail that was sent can come back.')
    await _came_back(work, row, _line(reason)[:REASON_LENGTH], is_address=True)
    return row


async def _ours(work: Work, mail_id: UUID) -> Mail:
    """Return a mail of this department, or one of the installation, such as a link for a new password."""
    row = await work.first(select(Mail).where(Mail.id == mail_id))
    if row is None or row.organization_id not in (None, work.organization_id):
        raise NotFound('There is no such mail.')
    return row  # type: ignore[no-any-return]


async def _came_back(work: Work, row: Mail, reason: str, *, is_address: bool) -> None:
    row.status, row.error = MailStatus.BOUNCED, reason
    work.record('Mail', row.id)
    if is_address:
        await refuse(work, row.recipient, reason)


async def refuse(work: Work, address: str, reason: str) -> None:
    """Remember that an address is none: mail to it is held until it is released."""
    known = await _refusal(work, address)
    known = known or work.add(RefusedAddress(address=address.lower(), reason='', refused_at=work.now))
    known.reason, known.refused_at = reason[:500], work.now


async def release(work: Work, address: str) -> bool:
    """Send to an address again; says whether it was refused."""
    known = await _refusal(work, address)
    if known is not None:
        await work.delete(known)
    return known is not None


async def _refusal(work: Work, address: str) -> RefusedAddress | None:
    return await work.first(  # type: ignore[no-any-return]
        select(RefusedAddress).where(col(RefusedAddress.address) == address.lower())
    )


async def refusals_of(work: Work, addresses: Iterable[str]) -> dict[str, RefusedAddress]:
    """Return which of some addresses are refused, by address in lower case."""
    asked = {address.lower() for address in addresses if address}
    if not asked:
        return {}
    rows = await work.all(select(RefusedAddress).where(col(RefusedAddress.address).in_(asked)))
    return {row.address: row for row in rows}
