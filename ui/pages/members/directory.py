"""The directory: list or cards, filtered and sorted as the address says, with changes of many at once."""

from collections.abc import Callable
from uuid import UUID

from data.members import JobChange, Member, MemberStatus, MemberTag
from logic import members
from logic.core.actor import Actor
from logic.core.language import _, many, sense
from logic.members import MemberRow
from logic.members.domain import ADD, ARCHIVE, CHANGE_STATUS, EDIT, EXPORT, IMPORT, MANAGE_REPORTS, VIEW, VIEW_FILES
from logic.members.exports import Format
from logic.members.names import shown_phone
from logic.organizations import MANAGE
from ui.components import (
    Button,
    Chip,
    Column,
    DataTable,
    EmptyList,
    Extras,
    Filter,
    Head,
)
from ui.downloads import members_export
from ui.pages.members import printing
from ui.pages.members.many import bulk_actions
from ui.search import search_everybody
from ui.shell import Nav, page

TONES = {
    MemberStatus.PROBATIONARY: 'blue', MemberStatus.ACTIVE: 'green', MemberStatus.INACTIVE: 'grey',
    MemberStatus.ON_LEAVE: 'amber', MemberStatus.SUSPENDED: 'red', MemberStatus.RETIRED: 'violet',
    MemberStatus.LEFT: 'grey',
}  # fmt: skip


def status_chip(status: MemberStatus) -> Chip:
    """A status as a chip."""
    return Chip(status.label, TONES[status])


def photo(file_id: UUID | None) -> str | None:
    """The address of a photo."""
    return f'/files/{file_id}' if file_id else None


def phone(number: str | None, country: str) -> dict[str, str] | str:
    """A phone number as it is read, with what is dialled."""
    return {'text': shown_phone(number, country), 'number': number} if number else ''


def _name(row: MemberRow) -> dict[str, str | None]:
    detail = ' · '.join(part for part in (row.number, row.title) if part)
    return {'name': row.name, 'detail': detail, 'photo': photo(row.photo_file_id)}


def _columns() -> list[Column[MemberRow]]:
    def label(name: str) -> Callable[[MemberRow], str]:
        return lambda row: getattr(getattr(row, name), 'name', '') or ''

    return [
        Column('name', _('Name'), 'person', _name, sort=True),
        Column('status', _('Status'), 'chip', lambda row: status_chip(row.status), sort=True),
        Column('rank', _('Rank'), value=label('rank'), sort=True),
        Column('department', sense('a unit', 'Department'), value=label('department'), sort=True),
        Column('type', _('Type'), value=label('membership_type'), sort=True, hidden=True),
        Column('station', _('Station'), value=label('station'), sort=True),
        Column('manager', _('Manager'), value=label('manager'), hidden=True),
        Column('positions', _('Positions'), 'tags', lambda row: [held.name for held in row.positions], hidden=True),
        Column('phone', _('Phone'), 'phone', lambda row: phone(row.phone, row.phone_country)),
        Column('email', _('E-mail'), 'email', lambda row: row.email or '', hidden=True),
        Column('joined', _('Joined'), 'date', lambda row: row.joined_on, sort=True),
        Column('tags', _('Tags'), 'tags', lambda row: [tag.name for tag in row.tags], hidden=True),
    ]


def _more(actor: Actor) -> list[Button]:
    """The ways to lists beside the directory, for those who have a use for them."""
    found = []
    if any(actor.may(right) for right in (IMPORT, EDIT, ARCHIVE, CHANGE_STATUS, MANAGE_REPORTS)):
        found.append(Button(_('Bulk changes'), href='/members/batches', icon='sym_o_history', menu=True))
    if any(actor.may(right) for right in (VIEW_FILES, EDIT, MANAGE_REPORTS)):
        found.append(Button(_('What expires'), href='/members/expiring', icon='sym_o_event_busy', menu=True))
    if members.may_merge(actor):
        found.append(Button(_('Possible duplicates'), href='/members/duplicates', icon='sym_o_merge', menu=True))
    return found


@page('/members', 'Directory', VIEW, nav=Nav(icon='sym_o_group', group='People', order=10, key='m', phone=2))
async def directory(actor: Actor) -> None:
    """All people, ten thousand like a hundred."""
    facets = await members.list_facets(actor)
    past = sum(facet.hides for facet in facets)
    buttons = [Button(_('Org chart'), href='/members/chart', icon='sym_o_account_tree')]
    if actor.may(IMPORT):
        buttons.append(Button(_('Import'), href='/members/import', icon='sym_o_upload'))
    if actor.may(ADD):
        buttons.append(Button(_('Add member'), href='/members/new', icon='sym_o_person_add', primary=True, create=True))
    others = many(
        'Who belongs to the department now; {count} other retired or left.',
        'Who belongs to the department now; {count} others retired or left.',
        past,
    )
    Head(_('Directory'), others if past else _('Everybody, with what you may see of them.'), [*buttons, *_more(actor)])
    first = [*buttons, Button(_('Load sample data'), href='/settings/samples')] if actor.may(MANAGE) else buttons
    exports = [
        (kind.upper(), lambda asked, kind=kind: members_export(kind, members.present_unless_asked(asked)))
        for kind in Format
    ]
    taken_out = (exports, printing.links()) if actor.may(EXPORT) else ((), ())
    table: DataTable[MemberRow] = DataTable(
        _columns(), members.list_directory, label=_('Members'), href=lambda row: f'/members/{row.id}', sort='name',
        noun=(_('member'), _('members')), search=_('Name, number or phone'), live=[Member, JobChange, MemberTag],
        switchable=True,
        filters=[
            Filter(facet.name, facet.label, facet.options, many=facet.name != 'past')
            for facet in facets
            if facet.options
        ]
        + [Filter('manager', _('Manager'), search=search_everybody, named=members.name_members)],
        bulk=bulk_actions(actor),
        extras=Extras(*taken_out, carries={}),
        empty=EmptyList(_('No members yet'), _('Add the first one, or import your roster.'), 'sym_o_group', first),
    )  # fmt: skip
    await table.load()
