"""The tenants: organizations with what they decided, and the companies inside them."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from sqlmodel import col, select

from data.organizations import Company, Organization, OrganizationKind, OrganizationSettings
from logic.core import files
from logic.core.actor import Actor
from logic.core.domain import Domain, domains
from logic.core.errors import Conflict, Invalid, NotFound
from logic.core.language import _, later
from logic.core.service import SIGNED_IN, query, service
from logic.core.work import Work
from logic.places import check_country, check_currency

domain = Domain(
    'organizations',
    title='Department',
    icon='sym_o_apartment',
    group='Administration',
    description='Its name, zone, look and settings.',
)
MANAGE = domain.permission('manage', 'Change the department: name, zone, look, settings and modules')

FIRST = select(Organization.id).order_by(col(Organization.created_at), col(Organization.id)).limit(1)
LOGO, LOGO_BYTES = 'Organization', 5_000_000

Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300, pattern=r'^[^\x00-\x1f]*$')]


@dataclass(frozen=True, slots=True)
class OrganizationCreated:
    """An organization was made; each domain puts its seeds into it, in the same work."""

    organization: Organization


@cache
def zones() -> tuple[str, ...]:
    """Return the names of all IANA time zones in order; the library walks through its files each time it is asked."""
    return tuple(sorted(available_timezones()))


def check_zone(value: str) -> str:
    """Return an IANA zone name; raises ValueError for another."""
    if value not in zones():
        raise ValueError(_('Choose a time zone from the list, for example America/New_York.'))
    return value


def check_colour(value: str) -> str:
    """Return a brand colour on which white text is readable (WCAG 2.2, 4.5:1), or '' for ours."""
    if not value:
        return ''
    if not re.fullmatch(r'#[0-9a-fA-F]{6}', value):
        raise ValueError(_('Write the colour as # and six digits, for example #0b6e6e.'))
    channels = [int(value[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    if 1.05 / (luminance + 0.05) < 4.5:
        raise ValueError(_('White text on this colour is hard to read. Choose a darker one.'))
    return value.lower()


class AppearanceInput(BaseModel):
    """How the department looks."""

    model_config = ConfigDict(extra='forbid', str_strip_whitespace=True)

    brand_colour: Annotated[str, Field(title=later('Brand colour'), max_length=7), AfterValidator(check_colour)] = ''


class OrganizationInput(AppearanceInput):
    """What the first screen of setup and the department settings ask for."""

    name: Annotated[Line, Field(title=later('Name'), min_length=2, max_length=120)]
    kind: Annotated[OrganizationKind, Field(title=later('Kind'))] = OrganizationKind.FIRE
    zone: Annotated[str, Field(title=later('Time zone'), max_length=60), AfterValidator(check_zone)] = (
        'America/New_York'
    )
    people_word: Annotated[str, Field(title=later('Word for its people'), min_length=2, max_length=20)] = 'Members'
    country: Annotated[str, Field(title=later('Country')), AfterValidator(check_country)] = ''
    locale: Annotated[str, Field(title=later('Language'), max_length=20)] = 'en'
    currency: Annotated[str, Field(title=later('Currency')), AfterValidator(check_currency)] = 'USD'
    address: Annotated[Line, Field(title=later('Address'))] = ''
    phone: Annotated[str, Field(title=later('Phone'), max_length=32)] = ''


class CompanyInput(BaseModel):
    """A legal employer."""

    model_config = ConfigDict(extra='forbid', str_strip_whitespace=True)

    name: Annotated[Line, Field(title=later('Name'), min_length=2, max_length=120)]
    address: Annotated[Line, Field(title=later('Address'))] = ''
    tax_id: Annotated[str, Field(title=later('Tax number'), max_length=40)] = ''


def slug_of(name: str) -> str:
    """Return a name as it may stand in an address: small ASCII letters, digits and hyphens."""
    plain = unicodedata.normalize('NFKD', name).encode('ascii', 'ignore').decode().lower()
    return re.sub(r'[^a-z0-9]+', '-', plain).strip('-')[:50] or 'department'


async def create_organization(
    work: Work, data: OrganizationInput, *, modules_off: frozenset[str] = frozenset(), is_demo: bool = False
) -> Organization:
    """Make an organization with its seeds and work in it from here on. Setup and registration decide who may."""
    taken = set(await work.all(select(Organization.slug)))
    slug = base = slug_of(data.name)
    counter = 1
    while slug in taken:
        counter += 1
        slug = f'{base}-{counter}'
    organization = Organization(
        **data.model_dump(),
        slug=slug,
        is_demo=is_demo,
        settings=OrganizationSettings(modules_off=modules_off, seeded=frozenset(domains)),
    )
    work.add(organization)
    await work.flush()
    work.enter(organization.id)
    work.add(Company(name=data.name, address=data.address))
    await work.flush()
    await work.emit(OrganizationCreated(organization))
    return organization


async def first_organization(work: Work) -> UUID | None:
    """Return the department that was here first: what concerns the whole installation is decided there."""
    async with work.everywhere():
        return await work.first(FIRST)  # type: ignore[no-any-return]


@query(SIGNED_IN)
async def is_first(work: Work) -> bool:
    """Say whether the actor works in the department that looks after the whole installation."""
    return await first_organization(work) == work.organization_id


@query(SIGNED_IN)
async def get_organization(work: Work) -> Organization:
    """Return the organization that the actor works in."""
    return await work.get(Organization, work.organization_id)


@service(MANAGE)
async def update_organization(work: Work, data: AppearanceInput, version: int | None = None) -> Organization:
    """Change name, zone, look and the like. Raises Conflict when `version` is no longer the stored one."""
    organization = await work.get(Organization, work.organization_id, version)
    for name, value in data.model_dump().items():
        setattr(organization, name, value)
    return organization


@files.readable_by(LOGO)
async def may_see_logo(work: Work, organization_id: UUID) -> None:
    """Everybody who works in a department sees its logo. Raises NotFound."""
    if organization_id != work.organization_id:
        raise NotFound('There is no such logo.')


async def send_logo(actor: Actor, name: str, content: bytes) -> None:
    """Set the department's logo: a picture, drawn anew. Raises Denied, Invalid, Unavailable."""
    await keep_logo(
        actor, await files.stage(content, allowed=files.IMAGES, most_bytes=LOGO_BYTES, longest_side=256), name
    )


@service(MANAGE)
async def keep_logo(work: Work, staged: files.Staged, name: str) -> Organization:
    """Make staged bytes the logo; the one before is removed."""
    organization = await work.get(Organization, work.organization_id)
    old = organization.logo_file_id
    organization.logo_file_id = (await files.adopt(work, staged, name, LOGO, organization.id)).id
    if old is not None:
        await files.remove(work, old)
    return organization


@service(MANAGE)
async def change_settings(work: Work, /, **changes: Any) -> Organization:
    """Change some settings by name. Raises Invalid for an unknown name or a value out of range."""
    organization = await work.get(Organization, work.organization_id)
    unknown = set(changes) - set(OrganizationSettings.model_fields)
    if unknown:
        raise Invalid('There is no such setting.', dict.fromkeys(sorted(unknown), _('Unknown setting.')))
    stored = organization.settings.model_dump()
    organization.settings = OrganizationSettings.model_validate(stored | changes)
    return organization


@service(MANAGE)
async def switch_module(work: Work, name: str, *, on: bool) -> Organization:
    """Switch a module on or off: its screens, API, jobs, search results and notices go, its data stays."""
    domain_of_module = domains.get(name)
    if domain_of_module is None or not domain_of_module.switchable:
        raise Invalid('This module cannot be switched off.', {'name': 'Choose one of the modules that have a switch.'})
    organization = await work.get(Organization, work.organization_id)
    off = organization.settings.modules_off - {name} if on else organization.settings.modules_off | {name}
    organization.settings = organization.settings.model_copy(update={'modules_off': off})
    return organization


@query(SIGNED_IN)
async def list_companies(work: Work) -> list[Company]:
    """Return the companies of this organization by name, the archived ones last."""
    return await work.all(select(Company).order_by(col(Company.is_archived), Company.name))


@service(MANAGE)
async def add_company(work: Work, data: CompanyInput) -> Company:
    """Add a legal employer. Raises Conflict when the name is taken."""
    await _refuse_taken_name(work, data.name)
    return work.add(Company(**data.model_dump()))


@service(MANAGE)
async def update_company(work: Work, company_id: UUID, data: CompanyInput, version: int | None = None) -> Company:
    """Change a legal employer."""
    company = await work.get(Company, company_id, version)
    if company.name != data.name:
        await _refuse_taken_name(work, data.name)
    for name, value in data.model_dump().items():
        setattr(company, name, value)
    return company


@service(MANAGE)
async def archive_company(work: Work, company_id: UUID, *, archived: bool = True) -> Company:
    """Hide a company from new choices, or bring it back. The last one stays."""
    company = await work.get(Company, company_id)
    others = await work.all(select(Company.id).where(Company.id != company_id, col(Company.is_archived).is_(False)))
    if archived and not others:
        raise Conflict('A department has at least one company. Add another one first.')
    company.is_archived = archived
    return company


async def _refuse_taken_name(work: Work, name: str) -> None:
    if await work.first(select(Company).where(Company.name == name)):
        raise Conflict(_('There is already a company named {name}.', name=name))
