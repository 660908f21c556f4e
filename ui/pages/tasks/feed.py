"""The calendar address of a person: his tasks in the calendar program that he uses anyway."""

from zoneinfo import ZoneInfo

from logic import tasks
from logic.core import config
from logic.core.actor import Actor
from logic.core.formats import day_text
from logic.core.language import _
from logic.tasks.domain import VIEW
from ui import shell
from ui.api.routing import PREFIX
from ui.components import Button, Card, CopyField, Head, Note, Region, Text, live, toast
from ui.guard import current_actor
from ui.shell import page


@page('/tasks/calendar-address', 'Calendar address', VIEW)
async def calendar_address(actor: Actor) -> None:  # noqa: ARG001  the guard asks for it
    """Subscribe to the own tasks, and end that."""
    shell.crumbs((_('My work'), '/my-work'), (_('Calendar address'), None))
    Head(
        _('My tasks in my calendar'),
        _("A private address that calendar programs read. It shows your tasks and nobody else's."),
    )
    fresh: list[str] = []
    regions: list[Region] = []

    async def make(actor: Actor) -> None:
        fresh[:] = [await tasks.make_feed(actor)]
        await regions[0].redraw()

    async def revoke(actor: Actor) -> None:
        await tasks.revoke_feed(actor)
        fresh.clear()
        toast(_('The address leads nowhere from now on.'))
        await regions[0].redraw()

    async def draw() -> None:
        actor = await current_actor()
        state = await tasks.my_feed(actor)
        made = _('Make a new one') if state.exists else _('Make an address')
        buttons = [Button(made, do=make, icon='sym_o_calendar_add_on', small=True)]
        if state.exists:
            buttons.append(Button(_('Revoke'), do=revoke, icon='sym_o_link_off', small=True, danger=True))
        with Card(_('Subscribe'), buttons):
            if fresh:
                address = f'{config.configured().address}{PREFIX}/tasks/feed.ics?token={fresh[0]}'
                Text(_('For programs that show tasks, such as Apple Reminders, Thunderbird and Tasks.org:'))
                CopyField(_('Address with tasks'), address)
                Text(_('For programs that show whole days only, such as Outlook and Google Calendar:'))
                CopyField(_('Address with whole days'), f'{address}&events=true')
                Note(_('It is shown once. Whoever has it sees your tasks: keep it as you keep a password.'), 'amber')
            elif state.exists and state.made_at is not None:
                made_on = day_text(state.made_at.astimezone(ZoneInfo(actor.zone)))
                Text(_('You have an address since {day}. A new one ends the old one.', day=made_on))
            else:
                Text(_('You have no address yet.'))
            Text(_('How often a program asks is up to it: Apple and Thunderbird within the hour, Outlook about every '
                   'three hours, Google up to once a day.'), quiet=True)  # fmt: skip

    regions.append(await live(draw=draw))
