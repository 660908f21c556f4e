"""Settings: one home with a search, and what a department decides about itself."""

from zoneinfo import available_timezones

from logic import backup, departments, mail, notifications, organizations, places, status
from logic.core.actor import Actor
from logic.core.domain import domains
from logic.core.language import CHOICES
from logic.identity.permissions import MANAGE_ACCESS, VIEW_POSITIONS
from logic.members.domain import MANAGE_FIELDS
from logic.organizations import MANAGE, AppearanceInput, OrganizationInput
from ui import shell, uploads
from ui.components import Card, Empty, FileDrop, Form, Head, Sent, toast
from ui.components.choices import Links, Place, Switch, Switched, Switches
from ui.shell import Nav, page
from ui.uploads import Received

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
    Place('Units and lists', 'Departments, stations, ranks, membership types', '/settings/lists', 'sym_o_account_tree',
          departments.MANAGE, 'grade unit place'),
    Place('Fields and tags', 'What you want to know beside what is built in', '/settings/fields', 'sym_o_label',
          MANAGE_FIELDS, 'custom'),
    Place('Checklists', 'What is to be done when somebody joins or leaves', '/settings/checklists', 'sym_o_checklist',
          MANAGE_FIELDS, 'onboarding offboarding joining leaving exit templates tasks'),
    Place('Notices', 'What people are told, unless they choose themselves', '/settings/notices', 'sym_o_notifications',
          notifications.MANAGE, 'bell push digest mute'),
    Place('E-mail', 'What became of each mail, and how mails are worded', '/settings/mail', 'sym_o_mail', mail.MANAGE,
          'outbox smtp template bounce'),
    Place('Sample data', 'Load or remove invented people', '/settings/samples', 'sym_o_science', MANAGE, 'demo test'),
    Place('Backup', 'Where it goes, how long it stays, restoring', '/settings/backup', 'sym_o_backup', backup.VIEW,
          'archive restore'),
    Place('Access', 'Invitations, accounts, second factors', '/access', 'sym_o_key', MANAGE_ACCESS, 'invite password'),
    Place('Positions', 'Offices, and what each may do', '/positions', 'sym_o_badge', VIEW_POSITIONS, 'rights roles'),
    Place('Status', 'How this installation stands; jobs', '/status', 'sym_o_monitor_heart', status.VIEW,
          'queue mail'),
    Place('Member numbers', 'Prefix and length of new numbers', '/settings/numbers', 'sym_o_tag', MANAGE, 'badge'),
]  # fmt: skip
"""Where each setting lives; other pages of administration add theirs."""


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
        nonlocal organization
        data = data.model_copy(update={'brand_colour': organization.brand_colour})
        organization = await organizations.update_organization(actor, data, organization.version)
        toast('Saved.')

    settings_head('Department', 'What the department is called and where it is.')
    with Card():
        form = Form(OrganizationInput, save, value=organization)
        form.text('name', span=8)
        form.select('kind', span=4)
        form.select('zone', [(zone, zone) for zone in sorted(available_timezones())], span=6)
        form.select('people_word', [(w, w) for w in ('Members', 'Employees', 'Staff', 'Volunteers')], span=6)
        form.select('country', places.countries(), span=4, none='Not said', help='Decides holidays and phone numbers.')
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
        toast('Saved. Everybody sees the new colour at the next page.')

    settings_head('Appearance', 'Used for the department’s mark, links and the main button.')

    async def take(actor: Actor, received: Received) -> None:
        await organizations.send_logo(actor, received.name, received.read())

    async def shown(actor: Actor, _: Sent) -> None:  # noqa: ARG001  the page only draws again
        toast('The logo is set.')
        await shell.refresh()

    with Card('Logo', text='Square works best. It is drawn anew, so that nothing hidden in the file stays.'):
        FileDrop(take, kinds=uploads.PHOTOS, limit=organizations.LOGO_BYTES, label='Drop the logo here', then=shown)
    with Card():
        form = Form(AppearanceInput, save, value=organization)
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

    settings_head('Modules', 'Switching one off takes away its screens, API, jobs and notices. Its data stays.')
    off = organization.settings.modules_off
    known = [domain for domain in domains.values() if domain.switchable]
    if not known:
        text = 'Everything in this version belongs to the core: people, access, audit and backup.'
        Empty('sym_o_toggle_on', 'Nothing to switch off yet', text)
        return
    with Card():
        Switches([Switch(one.name, one.title, one.description, one.name not in off) for one in known], switch)


def settings_head(title: str, text: str) -> None:
    """The head of a page of settings."""
    shell.crumbs(('Settings', '/settings'), (title, None))
    Head(title, text)
