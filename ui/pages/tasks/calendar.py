"""The tasks of a list by the day on which they are due."""

from datetime import date, timedelta
from uuid import UUID

from data.tasks import Task
from logic import tasks
from logic.core.actor import Actor
from logic.core.language import _
from logic.core.listing import MAX_PAGE_SIZE, ListQuery
from logic.tasks import TaskChange
from ui.components import Calendar, CalendarEvent, FilterBar, Row, Shift, toast
from ui.pages.tasks import filters
from ui.pages.tasks.drawing import again, event

MOST_PAGES = 10
"""So many pages of tasks a calendar asks for; nobody reads more than a thousand in six weeks."""


async def draw(list_id: UUID, beside: Row, *, works: bool) -> None:
    """Draw the calendar of a list, narrowed as the address says; whoever works there drags what is due elsewhere."""

    async def fetch(actor: Actor, first: date, until: date) -> list[CalendarEvent]:
        within = {'list': [str(list_id)], 'due': [f'{first}..{until - timedelta(days=1)}']}
        asked = ListQuery(q=bar.query.q, page_size=MAX_PAGE_SIZE, sort='due', filters={**bar.query.filters, **within})
        found = await tasks.list_tasks(actor, asked)
        rows = list(found.rows)
        for number in range(2, 1 + min(MOST_PAGES, -(-found.total // MAX_PAGE_SIZE))):
            rows += (await tasks.list_tasks(actor, asked.model_copy(update={'page': number}))).rows
        filters.offer(bar, (one for row in rows for one in row.assignees), (one for row in rows for one in row.labels))
        bar.show(found.total)
        coming = [] if bar.is_on else await tasks.coming_tasks(actor, list_id, first, until)
        return [*(event(row, actor.zone) for row in rows), *(again(one, actor.zone) for one in coming)]

    async def move(actor: Actor, shift: Shift) -> None:
        before = (await tasks.get_task(actor, shift.id)).row
        await tasks.update_task(actor, shift.id, TaskChange(due=shift.start.date() if shift.all_day else shift.start))

        async def back(by: Actor) -> None:
            await tasks.update_task(by, shift.id, TaskChange(due=before.due_at or before.due_on))

        toast(_('Moved.'), undo=back)

    async def narrowed() -> None:
        await drawn.refresh()

    with beside:
        bar = FilterBar(filters.calendar_filters(), narrowed, search=_('Words or number'), noun=(_('task'), _('tasks')))
    drawn = Calendar(_('What is due'), fetch, move=move if works else None, live=[Task])
