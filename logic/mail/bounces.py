"""Mail that comes back: reading what a mail server reports, and sending nothing more to an address that is none."""

import asyncio
import email
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.message import Message
from typing import Any
from uuid import UUID, uuid5

from sqlmodel import col, or_, select

from data.notifications import Mail, MailStatus, RefusedAddress
from logic.core.errors import Conflict, Invalid, NotFound
from logic.core.service import service
from logic.core.work import Work
from logic.mail.domain import MANAGE
from logic.mail.smtp import is_no_address

MOST_BYTES = 64_000
"""What is read of a report: a mail server that is asked for headers only sends far less; a whole mail is its end."""
REASON_LENGTH = 400
REFUSED_BY_SERVER = UUID('0d7a1c52-6f0b-5f7e-9a3d-2f2a6f9f4c11')
"""The id of a row is made of its address, so that two at once make one row: to a database no NULL is like another."""
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


async def read_report(content: bytes) -> Report:
    """Read a report of a mail server (RFC 3464), beside the loop and before any transaction: it may be made to be slow.

    Nothing in it is believed but which mail it is about: the address is the one that the mail was sent to.
    Raises Invalid for what tells of no mail of ours that failed for good.
    """
    report = await asyncio.to_thread(_read, content[:MOST_BYTES])
    if report is None:
        raise Invalid('This is no report that an e-mail of Logbook came back for good (RFC 3464).')
    return report


def _read(content: bytes) -> Report | None:
    try:
        message = email.message_from_bytes(content)
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
async def note_bounce(work: Work, report: Report) -> Mail:
    """Take a report of a mail server that a mail came back, as `read_report` reads it; again it changes nothing.

    It may be about a mail of the installation, such as a link for a new password: that one is marked, and its address
    stays good, since all departments write to it. Raises NotFound when it is about none of our mails.
    """
    row = await _mail(work, report.mail_id, None, work.organization_id)
    if row.status in ARRIVED:
        await _came_back(work, row, report.reason, is_address=report.is_address)
    return row


@service(MANAGE)
async def mark_bounced(work: Work, mail_id: UUID, reason: str) -> Mail:
    """Note by hand that a mail of the department came back; it sends nothing more there. Raises Conflict, NotFound."""
    row = await _mail(work, mail_id, work.organization_id)
    if row.status not in ARRIVED:
        raise Conflict('Only a mail that was sent can come back.')
    await _came_back(work, row, _line(reason)[:REASON_LENGTH], is_address=True)
    return row


async def _mail(work: Work, mail_id: UUID, *of: UUID | None) -> Mail:
    """Return a mail of one of these: a department, or None for the installation."""
    row = await work.first(select(Mail).where(Mail.id == mail_id))
    if row is None or row.organization_id not in of:
        raise NotFound('There is no such mail.')
    return row  # type: ignore[no-any-return]


async def _came_back(work: Work, row: Mail, reason: str, *, is_address: bool) -> None:
    row.status, row.error = MailStatus.BOUNCED, reason
    work.record('Mail', row.id)
    if is_address and row.organization_id is not None:
        await refuse(work, row.recipient, reason, told=row.organization_id)


async def refuse(work: Work, address: str, reason: str, *, told: UUID | None = None) -> None:
    """Remember that an address is none: mail to it is held until it is released.

    `told` is the department that was told so, whose mail alone is held; None is for the word of our mail server.
    """
    address, whose = address.lower(), col(RefusedAddress.organization_id)
    of = whose == told if told else whose.is_(None)
    known = await work.first(select(RefusedAddress).where(col(RefusedAddress.address) == address, of))
    if known is None:
        row_id = uuid5(told or REFUSED_BY_SERVER, address)
        known = work.add(
            RefusedAddress(id=row_id, organization_id=told, address=address, reason='', refused_at=work.now)
        )
    known.reason, known.refused_at = reason[:500], work.now


async def release(work: Work, address: str) -> bool:
    """Have this department send to an address again; says whether it was refused.

    What our mail server refused is tried again for all. What another department was told is its own.
    """
    rows = await refusals_of(work, address, work.organization_id)
    for row in rows:
        await work.delete(row)
    return bool(rows)


async def refusals_of(work: Work, address: str, organization_id: UUID | None) -> list[RefusedAddress]:
    """Return what holds mail of a department to an address; with None what holds mail of the installation."""
    statement = select(RefusedAddress).where(col(RefusedAddress.address) == address.lower())
    return await work.all(statement.where(holds_mail_of(organization_id)))


def holds_mail_of(organization_id: Any) -> Any:
    """Return the condition under which a refused address holds mail of a department; None is the installation."""
    whose = col(RefusedAddress.organization_id)
    return whose.is_(None) if organization_id is None else or_(whose.is_(None), whose == organization_id)
