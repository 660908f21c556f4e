"""A person's page: the head with what is most wanted, and tabs that other modules add to."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from logic import members
from logic.core.actor import Actor
from logic.core.formats import day_text
from logic.core.language import _, later
from logic.core.live import About
from logic.members import PersonView
from logic.members.domain import VIEW
from ui import shell
from ui.components import Button, Head, Note, Tab, Tabs, around, furniture, live
from ui.guard import current_actor
from ui.pages.members.directory import status_chip
from ui.pages.members.person import actions, activity, checklists, departure, file, overview, reaching, work
from ui.shell import page

Draw = Callable[[Actor, PersonView], Awaitable[None]]


async def _joining_and_leaving(actor: Actor, person: PersonView) -> None:
    await departure.draw(actor, person)
    await checklists.draw(person)


TABS: list[tuple[str, str, Callable[[PersonView], bool], Draw]] = [
    ('overview', later('Overview'), lambda _: True, overview.draw),
    ('work', later('Work'), lambda person: person.sees_file, work.draw),
    ('documents', later('File', meaning='of a person'), lambda person: person.sees_file, file.draws('documents')),
    ('background', later('Background', meaning='of a person'), lambda _: True, file.draws('background')),
    ('private', later('Private'), lambda person: person.sees_private, file.draws('private')),
    ('checklists', later('Checklists'), lambda person: person.sees_file, _joining_and_leaving),
    ('comments', later('Comments'), lambda person: person.sees_file, activity.comments),
    ('activity', later('Activity'), lambda person: person.sees_file, activity.draw),
]
"""Name, label, who sees it, and what draws it; other modules insert theirs."""
LISTS = frozenset({'work', 'documents', 'background'})
"""Tabs that show stored rows and take no input of their own."""


@page('/members/{member_id}', 'Person', VIEW)
async def person_page(actor: Actor, member_id: UUID) -> None:
    """One person, as the viewer may see him."""
    asked = around.asked()
    person, place = await members.get_member_in_list(actor, member_id, asked and members.present_unless_asked(asked))
    shell.title(person.name)
    shell.crumbs((_('Directory'), around.back('/members')), (person.name, None))
    around.draw(place, '/members')
    known = [person, person]
    await live(About, draw=_drawn(_head, member_id, known), match=lambda change: change.row_id == member_id)
    await furniture.here('Member', member_id)
    tabs = [
        Tab(name, label, _opens(name, draw, member_id, known)) for name, label, shows, draw in TABS if shows(person)
    ]
    await Tabs(_('The file of {name}', name=person.name), tabs).open()


def _drawn(draw: Draw, member_id: UUID, known: list[PersonView]) -> Callable[[], Awaitable[None]]:
    """Draw a part from the newest data; what opens with the page takes `known`, which is just read."""

    async def draw_part() -> None:
        actor = await current_actor()
        await draw(actor, known.pop() if known else await members.get_member(actor, member_id))

    return draw_part


def _opens(name: str, draw: Draw, member_id: UUID, known: list[PersonView]) -> Callable[[], Awaitable[object]]:
    """Draw a tab when it is opened, and those of `LISTS` again when something about the person has changed."""
    drawn = _drawn(draw, member_id, known)

    async def open_tab() -> object:
        return await live(About, draw=drawn, match=lambda change: change.row_id == member_id)

    return open_tab if name in LISTS else drawn


async def _head(actor: Actor, person: PersonView) -> None:
    Head(
        person.name, _line(person), actions.buttons(actor, person), chip=status_chip(person.status), person=True,
        **({'photo': f'/files/{person.photo_file_id}'} if person.photo_file_id else {}),
    )  # fmt: skip
    _notes(actor, person)


def _line(person: PersonView) -> str:
    parts = [person.number, person.title, *(label.name for label in (person.rank, person.department) if label)]
    return ' · '.join(dict.fromkeys(part for part in parts if part))


def _notes(actor: Actor, person: PersonView) -> None:
    if person.is_archived:
        Note(_('This record is archived: it is hidden from the directory.'), 'grey', 'sym_o_archive')
    reaching.notes(actor, person)
    if person.is_away:
        text = (
            _('On a leave of absence until {day}.', day=day_text(person.away_until, 'long'))
            if person.away_until
            else _('On a leave of absence.')
        )
        Note(text, 'amber', 'sym_o_beach_access')
    if person.leaves_on:
        text = _('The last working day is {day}. Access ends after it.', day=day_text(person.leaves_on, 'long'))
        link = Button(_('See what is open'), href=f'/members/{person.id}?tab=checklists', small=True)
        Note(text, 'amber', 'sym_o_logout', [link] if person.may_change_status else ())
    if person.merged_into_id:
        Note(_('This record was merged into another one.'), 'blue', 'sym_o_merge', [
            Button(_('Open that record'), href=f'/members/{person.merged_into_id}', small=True)])  # fmt: skip
