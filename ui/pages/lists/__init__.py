"""The department's own lists: units, stations, ranks, types, tags and fields."""

from collections.abc import Sequence
from typing import Any

from data.departments import Department, MembershipType, Rank, Station
from data.members import DepartmentHead, Tag
from logic import departments, members
from logic.core.actor import Actor
from logic.core.language import _, later
from logic.departments import DepartmentInput, MembershipTypeInput, RankInput, StationInput
from logic.members import TagInput
from logic.members.domain import MANAGE_FIELDS
from logic.organizations import zones
from ui import shell
from ui.components import Column, Head, RowAction, Tab, Tabs
from ui.pages.lists import checklist, checklists, leading  # noqa: F401  its pages register themselves
from ui.pages.lists.fields import EVERY, STATE
from ui.pages.lists.kept import Kept, drawn
from ui.pages.lists.offered import company_options
from ui.shell import page


async def _department_options(actor: Actor) -> dict[str, Any]:
    found = {'parent_id': [(row.id, row.name) for row in await departments.list_departments(actor)]}
    return found | await company_options(actor)


async def _station_options(_: Actor) -> dict[str, Any]:
    return {'zone': [(zone, zone) for zone in zones()]}


UNITS = (
    Kept(
        'departments', later('Departments', meaning='units'), (later('department'), later('departments')),
        later('Add department'), later('Search departments'), Department, DepartmentInput,
        lambda actor: departments.list_departments(actor, archived=True), departments.add_department,
        departments.update_department, departments.archive_department,
        [Column('name', later('Department', meaning='a unit')), Column('code', later('Code')),
         Column('people', later('People'), 'number'), Column('head_name', later('Head', meaning='who leads')),
         Column('stand_in_name', later('Stands in')), STATE],
        _department_options, skip=('company_id',),
        more=[RowAction(later('Who leads it'), leading.ask, 'sym_o_supervisor_account', when=leading.is_in_use)],
        also=(DepartmentHead,),
    ),
    Kept(
        'stations', later('Stations'), (later('station'), later('stations')), later('Add station'),
        later('Search stations'), Station, StationInput,
        lambda actor: departments.list_stations(actor, archived=True), departments.add_station,
        departments.update_station, departments.archive_station,
        [Column('name', later('Station')), Column('address', later('Address')), Column('zone', later('Time zone')),
         STATE],
        _station_options,
    ),
    Kept(
        'ranks', later('Ranks'), (later('rank'), later('ranks')), later('Add rank'), later('Search ranks'),
        Rank, RankInput, lambda actor: departments.list_ranks(actor, archived=True),
        departments.add_rank, departments.update_rank, departments.archive_rank,
        [Column('name', later('Rank')), Column('code', later('Code')), Column('order', later('Seniority'), 'number'),
         Column('seats', later('Seats')), STATE],
    ),
    Kept(
        'types', later('Membership types'), (later('membership type'), later('membership types')),
        later('Add membership type'), later('Search membership types'), MembershipType, MembershipTypeInput,
        lambda actor: departments.list_membership_types(actor, archived=True), departments.add_membership_type,
        departments.update_membership_type, departments.archive_membership_type,
        [Column('name', later('Type')), Column('may_vote', later('Votes'), 'flag'),
         Column('may_hold_office', later('Holds office'), 'flag'),
         Column('may_take_shifts', later('Takes shifts'), 'flag'), Column('pays_dues', later('Pays dues'), 'flag'),
         STATE],
    ),
)  # fmt: skip
TAGS = (
    Kept(
        'tags', later('Tags'), (later('tag'), later('tags')), later('Add tag'), later('Search tags'),
        Tag, TagInput, members.list_tags, members.add_tag, members.update_tag, None,
        [Column('name', later('Tag'))], remove=members.remove_tag, skip=('colour',),
    ),
)  # fmt: skip


@page('/settings/lists', 'Units and lists', departments.MANAGE)
async def units(actor: Actor) -> None:  # noqa: ARG001  the guard asks for it
    """Departments, stations, ranks and membership types."""
    await _tabs(_('Units and lists'), _('What people belong to, where they work, and their grades.'), UNITS)


@page('/settings/fields', 'Fields and tags', MANAGE_FIELDS)
async def fields(actor: Actor) -> None:  # noqa: ARG001
    """What the department added to its records."""
    text = _('What the department wants to know of its records beside what is built in.')
    await _tabs(_('Fields and tags'), text, (EVERY, *TAGS))


async def _tabs(title: str, text: str, lists: Sequence[Kept]) -> None:
    shell.crumbs((_('Settings'), '/settings'), (title, None))
    Head(title, text)
    await Tabs(title, [Tab(one.name, one.title, drawn(one)) for one in lists]).open()
