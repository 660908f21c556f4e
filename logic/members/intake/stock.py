"""What is stored already, fetched with few statements so that thousands of rows can be compared without one each."""

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from data.departments import Department, MembershipType, Rank, Station
from data.members import CustomField, CustomValue, JobChange, Member, MemberTag, Tag
from data.organizations import Company
from logic.core.work import Work
from logic.members.inputs import ProfileInput
from logic.members.intake.rows import IntakeRow
from logic.members.names import fold
from logic.members.visibility import in_force

NOUNS: dict[str, Any] = {
    'department': Department, 'rank': Rank, 'station': Station, 'membership_type': MembershipType, 'company': Company,
}  # fmt: skip
JOB_NOUNS = ('department', 'rank')
JOB_TEXTS = ('title', 'work_pattern')
PROFILE = tuple(ProfileInput.model_fields)
PART = 400


@dataclass(slots=True)
class Stock:
    """Stored people and names that the rows may mean."""

    people: dict[UUID, Any] = field(default_factory=dict)
    """Member to its columns."""
    by_number: dict[str, UUID] = field(default_factory=dict)
    by_email: dict[str, UUID] = field(default_factory=dict)
    jobs: dict[UUID, Any] = field(default_factory=dict)
    """Member to the columns of the job row in force today."""
    nouns: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Noun to folded name to row."""
    labels: dict[UUID, str] = field(default_factory=dict)
    fields: dict[str, CustomField] = field(default_factory=dict)
    tags: dict[UUID, set[str]] = field(default_factory=dict)
    """Member to the folded names of his tags."""
    custom: dict[tuple[UUID, UUID], str] = field(default_factory=dict)
    managers: dict[UUID, UUID] = field(default_factory=dict)
    """Everybody's manager of today."""
    names: dict[UUID, str] = field(default_factory=dict)


def number_key(value: str) -> str:
    """Return a number as it is compared: two that differ only in case are one on some databases."""
    return value.strip().casefold()


async def take_stock(work: Work, rows: list[IntakeRow], today: date) -> Stock:
    """Fetch all that the rows can mean."""
    stock = Stock()
    await _nouns(work, stock)
    numbers = {str(row.values['number']) for row in rows if row.values.get('number')}
    emails = {row.values['email'] for row in rows if row.values.get('email')}
    for row in rows:
        if manager := row.values.get('manager'):
            (emails if '@' in manager else numbers).add(manager.strip().lower() if '@' in manager else manager.strip())
    await _people(work, stock, Member.number, numbers)
    await _people(work, stock, Member.email, emails)
    ids = list(stock.people)
    await _jobs(work, stock, ids, today)
    if any(row.values.get('tags') for row in rows):
        await _tags(work, stock, ids)
    if any(name.startswith('field:') for row in rows for name in row.values):
        await _custom(work, stock, ids)
    return stock


async def _nouns(work: Work, stock: Stock) -> None:
    for noun, model in NOUNS.items():
        found = await work.all(select(model))
        stock.nouns[noun] = {fold(row.name): row for row in found}
        stock.labels.update({row.id: row.name for row in found})
    for rank in list(stock.nouns['rank'].values()):
        if rank.code:
            stock.nouns['rank'].setdefault(fold(rank.code), rank)
    live = select(CustomField).where(CustomField.record == 'Member', col(CustomField.archived_at).is_(None))
    stock.fields = {fold(row.name): row for row in await work.all(live)}


async def _people(work: Work, stock: Stock, column: Any, values: Iterable[str]) -> None:
    columns = [col(getattr(Member, name)) for name in PROFILE]
    columns += [Member.id, Member.status, Member.left_on, Member.archived_at, Member.status_since_on]  # type: ignore[list-item]
    for part in parts(sorted(values)):
        for row in await work.all(sa.select(*columns).where(column.in_(part))):
            person = SimpleNamespace(**row._mapping)
            stock.people[row.id] = person
            stock.by_number[number_key(row.number)] = row.id
            if row.email:
                stock.by_email[row.email] = row.id
            stock.names[row.id] = ' '.join(p for p in (row.preferred_name or row.first_name, row.last_name) if p)
        await asyncio.sleep(0)


async def _jobs(work: Work, stock: Stock, ids: list[UUID], today: date) -> None:
    columns: list[Any] = [
        JobChange.member_id, JobChange.department_id, JobChange.rank_id, JobChange.title, JobChange.work_pattern,
        JobChange.manager_id,
    ]  # fmt: skip
    for part in parts(ids):
        statement = sa.select(*columns).where(col(JobChange.member_id).in_(part), in_force(today))
        stock.jobs.update({row.member_id: row for row in await work.all(statement)})
    chain = sa.select(col(JobChange.member_id), col(JobChange.manager_id))
    chain = chain.where(col(JobChange.manager_id).is_not(None), in_force(today))
    stock.managers = dict(await work.all(chain))


async def _tags(work: Work, stock: Stock, ids: list[UUID]) -> None:
    for part in parts(ids):
        tagged = sa.select(col(MemberTag.member_id), col(Tag.name)).join(Tag, col(Tag.id) == MemberTag.tag_id)
        for member_id, name in await work.all(tagged.where(col(MemberTag.member_id).in_(part))):
            stock.tags.setdefault(member_id, set()).add(fold(name))


async def _custom(work: Work, stock: Stock, ids: list[UUID]) -> None:
    for part in parts(ids):
        valued = sa.select(col(CustomValue.member_id), col(CustomValue.field_id), col(CustomValue.value))
        for member_id, field_id, value in await work.all(valued.where(col(CustomValue.member_id).in_(part))):
            stock.custom[member_id, field_id] = value


def parts(values: list[Any], size: int = PART) -> Iterator[list[Any]]:
    """Cut a list into pieces that fit into one statement."""
    for at in range(0, len(values), size):
        yield values[at : at + size]
