"""The jobs: what waits, runs and failed, with running one again."""

from uuid import UUID

from data.work import JobRow, JobStatus
from logic import status
from logic.core.actor import Actor
from logic.core.language import _
from ui.components import Chip, Column, DataTable, Filter, RowAction, toast
from ui.pages.audit.wording import action_label

TONES = {'waiting': 'blue', 'running': 'violet', 'done': 'green', 'failed': 'red', 'cancelled': 'grey'}


def _state(row: JobRow) -> Chip:
    return Chip(row.status.label, TONES[row.status])


async def jobs_of_all(actor: Actor) -> None:
    """List the jobs with what became of each, and with running one again."""

    async def retry(actor: Actor, job_id: UUID) -> None:
        await status.retry_job(actor, job_id)
        toast(_('It runs again.'))

    async def cancel(actor: Actor, job_id: UUID) -> None:
        await status.cancel_job(actor, job_id)
        toast(_('Cancelled.'))

    actions: list[RowAction[JobRow]] = [
        RowAction(_('Run again'), retry, 'sym_o_replay', when=lambda row: row.status in ('failed', 'cancelled')),
        RowAction(_('Cancel'), cancel, 'sym_o_cancel', when=lambda row: row.status in ('waiting', 'running')),
    ]
    await DataTable(
        [
            Column('name', _('Job'), value=lambda row: action_label(row.name)),
            Column('status', _('State'), 'chip', _state),
            Column('run_at', _('Due'), 'when'), Column('attempts', _('Tries'), 'number'),
            Column('error', _('What went wrong'), 'prose'),
        ],
        status.list_jobs, label=_('Jobs'), search='', noun=(_('job'), _('jobs')), live=[JobRow], sort='',
        descending=True,
        filters=[Filter('status', _('State'), [(one, one.label) for one in JobStatus])],
        row_actions=actions if actor.may(status.MANAGE) else (),
    ).load()  # fmt: skip
