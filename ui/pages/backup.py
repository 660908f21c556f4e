"""Backups: where they go, how long they stay, whether they can be restored."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from data.backup import BackupRun
from data.files import StoredFile
from data.work import JobRow
from logic import backup, organizations
from logic.core.actor import Actor
from logic.core.formats import size_text
from logic.core.language import _, later
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

EXPLAINED = later(
    'People, papers, records and the audit log in open formats that anybody reads without Logbook. '
    'Another Logbook takes it in by the command "import-department". Keep the file as safe as what is in it.'
)


class PlaceInput(BaseModel):
    """Where backups go."""

    model_config = ConfigDict(extra='forbid', str_strip_whitespace=True)

    backup_folder: Annotated[
        str,
        Field(
            title=later('Folder on the server'),
            max_length=300,
            description=later('Best on another disk or machine.'),
        ),
    ] = ''
    backup_keep_days: Annotated[int, Field(title=later('Days to keep'), ge=1, le=3650)] = 14
    backup_hourly: Annotated[
        bool, Field(title=later('Also every hour in which somebody did something, as long as backups are below 1 GB'))
    ] = True


@page('/settings/backup', 'Backup', backup.VIEW)
async def backups(actor: Actor) -> None:
    """The place, the runs, and the trials."""
    shell.crumbs((_('Settings'), '/settings'), (_('Backup'), None))

    async def now(actor: Actor) -> None:
        await backup.request_backup(actor)
        toast(_('A backup is being made. It appears below when it is done.'))

    may = actor.may(backup.MANAGE)
    button = Button(_('Back up now'), do=now, icon='sym_o_backup', primary=True)
    Head(
        _('Backup'),
        _('Made every night, and every hour in which something changed; restored for trial every week.'),
        [button] if may else (),
    )
    trial = await backup.last_trial(actor)
    if trial is None:
        text = _('No backup was restored for trial yet. The first trial is at the end of the week.')
        Note(text, 'amber', 'sym_o_warning')
    else:
        text = _('Last restored for trial: {result}', result=backup.trial_text(trial))
        Note(text, 'green' if trial.tried_well else 'red', 'sym_o_verified')
    if may and actor.may(organizations.MANAGE):
        await _place(actor)
    if may:
        await _leaving()

    async def fetch(actor: Actor, _query: ListQuery) -> Page[BackupRun]:
        return whole(await backup.list_backups(actor))

    await DataTable(
        [
            Column('finished_at', _('When'), 'datetime'),
            Column('size', _('Size'), value=lambda row: size_text(row.size) if row.size else ''),
            Column('place', _('Where'), 'prose'),
            Column('state', _('State'), 'chip', _state),
            Column('error', _('What went wrong'), 'prose'),
        ],
        fetch, label=_('Backups'), search='', noun=(_('backup'), _('backups')), live=[BackupRun],
        empty=EmptyList(
            _('No backup yet'), _('The first one is made tonight, or now by the button above.'), 'sym_o_backup'
        ),
    ).load()  # fmt: skip


def _state(row: BackupRun) -> Chip:
    return Chip(_('Failed'), 'red') if row.error else Chip(_('Good'), 'green')


async def _place(actor: Actor) -> None:
    organization = await organizations.get_organization(actor)

    async def save(actor: Actor, data: PlaceInput) -> None:
        await organizations.change_settings(actor, **data.model_dump())
        toast(_('Saved.'))

    text = _('Archives are encrypted. Keep the key that the set-up printed apart from them.')
    with Card(_('Where backups go'), text=text):
        form = Form(PlaceInput, save, value=organization.settings)
        form.text('backup_folder', span=8)
        form.number('backup_keep_days', span=4)
        form.checkbox('backup_hourly')


async def _leaving() -> None:
    """Everything of the department in one file, made by a job."""

    async def begin(actor: Actor) -> None:
        await backup.request_export(actor)
        toast(_('Everything is being exported. You may leave this page.'))

    async def draw() -> None:
        state = await backup.export_state(await current_actor())
        buttons = [] if state.percent is not None else [
            Button(_('Export everything'), do=begin, icon='sym_o_download_for_offline')
        ]  # fmt: skip
        with Card(_('Take everything with you'), buttons, text=EXPLAINED):
            if state.percent is not None:
                Note(_('The export is being made: {percent} %.', percent=state.percent), 'blue', 'sym_o_hourglass_top')
            elif state.error:
                Note(_('The last export failed. {reason}', reason=state.error), 'red', 'sym_o_error')
            if state.file is not None and state.ends_at is not None:
                Facts([
                    Fact(_('Made'), state.file.created_at, 'datetime'), Fact(_('Size'), size_text(state.file.size)),
                    Fact(_('Deleted here'), state.ends_at, 'datetime'),
                ])  # fmt: skip
                href = f'/files/{state.file.id}'
                Buttons(Button(_('Download'), href=href, icon='sym_o_download', download=True, primary=True))

    await live(JobRow, StoredFile, draw=draw)
