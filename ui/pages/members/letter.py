"""The letter that somebody who leaves takes along, to be printed."""

from datetime import date
from uuid import UUID

from logic.core.actor import Actor
from logic.members import letters
from logic.members.domain import VIEW
from ui import shell
from ui.components import Button, Empty, Head, Letter
from ui.shell import page


@page('/members/{member_id}/letter', 'Leaving letter', VIEW)
async def letter(actor: Actor, member_id: UUID) -> None:
    """The letter, with the name and address of the department."""
    found = await letters.leaving_letter(actor, member_id)
    if found is None:
        shell.crumbs(('Directory', '/members'), ('Leaving letter', None))
        Head('Leaving letter')
        back = [Button('Open the person', href=f'/members/{member_id}', primary=True)]
        Empty('sym_o_print', 'No departure is planned', 'Plan it first: the letter names the last day.', back)
        return
    shell.crumbs(('Directory', '/members'), (found.name, f'/members/{member_id}'), ('Leaving letter', None))
    Head(f'Letter for {found.name}', 'The text can be changed here before it is printed. Nothing of that is stored.')
    sender = [line for line in (found.department, *found.address.splitlines(), found.phone) if line]
    subject = f'{found.name}, {found.number}: membership until {_day(found.last_on)}'
    Letter(sender, found.written_on, subject, _text(found), f'{found.written_by}, for {found.department}')


def _text(found: letters.Letter) -> list[str]:
    role = f' as {found.role}' if found.role else ''
    since = f' from {_day(found.joined_on)}' if found.joined_on else ''
    text = [
        f'Dear {found.name},',
        f'We confirm that you belonged to {found.department}{role}{since} until {_day(found.last_on)}, '
        'your last day included.',
    ]
    if found.joined_on:
        text.append(f'That is a service of {_count(found.years, "year")} and {_count(found.months, "month")}.')
    if found.open_items:
        text.append('We ask you to settle what is still open: ' + '; '.join(found.open_items) + '.')
    return [*text, 'We thank you for your service and wish you all the best.']


def _count(number: int, noun: str) -> str:
    return f'{number} {noun}' if number == 1 else f'{number} {noun}s'


def _day(day: date | None) -> str:
    return f'{day.day} {day:%B %Y}' if day else ''
