"""What is still open for a departure: given to somebody else, done, or opened, one by one or many at once."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from data.identity import PositionHolding
from data.members import ChecklistItem, DepartmentHead, JobChange
from data.tasks import Task, TaskAssignee, TaskList
from logic.core.actor import Actor
from logic.core.language import _, later, many
from logic.core.listing import ListQuery, Page, paged
from logic.members import DepartureView, OpenThing, PersonView, leaving
from ui import shell
from ui.components import BulkAction, Column, DataTable, FormDialog, Note, RowAction, Selection, toast
from ui.pages.members.person import checklists
from ui.pages.tasks import cells
from ui.search import search_people

LIVE = [JobChange, PositionHolding, DepartmentHead, ChecklistItem, Task, TaskAssignee, TaskList]


@dataclass(frozen=True, slots=True)
class Row:
    """Something open, with its kind."""

    id: UUID
    kind: str
    group: str
    thing: OpenThing
    may_give: bool


class Heir(BaseModel):
    """Who takes over."""

    model_config = ConfigDict(extra='forbid')

    to_id: Annotated[UUID, Field(title=later('Who takes it over'))]


async def draw(person: PersonView, found: DepartureView) -> None:
    """Draw what is open of every kind, as one list."""
    _say_hidden(person, found)
    if not any(group.things for group in found.groups):
        return

    async def fetch(actor: Actor, asked: ListQuery) -> Page[Row]:
        return paged(await _rows(actor, person), asked)

    async def give(actor: Actor, selection: Selection) -> FormDialog[Heir] | None:
        chosen = [row for row in await _rows(actor, person) if selection.all or row.id in selection.ids]
        if given := [row for row in chosen if row.may_give]:
            return _give(person, given)
        toast(_('None of these can be given to somebody else. Open them to decide.'), 'warning')
        return None

    async def give_one(actor: Actor, thing_id: UUID) -> None:
        await give(actor, Selection(ids=[thing_id]))

    await DataTable(
        [Column('title', _('What'), value=lambda row: row.thing.title), Column('group', _('Kind'))],
        fetch, label=_('Still open'), search='', prefix='o-', noun=(_('thing'), _('things')),
        href=lambda row: row.thing.link, row_label=lambda row: row.thing.title, live=LIVE,
        row_actions=[
            RowAction(_('Give to'), give_one, 'sym_o_forward', when=lambda row: row.may_give),
            RowAction(_('Complete'), cells.complete, 'sym_o_check_circle', when=lambda row: row.kind == 'tasks'),
            RowAction(
                _('Tick off'), checklists.tick, 'sym_o_check', when=lambda row: row.kind in ('checklist', 'duties')
            ),
        ],
        bulk=[BulkAction(_('Give to'), give, 'sym_o_forward')],
    ).load()  # fmt: skip


async def _rows(actor: Actor, person: PersonView) -> list[Row]:
    groups = (await leaving.departure_overview(actor, person.id)).groups
    return [
        Row(one.id, group.name, group.title, one, group.giving is not None)
        for group in groups
        for one in group.things
        if one.id
    ]


def _say_hidden(person: PersonView, found: DepartureView) -> None:
    if hidden := sum(group.hidden for group in found.groups):
        text = many(
            '{count} more is open that you may not see. {name} can hand it over.',
            '{count} more are open that you may not see. {name} can hand them over.', hidden, name=person.name,
        )  # fmt: skip
        Note(text, 'amber', 'sym_o_visibility_off')


def _give(person: PersonView, rows: list[Row]) -> FormDialog[Heir]:
    async def save(actor: Actor, data: Heir) -> None:
        given = await leaving.hand_over(actor, person.id, [row.id for row in rows], data.to_id)
        toast(many('{count} thing handed over.', '{count} things handed over.', given))
        await shell.refresh()

    names = '; '.join(row.thing.title for row in rows[:5]) + ('; …' if len(rows) > 5 else '')
    dialog = FormDialog(_('Give to'), Heir, save, label=_('Give'), text=names)
    dialog.person('to_id', search_people)
    return dialog
