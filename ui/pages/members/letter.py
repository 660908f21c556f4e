"""The letter that somebody who leaves takes along, to be printed."""

from uuid import UUID

from logic.core.actor import Actor
from logic.core.formats import day_text
from logic.core.language import _, many
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
        shell.crumbs((_('Directory'), '/members'), (_('Leaving letter'), None))
        Head(_('Leaving letter'))
        back = [Button(_('Open the person'), href=f'/members/{member_id}', primary=True)]
        Empty('sym_o_print', _('No departure is planned'), _('Plan it first: the letter names the last day.'), back)
        return
    shell.crumbs((_('Directory'), '/members'), (found.name, f'/members/{member_id}'), (_('Leaving letter'), None))
    text = _('The text can be changed here before it is printed. Nothing of that is stored.')
    Head(_('Letter for {name}', name=found.name), text)
    sender = [line for line in (found.department, *found.address.splitlines(), found.phone) if line]
    last_on = day_text(found.last_on, 'long')
    subject = _('{name}, {number}: membership until {day}', name=found.name, number=found.number, day=last_on)
    signature = _('{name}, for {department}', name=found.written_by, department=found.department)
    Letter(sender, found.written_on, subject, _text(found, last_on), signature)


def _text(found: letters.Letter, last_on: str) -> list[str]:
    text = [_('Dear {name},', name=found.name), _belonged(found, last_on)]
    if found.joined_on:
        years = many('{count} year', '{count} years', found.years)
        months = many('{count} month', '{count} months', found.months)
        text.append(_('That is a service of {years} and {months}.', years=years, months=months))
    if found.open_items:
        text.append(_('We ask you to settle what is still open: {things}.', things='; '.join(found.open_items)))
    return [*text, _('We thank you for your service and wish you all the best.')]


def _belonged(found: letters.Letter, last_on: str) -> str:
    given = {'department': found.department, 'last': last_on, 'role': found.role}
    if found.joined_on:
        given['first'] = day_text(found.joined_on, 'long')
    match bool(found.role), bool(found.joined_on):
        case True, True:
            return _(
                'We confirm that you belonged to {department} as {role} from {first} until {last}, '
                'your last day included.', **given,
            )  # fmt: skip
        case False, True:
            return _(
                'We confirm that you belonged to {department} from {first} until {last}, your last day included.',
                **given,
            )
        case True, False:
            return _(
                'We confirm that you belonged to {department} as {role} until {last}, your last day included.', **given
            )
    return _('We confirm that you belonged to {department} until {last}, your last day included.', **given)
