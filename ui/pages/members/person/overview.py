"""A person at a glance: contact, membership, job, each editable in place, and private data on demand."""

from collections.abc import Sequence

from logic import members
from logic.core.actor import Actor
from logic.core.language import _
from logic.members import PersonView, PrivateData
from ui.components import Button, Card, Editable, Fact, Facts, Grid, Stack
from ui.pages.lists.offered import company_options
from ui.pages.members import changes
from ui.pages.members.person import extras, forms, inline, terms


async def draw(actor: Actor, person: PersonView) -> None:
    """The first tab."""
    edit = [Button(_('Edit'), do=forms.opens(forms.profile, person), icon='sym_o_edit', small=True)]
    own = await extras.facts(actor, person.custom)
    if companies := dict((await company_options(actor)).get('company_id', ())):
        own = [Fact(_('Company'), companies.get(person.company_id, '')), *own]

    def standing(now: PersonView) -> Sequence[Fact | Editable]:
        return [*inline.membership(now), *terms.facts(now), *own]

    drawn = []
    with Grid():
        with Card(_('Contact'), edit if person.may_edit or person.is_self else (), span=6):
            drawn.append(inline.Part(person, inline.contact, inline.save_profile))
        with Card(_('Membership'), span=6):
            drawn.append(inline.Part(person, standing, inline.save_profile))
        with Card(_('Job today'), span=6):
            drawn.append(inline.Part(person, inline.job, inline.save_job))
        if person.sees_private:
            with Card(_('Private data'), span=6, text='' if person.is_self else _('Each look at it is on record.')):
                _private(person)
    inline.follow(person, drawn)
    if person.is_self:
        await changes.own(actor)


def _private(person: PersonView) -> None:
    place = Stack()

    async def show(actor: Actor) -> None:
        data = await members.view_private_data(actor, person.id)
        place.clear()
        with place:
            Facts(_private_facts(data) + await extras.facts(actor, data.custom))

    with place:
        from ui.components import Buttons

        Buttons(Button(_('Show'), do=show, icon='sym_o_visibility', small=True))


def _private_facts(data: PrivateData) -> list[Fact]:
    address = ', '.join(
        part for part in (data.street, f'{data.postcode} {data.city}'.strip(), data.region, data.country) if part
    )
    return [
        Fact(_('Birth date'), data.birth_on, 'date'),
        Fact(_('Address'), address),
        *([Fact(_('Notes'), data.notes)] if data.notes else []),
    ]
