"""Companies: the legal employers inside the department."""

from data.organizations import Company
from logic import organizations
from logic.core.actor import Actor
from logic.core.language import _, later
from logic.organizations import MANAGE, CompanyInput
from ui.components import Column
from ui.pages.lists.kept import Kept, archived, drawn
from ui.pages.settings import settings_head
from ui.shell import page

COMPANIES = Kept(
    'companies', later('Companies'), (later('company'), later('companies')), later('Add company'),
    later('Search companies'), Company, CompanyInput, organizations.list_companies,
    organizations.add_company, organizations.update_company, organizations.archive_company,
    [Column('name', later('Name')), Column('address', later('Address')), Column('tax_id', later('Tax number')),
     Column('state', later('State'), 'chip', archived)],
)  # fmt: skip


@page('/settings/companies', 'Companies', MANAGE)
async def companies(actor: Actor) -> None:  # noqa: ARG001  the guard asks for it
    """The list, with adding, editing and archiving."""
    settings_head(_('Companies'), _('Shown to people only when there are two or more.'))
    await drawn(COMPANIES)()
