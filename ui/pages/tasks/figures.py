"""How a list does: what is open, and how long its tasks take."""

from decimal import Decimal
from uuid import UUID

from data.tasks import Task, TaskStatus
from logic import tasks
from logic.core.actor import Actor
from logic.core.formats import number_text
from logic.core.language import _, many, sense
from logic.tasks import ListFigures
from ui.components import Card, Chart, Series, Text, Tile, Tiles, watch
from ui.guard import current_actor
from ui.pages.tasks import gone

DAY = 1440


async def draw(actor: Actor, list_id: UUID, *, works: bool) -> None:  # noqa: ARG001  nothing is changed here
    """Draw the figures, as they are now."""

    async def again() -> None:
        now = await tasks.list_figures(await current_actor(), list_id)
        drawn.change(tiles(now, list_id))
        chart.change([one.label for one in TaskStatus], [Series(_('Tasks'), counts(now))])
        spent.change(*by_person(now))

    found = await tasks.list_figures(actor, list_id)
    drawn = Tiles(tiles(found, list_id))
    with Card(_('Tasks by status')):
        chart = Chart(_('Tasks by status'), [one.label for one in TaskStatus], [Series(_('Tasks'), counts(found))])
        Text(_('Times are medians over what was done in the last 90 days: half of the tasks took longer.'), quiet=True)
    with Card(_('Time spent by person')):
        spent = Chart(_('Time spent by person'), *by_person(found), heading=_('Name'))
        Text(_('What was noted at the tasks of this list in the last 90 days, in minutes.'), quiet=True)
    watch(Task, call=gone.kindly(again, 'list'))


def counts(found: ListFigures) -> list[int]:
    """Return how many tasks have each status."""
    return [found.pending, found.in_progress, found.completed, found.cancelled]


def by_person(found: ListFigures) -> tuple[list[str], list[Series]]:
    """Return who noted time, and how much each."""
    return [name for name, _minutes in found.spent], [Series(_('Minutes'), [count for _name, count in found.spent])]


def tiles(found: ListFigures, list_id: UUID) -> list[Tile]:
    """Return the figures as tiles, each number with the list behind it."""
    table = f'/tasks/lists/{list_id}?as=table'
    return [
        Tile(sense('open tasks', 'Open'), found.pending + found.in_progress, 'sym_o_task_alt', 'brand', table),
        Tile(_('Overdue'), found.overdue, 'sym_o_schedule', 'red', f'{table}&due=overdue'),
        Tile(_('From added to done'), span(found.lead_minutes), 'sym_o_hourglass_empty', 'blue', None,
             many('{count} done in 90 days', '{count} done in 90 days', found.done_lately)),
        Tile(_('From begun to done'), span(found.cycle_minutes), 'sym_o_timer', 'violet'),
        Tile(_('Time spent'), span(found.spent_minutes or None), 'sym_o_more_time', 'brand', None, _('in 90 days')),
    ]  # fmt: skip


def span(minutes: int | None) -> str:
    """Return a time as a person says it."""
    if minutes is None:
        return '–'
    if minutes < 60:
        return _('{minutes} min', minutes=minutes)
    if minutes < DAY:
        return _('{hours} h', hours=number_text(round(Decimal(minutes) / 60, 1)))
    return _('{days} days', days=number_text(round(Decimal(minutes) / DAY, 1)))
