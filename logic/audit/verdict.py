"""What the last verification found: kept beside the logs, told to those whom it concerns, and entered in the log.

A log may be too damaged to take an entry; what was found is known wherever people look even so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlmodel import col

from data.audit import AuditVerdict
from data.later import Later
from logic import notifications
from logic.audit import verify
from logic.audit.check import GIVEN
from logic.audit.domain import VERIFY, VIEW, domain
from logic.audit.entry import INSTANCE_LOG_ID
from logic.audit.note import notes_in
from logic.audit.verify import LogVerdict
from logic.core.actor import Actor, ActorKind
from logic.core.errors import Invalid
from logic.core.jobs import Run
from logic.core.language import later
from logic.core.sentences import Sentence, told
from logic.core.service import query, service
from logic.core.work import Work

log = structlog.get_logger(__name__)
KEPT = 'audit.keep_verdict'
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

    def sentence(self) -> Sentence:
        """Say it to whoever reads it."""
        name = later('The log of the installation') if self.is_instance else later('The log of the department')
        if self.entry is None:
            return told('{log} is damaged: {what}.', log=name, what=BESIDE.get(self.kind, OTHERWISE))
        return told('{log} is damaged at entry {number}: it was changed, or is missing.', log=name, number=self.entry)

    def __str__(self) -> str:
        return str(self.sentence())


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
    await keep_verdict(actor.using(None), damage_in(verdicts), by_anchor=bool(anchors.strip()))
    return verdicts


@query(VERIFY)
async def verify_own(work: Work, anchors: str = '') -> list[LogVerdict]:
    """Verify as `verify_now` does, and keep nothing."""
    given = [anchors] if anchors.strip() else []
    if given and not notes_in(anchors):
        raise Invalid('There is no anchor in this text.', {'anchors': 'Paste the whole mail or note, as you kept it.'})
    return await verify.verify_logs(await verify.snapshot(work.session), given, only=work.organization_id)


async def keep_verdict(actor: Actor, damage: Damage | None, *, by_anchor: bool = False) -> None:
    """Keep what a verification found. `by_anchor` says that it was held against an anchor that somebody brought.

    What an anchor showed, the nightly verification cannot see: only a person takes that back, by verifying again.
    """
    if not await _keep(actor, damage, by_anchor=by_anchor):
        return
    try:
        await _enter(actor, damage, by_anchor=by_anchor)
    except Exception:
        log.exception('audit.verdict_not_entered')  # the log is too damaged to be written to; it was kept and told


@service(VERIFY)
async def _keep(work: Work, damage: Damage | None, *, by_anchor: bool) -> bool:
    """Keep a verdict beside the logs, and tell whoever may see the log of damage that is new; False when it stands."""
    row = await work.session.get(AuditVerdict, work.organization_id)
    if row is None:
        row = work.add(AuditVerdict(log_id=work.organization_id, at=work.now))
    before = _damage(row)
    if work.actor.kind is ActorKind.SYSTEM and before is not None:
        if row.by_anchor and damage is None:
            return False
        by_anchor = by_anchor or row.by_anchor
    row.at, row.by_anchor = work.now, by_anchor and damage is not None
    if damage is None:
        row.since = None
    else:
        row.since = row.since or work.now
        row.is_instance, row.entry, row.fault = damage.is_instance, damage.entry, damage.kind
    if damage is not None and damage != before:
        await notifications.tell(
            work, await notifications.holders_of(work, VIEW), kind=notifications.AUDIT_DAMAGED,
            title=later('The audit log is damaged'), body=damage.sentence(), link='/audit',
        )  # fmt: skip
    work.changed('AuditVerdict', None)
    return True


@service(VERIFY)
async def _enter(work: Work, damage: Damage | None, *, by_anchor: bool) -> None:
    """Enter a verdict in the log."""
    facts: dict[str, Any] = {}
    if damage is not None:
        where = 'instance' if damage.is_instance else 'department'
        facts = {'log': where, 'entry': damage.entry, 'fault': damage.kind, 'anchor': by_anchor}
        log.error('audit.damaged', organization_id=str(work.organization_id), **facts)
    outcome = 'done' if damage is None else 'failed'
    work.record('AuditLog', work.organization_id, action=KEPT, outcome=outcome, **facts)
    work.changed('AuditLog', None)


async def keep_for_all(verdicts: Sequence[LogVerdict], *, by_anchor: bool = False) -> None:
    """Keep for every department what a verification of all logs found; `by_anchor` as in `keep_verdict`."""
    whole = [verdict for verdict in verdicts if verdict.log_id == INSTANCE_LOG_ID]
    for verdict in verdicts:
        if verdict.log_id != INSTANCE_LOG_ID:
            found = damage_in([*whole, verdict])
            await keep_verdict(Actor.system(verdict.log_id, 'Audit log'), found, by_anchor=by_anchor)


@domain.job(schedule='40 2 * * *', instance=True, detached=True, attempts=3)
async def verify_all_logs(run: Run) -> None:  # noqa: ARG001
    """Verify every log each night; right before the backup, so that no other one is due for the sake of its entries."""
    await keep_for_all(await verify.verify_all())


@query(VIEW)
async def last_verdict(work: Work) -> LastVerdict | None:
    """Return what the last verification found that concerns this organization; None before the first."""
    row = await work.session.get(AuditVerdict, work.organization_id)
    return None if row is None else verdict_of(row)


def verdict_of(row: AuditVerdict) -> LastVerdict:
    """Return what is stored of a verification, as people read it."""
    return LastVerdict(row.at, row.since, _damage(row))


def _damage(row: AuditVerdict) -> Damage | None:
    return None if row.since is None else Damage(row.is_instance, row.entry, row.fault)


def is_damaged() -> Any:
    """Return the condition on `AuditVerdict` under which a verification found damage that is still there."""
    return col(AuditVerdict.since).is_not(None)
