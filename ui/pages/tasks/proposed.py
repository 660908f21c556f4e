"""What an import of tasks would do: the dry run in figures and row by row."""

from dataclasses import dataclass, field
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from logic import tasks
from logic.core.actor import Actor
from logic.core.language import _, later, many
from logic.core.listing import ListQuery, Page, paged
from logic.tasks import TaskImportDone, TaskImportPlan, TaskImportRow
from logic.tasks.imports import Read
from ui.components import (
    Button,
    Chip,
    Column,
    DataTable,
    Filter,
    FormDialog,
    Head,
    Note,
    Region,
    Tile,
    Tiles,
)
from ui.components.blocks import Tone
from ui.pages.tasks import adding

FATES: dict[str, tuple[str, Tone]] = {
    'new': (later('New'), 'green'), 'noted': (later('New, with a note'), 'amber'), 'refused': (later('Refused'), 'red'),
}  # fmt: skip


class TargetForm(BaseModel):
    """Where all tasks of a file go."""

    model_config = ConfigDict(extra='forbid')

    list_id: Annotated[UUID | None, Field(title=later('List'))] = None


@dataclass(slots=True)
class Proposal:
    """What is on its way on one page."""

    name: str = ''
    read: Read = field(default_factory=lambda: Read('', []))
    list_id: UUID | None = None
    plan: TaskImportPlan | None = None
    done: TaskImportDone | None = None
    region: Region | None = None

    async def redraw(self) -> None:
        """Draw where it stands now."""
        assert self.region is not None
        await self.region.redraw()


async def draw_plan(proposal: Proposal, plan: TaskImportPlan) -> None:
    """Draw the dry run; nothing is stored yet."""

    async def apply(actor: Actor) -> None:
        proposal.done = await tasks.import_tasks(actor, proposal.read, proposal.name, proposal.list_id)
        await proposal.redraw()

    async def anew(actor: Actor) -> None:  # noqa: ARG001
        proposal.plan, proposal.list_id = None, None
        await proposal.redraw()

    async def into(actor: Actor, data: TargetForm) -> None:
        proposal.plan = await tasks.plan_task_import(actor, proposal.read, data.list_id)
        proposal.list_id = data.list_id
        await proposal.redraw()

    async def choose(actor: Actor) -> None:
        lists = [(one.id, one.title) for one in await adding.may_add_to(actor)]
        value = {'list_id': proposal.list_id}
        dialog = FormDialog(_('Where do they go?'), TargetForm, into, value=value, label=_('Choose'))
        dialog.select('list_id', lists, none=_('To the lists that the file names'))

    async def fetch(actor: Actor, asked: ListQuery) -> Page[TaskImportRow]:  # noqa: ARG001  it was read for him
        wanted = asked.values('fate')
        rows = [row for row in plan.rows if asked.q.lower() in row.title.lower()]
        return paged([row for row in rows if not wanted or _fate(row) in wanted], asked)

    buttons = [Button(_('Another file'), do=anew, icon='sym_o_upload'),
               Button(_('Into one list'), do=choose, icon='sym_o_view_kanban')]  # fmt: skip
    if plan.new_count:
        label = many('Import {count} task', 'Import {count} tasks', plan.new_count)
        buttons.append(Button(label, do=apply, icon='sym_o_check', primary=True))
    text = _('{file}, read as {kind}. Nothing is stored yet.', file=proposal.name, kind=plan.source)
    Head(_('What would happen'), text, buttons)
    Tiles(_tiles(plan))
    if plan.new_lists:
        names = ', '.join(plan.new_lists)
        Note(_('New lists, seen by you alone until you share them: {names}.', names=names), 'blue')
    await DataTable(
        [
            Column('title', _('Task'), value=lambda row: row.title or _('(no title)')),
            Column('place', _('Row'), 'number'),
            Column('in_list', _('List'), value=lambda row: row.in_list or _('My inbox')),
            Column('fate', _('What happens'), 'chip', lambda row: Chip(*FATES[_fate(row)])),
            Column('notes', _('Why, or what is left out'), 'prose', lambda row: ' '.join(row.notes)),
        ],
        fetch, label=_('Rows of the file'), key=lambda row: UUID(int=row.place), noun=(_('row'), _('rows')),
        search=_('Title'),
        filters=[Filter('fate', _('What happens'), [(name, FATES[name][0]) for name in FATES])],
    ).load()  # fmt: skip


def _tiles(plan: TaskImportPlan) -> list[Tile]:
    icons = {'new': 'sym_o_add_circle', 'noted': 'sym_o_info', 'refused': 'sym_o_block'}
    return [
        Tile(label, sum(_fate(row) == name for row in plan.rows), icons[name], tone)
        for name, (label, tone) in FATES.items()
    ]


def _fate(row: TaskImportRow) -> str:
    return 'refused' if row.is_refused else 'noted' if row.notes else 'new'
