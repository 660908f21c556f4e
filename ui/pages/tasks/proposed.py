"""What an import of tasks would do: the dry run in figures and row by row."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from logic.core.actor import Actor
from logic.core.formats import number_text
from logic.core.language import _, later, many
from logic.core.listing import ListQuery, Page, paged
from logic.tasks import TaskImportPlan, TaskImportRow
from logic.tasks.imports import TaskFate, runs
from logic.tasks.imports.runs import TaskImportRun
from ui import shell
from ui.components import (
    Button,
    Chip,
    Column,
    DataTable,
    Filter,
    FormDialog,
    Head,
    Note,
    Tile,
    Tiles,
)
from ui.components.blocks import Tone
from ui.pages.tasks import adding

FATES: dict[str, tuple[str, Tone]] = {
    'new': (later('New'), 'green'), 'noted': (later('New, with a note'), 'amber'), 'update': (later('Changed'), 'blue'),
    'same': (later('Same'), 'grey'), 'refused': (later('Refused'), 'red'),
}  # fmt: skip
ICONS = {
    'new': 'sym_o_add_circle', 'noted': 'sym_o_info', 'update': 'sym_o_edit', 'same': 'sym_o_check',
    'refused': 'sym_o_block',
}  # fmt: skip


class TargetForm(BaseModel):
    """Where all tasks of a file go."""

    model_config = ConfigDict(extra='forbid')

    list_id: Annotated[UUID | None, Field(title=later('List'))] = None


async def draw_plan(run: TaskImportRun, plan: TaskImportPlan) -> None:
    """Draw the dry run; nothing is stored yet."""

    async def apply(actor: Actor) -> None:
        await runs.apply(actor, run.id)
        await shell.refresh()

    async def into(actor: Actor, data: TargetForm) -> None:
        await runs.choose(actor, run.id, data.list_id)
        await shell.refresh()

    async def choose(actor: Actor) -> None:
        lists = [(one.id, one.title) for one in await adding.may_add_to(actor)]
        value = {'list_id': run.list_id}
        dialog = FormDialog(_('Where do they go?'), TargetForm, into, value=value, label=_('Choose'))
        dialog.select('list_id', lists, none=_('To the lists that the file names'))

    async def fetch(actor: Actor, asked: ListQuery) -> Page[TaskImportRow]:  # noqa: ARG001  it was read for him
        wanted = asked.values('fate')
        rows = [row for row in plan.rows if asked.q.lower() in row.title.lower()]
        return paged([row for row in rows if not wanted or _fate(row) in wanted], asked)

    async def ask(actor: Actor) -> None:
        runs.ask_again(actor, run.id)
        await shell.refresh()

    buttons = [Button(_('Another file'), href='/tasks/import', icon='sym_o_upload'),
               Button(_('Into one list'), do=choose, icon='sym_o_view_kanban')]  # fmt: skip
    if run.read.table is not None:
        buttons.insert(1, Button(_('Change columns'), do=ask, icon='sym_o_view_column'))
    if taken := plan.new_count + plan.update_count:
        label = many('Import {count} task', 'Import {count} tasks', taken)
        buttons.append(Button(label, do=apply, icon='sym_o_check', primary=True))
    text = _('{file}, read as {kind}. Nothing is stored yet.', file=run.name, kind=plan.source)
    Head(_('What would happen'), text, buttons)
    Tiles(_tiles(plan))
    _notes(plan)
    await DataTable(
        [
            Column('title', _('Task'), value=lambda row: row.title or _('(no title)')),
            Column('place', _('Row'), 'number'),
            Column('in_list', _('List'), value=lambda row: row.in_list or _('My inbox')),
            Column('fate', _('What happens'), 'chip', lambda row: Chip(*FATES[_fate(row)])),
            Column('notes', _('Why, or what changes'), 'prose', _why),
        ],
        fetch, label=_('Rows of the file'), key=lambda row: UUID(int=row.place), noun=(_('row'), _('rows')),
        search=_('Title'),
        filters=[Filter('fate', _('What happens'), [(name, FATES[name][0]) for name in FATES])],
    ).load()  # fmt: skip


def _notes(plan: TaskImportPlan) -> None:
    if here := plan.update_count + plan.same_count:
        text = many(
            '{count} row is a task that is already here: no new one is made of it.',
            '{count} rows are tasks that are already here: no new ones are made of them.', here,
        )  # fmt: skip
        stays = _('How tasks come again, their checklists, custom fields and places stay as they are.')
        Note(f'{text} {stays}', 'blue')
    if plan.comment_count:
        said = many('{count} comment comes along.', '{count} comments come along.', plan.comment_count)
        Note(f'{said} {_("They stand under your name, and each begins with who wrote it and when.")}', 'blue')
    if plan.spent_minutes:
        minutes = number_text(plan.spent_minutes)
        Note(_('{minutes} min of time spent come along, for those who spent them.', minutes=minutes), 'blue')
    if plan.new_lists:
        names = ', '.join(plan.new_lists)
        Note(_('New lists, seen by you alone until you share them: {names}.', names=names), 'blue')


def _tiles(plan: TaskImportPlan) -> list[Tile]:
    return [
        Tile(label, sum(_fate(row) == name for row in plan.rows), ICONS[name], tone)
        for name, (label, tone) in FATES.items()
    ]


def _fate(row: TaskImportRow) -> str:
    return 'noted' if row.fate is TaskFate.NEW and row.notes else row.fate.value


def _why(row: TaskImportRow) -> str:
    return ' '.join([*row.notes, '; '.join(row.changes)])
