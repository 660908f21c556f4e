"""Where somebody works and worked, and the life cycle of the membership."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar
from uuid import UUID

from logic import members
from logic.core.actor import Actor
from logic.core.language import _, later, sense
from logic.core.listing import ListQuery, Page, whole
from logic.members import DepartureRow, JobRow, PersonView
from ui import shell
from ui.components import Button, Chip, Column, DataTable, RowAction, toast
from ui.components.rows import chosen
from ui.pages.members.directory import status_chip
from ui.pages.members.person import forms, moves

RowT = TypeVar('RowT')
DEPARTURES = {'planned': 'amber', 'cancelled': 'grey', 'carried out': 'blue'}
DEPARTED = {'planned': later('Planned'), 'cancelled': later('Cancelled'), 'carried out': later('Carried out')}


async def draw(actor: Actor, person: PersonView) -> None:
    """Job rows by date, moves between statuses, and departures."""
    found = await members.membership_history(actor, person.id)

    async def remove(actor: Actor, row_id: UUID) -> None:
        await members.remove_job_change(actor, row_id)
        toast(_('Taken back. The row before it counts on.'))
        await shell.refresh()

    async def correct(actor: Actor, row_id: UUID) -> None:
        await moves.correct(actor, chosen(found.jobs, row_id))

    change = [Button(_('Change job'), do=forms.opens(moves.job, person), icon='sym_o_edit_calendar', small=True)]
    await DataTable(
        [
            Column('from_on', _('From'), 'date'),
            Column('last_on', _('Until'), 'date'),
            Column('department', sense('a unit', 'Department')),
            Column('rank', _('Rank')),
            Column('title', sense('of a job', 'Title'), value=lambda row: '' if row.title == row.rank else row.title),
            Column('manager', _('Manager')),
            Column('state', _('State'), 'chip', _state),
            Column('reason', _('Reason'), hidden=True),
        ],
        _all(found.jobs), label=_('Job history'), search='', noun=(_('row'), _('rows')), prefix='j-',
        buttons=change if person.may_edit else (),
        row_actions=[
            RowAction(_('Correct'), correct, 'sym_o_edit'), RowAction(_('Take back'), remove, 'sym_o_undo'),
        ] if person.may_edit else (),
    ).load()  # fmt: skip
    await DataTable(
        [
            Column('on', _('From'), 'date'),
            Column('after', _('Status'), 'chip', lambda row: status_chip(row.after)),
            Column('reason', _('Reason')),
        ],
        _all(found.statuses), label=_('Status history'), search='', noun=(_('change'), _('changes')), prefix='s-',
    ).load()  # fmt: skip
    if found.departures:
        await _departures(found.departures)


async def _departures(rows: list[DepartureRow]) -> None:
    await DataTable(
        [
            Column('last_on', _('Last day'), 'date'), Column('reason', _('Reason')),
            Column('is_voluntary', _('By own wish'), 'flag'),
            Column('state', _('State'), 'chip', lambda row: Chip(DEPARTED[row.state], DEPARTURES[row.state])),
        ],
        _all(rows), label=_('Departures'), search='', noun=(_('departure'), _('departures')), prefix='d-',
    ).load()  # fmt: skip


def _all(rows: Sequence[RowT]) -> Callable[[Actor, ListQuery], Awaitable[Page[RowT]]]:
    async def fetch(_actor: Actor, _asked: ListQuery) -> Page[RowT]:
        return whole(rows)

    return fetch


def _state(row: JobRow) -> Chip:
    if row.is_current:
        return Chip(_('Now'), 'green')
    return Chip(_('Past')) if row.last_on else Chip(_('Planned'), 'blue')
