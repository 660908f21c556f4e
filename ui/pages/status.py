"""How this installation stands: versions, room, mail, backups, audit anchors, and the jobs."""

from datetime import datetime
from uuid import UUID

from data.core import now
from data.work import JobRow
from logic import status
from logic.core.actor import Actor
from logic.status import SystemStatus
from ui.components import (
    Card,
    Chip,
    Column,
    DataTable,
    Fact,
    Facts,
    Filter,
    Grid,
    Head,
    Note,
    RowAction,
    Tile,
    Tiles,
    toast,
)
from ui.components.blocks import Tone
from ui.pages.audit.wording import action_label
from ui.shell import Nav, page

TONES = {'waiting': 'blue', 'running': 'violet', 'done': 'green', 'failed': 'red', 'cancelled': 'grey'}
DAY = 86_400


@page('/status', 'Status', status.VIEW, nav=Nav(icon='sym_o_monitor_heart', group='Administration', order=80))
async def system(actor: Actor) -> None:
    """Facts for whoever keeps this running."""
    found = await status.system_status(actor)
    Head('Status', f'Logbook {found.version} on {found.database}, schema {found.schema}.')
    for text in _worries(found):
        Note(text, 'red', 'sym_o_error')
    Tiles([
        _counted('Jobs waiting', found.jobs_waiting, found.jobs_failed, 'sym_o_schedule', 'blue'),
        _counted('Mail waiting', found.mail.waiting, found.mail.failed, 'sym_o_mail', 'violet'),
        Tile('Last backup', _age(found.last_backup_at), 'sym_o_backup', 'amber', '/settings/backup'),
        Tile('Memory', f'{found.memory_bytes // 1_000_000} MB', 'sym_o_memory', 'brand'),
    ])  # fmt: skip
    with Grid():
        with Card('This installation', span=6):
            Facts([
                Fact('Started', found.started_at, 'datetime'), Fact('Python', found.python),
                Fact('Database file', f'{(found.database_bytes or 0) / 1e6:.1f} MB'),
                Fact('Free room', f'{found.disk_free_bytes / 1e9:.1f} of {found.disk_total_bytes / 1e9:.1f} GB'),
                Fact('Event loop, worst delay', f'{found.lag_worst_seconds * 1000:.0f} ms'),
                Fact('Redis', _redis(found)),
                Fact('File store', _store(found)),
                Fact('Files', f'{found.store.file_count} files, {found.store.total_bytes / 1e6:.1f} MB'),
            ])  # fmt: skip
        with Card('Proofs', span=6):
            Facts([
                Fact('Audit log signed', found.last_checkpoint_at, 'datetime'),
                Fact('Audit log anchored', found.last_anchor_at, 'datetime'),
                Fact('Backup tried', found.last_trial_at, 'datetime'), Fact('What came of it', found.last_trial),
                Fact('Files compared', found.store.proved_at, 'datetime'),
            ])  # fmt: skip
    await _jobs(actor)


def _counted(label: str, waiting: int, failed: int, icon: str, tone: Tone) -> Tile:
    return Tile(label, waiting, icon, tone, note=f'{failed} failed', note_tone='red' if failed else 'green')


def _redis(found: SystemStatus) -> str:
    if found.redis is None:
        return 'not used'
    return 'answers' if found.redis.is_well else found.redis.detail


def _store(found: SystemStatus) -> str:
    return f'{found.store.place}: {"does not answer" if found.store.fault else "answers"}'


def _state(row: JobRow) -> Chip:
    return Chip(row.status.capitalize(), TONES[row.status])


def _worries(found: SystemStatus) -> list[str]:
    worries = []
    if found.is_disk_low:
        worries.append('The disk is nearly full: below 200 MB Logbook takes no changes. Make room.')
    if found.last_backup_error:
        worries.append(f'The last backup failed: {found.last_backup_error}')
    store = found.store
    if store.fault:
        worries.append(f'The file store does not answer. New files wait here until it does. It said: {store.fault}')
    if store.waiting_count:
        worries.append(f'{store.waiting_count} files wait on this computer for the file store; they open as ever.')
    if store.faulty_count:
        worries.append(
            f'{store.faulty_count} files are missing or changed in the file store. Restore them from a backup.'
        )
    return worries


def _age(at: datetime | None) -> str:
    if at is None:
        return 'never'
    seconds = (now() - at).total_seconds()
    return f'{int(seconds // 3600)} h' if seconds < 2 * DAY else f'{int(seconds // DAY)} days'


async def _jobs(actor: Actor) -> None:
    async def retry(actor: Actor, job_id: UUID) -> None:
        await status.retry_job(actor, job_id)
        toast('It runs again.')

    async def cancel(actor: Actor, job_id: UUID) -> None:
        await status.cancel_job(actor, job_id)
        toast('Cancelled.')

    actions: list[RowAction[JobRow]] = [
        RowAction('Run again', retry, 'sym_o_replay', when=lambda row: row.status in ('failed', 'cancelled')),
        RowAction('Cancel', cancel, 'sym_o_cancel', when=lambda row: row.status in ('waiting', 'running')),
    ]
    await DataTable(
        [
            Column('name', 'Job', value=lambda row: action_label(row.name)), Column('status', 'State', 'chip', _state),
            Column('run_at', 'Due', 'when'), Column('attempts', 'Tries', 'number'),
            Column('error', 'What went wrong', 'prose'),
        ],
        status.list_jobs, label='Jobs', search='', noun=('job', 'jobs'), live=[JobRow], sort='', descending=True,
        filters=[Filter('status', 'State', [(name, name.capitalize()) for name in TONES])],
        row_actions=actions if actor.may(status.MANAGE) else (),
    ).load()  # fmt: skip
