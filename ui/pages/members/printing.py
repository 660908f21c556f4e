"""The directory on paper: a roster and a phone list, of all whom its filter finds."""

from collections.abc import Callable, Sequence
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from data.core import now
from logic import members, organizations
from logic.core.actor import Actor
from logic.core.formats import day_text
from logic.core.language import _, later, many
from logic.core.listing import ListQuery
from logic.members import MemberRow, exports
from logic.members.domain import EXPORT
from logic.members.names import shown_phone
from ui import shell
from ui.components import Button, Empty, Head, Stack, around
from ui.components.records import PrintedList
from ui.shell import page

Cell = tuple[str, Callable[[MemberRow], str]]
NAME: Cell = (later('Name'), lambda row: row.name)
RANK: Cell = (later('Rank'), lambda row: row.rank.name if row.rank else '')
UNIT: Cell = (later('Department', meaning='a unit'), lambda row: row.department.name if row.department else '')
STATION: Cell = (later('Station'), lambda row: row.station.name if row.station else '')
PHONE: Cell = (later('Phone'), lambda row: shown_phone(row.phone, row.phone_country) if row.phone else '')
EMAIL: Cell = (later('E-mail'), lambda row: row.email or '')
KINDS: dict[str, tuple[str, tuple[Cell, ...]]] = {
    'roster': (later('Roster'), (
        (later('Number'), lambda row: row.number), NAME, (later('Status'), lambda row: str(row.status.label)), RANK,
        (later('Title', meaning='of a job'), lambda row: row.title), UNIT, STATION, PHONE,
        (later('Joined'), lambda row: day_text(row.joined_on) if row.joined_on else ''),
    )),
    'phones': (later('Phone list'), (NAME, PHONE, EMAIL, RANK, STATION)),
}  # fmt: skip
"""Each list: its title and columns."""


def links() -> list[tuple[str, Callable[[ListQuery], str]]]:
    """Return what the directory offers to print of what it shows now."""
    return [(title, lambda asked, kind=kind: _address(kind, asked)) for kind, (title, _cells) in KINDS.items()]


def _address(kind: str, asked: ListQuery) -> str:
    return '/members/print?' + urlencode({'as': kind, around.LIST: around.state(asked)})


@page('/members/print', 'Print', EXPORT)
async def printed(actor: Actor) -> None:  # noqa: ARG001  the guard asks for it
    """One of the lists, with all rows: who takes them out is noted, so the look at the page alone makes none."""
    kind = shell.query().get('as') or 'roster'
    title, _cells = KINDS.get(kind, KINDS['roster'])
    asked = around.asked() or ListQuery()
    shell.crumbs((_('Directory'), around.back('/members')), (_(title), None))
    Head(_(title), _('Everybody whom the filter of the directory finds, as it will be printed.'))
    place = Stack()

    async def make(actor: Actor) -> None:
        rows = await exports.print_members(actor, members.present_unless_asked(asked))
        place.clear()
        with place:
            await _sheet(actor, kind, asked, rows)

    with place:
        text = _('Names and phone numbers leave Logbook with it, so the audit log notes who made it, as of any export.')
        button = Button(_('Make the list'), do=make, icon='sym_o_print', primary=True)
        Empty('sym_o_print', _('A list for paper'), text, [button])


async def _sheet(actor: Actor, kind: str, asked: ListQuery, rows: Sequence[MemberRow]) -> None:
    title, cells = KINDS.get(kind, KINDS['roster'])
    department = await organizations.get_organization(actor)
    parts = [_(title), many('{count} person', '{count} people', len(rows)), await _chosen(actor, asked)]
    parts.append(day_text(now().astimezone(ZoneInfo(department.zone)).date(), 'long'))
    text = ' · '.join(part for part in parts if part)
    drawn = [[value(row) for _label, value in cells] for row in rows]
    PrintedList(department.name, text, [_(label) for label, _value in cells], drawn, wide=kind != 'phones')


async def _chosen(actor: Actor, asked: ListQuery) -> str:
    """Say what the list was narrowed to."""
    said = [f'“{asked.q}”'] if asked.q else []
    for facet in await members.list_facets(actor) if asked.filters else ():
        labels = dict(facet.options)
        if names := ', '.join(labels.get(value, value) for value in asked.values(facet.name)):
            said.append(f'{facet.label}: {names}')
    return '; '.join(said)
