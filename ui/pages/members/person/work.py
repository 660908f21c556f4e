"""Where somebody works and worked, and the life cycle of the membership."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar
from uuid import UUID

from logic import members
from logic.core.actor import Actor
from logic.core.listing import ListQuery, Page, whole
from logic.members import DepartureRow, JobRow, PersonView
from ui import shell
from ui.components import Button, Chip, Column, DataTable, RowAction, toast
from ui.pages.members.directory import status_chip
from ui.pages.members.person import forms, moves

RowT = TypeVar('RowT')
DEPARTURES = {'planned': 'amber', 'cancelled': 'grey', 'carried out': 'blue'}


async def draw(actor: Actor, person: PersonView) -> None:
    """Job rows by date, moves between statuses, and departures."""
    found = await members.membership_history(actor, person.id)

    async def remove(actor: Actor, row_id: UUID) -> None:
        await members.remove_job_change(actor, row_id)
        toast('Taken back. The row before it counts on.')
        await shell.refresh()

    change = [Button('Change job', do=forms.opens(moves.job, person), icon='sym_o_edit_calendar', small=True)]
    await DataTable(
        [
            Column('from_on', 'From', 'date'),
            Column('last_on', 'Until', 'date'),
            Column('department', 'Department'),
            Column('title', 'Title', value=lambda row: row.title or row.rank),
            Column('manager', 'Manager'),
            Column('state', 'State', 'chip', _state),
            Column('reason', 'Reason', hidden=True),
        ],
        _all(found.jobs), label='Job history', search='', noun=('row', 'rows'), prefix='j-',
        buttons=change if person.may_edit else (),
        row_actions=[RowAction('Take back', remove, 'sym_o_undo')] if person.may_edit else (),
    ).load()  # fmt: skip
    await DataTable(
        [
            Column('on', 'From', 'date'),
            Column('after', 'Status', 'chip', lambda row: status_chip(row.after)),
            Column('reason', 'Reason'),
        ],
        _all(found.statuses), label='Status history', search='', noun=('change', 'changes'), prefix='s-',
    ).load()  # fmt: skip
    if found.departures:
        await _departures(found.departures)


async def _departures(rows: list[DepartureRow]) -> None:
    await DataTable(
        [
            Column('last_on', 'Last day', 'date'), Column('reason', 'Reason'),
            Column('is_voluntary', 'By own wish', 'flag'),
            Column('state', 'State', 'chip', lambda row: Chip(row.state.capitalize(), DEPARTURES[row.state])),
        ],
        _all(rows), label='Departures', search='', noun=('departure', 'departures'), prefix='d-',
    ).load()  # fmt: skip


def _all(rows: Sequence[RowT]) -> Callable[[Actor, ListQuery], Awaitable[Page[RowT]]]:
    async def fetch(_actor: Actor, _asked: ListQuery) -> Page[RowT]:
        return whole(rows)

    return fetch


def _state(row: JobRow) -> Chip:
    if row.is_current:
        return Chip('Now', 'green')
    return Chip('Past') if row.last_on else Chip('Planned', 'blue')
