"""My work: one inbox of what waits for me, from all modules, each with its action on the row."""

from data.tasks import Task, TaskAssignee
from logic import home
from logic.core import waiting
from logic.core.actor import Actor
from logic.core.language import _
from logic.core.service import SIGNED_IN
from logic.tasks.domain import ADD, VIEW, domain
from ui.components import Attention, Button, Card, Empty, Head, live
from ui.guard import current_actor
from ui.pages.tasks import mine, quick
from ui.shell import Nav, page
from ui.waiting import drawn

MOST = 100
BY_DATE = 'task'
"""The kind that stands below, by date and with what has no date."""


@page('/my-work', 'My work', SIGNED_IN, nav=Nav(icon='sym_o_check_circle', order=2, key='w'))
async def my_work(actor: Actor) -> None:
    """What waits for a decision or an act of mine, and then my tasks by date."""
    has_tasks = actor.may(VIEW) and domain.name not in actor.modules_off
    may_add = has_tasks and actor.may(ADD)
    more = [Button(_('In my calendar'), href='/tasks/calendar-address', icon='sym_o_calendar_add_on')]
    add = [Button(_('Add task'), do=quick.opens(), icon='sym_o_add', primary=True, create=True)]
    buttons = [*(more if has_tasks else ()), *(add if may_add else ())]
    Head(_('My work'), _('What waits for you, and what you wait for.'), buttons)
    if may_add:
        with Card():
            quick.place()

    async def draw() -> None:
        actor = await current_actor()
        found = await home.waiting_for_me(actor, MOST, (BY_DATE,))
        if found.rows:
            Attention(drawn(found.rows), total=found.total)
        shown = await mine.sections(actor) if has_tasks else 0
        if not found.rows and not shown:
            Empty('sym_o_check_circle', _('Nothing waits for you'),
                  _('What is given to you, falls due or needs your decision appears here.'))  # fmt: skip

    await live(*waiting.models(), Task, TaskAssignee, draw=draw)
