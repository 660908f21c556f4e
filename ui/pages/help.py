"""Help: what each area is for, the keys, and whom to ask; in the same place on every screen."""

from logic.core.actor import Actor
from logic.core.language import _, later
from logic.core.service import SIGNED_IN
from logic.identity.positions import who_helps
from ui.components import Attention, Card, Fact, Facts, Grid, Head, People, Person, Text, Waiting
from ui.shell import PageEntry, page, pages

AREAS = {
    '/': later('What waits for you, and how the department stands. Look here first.'),
    '/my-work': later('What waits for you to decide or do, and your tasks by the day on which they are due.'),
    '/tasks': later('Everybody’s tasks that you may see, as lists and on boards.'),
    '/members': later('The people: find somebody, open a file, add, import and export.'),
    '/positions': later('Offices and what each one permits. Rights come from here only.'),
    '/access': later('Who signs in: invitations, lost passwords and lost second factors.'),
    '/audit': later('Who did what and when. Nobody can change it unseen, and an outsider can check it.'),
    '/status': later('Whether all is well: disk, mail, backups, jobs.'),
    '/settings': later('Everything that the department decides, with a search.'),
}
KEYS = (
    ('Ctrl K', later('Find people, pages and actions')),
    ('?', later('Show all keys')),
    ('/', later('Search in the list that is open')),
    ('C', later('Add something new')),
    (later('G, then a letter'), later('Go to an area: G H is home, G M the directory')),
    ('Esc', later('Close what is open')),
)
QUESTIONS = (
    (later('I cannot see something that others see'),
     later('What you see follows from your positions. Ask the people below.')),
    (later('My telephone with the codes is gone'),
     later('Sign in with a recovery code. Without one, two administrators remove the lost factor together.')),
    (later('Something of me is wrong'), later('Open your file and ask for the change; somebody approves it.')),
    (later('I did something by mistake'),
     later('Press Undo in the message below. Later, look at the activity of the record.')),
    (later('A page shows a number and says that something broke'), later('Give the number to the people below.')),
)  # fmt: skip


@page('/help', 'Help', SIGNED_IN)
async def help_page(actor: Actor) -> None:
    """What each area is for, the keys, and whom to ask."""
    Head(_('Help'), _('What is where, how to get there, and whom to ask.'))
    with Grid():
        areas = [
            Waiting(one.title, AREAS[one.path], one.nav.icon, 'brand', one.path) for one in _areas(actor) if one.nav
        ]
        Attention(areas, _('What is where'), total=len(areas), span=6)
        with Card(_('Keys'), span=6):
            Facts([Fact(key, does) for key, does in KEYS])
        with Card(_('When something is not as it should be'), span=6):
            for question, answer in QUESTIONS:
                Text(str(question))
                Text(str(answer), quiet=True)
        with Card(_('Whom to ask'), text=_('They look after Logbook here, and can change what you may do.'), span=6):
            People([Person(who.name, who.position) for who in await who_helps(actor)])


def _areas(actor: Actor) -> list[PageEntry]:
    seen = [pages[path] for path in AREAS if path in pages]
    return [one for one in seen if one.permission == SIGNED_IN or actor.may(one.permission)]
