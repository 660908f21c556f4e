"""Anchors: checkpoints put where whoever holds this host cannot reach, so that a log made anew would show."""

from dataclasses import dataclass
from datetime import datetime

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
from logic.core.errors import Conflict
from logic.core.language import later
from logic.core.service import query, service
from logic.core.work import Work


@dataclass(frozen=True, slots=True)
class Anchor:
    """What is to be kept elsewhere: eight words for the minutes, and the signed notes for a file or mail."""

    at: datetime
    size: int
    words: str
    text: str


@domain.job(schedule='15 4 * * *')
async def send_anchor(work: Work) -> None:
    """Mail the anchor of the day to the officers whom the department named for it; two, so that one may be absent."""
    organization = await work.get(Organization, work.organization_id)
    receivers = organization.settings.anchor_mail
    if not receivers:
        return
    anchor, point = await _make(work)
    sent = [
        address
        for address in receivers
        if await mail.send(work, address, 'audit_anchor', day=work.now.date(), words=anchor.words, note=anchor.text)
    ]
    if sent:
        _keep(work, anchor, point, 'mail', ', '.join(sent))


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
    """Choose who gets the anchors of this organization; none stops them. Raises Invalid for what is no address."""
    named = {'first': keepers.first, 'second': keepers.second}
    addresses = tuple(mail.check_address(value, field) for field, value in named.items() if value)
    organization = await work.get(Organization, work.organization_id)
    organization.settings = organization.settings.model_copy(update={'anchor_mail': addresses})


@service(VERIFY)
async def print_anchor(work: Work, receiver: str = '') -> Anchor:
    """Return an anchor to read into the minutes or to keep as a file; `receiver` says where it goes."""
    anchor, point = await _make(work)
    _keep(work, anchor, point, 'print', receiver)
    work.record('AuditLog', work.organization_id, size=anchor.size, words=anchor.words)
    return anchor


async def _make(work: Work) -> tuple[Anchor, AuditCheckpoint]:
    await write_checkpoints(work)
    notes = []
    for log_id in (work.organization_id, INSTANCE_LOG_ID):
        row = await work.first(
            select(AuditCheckpoint)
            .join(AuditLog, col(AuditLog.number) == col(AuditCheckpoint.log))
            .where(col(AuditLog.log_id) == log_id)
            .order_by(col(AuditCheckpoint.size).desc())
            .limit(1)
        )
        if row is not None:
            notes.append(row)
    if not notes:
        raise Conflict('The audit log has no entry yet, so there is nothing to anchor.')
    point = read_note(notes[0].note, keys.trusted_keys())
    anchor = Anchor(work.now, point.size, point.words, '\n'.join(row.note for row in notes))
    return anchor, notes[0]


def _keep(work: Work, anchor: Anchor, point: AuditCheckpoint, kind: str, receiver: str) -> None:
    row = AuditAnchor(
        log=point.log,
        kind=kind,
        size=anchor.size,
        at=work.now,
        receiver=receiver[:500],
        words=anchor.words,
        note=point.note,
    )
    work.add(row)
