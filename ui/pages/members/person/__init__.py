"""A person's page: the head with what is most wanted, and tabs that other modules add to."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from logic import members
from logic.core.actor import Actor
from logic.members import PersonView
from logic.members.domain import VIEW
from ui import shell
from ui.components import Button, Head, Note, Tab, Tabs, furniture
from ui.pages.members import around
from ui.pages.members.directory import status_chip
from ui.pages.members.person import actions, activity, checklists, file, overview, work
from ui.shell import page

Draw = Callable[[Actor, PersonView], Awaitable[None]]
TABS: list[tuple[str, str, Callable[[PersonView], bool], Draw]] = [
    ('overview', 'Overview', lambda _: True, overview.draw),
    ('work', 'Work', lambda person: person.sees_file, work.draw),
    ('documents', 'File', lambda _: True, file.draw),
    ('checklists', 'Checklists', lambda person: person.sees_file, checklists.draw),
    ('comments', 'Comments', lambda person: person.sees_file, activity.comments),
    ('activity', 'Activity', lambda person: person.sees_file, activity.draw),
]
"""Name, label, who sees it, and what draws it; other modules insert theirs."""


@page('/members/{member_id}', 'Person', VIEW)
async def person_page(actor: Actor, member_id: UUID) -> None:
    """One person, as the viewer may see him."""
    person, place = await around.read(actor, member_id)
    shell.title(person.name)
    shell.crumbs(('Directory', around.directory()), (person.name, None))
    around.draw(place)
    Head(
        person.name, _line(person), actions.buttons(actor, person), chip=status_chip(person.status), person=True,
        **({'photo': f'/files/{person.photo_file_id}'} if person.photo_file_id else {}),
    )  # fmt: skip
    await furniture.here('Member', member_id)
    _notes(person)
    known = [person]
    tabs = [Tab(name, label, _drawn(draw, member_id, known)) for name, label, shows, draw in TABS if shows(person)]
    await Tabs(f'The file of {person.name}', tabs).open()


def _drawn(draw: Draw, member_id: UUID, known: list[PersonView]) -> Callable[[], Awaitable[None]]:
    """Draw a tab from the newest data; the one that opens with the page takes `known`, which is just read."""

    async def open_tab() -> None:
        from ui.guard import current_actor

        actor = await current_actor()
        await draw(actor, known.pop() if known else await members.get_member(actor, member_id))

    return open_tab


def _line(person: PersonView) -> str:
    parts = [person.number, person.title, *(label.name for label in (person.rank, person.department) if label)]
    return ' · '.join(part for part in parts if part)


def _notes(person: PersonView) -> None:
    if person.is_archived:
        Note('This record is archived: it is hidden from the directory.', 'grey', 'sym_o_archive')
    if person.is_away:
        until = f' until {person.away_until:%d %B %Y}' if person.away_until else ''
        Note(f'On a leave of absence{until}.', 'amber', 'sym_o_beach_access')
    if person.leaves_on:
        Note(f'The last working day is {person.leaves_on:%d %B %Y}. Access ends after it.', 'amber', 'sym_o_logout')
    if person.merged_into_id:
        Note('This record was merged into another one.', 'blue', 'sym_o_merge', [
            Button('Open that record', href=f'/members/{person.merged_into_id}', small=True)])  # fmt: skip
