"""Sample data in a real department: two dozen invented people, each marked, and one click that removes them again."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete, or_
from sqlmodel import SQLModel, col, select

from data.departments import Department, MembershipType, Rank, Station
from data.files import StoredFile
from data.members import ChecklistKind, Member, MemberBatch, MemberBatchRow, MemberStatus
from data.notifications import Notice
from data.organizations import Organization, OrganizationKind
from data.tasks import ListVisibility, Task, TaskList
from logic import furniture, notifications
from logic.core import files, records
from logic.core.domain import Domain
from logic.core.errors import Conflict
from logic.core.language import _, later
from logic.core.service import query, service
from logic.core.work import Work
from logic.demo.files import fill_file, member_input
from logic.demo.people import DEPUTY, FIREFIGHTER, LATER, OWNER, Persona, personas
from logic.demo.stage import stamped
from logic.demo.tasks import OFFICE, TaskYear
from logic.departments import RANKS
from logic.identity.positions import PositionsChanged, guard_last_administrator
from logic.members.checklists import list_templates, start_checklist
from logic.members.file import add_record
from logic.members.profile import add_member
from logic.members.statuses import change_status
from logic.members.visibility import sight
from logic.organizations import MANAGE
from logic.tasks.domain import ADD, MANAGE_LISTS
from logic.tasks.domain import domain as tasks
from logic.watchers import actors_of

domain = Domain('demo', title='Sample data', description='Invented people to look around with.')
HOST = 'sample.example.org'
CHOSEN = (*range(1, FIREFIGHTER + 7), LATER + 11, LATER + 12)
"""Officers, some of their people, and two who joined lately."""
BATCH = 500


@query(MANAGE)
async def count_sample_people(work: Work) -> int:
    """Return how many invented people are in this department."""
    return await work.count(select(Member.id).where(col(Member.is_demo)))


@service(MANAGE)
async def load_sample_data(work: Work) -> int:
    """Add invented people with files and tasks, each marked; returns how many. Raises Conflict when they are there.

    They use the units, ranks and stations that exist, so that nothing but people and their lists has to be removed
    again. Of lists there are none where tasks are switched off, or where the actor may not show lists to everybody.
    """
    organization = await work.get(Organization, work.organization_id)
    if organization.is_demo or await count_sample_people(work):
        raise Conflict('The sample data is loaded already.')
    seen = await sight(work)
    country = organization.country or 'US'
    lists = {model: await _names(work, model) for model in (Department, Rank, Station, MembershipType)}
    added: dict[int, UUID] = {}
    cast = [_suited(one, organization.kind) for one in personas(seen.today)]
    with stamped(work):
        for index in CHOSEN:
            one = cast[index]
            data = member_input(
                one, HOST, country, number=f'S-{len(added) + 1:02}', **_places(one, lists, added),
                status=MemberStatus.PROBATIONARY if index >= LATER else MemberStatus.ACTIVE,
            )  # fmt: skip
            member = await add_member(work, data)
            added[index] = member.id
            await fill_file(work, member, one, seen.today)
        await _happenings(work, cast, added)
    await _open_lists(work, organization, added)
    return len(added)


async def _open_lists(work: Work, organization: Organization, added: dict[int, UUID]) -> None:
    """Let one of the invented people keep lists of tasks, with some for whoever loads the data."""
    may = all(work.actor.may(right) for right in (ADD, MANAGE_LISTS))
    if not may or tasks.name in organization.settings.modules_off:
        return
    theirs = work.acting_as(replace(work.actor, member_id=added[DEPUTY]))
    year = TaskYear(work.now, ZoneInfo(organization.zone), added | {OWNER: work.actor.member_id or added[DEPUTY]})
    await year.open_lists(theirs, only='' if organization.kind in RANKS else OFFICE)


def _suited(one: Persona, kind: OrganizationKind) -> Persona:
    """Return a person as he would be in a department of a kind: an office has no engine companies."""
    if kind in RANKS or one.unit == 'Administration':
        return one
    return replace(one, unit='Office', title='Staff', membership='Staff')


async def _names(work: Work, model: Any) -> dict[str, UUID]:
    rows = await work.all(select(model).where(col(model.archived_at).is_(None)).order_by(model.name))
    return {row.name: row.id for row in rows}


def _places(one: Persona, lists: dict[Any, dict[str, UUID]], added: dict[int, UUID]) -> dict[str, Any]:
    """Return where a person stands, as far as the department has such places."""
    units, stations = lists[Department], list(lists[Station].values())
    return {
        'department_id': units.get(one.unit) or units.get('Operations') or next(iter(units.values()), None),
        'rank_id': lists[Rank].get(one.rank),
        'station_id': stations[one.station % len(stations)] if stations else None,
        'membership_type_id': lists[MembershipType].get(one.membership),
        'manager_id': added.get(one.manager) if one.manager is not None else None,
    }


async def _happenings(work: Work, cast: list[Persona], added: dict[int, UUID]) -> None:
    """Let some things have happened: a leave, and a checklist that runs on the newest."""
    seen = await sight(work)
    away = added[FIREFIGHTER + 2]
    await change_status(work, away, MemberStatus.ON_LEAVE, 'Studies abroad', seen.today)
    await add_record(work, away, 'leaves', {'kind': 'Studies', 'from_on': seen.today})
    newest = cast[LATER + 12]
    for template in (await list_templates(work, ChecklistKind.JOINING))[:1]:
        await start_checklist(work, added[newest.index], template.id, newest.joined_on)


@service(MANAGE)
async def remove_sample_data(work: Work) -> int:
    """Remove the marked people for good, with all that is theirs; returns how many. Raises Conflict in a demo.

    Where a real record names one of them, such as a manager, the name is taken out and the record stays. A list of
    theirs in which somebody else has put a task stays with that task. It is his if he may keep such a list, else that
    of who removes the data, or of the first who may; raises Conflict when nobody may.
    """
    if (await work.get(Organization, work.organization_id)).is_demo:
        raise Conflict('This whole department is invented. Stop the demo, and it is gone.')
    people = await work.all(select(Member).where(col(Member.is_demo)))
    if not people:
        return 0
    doomed: dict[type[SQLModel], dict[UUID, Any]] = defaultdict(dict)
    doomed[Member] = {row.id: row for row in people}
    doomed[Task] = await _tasks_of(work, list(doomed[Member]))
    for kind in records.kinds.values():
        gone = list(doomed[kind.model])
        await work.execute(delete(Notice).where(col(Notice.object_id).in_(gone)))
        await furniture.clear(work, kind.name, gone)
    await work.flush()
    order = _tables()
    for model in order:
        await _mark(work, model, doomed)
    await _mark_batches(work, doomed)
    ids = list(doomed[Member])
    for file in await work.all(select(StoredFile).where(col(StoredFile.owner_id).in_(ids))):
        await files.remove(work, file.id)
    for model in reversed(order):
        for row in doomed[model].values():
            await work.delete(row)
        await work.flush()
    await guard_last_administrator(work)
    await work.emit(PositionsChanged(frozenset(ids)))
    return len(ids)


async def _tasks_of(work: Work, ids: list[UUID]) -> dict[UUID, Any]:
    """Return the tasks that invented people made; a list of theirs that holds others goes to somebody who is here."""
    theirs = col(Task.creator_id).in_(ids)
    made = await work.all(select(Task).where(theirs))
    others = select(TaskList, Task.creator_id).join(Task, col(Task.list_id) == TaskList.id)
    others = others.where(col(TaskList.owner_id).in_(ids), or_(col(Task.creator_id).is_(None), ~theirs))
    homes: dict[UUID, tuple[TaskList, list[UUID | None]]] = {}
    for home, creator_id in await work.all(others.order_by(col(Task.number))):
        homes.setdefault(home.id, (home, []))[1].append(creator_id)
    for home, creators in homes.values():
        home.owner_id = await _heir(work, home, [*creators, work.actor.member_id])
    await work.flush()
    return {row.id: row for row in made}


async def _heir(work: Work, home: TaskList, nearest: Sequence[UUID | None]) -> UUID:
    """Return who is to own a list: of these, then of who shows lists to all, the first who may. Raises Conflict."""
    accounts = await notifications.holders_of(work, MANAGE_LISTS)
    keepers = await work.all(select(Member.id).where(col(Member.account_id).in_(accounts)).order_by(Member.number))
    wanted: list[UUID] = [one for one in (*nearest, *keepers) if one is not None]
    people = await actors_of(work, wanted)
    rights = {ADD, MANAGE_LISTS} if home.visibility is ListVisibility.ORGANIZATION else {ADD}
    for member_id in wanted:
        if member_id in people and all(people[member_id].may(right) for right in rights):
            return member_id
    text = later(
        'Others have put tasks into "{list}", and nobody here may keep that list. Give somebody the right first.'
    )
    raise Conflict(_(text, list=home.title))


async def _mark_batches(work: Work, doomed: dict[type[SQLModel], dict[UUID, Any]]) -> None:
    """Let the changes of many go that were about invented people only."""
    touched = {row.batch_id for row in doomed[MemberBatchRow].values()}
    rows = await work.all(select(MemberBatchRow).where(col(MemberBatchRow.batch_id).in_(touched)))
    real = {row.batch_id for row in rows if row.id not in doomed[MemberBatchRow]}
    batches = await work.all(select(MemberBatch).where(col(MemberBatch.id).in_(touched - real)))
    doomed[MemberBatch] = {batch.id: batch for batch in batches}


def _tables() -> list[type[SQLModel]]:
    """Return every table, those that others refer to first."""
    mapped = {mapper.local_table: mapper.class_ for mapper in Member._sa_registry.mappers}
    return [mapped[table] for table in SQLModel.metadata.sorted_tables if table in mapped]


async def _mark(work: Work, model: type[SQLModel], doomed: dict[type[SQLModel], dict[UUID, Any]]) -> None:
    """Find the rows of a table that name what will be deleted: they go too when they are about it, else let it go."""
    named = {other.__tablename__: other for other in doomed if doomed[other]}
    table: Any = model
    found: list[tuple[Any, str]] = []
    for column in table.__table__.columns:
        for key in column.foreign_keys:
            target = named.get(key.column.table.name)
            if target is None:
                continue
            ids = list(doomed[target])
            for at in range(0, len(ids), BATCH):
                rows = await work.all(select(model).where(column.in_(ids[at : at + BATCH])))
                found += [(row, column.key) for row in rows]
                if not column.nullable or column.key == 'member_id':
                    doomed[model] |= {row.id: row for row in rows}
    for row, name in found:
        if row.id not in doomed[model]:
            setattr(row, name, None)
    # Rows of one table that name each other could not be deleted in any order.
    own = [c.key for c in table.__table__.columns for key in c.foreign_keys if key.column.table is table.__table__]
    for row in doomed[model].values():
        for name in own:
            setattr(row, name, None)
    await work.flush()
