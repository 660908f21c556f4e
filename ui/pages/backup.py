"""Backups: where they go, how long they stay, whether they can be restored."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from data.backup import BackupRun
from data.files import StoredFile
from data.work import JobRow
from logic import backup, organizations
from logic.core.actor import Actor
from logic.core.listing import ListQuery, Page, whole
from ui import shell
from ui.components import (
    Button,
    Buttons,
    Card,
    Chip,
    Column,
    DataTable,
    EmptyList,
    Fact,
    Facts,
    Form,
    Head,
    Note,
    live,
    toast,
)
from ui.guard import current_actor
from ui.shell import page

EXPLAINED = (
    'People, papers, records and the audit log in open formats that anybody reads without Logbook. '
    'Another Logbook takes it in by the command "import-department". Keep the file as safe as what is in it.'
)


class PlaceInput(BaseModel):
    """Where backups go."""

    model_config = ConfigDict(extra='forbid', str_strip_whitespace=True)

    backup_folder: Annotated[
        str, Field(title='Folder on the server', max_length=300, description='Best on another disk or machine.')
    ] = ''
    backup_keep_days: Annotated[int, Field(title='Days to keep', ge=1, le=3650)] = 14
    backup_hourly: Annotated[
        bool, Field(title='Also every hour in which somebody did something, as long as backups are below 1 GB')
    ] = True


@page('/settings/backup', 'Backup', backup.VIEW)
async def backups(actor: Actor) -> None:
    """The place, the runs, and the trials."""
    shell.crumbs(('Settings', '/settings'), ('Backup', None))

    async def now(actor: Actor) -> None:
        await backup.request_backup(actor)
        toast('A backup is being made. It appears below when it is done.')

    may = actor.may(backup.MANAGE)
    button = Button('Back up now', do=now, icon='sym_o_backup', primary=True)
    Head(
        'Backup',
        'Made every night, and every hour in which something changed; restored for trial every week.',
        [button] if may else (),
    )
    trial = await backup.last_trial(actor)
    if trial is None:
        Note(
            'No backup was restored for trial yet. The first trial is at the end of the week.', 'amber', 'sym_o_warning'
        )
    else:
        Note(f'Last restored for trial: {trial.tried_result}', 'green' if trial.tried_well else 'red', 'sym_o_verified')
    if may and actor.may(organizations.MANAGE):
        await _place(actor)
    if may:
        await _leaving()

    async def fetch(actor: Actor, _: ListQuery) -> Page[BackupRun]:
        return whole(await backup.list_backups(actor))

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
        form.checkbox('backup_hourly')


async def _leaving() -> None:
    """Everything of the department in one file, made by a job."""

    async def begin(actor: Actor) -> None:
        await backup.request_export(actor)
        toast('Everything is being exported. You may leave this page.')

    async def draw() -> None:
        state = await backup.export_state(await current_actor())
        buttons = [] if state.percent is not None else [
            Button('Export everything', do=begin, icon='sym_o_download_for_offline')
        ]  # fmt: skip
        with Card('Take everything with you', buttons, text=EXPLAINED):
            if state.percent is not None:
                Note(f'The export is being made: {state.percent} %.', 'blue', 'sym_o_hourglass_top')
            elif state.error:
                Note(f'The last export failed. {state.error}', 'red', 'sym_o_error')
            if state.file is not None and state.ends_at is not None:
                Facts([
                    Fact('Made', state.file.created_at, 'datetime'), Fact('Size', f'{state.file.size / 1e6:.1f} MB'),
                    Fact('Deleted here', state.ends_at, 'datetime'),
                ])  # fmt: skip
                Buttons(
                    Button(
                        'Download', href=f'/files/{state.file.id}', icon='sym_o_download', download=True, primary=True
                    )
                )

    await live(JobRow, StoredFile, draw=draw)
