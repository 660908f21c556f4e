"""Companies: the legal employers inside the department."""

from uuid import UUID

from data.organizations import Company
from logic import organizations
from logic.core.actor import Actor
from logic.core.listing import ListQuery, Page
from logic.organizations import MANAGE, CompanyInput
from ui import shell
from ui.components import Button, Chip, Column, DataTable, FormDialog, Head, RowAction, toast
from ui.shell import page


async def _rows(actor: Actor, query: ListQuery) -> Page[Company]:
    rows = [row for row in await organizations.list_companies(actor) if query.q.lower() in row.name.lower()]
    return Page(rows, len(rows), 1, max(len(rows), 1))


def _state(row: Company) -> Chip:
    return Chip('Archived') if row.is_archived else Chip('In use', 'green')


@page('/settings/companies', 'Companies', MANAGE)
async def companies(actor: Actor) -> None:  # noqa: ARG001  the guard asks for it
    """The list, with adding, editing and archiving."""
    shell.crumbs(('Settings', '/settings'), ('Companies', None))

    async def add(actor: Actor) -> None:  # noqa: ARG001
        _dialog('Add a company', organizations.add_company)

    async def edit(actor: Actor, company_id: UUID) -> None:
        company = next(row for row in await organizations.list_companies(actor) if row.id == company_id)

        async def save(actor: Actor, data: CompanyInput) -> None:
            await organizations.update_company(actor, company_id, data, version=company.version)

        _dialog(f'Edit {company.name}', save, company)

    async def archive(actor: Actor, company_id: UUID) -> None:
        async def back(actor: Actor) -> None:
            await organizations.archive_company(actor, company_id, archived=False)

        await organizations.archive_company(actor, company_id)
        toast('Archived.', undo=back)

    async def restore(actor: Actor, company_id: UUID) -> None:
        await organizations.archive_company(actor, company_id, archived=False)
        toast('It can be chosen again.')

    Head(
        'Companies', 'Shown to people only when there are two or more.',
        [Button('Add company', do=add, icon='sym_o_add', primary=True, create=True)],
    )  # fmt: skip
    await DataTable(
        [
            Column('name', 'Name'),
            Column('address', 'Address'),
            Column('tax_id', 'Tax number'),
            Column('state', 'State', 'chip', _state),
        ],
        _rows, label='Companies', noun=('company', 'companies'), live=[Company], search='',
        row_actions=[
            RowAction('Edit', edit, 'sym_o_edit'),
            RowAction('Archive', archive, 'sym_o_archive', when=lambda row: not row.is_archived),
            RowAction('Restore', restore, 'sym_o_unarchive', when=lambda row: row.is_archived),
        ],
    ).load()  # fmt: skip


def _dialog(title: str, submit: object, value: Company | None = None) -> None:
    async def save(actor: Actor, data: CompanyInput) -> None:
        await submit(actor, data)  # type: ignore[operator]
        toast('Saved.')

    dialog = FormDialog(title, CompanyInput, save, value=value)
    dialog.text('name')
    dialog.text('address')
    dialog.text('tax_id')
