"""Companies: the legal employers inside the department."""

from data.organizations import Company
from logic import organizations
from logic.core.actor import Actor
from logic.organizations import MANAGE, CompanyInput
from ui.components import Column
from ui.pages.lists.kept import Kept, archived, drawn
from ui.pages.settings import settings_head
from ui.shell import page

COMPANIES = Kept(
    'companies', 'Companies', 'company', Company, CompanyInput, organizations.list_companies,
    organizations.add_company, organizations.update_company, organizations.archive_company,
    [Column('name', 'Name'), Column('address', 'Address'), Column('tax_id', 'Tax number'),
     Column('state', 'State', 'chip', archived)],
)  # fmt: skip


@page('/settings/companies', 'Companies', MANAGE)
async def companies(actor: Actor) -> None:  # noqa: ARG001  the guard asks for it
    """The list, with adding, editing and archiving."""
    settings_head('Companies', 'Shown to people only when there are two or more.')
    await drawn(COMPANIES)()
