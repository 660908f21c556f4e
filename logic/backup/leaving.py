"""Taking everything along: an export of the department, made by a job, that can be downloaded for a day."""

import asyncio
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from data.core import now
from data.files import StoredFile
from data.organizations import Organization
from data.work import JobRow, JobStatus
from logic import notifications
from logic.backup.keeping import MANAGE, STATUS_PAGE, domain, measure
from logic.core import files
from logic.core.actor import Actor
from logic.core.errors import Conflict, Denied
from logic.core.jobs import Run
from logic.core.language import _, later
from logic.core.service import SYSTEM, query, service
from logic.core.work import Work
from logic.export import EXPORT_FILE, export_organization
from logic.identity.sessions import require_fresh
from logic.identity.throttle import take_export

KEPT = timedelta(hours=24)
ATTEMPTS = 2
GOING = (JobStatus.WAITING, JobStatus.RUNNING)


@dataclass(frozen=True, slots=True)
class ExportState:
    """The last export of the department: how far it is, or the file that can be downloaded."""

    percent: int | None
    """Of the one that is being made; None when none is."""
    file: StoredFile | None
    ends_at: datetime | None
    """When the file is deleted."""
    error: str
    """Why the last one could not be made."""


@service(MANAGE)
async def request_export(work: Work) -> None:
    """Have everything of the department exported, by a job. Raises SignInAgain, Conflict while one is being made."""
    require_fresh(work)
    await take_export(work)
    if await work.first(_jobs(work).where(col(JobRow.status).in_(GOING))):
        raise Conflict('An export is being made already. It appears here when it is done.')
    work.record('Organization', work.organization_id)
    work.enqueue(export_all, work.actor.account_id)


@query(MANAGE)
async def export_state(work: Work) -> ExportState:
    """Return how the last export of the department stands."""
    job = await work.first(_jobs(work).order_by(col(JobRow.created_at).desc()).limit(1))
    file = await work.first(_files().order_by(col(StoredFile.created_at).desc()).limit(1))
    going = job is not None and job.status in GOING
    failed = job is not None and job.status is JobStatus.FAILED
    return ExportState(
        percent=job.progress or 0 if going else None,
        file=file,
        ends_at=file.created_at + KEPT if file else None,
        error=job.error or _('It could not be made.') if failed else '',
    )


def _jobs(work: Work) -> Any:
    return select(JobRow).where(JobRow.name == export_all.name, JobRow.organization_id == work.organization_id)


def _files() -> Any:
    return select(StoredFile).where(StoredFile.owner_type == EXPORT_FILE, col(StoredFile.deleted_at).is_(None))


@files.readable_by(EXPORT_FILE)
async def may_open(work: Work, owner_id: UUID) -> None:  # noqa: ARG001  of the own organization, or it is not found
    """Let those download it who may have it made, after a fresh sign-in. Raises Denied, SignInAgain."""
    if not work.actor.may(MANAGE):
        raise Denied('Only those who look after backups may download everything.')
    require_fresh(work)


@domain.job(detached=True, attempts=ATTEMPTS)
async def export_all(run: Run, account_id: str) -> None:
    """Write everything of the department into one file; the file before it goes. Who asked is told how it ended."""
    try:
        await _export(run, UUID(account_id))
    except Exception:
        if run.claim.attempt >= ATTEMPTS:
            await report_failed_export(run.actor, UUID(account_id))
        raise


async def _export(run: Run, account_id: UUID) -> None:
    organization = await read_organization(run.actor)
    with files.arriving() as content:
        path = Path(content.name)
        await export_organization(organization, path, lambda part: run.progress(int(part * 95)))
        size, digest = await asyncio.to_thread(measure, path)
        token = secrets.token_hex(16)
        name = f'{token[:2]}/{token}'
        await files.put(name, path)
    for old in await list_exports(run.actor):
        await drop_export(run.actor, old)
    await keep_export(run.actor, name, size, digest, account_id)


@query(SYSTEM)
async def read_organization(work: Work) -> Organization:
    """Return the department of the work."""
    return await work.get(Organization, work.organization_id)


@query(SYSTEM)
async def list_exports(work: Work, until: datetime | None = None) -> list[StoredFile]:
    """Return the files of exports, or those that were made until an instant."""
    statement = _files() if until is None else _files().where(col(StoredFile.created_at) <= until)
    return await work.all(statement)


@service(SYSTEM)
async def keep_export(work: Work, object_name: str, size: int, sha256: str, account_id: UUID) -> StoredFile:
    """Make a stored object a file that can be downloaded, and tell who asked for it."""
    organization = await work.get(Organization, work.organization_id)
    row = StoredFile(
        name=f'{organization.slug}-{work.now:%Y-%m-%d}.zip', media_type='application/zip', size=size, sha256=sha256,
        object_name=object_name, owner_type=EXPORT_FILE, owner_id=work.organization_id, by_account_id=account_id,
    )  # fmt: skip
    await notifications.tell(
        work, account_id, kind=notifications.EXPORT_FINISHED, link=STATUS_PAGE,
        title=later('The export of the department can be downloaded'),
        body=later('The file is deleted here after a day.'),
    )  # fmt: skip
    return work.add(row)


@service(SYSTEM)
async def report_failed_export(work: Work, account_id: UUID) -> None:
    """Tell who asked for an export that it could not be made; why stands where it was asked for."""
    title = later('The export of the department has failed')
    await notifications.tell(work, account_id, kind=notifications.EXPORT_FINISHED, title=title, link=STATUS_PAGE)


@service(SYSTEM)
async def forget_export(work: Work, file_id: UUID) -> None:
    """Drop the row of an export whose content is gone."""
    await work.delete(await work.get(StoredFile, file_id))


async def drop_export(actor: Actor, row: StoredFile) -> None:
    """Delete an export for good."""
    await files.delete_objects([row.object_name])
    await forget_export(actor, row.id)


@domain.job(schedule='12 * * * *', detached=True, attempts=3)
async def drop_old_exports(run: Run) -> None:
    """Delete exports a day after they were made: they hold what Logbook shows to few."""
    for row in await list_exports(run.actor, now() - KEPT):
        await drop_export(run.actor, row)
