"""Settings: one home with a search, and what a department decides about itself."""

from logic import organizations, places
from logic.core.actor import Actor
from logic.core.domain import domains
from logic.core.language import CHOICES, _, later
from logic.organizations import MANAGE, AppearanceInput, OrganizationInput, zones
from ui import shell, uploads
from ui.components import Card, Empty, FileDrop, Form, Head, Sent, toast
from ui.components.choices import Links, Switch, Switched, Switches
from ui.pages.settings.overview import PLACES
from ui.shell import Nav, page
from ui.uploads import Received

PEOPLE_WORDS = {
    'Members': later('Members'), 'Employees': later('Employees'), 'Staff': later('Staff'),
    'Volunteers': later('Volunteers'),
}  # fmt: skip


@page('/settings', 'Settings', MANAGE, nav=Nav(icon='sym_o_settings', group='Administration', order=90, key='s'))
async def home(actor: Actor) -> None:
    """The home of all settings."""
    Head(_('Settings'), _('Everything that the department decides about itself, in one place.'))
    Links([place for place in PLACES if actor.may(place.permission)], search=_('Search settings'))


@page('/settings/department', 'Department', MANAGE)
async def department(actor: Actor) -> None:
    """Name, kind, zone and the like."""
    organization = await organizations.get_organization(actor)

    async def save(actor: Actor, data: OrganizationInput) -> None:
        nonlocal organization
        data = data.model_copy(update={'brand_colour': organization.brand_colour})
        organization = await organizations.update_organization(actor, data, organization.version)
        toast(_('Saved.'))

    settings_head(_('Department'), _('What the department is called and where it is.'))
    with Card():
        form = Form(OrganizationInput, save, value=organization)
        form.text('name', span=8)
        form.select('kind', span=4)
        form.select('zone', [(zone, zone) for zone in zones()], span=6)
        form.select('people_word', list(PEOPLE_WORDS.items()), span=6)
        form.select(
            'country', places.countries(), span=4, none=_('Not said'), help=_('Decides holidays and phone numbers.')
        )
        form.select('currency', places.currencies(), span=4)
        form.select('locale', list(CHOICES.items()), span=4)
        form.text('address', span=8)
        form.phone('phone', span=4)


@page('/settings/appearance', 'Appearance', MANAGE)
async def appearance(actor: Actor) -> None:
    """Brand colour."""
    organization = await organizations.get_organization(actor)

    async def save(actor: Actor, data: AppearanceInput) -> None:
        await organizations.update_organization(actor, data)
        toast(_('Saved. Everybody sees the new colour at the next page.'))

    settings_head(_('Appearance'), _('Used for the department’s mark, links and the main button.'))

    async def take(actor: Actor, received: Received) -> None:
        await organizations.send_logo(actor, received.name, received.read())

    async def shown(actor: Actor, _sent: Sent) -> None:  # noqa: ARG001  the page only draws again
        toast(_('The logo is set.'))
        await shell.refresh()

    with Card(_('Logo'), text=_('Square works best. It is drawn anew, so that nothing hidden in the file stays.')):
        FileDrop(take, kinds=uploads.PHOTOS, limit=organizations.LOGO_BYTES, label=_('Drop the logo here'), then=shown)
    with Card():
        form = Form(AppearanceInput, save, value=organization)
        form.text(
            'brand_colour',
            span=6,
            help=_('For example #0b6e6e. Empty for Logbook’s own. White text must be readable on it.'),
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
        title = domains[switched.name].title
        toast(_('{name} is on.', name=title) if switched.on else _('{name} is off.', name=title), undo=back)
        await shell.refresh()

    settings_head(_('Modules'), _('Switching one off takes away its screens, API, jobs and notices. Its data stays.'))
    off = organization.settings.modules_off
    known = [domain for domain in domains.values() if domain.switchable]
    if not known:
        text = _('Everything in this version belongs to the core: people, access, audit and backup.')
        Empty('sym_o_toggle_on', _('Nothing to switch off yet'), text)
        return
    with Card():
        Switches([Switch(one.name, one.title, one.description, one.name not in off) for one in known], switch)


def settings_head(title: str, text: str) -> None:
    """The head of a page of settings."""
    shell.crumbs((_('Settings'), '/settings'), (title, None))
    Head(title, text)
