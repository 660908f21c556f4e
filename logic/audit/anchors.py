"""Anchors: checkpoints put where whoever holds this host cannot reach, so that a log made anew would show."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import col, select

from data.audit import AuditAnchor, AuditCheckpoint, AuditLog
from data.organizations import Organization
from logic import mail
from logic.audit import keys
from logic.audit.domain import MANAGE, VERIFY, domain
from logic.audit.entry import INSTANCE_LOG_ID
from logic.audit.keeping import write_checkpoints
from logic.audit.note import read_note
from logic.core.errors import Conflict, Invalid, NotFound
from logic.core.language import later
from logic.core.service import query, service
from logic.core.work import Work
from logic.identity.authority import owner_addresses


@dataclass(frozen=True, slots=True)
class Anchor:
    """What is to be kept elsewhere: eight words for the minutes, and the signed notes for a file or mail."""

    at: datetime
    size: int
    words: str
    text: str


@domain.job(schedule='15 4 * * *')
async def send_anchor(work: Work) -> None:
    """Mail the anchor of the day to the officers whom the department named; while it has named none, to its owners.

    Two of them, so that one may be absent. An anchor counts once a mail server has taken it (audit 4.2).
    """
    if not mail.is_set_up():
        return
    organization = await work.get(Organization, work.organization_id)
    receivers = organization.settings.anchor_mail or (await owner_addresses(work))[:2]
    if not receivers:
        return
    anchor, point = await _make(work)
    for address in receivers:
        sent = await mail.send(work, address, 'audit_anchor', day=work.now.date(), words=anchor.words, note=anchor.text)
        _keep(work, point, 'mail', address).mail_id = None if sent is None else sent.id


@domain.on(mail.MailSent)
async def note_that_it_left(work: Work, event: mail.MailSent) -> None:
    """Count the anchor in a mail from when a mail server took it."""
    if event.kind != 'audit_anchor':
        return
    for row in await work.all(select(AuditAnchor).where(AuditAnchor.mail_id == event.mail_id)):
        row.left_at = work.now


class KeepersInput(BaseModel):
    """Two officers who get the anchor of each day by mail; they should not be those who run the computer."""

    model_config = ConfigDict(extra='forbid', str_strip_whitespace=True)

    first: str = Field(default='', title=later('First officer'), max_length=254)
    second: str = Field(default='', title=later('Second officer'), max_length=254)


@query(MANAGE)
async def get_keepers(work: Work) -> KeepersInput:
    """Return who gets the anchors of this organization."""
    organization = await work.get(Organization, work.organization_id)
    first, second, *_ = (*organization.settings.anchor_mail, '', '')
    return KeepersInput(first=first, second=second)


@service(MANAGE)
async def choose_keepers(work: Work, keepers: KeepersInput) -> None:
    """Choose who gets the anchors of this organization; while there is none its owners do. Raises Invalid."""
    named = {'first': keepers.first, 'second': keepers.second}
    addresses = tuple(mail.check_address(value, field) for field, value in named.items() if value)
    if len({address.lower() for address in addresses}) < len(addresses):
        raise Invalid('These are not two officers.', {'second': 'Name somebody else.'})
    organization = await work.get(Organization, work.organization_id)
    organization.settings = organization.settings.model_copy(update={'anchor_mail': addresses})


@service(VERIFY)
async def print_anchor(work: Work) -> Anchor:
    """Return an anchor to read into the minutes or to keep as a file; it counts once `keep_anchor` says where it is."""
    anchor, _point = await _make(work)
    work.record('AuditLog', work.organization_id, size=anchor.size, words=anchor.words)
    return anchor


@service(VERIFY)
async def keep_anchor(work: Work, size: int, where: str = '') -> None:
    """Note that somebody keeps the printed anchor over so many entries away from this computer. Raises NotFound."""
    point = await work.first(_points(work.organization_id).where(col(AuditCheckpoint.size) == size))
    if point is None:
        raise NotFound('There is no such anchor.')
    _keep(work, point, 'print', where).left_at = work.now
    work.record('AuditLog', work.organization_id, size=size, where=where)


async def _make(work: Work) -> tuple[Anchor, AuditCheckpoint]:
    await write_checkpoints(work)
    notes = []
    for log_id in (work.organization_id, INSTANCE_LOG_ID):
        row = await work.first(_points(log_id).order_by(col(AuditCheckpoint.size).desc()).limit(1))
        if row is not None:
            notes.append(row)
    if not notes:
        raise Conflict('The audit log has no entry yet, so there is nothing to anchor.')
    point = read_note(notes[0].note, keys.trusted_keys())
    anchor = Anchor(work.now, point.size, point.words, '\n'.join(row.note for row in notes))
    return anchor, notes[0]


def _points(log_id: UUID) -> Any:
    """Select the checkpoints of a log."""
    logs = select(AuditCheckpoint).join(AuditLog, col(AuditLog.number) == col(AuditCheckpoint.log))
    return logs.where(col(AuditLog.log_id) == log_id)


def _keep(work: Work, point: AuditCheckpoint, kind: str, receiver: str) -> AuditAnchor:
    """Keep in mind that a checkpoint goes somewhere; it is as old as the checkpoint is."""
    words = read_note(point.note, keys.trusted_keys()).words
    return work.add(
        AuditAnchor(
            log=point.log, kind=kind, size=point.size, at=point.at, receiver=receiver[:500], words=words,
            note=point.note,
        )
    )  # fmt: skip
