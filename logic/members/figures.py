"""Figures and pictures of the whole department: what the home page counts, and the org chart."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from data.departments import Department, Rank
from data.members import DepartmentHead, JobChange, Member, MemberStatus
from logic.core.language import _
from logic.core.service import query
from logic.core.work import Work
from logic.members.directory import PAST, called
from logic.members.domain import VIEW
from logic.members.visibility import in_force, sight

PRESENT_OR_AWAY = tuple(status for status in MemberStatus if status not in PAST)


@dataclass(frozen=True, slots=True)
class Figures:
    """The people of the department in numbers; archived records do not count."""

    total: int
    """Who belongs now: neither retired nor left."""
    by_status: dict[MemberStatus, int]
    joined_this_month: int
    left_this_month: int
    by_department: list[tuple[UUID | None, str, int]]
    """Department, name and people who are neither retired nor left, the largest first."""


@query(VIEW)
async def people_figures(work: Work) -> Figures:
    """Return the figures of the home page, in one statement."""
    seen = await sight(work)
    rows = await work.all(_counted(seen.today))
    by_status: Counter[MemberStatus] = Counter()
    by_department: Counter[tuple[UUID | None, str]] = Counter()
    for status, department_id, name, count, *_moves in rows:
        by_status[status] += count
        if status in PRESENT_OR_AWAY:
            by_department[department_id, name or _('No department')] += count
    ordered = sorted(by_department.items(), key=lambda item: (-item[1], item[0][1]))
    return Figures(
        total=sum(by_status[status] for status in PRESENT_OR_AWAY),
        by_status={status: by_status[status] for status in MemberStatus},
        joined_this_month=sum(int(row[4] or 0) for row in rows),
        left_this_month=sum(int(row[5] or 0) for row in rows),
        by_department=[(department_id, name, count) for (department_id, name), count in ordered],
    )


@lru_cache(maxsize=8)
def _counted(today: date) -> Any:
    first = today.replace(day=1)
    return (
        sa.select(
            col(Member.status), col(Department.id), col(Department.name), sa.func.count(),
            _count_since(Member.joined_on, first, today), _count_since(Member.left_on, first, today),
        )
        .select_from(Member)
        .join(JobChange, sa.and_(col(JobChange.member_id) == Member.id, in_force(today)), isouter=True)
        .join(Department, col(Department.id) == JobChange.department_id, isouter=True)
        .where(col(Member.archived_at).is_(None), col(Member.merged_into_id).is_(None))
        .group_by(col(Member.status), col(Department.id), col(Department.name))
    )  # fmt: skip


def _count_since(column: Any, first: date, today: date) -> Any:
    return sa.func.sum(sa.case((sa.and_(column >= first, column <= today), 1), else_=0))


@dataclass(frozen=True, slots=True)
class ChartPerson:
    """A person in the org chart."""

    id: UUID
    name: str
    title: str
    """Job title, or else the rank."""
    photo_file_id: UUID | None
    status: MemberStatus
    department_id: UUID | None
    manager_id: UUID | None
    """None also when the manager himself is not in the chart."""


@dataclass(frozen=True, slots=True)
class ChartUnit:
    """A department in the org chart."""

    id: UUID
    name: str
    parent_id: UUID | None
    head_id: UUID | None
    stand_in_id: UUID | None


@dataclass(frozen=True, slots=True)
class OrgChart:
    """Who reports to whom, and which unit is part of which, today."""

    units: list[ChartUnit]
    people: list[ChartPerson]


@query(VIEW)
async def org_chart(work: Work) -> OrgChart:
    """Return the org chart of today: those who are neither retired, left nor archived; four statements."""
    seen = await sight(work)
    columns: list[Any] = [
        Member.id, Member.preferred_name, Member.first_name, Member.last_name, Member.photo_file_id, Member.status,
        JobChange.title, JobChange.department_id, JobChange.manager_id, Rank.name.label('rank'),  # type: ignore[attr-defined]
    ]  # fmt: skip
    statement = (
        sa.select(*columns)
        .select_from(Member)
        .join(JobChange, sa.and_(col(JobChange.member_id) == Member.id, in_force(seen.today)), isouter=True)
        .join(Rank, col(Rank.id) == JobChange.rank_id, isouter=True)
        .where(col(Member.archived_at).is_(None), col(Member.status).in_(PRESENT_OR_AWAY))
        .order_by(col(Member.sort_name))
    )
    rows = await work.all(statement)
    shown = {row.id for row in rows}
    people = [
        ChartPerson(
            row.id, called(row.preferred_name, row.first_name, row.last_name), row.title or row.rank or '',
            row.photo_file_id, row.status, row.department_id, row.manager_id if row.manager_id in shown else None,
        )
        for row in rows
    ]  # fmt: skip
    heads = {(row.department_id, row.is_stand_in): row.member_id for row in await work.all(select(DepartmentHead))}
    units = select(Department).where(col(Department.archived_at).is_(None)).order_by(Department.name)
    return OrgChart(
        [
            ChartUnit(unit.id, unit.name, unit.parent_id, heads.get((unit.id, False)), heads.get((unit.id, True)))
            for unit in await work.all(units)
        ],
        people,
    )
