"""Backups: where they go, how long they stay, whether they can be restored."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from data.backup import BackupRun
from logic import backup, organizations
from logic.core.actor import Actor
from logic.core.listing import ListQuery, Page
from ui import shell
from ui.components import Button, Card, Chip, Column, DataTable, EmptyList, Form, Head, Note, toast
from ui.shell import page


class PlaceInput(BaseModel):
    """Where backups go."""

    model_config = ConfigDict(extra='forbid', str_strip_whitespace=True)

    backup_folder: Annotated[
        str, Field(title='Folder on the server', max_length=300, description='Best on another disk or machine.')
    ] = ''
    backup_keep_days: Annotated[int, Field(title='Days to keep', ge=1, le=3650)] = 14


@page('/settings/backup', 'Backup', backup.VIEW)
async def backups(actor: Actor) -> None:
    """The place, the runs, and the trials."""
    shell.crumbs(('Settings', '/settings'), ('Backup', None))

    async def now(actor: Actor) -> None:
        await backup.request_backup(actor)
        toast('A backup is being made. It appears below when it is done.')

    may = actor.may(backup.MANAGE)
    button = Button('Back up now', do=now, icon='sym_o_backup', primary=True)
    Head('Backup', 'Made every night while Logbook works, and restored for trial every week.', [button] if may else ())
    trial = await backup.last_trial(actor)
    if trial is None:
        Note(
            'No backup was restored for trial yet. The first trial is at the end of the week.', 'amber', 'sym_o_warning'
        )
    else:
        Note(f'Last restored for trial: {trial.tried_result}', 'green' if trial.tried_well else 'red', 'sym_o_verified')
    if may and actor.may(organizations.MANAGE):
        await _place(actor)

    async def fetch(actor: Actor, _: ListQuery) -> Page[BackupRun]:
        rows = await backup.list_backups(actor)
        return Page(rows, len(rows), 1, max(len(rows), 1))

    await DataTable(
        [
            Column('finished_at', 'When', 'datetime'),
            Column('size', 'Size', value=lambda row: f'{row.size / 1e6:.1f} MB' if row.size else ''),
            Column('place', 'Where', 'prose'),
            Column('state', 'State', 'chip', lambda row: Chip('Failed', 'red') if row.error else Chip('Good', 'green')),
            Column('error', 'What went wrong', 'prose'),
        ],
        fetch, label='Backups', search='', noun=('backup', 'backups'), live=[BackupRun],
        empty=EmptyList('No backup yet', 'The first one is made tonight, or now by the button above.', 'sym_o_backup'),
    ).load()  # fmt: skip


async def _place(actor: Actor) -> None:
    organization = await organizations.get_organization(actor)

    async def save(actor: Actor, data: PlaceInput) -> None:
        await organizations.change_settings(actor, **data.model_dump())
        toast('Saved.')

    with Card('Where backups go', text='Archives are encrypted. Keep the key that the set-up printed apart from them.'):
        form = Form(PlaceInput, save, value=organization.settings)
        form.text('backup_folder', span=8)
        form.number('backup_keep_days', span=4)
