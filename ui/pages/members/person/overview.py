"""A person at a glance: contact, membership, job, and private data on demand."""

from logic import members
from logic.core.actor import Actor
from logic.members import PersonView, PrivateData
from ui.components import Button, Card, Fact, Facts, Grid, Stack
from ui.pages.members import changes
from ui.pages.members.person import extras, forms


async def draw(actor: Actor, person: PersonView) -> None:
    """The first tab."""
    edit = [Button('Edit', do=forms.opens(forms.profile, person), icon='sym_o_edit', small=True)]
    with Grid():
        with Card('Contact', edit if person.may_edit or person.is_self else (), span=6):
            Facts(_contact(person))
        with Card('Membership', span=6):
            Facts(_membership(person) + await extras.facts(actor, person.custom))
        with Card('Job today', span=6):
            Facts(_job(person))
        if person.sees_private:
            with Card('Private data', span=6, text='' if person.is_self else 'Each look at it is on record.'):
                _private(person)
    if person.is_self:
        await changes.own(actor)


def _contact(person: PersonView) -> list[Fact]:
    if not person.shows('email'):
        return [Fact('Contact', 'Not shown to colleagues.')]
    return [
        Fact('E-mail', person.email, 'email'),
        Fact('Phone', person.phone, 'phone'),
        *([Fact('Personal e-mail', person.personal_email, 'email')] if person.personal_email else []),
        *([Fact('Second phone', person.home_phone, 'phone')] if person.home_phone else []),
    ]


def _membership(person: PersonView) -> list[Fact]:
    service = f'{person.service_years} years, {person.service_months} months' if person.joined_on else ''
    return [
        Fact('Type', person.membership_type.name if person.membership_type else ''),
        Fact('Positions', ', '.join(held.name for held in person.positions)),
        Fact('Joined', person.joined_on, 'date'),
        *([Fact('Left', person.left_on, 'date')] if person.left_on else []),
        Fact('Length of service', service),
        Fact('Employment', person.employment_type.label if person.employment_type else ''),
        *([Fact('Former numbers', person.former_number)] if person.former_number else []),
        *([Fact('Tags', ', '.join(tag.name for tag in person.tags))] if person.tags else []),
    ]


def _job(person: PersonView) -> list[Fact]:
    manager = person.manager
    return [
        Fact('Title', person.title),
        Fact('Rank', person.rank.name if person.rank else ''),
        Fact('Department', person.department.name if person.department else '',
             href=f'/members?department={person.department.id}' if person.department else None),
        Fact('Station', person.station.name if person.station else ''),
        Fact('Manager', manager.name if manager else '', href=f'/members/{manager.id}' if manager else None),
        Fact('Reports', f'{person.reports_count} people' if person.reports_count else '',
             href=f'/members?manager={person.id}' if person.reports_count else None),
    ]  # fmt: skip


def _private(person: PersonView) -> None:
    place = Stack()

    async def show(actor: Actor) -> None:
        data = await members.view_private_data(actor, person.id)
        place.clear()
        with place:
            Facts(_private_facts(data) + await extras.facts(actor, data.custom))

    with place:
        from ui.components import Buttons

        Buttons(Button('Show', do=show, icon='sym_o_visibility', small=True))


def _private_facts(data: PrivateData) -> list[Fact]:
    address = ', '.join(
        part for part in (data.street, f'{data.postcode} {data.city}'.strip(), data.region, data.country) if part
    )
    return [
        Fact('Birth date', data.birth_on, 'date'),
        Fact('Address', address),
        *([Fact('Notes', data.notes)] if data.notes else []),
    ]
