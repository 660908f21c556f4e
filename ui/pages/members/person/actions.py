"""What can be done about a person, from the head of his page."""

from logic.core.actor import Actor
from logic.members import PersonView
from logic.members.domain import EXPORT
from ui.components import Button
from ui.pages.members.person import forms


def buttons(actor: Actor, person: PersonView) -> list[Button]:
    """The buttons of the head; the rarer ones stand in the menu."""
    found = []
    if person.may_edit or person.is_self:
        found.append(Button('Edit', do=forms.opens(forms.profile, person), icon='sym_o_edit', primary=True))
    if person.may_edit:
        found.append(Button('Change job', do=forms.opens(forms.job, person), icon='sym_o_work', menu=True))
    if person.may_change_status and not person.is_archived:
        found.append(Button('Change status', do=forms.opens(forms.status, person), icon='sym_o_swap_horiz', menu=True))
    found.append(
        Button(
            'Save as contact',
            href=f'/download/members/{person.id}.vcf',
            icon='sym_o_contact_page',
            menu=True,
            download=True,
        )
    )
    if person.is_self or (person.sees_private and actor.may(EXPORT)):
        found.append(
            Button(
                'Take out all data',
                href=f'/download/members/{person.id}.zip',
                icon='sym_o_folder_zip',
                menu=True,
                download=True,
            )
        )
    return found
