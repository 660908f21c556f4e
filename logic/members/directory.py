"""The directory: the list with its search, filters and sorts, and what may be chosen in the filters."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from data.core import identifier
from data.custom_fields import FIELD
from data.departments import Department, MembershipType, Rank, Station
from data.identity import Position, PositionHolding
from data.members import (
    EmploymentType,
    JobChange,
    Member,
    MemberStatus,
    MemberTag,
    Tag,
)
from logic import custom_fields
from logic.core.language import _, sense
from logic.core.listing import ListQuery, Page, choice_in, id_in, no_filter, no_sort
from logic.core.service import query
from logic.core.whose import belongs_to
from logic.core.work import Work
from logic.identity import positions
from logic.members.domain import VIEW
from logic.members.names import escape_like, search_tokens
from logic.members.visibility import HIDDEN_BY, Sight, in_force, sees_all_contacts, sight


class Label(NamedTuple):
    """A named thing that a row points to."""

    id: UUID
    name: str
    colour: str = ''


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A person in a list: only what the viewer may see."""

    id: UUID
    number: str
    name: str
    first_name: str
    last_name: str
    photo_file_id: UUID | None
    status: MemberStatus
    joined_on: date | None
    employment_type: EmploymentType | None
    department: Label | None
    rank: Label | None
    membership_type: Label | None
    station: Label | None
    manager: Label | None
    title: str
    has_account: bool
    is_archived: bool
    version: int
    email: str | None
    """None, as the phone is, when it is not visible: it has to be absent and not empty in what is sent out."""
    phone: str | None
    positions: list[Label] = field(default_factory=list)
    tags: list[Label] = field(default_factory=list)
    custom: dict[UUID, str] = field(default_factory=dict)
    """Public custom fields by the field's id."""
    phone_country: str = ''
    """Where the department is: phone numbers are read as from there."""


@dataclass(frozen=True, slots=True)
class Facet:
    """A filter of the directory and what may be chosen in it."""

    name: str
    label: str
    options: list[tuple[str, str]]
    """Value and label."""
    hides: int = 0
    """How many the directory leaves out unless this filter is set."""


Boss: Any = aliased(Member, name='boss')
COLUMNS: tuple[Any, ...] = (
    Member.id, Member.number, Member.first_name, Member.last_name, Member.preferred_name, Member.photo_file_id,
    Member.status, Member.joined_on, Member.employment_type, Member.account_id, Member.archived_at, Member.version,
    Member.hides_contacts, Member.hides_email, Member.hides_personal_email, Member.hides_phones, Member.email,
    Member.phone, JobChange.title,
    Department.id.label('department_id'), Department.name.label('department'),  # type: ignore[attr-defined]
    Rank.id.label('rank_id'), Rank.name.label('rank'),  # type: ignore[attr-defined]
    MembershipType.id.label('type_id'), MembershipType.name.label('type'),  # type: ignore[attr-defined]
    Station.id.label('station_id'), Station.name.label('station'),  # type: ignore[attr-defined]
    Boss.id.label('boss_id'), Boss.first_name.label('boss_first'), Boss.last_name.label('boss_last'),
    Boss.preferred_name.label('boss_preferred'),
)  # fmt: skip
SORTS: dict[str, tuple[Any, ...]] = {
    'name': (Member.sort_name, Member.id),
    'number': (Member.number, Member.id),
    'status': (Member.status, Member.sort_name, Member.id),
    'rank': (Rank.order, Member.sort_name, Member.id),
    'department': (Department.name, Member.sort_name, Member.id),
    'type': (MembershipType.name, Member.sort_name, Member.id),
    'station': (Station.name, Member.sort_name, Member.id),
    'joined': (Member.joined_on, Member.sort_name, Member.id),
}
FILTERS = (
    'status', 'past', 'department', 'type', 'rank', 'position', 'station', 'tag', 'manager', 'employment', 'archived',
)  # fmt: skip


class Past(StrEnum):
    """What a list does with those who belong to the department no more."""

    SHOWN = 'shown'
    HIDDEN = 'hidden'
    ONLY = 'only'


PAST = (MemberStatus.RETIRED, MemberStatus.LEFT)
"""The statuses of those who belong to the department no more."""
JOB_FILTERS = ('department', 'rank', 'manager')
NOTHING = 'none'
"""As the value of a filter: those who have none."""


@query(VIEW)
async def list_members(work: Work, asked: ListQuery) -> Page[MemberRow]:
    """Return a page of the directory; at most eight statements whatever its size. Raises Invalid for unknown filters.

    Filters: status, past (shown, hidden, only: who retired or left), department, type, rank, position, station, tag,
    manager, employment, archived (yes), and `field:<id>` of a public custom field. Sorts: those of `SORTS`.
    """
    seen = await sight(work, with_reports=not sees_all_contacts(work.actor))
    first = (asked.page - 1) * asked.page_size
    ordered = narrowed(seen, asked).order_by(*order_of(asked))
    found = await work.all(ordered.offset(first).limit(asked.page_size))
    if 0 < len(found) < asked.page_size or (not found and asked.page == 1):
        total = first + len(found)
    else:
        total = int(await work.first(_counted(seen, asked)))
    rows = await with_labels(work, [member_row(seen, row) for row in found], seen.today)
    return Page(rows, total, asked.page, asked.page_size)


def present_unless_asked(asked: ListQuery) -> ListQuery:
    """Return what the directory is asked: who belongs now, unless others, a status or words are looked for."""
    if asked.values('past') or asked.values('status') or asked.q:
        return asked
    return asked.model_copy(update={'filters': {**asked.filters, 'past': [Past.HIDDEN]}})


@query(VIEW)
async def list_directory(work: Work, asked: ListQuery) -> Page[MemberRow]:
    """Return a page of the directory as its screen shows it, see `present_unless_asked`. Raises as `list_members`."""
    return await list_members(work, present_unless_asked(asked))


def order_of(asked: ListQuery) -> list[Any]:
    """Return the order that a question to the directory asks for. Raises Invalid."""
    name = asked.sort or 'name'
    if name not in SORTS:
        raise no_sort(name, SORTS)
    return [column.desc() if asked.descending else column.asc() for column in SORTS[name]]


@query(VIEW)
async def matching_ids(work: Work, asked: ListQuery) -> list[UUID]:
    """Return the ids of all members whom a question to the directory finds: for "select all" and for bulk changes."""
    seen = await sight(work)
    return await work.all(narrowed(seen, asked, columns=(Member.id,)).order_by(Member.sort_name))


@query(VIEW)
async def name_members(work: Work, ids: Sequence[UUID]) -> list[Label]:
    """Return what people are called, of those among these whom the actor sees: for filters that name them by id."""
    seen = await sight(work)
    statement = select(Member).where(col(Member.id).in_(ids))
    if not seen.sees_archived:
        statement = statement.where(
            sa.or_(col(Member.archived_at).is_(None), belongs_to(Member.id, work.actor.member_id))
        )
    return [Label(row.id, row.name) for row in await work.all(statement.order_by(col(Member.sort_name)))]


def narrowed(seen: Sight, asked: ListQuery, columns: tuple[Any, ...] = COLUMNS, *, everybody: bool = False) -> Any:
    """Return the select of the members whom a question finds, joined with what a row shows; not yet in order.

    With `everybody` archived and merged records are among them.
    """
    statement = _all_of(seen.today) if columns is COLUMNS else _joined(columns, seen.today)
    return statement if everybody else _restricted(statement, seen, asked)


@lru_cache(maxsize=8)
def _all_of(today: date) -> Any:
    """Return the select of `COLUMNS`: to make it takes a third as long as to run it."""
    return _joined(COLUMNS, today)


def _joined(columns: tuple[Any, ...], today: date) -> Any:
    # One column makes scalars, several make rows: the two selects of sqlmodel and SQLAlchemy differ in that.
    statement: Any = select(*columns) if len(columns) == 1 else sa.select(*columns)
    return (
        statement.select_from(Member)
        .join(JobChange, sa.and_(col(JobChange.member_id) == Member.id, in_force(today)), isouter=True)
        .join(Department, col(Department.id) == JobChange.department_id, isouter=True)
        .join(Rank, col(Rank.id) == JobChange.rank_id, isouter=True)
        .join(MembershipType, col(MembershipType.id) == Member.membership_type_id, isouter=True)
        .join(Station, col(Station.id) == Member.station_id, isouter=True)
        .join(Boss, Boss.id == JobChange.manager_id, isouter=True)
    )


def _counted(seen: Sight, asked: ListQuery) -> Any:
    """Return the select of how many a question finds, joined only with what it asks about."""
    statement: Any = select(sa.func.count()).select_from(Member)
    if any(asked.values(name) for name in JOB_FILTERS):
        current = sa.and_(col(JobChange.member_id) == Member.id, in_force(seen.today))
        statement = statement.join(JobChange, current, isouter=True)
    return _restricted(statement, seen, asked)


def _restricted(statement: Any, seen: Sight, asked: ListQuery) -> Any:
    today = seen.today
    archived = seen.sees_archived and 'yes' in asked.values('archived')
    statement = statement.where(
        col(Member.archived_at).is_not(None) if archived else col(Member.archived_at).is_(None),
        col(Member.merged_into_id).is_(None),
    )
    for token in search_tokens(asked.q):
        pattern = f'%{escape_like(token)}%'
        found: list[sa.ColumnElement[bool]] = [col(Member.search).like(pattern, escape='\\')]
        if seen.sees_all_contacts:
            found.append(col(Member.contact_search).like(pattern, escape='\\'))
        else:
            found += [
                sa.and_(col(getattr(Member, name)).like(pattern, escape='\\'), seen.contact_clause(name))
                for name in HIDDEN_BY
            ]
        statement = statement.where(sa.or_(*found))
    for name, values in asked.filters.items():
        if values:
            statement = statement.where(_condition(name, tuple(values), today))
    return statement


@lru_cache(maxsize=256)
def _condition(name: str, values: tuple[str, ...], today: date) -> sa.ColumnElement[bool]:
    direct = {
        'department': JobChange.department_id, 'rank': JobChange.rank_id, 'manager': JobChange.manager_id,
        'type': Member.membership_type_id, 'station': Member.station_id,
    }  # fmt: skip
    if name in direct:
        return _among(col(direct[name]), name, values)
    if name == 'status':
        return col(Member.status).in_([choice_in(MemberStatus, name, value) for value in values])
    if name == 'past':
        past, status = choice_in(Past, name, values[0]), col(Member.status)
        return {Past.SHOWN: sa.true(), Past.HIDDEN: status.not_in(PAST), Past.ONLY: status.in_(PAST)}[past]
    if name == 'employment':
        return col(Member.employment_type).in_([choice_in(EmploymentType, name, value) for value in values])
    if name == 'archived':
        return sa.true()
    holder: Any
    key: Any
    if name == 'tag':
        holder, key = select(MemberTag.member_id), col(MemberTag.tag_id)
    elif name == 'position':
        current: Any = positions.in_force(today)
        holder, key = select(PositionHolding.member_id).where(*current), col(PositionHolding.position_id)
    elif custom_fields.is_own(name):
        return custom_fields.holding(Member.__name__, col(Member.id), name, values)
    else:
        raise no_filter(name, (*FILTERS, 'field:<id>'))
    ids = [id_in(name, value) for value in values if value != NOTHING]
    found = col(Member.id).in_(holder.where(key.in_(ids)))
    return sa.or_(found, col(Member.id).not_in(holder)) if NOTHING in values else found


def _among(column: Any, name: str, values: tuple[str, ...]) -> sa.ColumnElement[bool]:
    ids = [id_in(name, value) for value in values if value != NOTHING]
    found: sa.ColumnElement[bool] = column.in_(ids)
    return sa.or_(found, column.is_(None)) if NOTHING in values else found


def _label(row_id: UUID | None, name: str) -> Label | None:
    return None if row_id is None else Label(row_id, name)


def called(preferred: str, first: str, last: str) -> str:
    """Return the name by which a person is called."""
    return ' '.join(part for part in (preferred or first, last) if part)


def member_row(seen: Sight, row: Any) -> MemberRow:
    """Make a row of what the viewer may see from the columns of `COLUMNS`."""
    shows = seen.contacts(row)
    boss = (
        None if row.boss_id is None else Label(row.boss_id, called(row.boss_preferred, row.boss_first, row.boss_last))
    )
    return MemberRow(
        id=row.id, number=row.number, name=called(row.preferred_name, row.first_name, row.last_name),
        first_name=row.first_name, last_name=row.last_name, photo_file_id=row.photo_file_id, status=row.status,
        joined_on=row.joined_on, employment_type=row.employment_type,
        department=_label(row.department_id, row.department), rank=_label(row.rank_id, row.rank),
        membership_type=_label(row.type_id, row.type),
        station=_label(row.station_id, row.station), manager=boss, title=row.title or '',
        has_account=row.account_id is not None, is_archived=row.archived_at is not None, version=row.version,
        email=(row.email or '') if 'email' in shows else None, phone=row.phone if 'phone' in shows else None,
        phone_country=seen.country,
    )  # fmt: skip


async def with_labels(work: Work, rows: list[MemberRow], today: date) -> list[MemberRow]:
    """Fill in positions, tags and public custom fields; one statement for any number of rows up to 400."""
    by_id = {row.id: row for row in rows}
    ids = list(by_id)
    for at in range(0, len(ids), 400):
        for kind, member_id, row_id, name, more, _order in await work.all(
            _labels(), ours=work.organization_id, ids=ids[at : at + 400], day=today
        ):
            row = by_id[member_id]
            if kind == 'position':
                row.positions.append(Label(row_id, name))
            elif kind == 'tag':
                row.tags.append(Label(row_id, name, more))
            else:
                row.custom[row_id] = name
    return rows


@cache
def _labels() -> Any:
    """Return the select of all positions, tags and values of some members: one, for each would cost as much again.

    To make it takes as long as to run it.
    """
    current: Any = positions.in_force(sa.bindparam('day', type_=sa.Date()))  # type: ignore[arg-type]
    none, ours = sa.literal(''), sa.bindparam('ours', type_=identifier())
    ids = sa.bindparam('ids', type_=identifier(), expanding=True)
    held = (
        sa.select(
            sa.literal('position'), col(PositionHolding.member_id), col(Position.id), col(Position.name), none,
            (-col(Position.priority)).label('rank'),
        )
        .join(Position, col(Position.id) == PositionHolding.position_id)
        .where(col(PositionHolding.organization_id) == ours, col(PositionHolding.member_id).in_(ids), *current)
    )  # fmt: skip
    tagged = (
        sa.select(
            sa.literal('tag'), col(MemberTag.member_id), col(Tag.id), col(Tag.name), col(Tag.colour), sa.literal(0)
        )
        .join(Tag, col(Tag.id) == MemberTag.tag_id)
        .where(col(MemberTag.organization_id) == ours, col(MemberTag.member_id).in_(ids))
    )
    own = custom_fields.valued(Member.__name__, ids, ours).subquery()
    valued = sa.select(sa.literal('field'), own.c.record_id, own.c.field_id, own.c.value, none, sa.literal(0))
    every = sa.union_all(held, tagged, valued).subquery()
    return sa.select(every).order_by(every.c[5], every.c[3])


@cache
def _choices() -> Any:
    """Return the select of all that may be chosen in the filters, in its order, and of how many retired or left."""
    ours, parts = sa.bindparam('ours', type_=identifier()), []
    for order, (name, model) in enumerate(
        (
            ('department', Department),
            ('type', MembershipType),
            ('rank', Rank),
            ('station', Station),
            ('position', Position),
        )
    ):
        kind: Any = model
        rank_order = kind.order if model is Rank else sa.literal(0)
        part = sa.select(sa.literal(name), kind.id, kind.name, sa.literal(order), rank_order.label('seniority'))
        part = part.where(kind.organization_id == ours)
        parts.append(part.where(kind.archived_at.is_(None)) if hasattr(model, 'archived_at') else part)
    tag: Any = Tag
    parts.append(
        sa.select(sa.literal('tag'), tag.id, tag.name, sa.literal(9), sa.literal(0)).where(
            tag.organization_id == ours, tag.record == 'Member'
        )
    )
    past: Any = sa.select(
        sa.literal('past'), sa.type_coerce(sa.null(), identifier()), sa.literal(''), sa.literal(10), sa.func.count()
    )
    here = (col(Member.archived_at).is_(None), col(Member.merged_into_id).is_(None))
    parts.append(past.where(col(Member.organization_id) == ours, *here, col(Member.status).in_(PAST)))
    union = sa.union_all(*parts).subquery()
    return sa.select(union).order_by(union.c[3], union.c[4].desc(), union.c[2])


@query(VIEW)
async def list_facets(work: Work) -> list[Facet]:
    """Return the filters of the directory with what may be chosen; three statements."""
    found: dict[str, list[tuple[str, str]]] = {}
    *choices, (*_past, hides) = await work.all(_choices(), ours=work.organization_id)
    for name, row_id, label, *_order in choices:
        found.setdefault(name, []).append((str(row_id), label))
    titles = {
        'department': sense('a unit', 'Department'), 'type': _('Type'), 'rank': _('Rank'), 'position': _('Position'),
        'station': _('Station'), 'tag': _('Tag'),
    }  # fmt: skip
    facets = [Facet('status', _('Status'), [(status.value, str(status.label)) for status in MemberStatus])]
    past = [(Past.SHOWN.value, _('With the others')), (Past.ONLY.value, _('Only those'))]
    facets.append(Facet('past', _('Retired or left'), past, hides))
    facets += [Facet(name, title, found.get(name, [])) for name, title in titles.items()]
    facets.append(Facet('employment', _('Employment'), [(kind.value, str(kind.label)) for kind in EmploymentType]))
    for own in await custom_fields.fields_of(work, Member.__name__):
        options = custom_fields.options_of(own)
        if options and not own.is_private:
            facets.append(Facet(f'{FIELD}{own.id}', own.name, list(options)))
    return facets
