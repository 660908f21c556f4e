"""What can be done about a person, from the head of the page."""

from logic.core.actor import Actor
from logic.core.language import _
from logic.identity.permissions import MANAGE_ACCESS
from logic.members import PersonView, may_merge
from logic.members.domain import ANONYMISE, ARCHIVE, EXPORT
from ui.components import Button
from ui.pages.members import changes
from ui.pages.members.person import departure, extras, forms, moves, removing


def buttons(actor: Actor, person: PersonView) -> list[Button]:
    """The buttons of the head; the rarer ones stand in the menu."""
    found = []
    if person.may_edit or person.is_self:
        found.append(Button(_('Edit'), do=forms.opens(forms.profile, person), icon='sym_o_edit', primary=True))
    if person.is_self:
        found.append(Button(_('Ask for a change'), do=_ask, icon='sym_o_edit_note', menu=True))
    if person.may_edit:
        found.append(Button(_('Change job'), do=forms.opens(moves.job, person), icon='sym_o_work', menu=True))
        found.append(Button(_('Tags and fields'), do=forms.opens(extras.edit, person), icon='sym_o_label', menu=True))
    if person.may_edit or person.is_self:
        found.append(Button(_('New photo'), do=forms.opens(extras.photo, person), icon='sym_o_add_a_photo', menu=True))
    if person.may_change_status and not person.is_archived:
        found.append(
            Button(_('Change status'), do=forms.opens(moves.status, person), icon='sym_o_swap_horiz', menu=True)
        )
        if person.leaves_on is None and person.left_on is None:
            found.append(
                Button(_('Plan departure'), do=forms.opens(departure.plan, person), icon='sym_o_logout', menu=True)
            )
    card = f'/download/members/{person.id}.vcf'
    found.append(Button(_('Save as contact'), href=card, icon='sym_o_contact_page', menu=True, download=True))
    if person.is_self or (person.sees_private and actor.may(EXPORT)):
        data = f'/download/members/{person.id}.zip'
        found.append(Button(_('Take out all data'), href=data, icon='sym_o_folder_zip', menu=True, download=True))
    if actor.may(MANAGE_ACCESS) and not person.is_archived:
        found.append(Button(_('Sign-in and access'), href=f'/access/{person.id}', icon='sym_o_key', menu=True))
    return found + _rare(actor, person)


def _rare(actor: Actor, person: PersonView) -> list[Button]:
    found = []
    if actor.may(ARCHIVE) and not person.is_archived:
        if may_merge(actor):
            found.append(Button(_('Merge'), do=forms.opens(removing.merge_into, person), icon='sym_o_merge', menu=True))
        if not person.is_self:
            found.append(Button(_('Archive'), do=forms.opens(removing.hide, person), icon='sym_o_archive', menu=True))
    elif actor.may(ARCHIVE) and person.merged_into_id is None and not person.is_anonymised:
        found.append(Button(_('Restore'), do=forms.opens(removing.restore, person), icon='sym_o_unarchive', menu=True))
    if actor.may(ANONYMISE) and person.left_on and not person.is_self and not person.is_anonymised:
        found.append(
            Button(
                _('Anonymise'),
                do=forms.opens(removing.anonymise, person),
                icon='sym_o_person_off',
                menu=True,
                danger=True,
            )
        )
    return found


async def _ask(actor: Actor) -> None:  # noqa: ARG001  the submit asks again
    changes.ask()
