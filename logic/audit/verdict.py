"""What the last verification found: kept as an entry of the log itself, so that it is known wherever people look.

Columns of the entry are enough to ask for it: the newest entry of its action, whose outcome is `failed` when something
was found. Its text says in which log and where. The log of a department keeps what concerns it.
"""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlmodel import col, select

from data.audit import AuditEntry, AuditLog
from data.later import Later
from logic.audit import verify
from logic.audit.check import GIVEN
from logic.audit.domain import VERIFY, VIEW, domain
from logic.audit.entry import INSTANCE_LOG_ID
from logic.audit.note import notes_in
from logic.audit.verify import LogVerdict
from logic.core.actor import Actor, ActorKind
from logic.core.errors import Invalid
from logic.core.formats import number_text
from logic.core.jobs import Run
from logic.core.language import _, later
from logic.core.service import query, service
from logic.core.work import Work

log = structlog.get_logger(__name__)
KEPT = 'audit.keep_verdict'
FAILED = 'failed'
OTHERWISE = later('its head or its hashes do not belong to its entries')
BESIDE: dict[str, Later] = {
    'personal': later('personal values beside it are missing or were changed'),
    'checkpoint': later('a signature over it does not count'),
    'anchor': later('a signature over it does not count'),
}
"""By the kind of fault, what is wrong where no entry is."""


@dataclass(frozen=True, slots=True)
class Damage:
    """The first thing that is not as it was written."""

    is_instance: bool
    """Whether it is in the log of the instance; else in that of the department."""
    entry: int | None
    """The first entry concerned; None when it concerns none."""
    kind: str
    """As a `Fault` has it."""

    def __str__(self) -> str:
        name = _('The log of the installation') if self.is_instance else _('The log of the department')
        if self.entry is None:
            return _('{log} is damaged: {what}.', log=name, what=str(BESIDE.get(self.kind, OTHERWISE)))
        number = number_text(self.entry)
        return _('{log} is damaged at entry {number}: it was changed, or is missing.', log=name, number=number)


@dataclass(frozen=True, slots=True)
class LastVerdict:
    """What the last verification found in the log of a department, and in that of the instance."""

    at: datetime
    since: datetime | None = None
    """When damage was first found that is still there; None while all is good."""
    damage: Damage | None = None


def damage_in(verdicts: Sequence[LogVerdict]) -> Damage | None:
    """Return the first damage, that of the department's own log before that of the instance's; None without any."""
    for verdict in sorted(verdicts, key=lambda one: one.log_id == INSTANCE_LOG_ID):
        faults = [fault for fault in verdict.faults if fault.kind != GIVEN]
        if faults:
            first = min(faults, key=lambda fault: (fault.index is None, fault.index or 0))
            return Damage(verdict.log_id == INSTANCE_LOG_ID, first.index, first.kind)
    return None


async def verify_now(actor: Actor, anchors: str = '') -> list[LogVerdict]:
    """Verify this organization's log, and the instance's that names its heads; keep what was found.

    `anchors` is a text with signed notes, as somebody kept it; raises Invalid when there is none in it, and Denied.
    """
    verdicts = await verify_own(actor, anchors)
    try:
        await keep_verdict(actor.using(None), damage_in(verdicts), by_anchor=bool(anchors.strip()))
    except Exception:
        log.exception('audit.verdict_not_kept')  # a log may be too damaged to be written to: that is to be told even so
    return verdicts


@query(VERIFY)
async def verify_own(work: Work, anchors: str = '') -> list[LogVerdict]:
    """Verify as `verify_now` does, and keep nothing."""
    given = [anchors] if anchors.strip() else []
    if given and not notes_in(anchors):
        raise Invalid('There is no anchor in this text.', {'anchors': 'Paste the whole mail or note, as you kept it.'})
    return await verify.verify_logs(await verify.snapshot(work.session), given, only=work.organization_id)


@service(VERIFY)
async def keep_verdict(work: Work, damage: Damage | None, *, by_anchor: bool = False) -> None:
    """Keep what a verification found. `by_anchor` says that it was held against an anchor that somebody brought.

    What an anchor showed, the nightly verification cannot see: only a person takes that back, by verifying again.
    """
    last = await _newest(work)
    if work.actor.kind is ActorKind.SYSTEM and last is not None and last.outcome == FAILED:
        by_anchor = bool(_facts(last).get('anchor'))
        if by_anchor and damage is None:
            return
    facts: dict[str, Any] = {}
    if damage is not None:
        where = 'instance' if damage.is_instance else 'department'
        facts = {'log': where, 'entry': damage.entry, 'fault': damage.kind, 'anchor': by_anchor}
        log.error('audit.damaged', organization_id=str(work.organization_id), **facts)
    outcome = 'done' if damage is None else FAILED
    work.record('AuditLog', work.organization_id, action=KEPT, outcome=outcome, **facts)
    work.changed('AuditLog', None)


async def keep_for_all(verdicts: Sequence[LogVerdict]) -> None:
    """Keep in the log of every department what a verification of all logs found."""
    whole = [verdict for verdict in verdicts if verdict.log_id == INSTANCE_LOG_ID]
    for verdict in verdicts:
        if verdict.log_id != INSTANCE_LOG_ID:
            await keep_verdict(Actor.system(verdict.log_id, 'Audit log'), damage_in([*whole, verdict]))


@domain.job(schedule='40 2 * * *', instance=True, detached=True, attempts=3)
async def verify_all_logs(run: Run) -> None:  # noqa: ARG001
    """Verify every log each night; right before the backup, so that no other one is due for the sake of its entries."""
    await keep_for_all(await verify.verify_all())


@query(VIEW)
async def last_verdict(work: Work) -> LastVerdict | None:
    """Return what the last verification found that concerns this organization; None before the first."""
    row = await _newest(work)
    if row is None or row.outcome != FAILED:
        return None if row is None else LastVerdict(row.at)
    said = _facts(row)
    damage = Damage(said.get('log') == 'instance', said.get('entry'), said.get('fault', ''))
    return LastVerdict(row.at, row.since, damage)


def _facts(row: Any) -> dict[str, Any]:
    """Return what was kept of damage; of a text that somebody spoilt, nothing."""
    with suppress(ValueError, LookupError, TypeError, AttributeError):
        return {name: new for name, (_old, new) in json.loads(row.body)['changes'].items()}
    return {}


async def _newest(work: Work) -> Any:
    """Return the newest verdict that was kept, with when its damage was first found. One statement."""
    entry, mine = AuditEntry, _verdicts(_own(work.organization_id))
    good = sa.select(sa.func.max(col(entry.seq))).where(*mine, col(entry.outcome) != FAILED).scalar_subquery()
    since = sa.select(sa.func.min(col(entry.at))).where(*mine, col(entry.seq) > sa.func.coalesce(good, -1))
    newest = select(entry.at, entry.outcome, entry.body, since.scalar_subquery().label('since')).where(*mine)
    return await work.first(newest.order_by(col(entry.seq).desc()).limit(1))


def is_damaged() -> Any:
    """Return the condition on `AuditLog` under which the last verification of a log found damage."""
    verdicts = sa.select(col(AuditEntry.outcome)).where(*_verdicts(col(AuditLog.number)))
    newest = verdicts.order_by(col(AuditEntry.seq).desc()).limit(1).correlate(AuditLog).scalar_subquery()
    return newest == FAILED


def _verdicts(log: Any) -> tuple[Any, Any]:
    return col(AuditEntry.log) == log, col(AuditEntry.action) == KEPT


def _own(organization_id: UUID) -> Any:
    return sa.select(col(AuditLog.number)).where(col(AuditLog.log_id) == organization_id).scalar_subquery()
