"""The calendar address of a person: his tasks in the calendar program that he uses anyway."""

from logic import tasks
from logic.core import config
from logic.core.actor import Actor
from logic.tasks.domain import VIEW
from ui import shell
from ui.api.routing import PREFIX
from ui.components import Button, Card, CopyField, Head, Note, Region, Text, live, toast
from ui.guard import current_actor
from ui.shell import page


@page('/tasks/calendar-address', 'Calendar address', VIEW)
async def calendar_address(actor: Actor) -> None:  # noqa: ARG001  the guard asks for it
    """Subscribe to the own tasks, and end that."""
    shell.crumbs(('My work', '/my-work'), ('Calendar address', None))
    Head(
        'My tasks in my calendar',
        "A private address that calendar programs read. It shows your tasks and nobody else's.",
    )
    fresh: list[str] = []
    regions: list[Region] = []

    async def make(actor: Actor) -> None:
        fresh[:] = [await tasks.make_feed(actor)]
        await regions[0].redraw()

    async def revoke(actor: Actor) -> None:
        await tasks.revoke_feed(actor)
        fresh.clear()
        toast('The address leads nowhere from now on.')
        await regions[0].redraw()

    async def draw() -> None:
        state = await tasks.my_feed(await current_actor())
        made = 'Make a new one' if state.exists else 'Make an address'
        buttons = [Button(made, do=make, icon='sym_o_calendar_add_on', small=True)]
        if state.exists:
            buttons.append(Button('Revoke', do=revoke, icon='sym_o_link_off', small=True, danger=True))
        with Card('Subscribe', buttons):
            if fresh:
                address = f'{config.configured().address}{PREFIX}/tasks/feed.ics?token={fresh[0]}'
                Text('For programs that show tasks, such as Apple Reminders, Thunderbird and Tasks.org:')
                CopyField('Address with tasks', address)
                Text('For programs that show whole days only, such as Outlook and Google Calendar:')
                CopyField('Address with whole days', f'{address}&events=true')
                Note('It is shown once. Whoever has it sees your tasks: keep it as you keep a password.', 'amber')
            elif state.exists and state.made_at is not None:
                Text(f'You have an address since {state.made_at:%d %b %Y}. A new one ends the old one.')
            else:
                Text('You have no address yet.')
            Text('How often a program asks is up to it: Apple and Thunderbird within the hour, Outlook about every '
                 'three hours, Google up to once a day.', quiet=True)  # fmt: skip

    regions.append(await live(draw=draw))
