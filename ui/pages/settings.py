"""Settings: one home with a search, and what a department decides about itself."""

from collections.abc import Callable
from typing import Annotated, Any
from zoneinfo import available_timezones

from pydantic import BaseModel, ConfigDict, Field

from logic import organizations
from logic.core.actor import Actor
from logic.core.domain import domains
from logic.organizations import MANAGE, OrganizationInput
from ui import shell
from ui.components import Card, Form, Head, toast
from ui.components.choices import Links, Place, Switch, Switched, Switches
from ui.shell import Nav, page

PLACES = [
    Place('Department', 'Name, kind, time zone, language, address', '/settings/department', 'sym_o_apartment', MANAGE,
          'organization currency phone country people word members employees staff'),
    Place('Appearance', 'Brand colour and logo', '/settings/appearance', 'sym_o_palette', MANAGE,
          'colour color logo brand theme'),
    Place('Modules', 'Switch parts of Logbook on and off', '/settings/modules', 'sym_o_toggle_on', MANAGE, 'features'),
    Place('Companies', 'Legal employers inside the department', '/settings/companies', 'sym_o_domain', MANAGE,
          'employer tax'),
    Place('Sign-in rules', 'Second factor, who sees whose contacts', '/settings/rules', 'sym_o_shield_lock', MANAGE,
          'mfa two-factor security privacy contacts phone e-mail peers'),
    Place('Member numbers', 'Prefix and length of new numbers', '/settings/numbers', 'sym_o_tag', MANAGE, 'badge'),
]  # fmt: skip
"""Where each setting lives; other pages of administration add theirs."""


class RulesInput(BaseModel):
    """What the department demands at sign-in and shows of people."""

    model_config = ConfigDict(extra='forbid')

    require_mfa_for_administrators: Annotated[
        bool, Field(title='Administrators need a second factor', description='Whoever can change access or settings.')
    ] = True
    require_mfa: Annotated[bool, Field(title='Everybody needs a second factor')] = False
    show_peer_contacts: Annotated[
        bool,
        Field(title='Members see each other’s phone and e-mail', description='Each person can still hide his own.'),
    ] = False


class NumbersInput(BaseModel):
    """How new member numbers look."""

    model_config = ConfigDict(extra='forbid', str_strip_whitespace=True)

    member_number_prefix: Annotated[str, Field(title='Prefix', max_length=10, pattern=r'^[A-Za-z0-9\-]*$')] = ''
    member_number_digits: Annotated[
        int, Field(title='Digits', ge=1, le=8, description='Shorter numbers are filled with zeros.')
    ] = 4


@page('/settings', 'Settings', MANAGE, nav=Nav(icon='sym_o_settings', group='Administration', order=90, key='s'))
async def home(actor: Actor) -> None:
    """The home of all settings."""
    Head('Settings', 'Everything that the department decides about itself, in one place.')
    Links([place for place in PLACES if actor.may(place.permission)], search='Search settings')


@page('/settings/department', 'Department', MANAGE)
async def department(actor: Actor) -> None:
    """Name, kind, zone and the like."""
    organization = await organizations.get_organization(actor)

    async def save(actor: Actor, data: OrganizationInput) -> None:
        await organizations.update_organization(
            actor, data.model_copy(update={'brand_colour': organization.brand_colour})
        )
        toast('Saved.')

    _head('Department', 'What the department is called and where it is.')
    with Card():
        form = Form(OrganizationInput, save, value=organization)
        form.text('name', span=8)
        form.select('kind', span=4)
        form.select('zone', [(zone, zone) for zone in sorted(available_timezones())], span=6)
        form.select('people_word', [(w, w) for w in ('Members', 'Employees', 'Staff', 'Volunteers')], span=6)
        form.text('country', span=4, help='Two letters, for example US: decides holidays and phone numbers.')
        form.text('currency', span=4, help='Three letters, for example USD.')
        form.select('locale', [('en', 'English')], span=4)
        form.text('address', span=8)
        form.phone('phone', span=4)


@page('/settings/appearance', 'Appearance', MANAGE)
async def appearance(actor: Actor) -> None:
    """Brand colour."""
    organization = await organizations.get_organization(actor)

    async def save(actor: Actor, data: OrganizationInput) -> None:
        await organizations.update_organization(actor, data)
        toast('Saved. Everybody sees the new colour at the next page.')

    _head('Appearance', 'Used for the department’s mark, links and the main button.')
    with Card():
        kept = OrganizationInput.model_validate(organization, from_attributes=True).model_dump(exclude={'brand_colour'})
        form = Form(OrganizationInput, save, value=organization, fixed=kept, name='appearance')
        form.text(
            'brand_colour',
            span=6,
            help='For example #0b6e6e. Empty for Logbook’s own. White text must be readable on it.',
        )


@page('/settings/modules', 'Modules', MANAGE)
async def modules(actor: Actor) -> None:
    """Switches that really switch: screens, API, jobs, search results and notices."""
    organization = await organizations.get_organization(actor)

    async def switch(actor: Actor, switched: Switched) -> None:
        async def back(actor: Actor) -> None:
            await organizations.switch_module(actor, switched.name, on=not switched.on)
            await shell.refresh()

        await organizations.switch_module(actor, switched.name, on=switched.on)
        toast(f'{domains[switched.name].title} is {"on" if switched.on else "off"}.', undo=back)
        await shell.refresh()

    _head('Modules', 'Switching one off takes away its screens, API, jobs and notices. Its data stays.')
    off = organization.settings.modules_off
    with Card():
        known = [domain for domain in domains.values() if domain.switchable]
        Switches([Switch(one.name, one.title, one.description, one.name not in off) for one in known], switch)


@page('/settings/rules', 'Sign-in rules', MANAGE)
async def rules(actor: Actor) -> None:
    """Second factors, and who sees whose contacts."""
    await _settings_form(
        actor, RulesInput, 'Sign-in rules', 'A weaker rule than the proposed one is recorded in the audit log.',
        lambda form: (form.checkbox('require_mfa_for_administrators'), form.checkbox('require_mfa'),
                      form.checkbox('show_peer_contacts')),
    )  # fmt: skip


@page('/settings/numbers', 'Member numbers', MANAGE)
async def numbers(actor: Actor) -> None:
    """How new member numbers look."""
    await _settings_form(
        actor, NumbersInput, 'Member numbers', 'For members who join from now on; the others keep theirs.',
        lambda form: (form.text('member_number_prefix', span=6), form.number('member_number_digits', span=6)),
    )  # fmt: skip


async def _settings_form(
    actor: Actor, model: type[BaseModel], title: str, text: str, fields: Callable[[Form[Any]], Any]
) -> None:
    organization = await organizations.get_organization(actor)

    async def save(actor: Actor, data: BaseModel) -> None:
        await organizations.change_settings(actor, **data.model_dump())
        toast('Saved.')

    _head(title, text)
    with Card():
        fields(Form(model, save, value=organization.settings))


def _head(title: str, text: str) -> None:
    shell.crumbs(('Settings', '/settings'), (title, None))
    Head(title, text)
