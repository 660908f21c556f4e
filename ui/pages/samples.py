"""Sample data: invented people to look around with, loaded and removed with one click each."""

from logic import demo, organizations
from logic.core.actor import Actor
from logic.core.language import _, many
from logic.organizations import MANAGE
from ui import shell
from ui.components import Button, Buttons, Card, Head, Note, toast
from ui.shell import page


@page('/settings/samples', 'Sample data', MANAGE)
async def samples(actor: Actor) -> None:
    """How many there are, and the one click that is possible."""

    async def load(actor: Actor) -> None:
        count = await demo.load_sample_data(actor)
        toast(many('{count} invented person was added.', '{count} invented people were added.', count))
        await shell.refresh()

    async def remove(actor: Actor) -> None:
        count = await demo.remove_sample_data(actor)
        toast(many('{count} invented person was removed.', '{count} invented people were removed.', count))
        await shell.refresh()

    shell.crumbs((_('Settings'), '/settings'), (_('Sample data'), None))
    Head(_('Sample data'), _('Invented people with files and task lists, to look around with. Each of them is marked.'))
    if (await organizations.get_organization(actor)).is_demo:
        Note(_('This whole department is invented, and gone when the demo is stopped.'), 'blue', 'sym_o_science')
        return
    count = await demo.count_sample_people(actor)
    with Card(_('Invented people'), text=_state(count)):
        if count:
            Buttons(
                Button(_('Remove them'), do=remove, icon='sym_o_delete', danger=True),
                Button(_('Open the directory'), href='/members', icon='sym_o_group'),
            )
        else:
            Buttons(Button(_('Load sample data'), do=load, icon='sym_o_science', primary=True))


def _state(count: int) -> str:
    if not count:
        return _('There are none. Two dozen come with one click, and go with another one.')
    return many(
        'There is {count}. Removing it takes its files and tasks along, for good; your own people, records and tasks '
        'stay. Where it was put down as somebody’s manager, that place becomes empty.',
        'There are {count}. Removing them takes their files and tasks along, for good; your own people, records and '
        'tasks stay. Where one of them was put down as somebody’s manager, that place becomes empty.',
        count,
    )
