"""Backups: where they go, how long they stay, whether they can be restored."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from data.backup import BackupRun
from logic import backup, organizations
from logic.backup import BackupRow
from logic.core.actor import Actor
from logic.core.formats import size_text
from logic.core.language import _, later
from logic.core.listing import ListQuery, Page, paged
from ui import shell
from ui.components import Button, Card, Chip, Column, DataTable, EmptyList, Form, Head, Note, toast
from ui.pages.backup.leaving import leaving
from ui.shell import page


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
    if may and await organizations.is_first(actor):
        await _recovery(actor)
    if may and actor.may(organizations.MANAGE):
        await _place(actor)
    if may:
        await leaving()

    async def fetch(actor: Actor, query: ListQuery) -> Page[BackupRow]:
        return paged(await backup.list_backups(actor), query)

    await DataTable(
        [
            Column('at', _('When'), 'datetime'),
            Column('size', _('Size'), value=lambda row: size_text(row.size) if row.size else ''),
            Column('how', _('How it was made')),
            Column('place', _('Where'), 'prose'),
            Column('state', _('State'), 'chip', _state),
            Column('error', _('What went wrong'), 'prose'),
        ],
        fetch, label=_('Backups'), search='', noun=(_('backup'), _('backups')), live=[BackupRun],
        empty=EmptyList(
            _('No backup yet'), _('The first one is made tonight, or now by the button above.'), 'sym_o_backup'
        ),
    ).load()  # fmt: skip


def _state(row: BackupRow) -> Chip:
    if row.error:
        return Chip(_('Failed'), 'red')
    return Chip(_('Good'), 'green') if row.how else Chip(_('Unknown'))


async def _recovery(actor: Actor) -> None:
    state = await backup.recovery_state(actor)
    text = _('The key that opens backups, on paper. Without it no backup opens on another computer.')
    button = Button(_('Recovery sheet'), href='/recovery-sheet', icon='sym_o_print')
    with Card(_('Recovery sheet'), [button], text=text):
        if state.is_kept:
            Note(_('Somebody keeps the sheet of the present keys.'), 'green', 'sym_o_verified')
        else:
            Note(_('Nobody has said yet that he keeps the sheet of the present keys.'), 'amber', 'sym_o_warning')


async def _place(actor: Actor) -> None:
    organization = await organizations.get_organization(actor)

    async def save(actor: Actor, data: PlaceInput) -> None:
        await organizations.change_settings(actor, **data.model_dump())
        toast(_('Saved.'))

    text = _('Archives are encrypted. The keys to them stand on the recovery sheet: keep that apart from them.')
    with Card(_('Where backups go'), text=text):
        form = Form(PlaceInput, save, value=organization.settings)
        form.text('backup_folder', span=8)
        form.number('backup_keep_days', span=4)
        form.checkbox('backup_hourly')
