"""The import itself: one transaction, one batch, one undo."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from data.core import new_id
from data.custom_fields import PERSON, CustomValue
from data.members import (
    BatchKind,
    JobChange,
    Member,
    MemberStatus,
    MemberTag,
    StatusChange,
    Tag,
)
from data.organizations import Organization
from logic.core.errors import Conflict, Invalid
from logic.core.letting_go import let_go
from logic.core.service import query, service
from logic.core.work import Work
from logic.custom_fields import fields_of
from logic.identity.positions import PRESENT, PositionsChanged, guard_last_administrator, local_today
from logic.members.batches import Book
from logic.members.domain import IMPORT, MemberAdded, tell_move
from logic.members.imports.columns import FIELD, header_key
from logic.members.imports.parsing import ImportOptions, Reading
from logic.members.imports.planning import (
    JOB_FIELDS,
    NAMED,
    PROFILE_FIELDS,
    Fate,
    ImportPlan,
    Progress,
    RowFate,
    plan_rows,
)
from logic.members.job_changes import IMPORTED, put
from logic.members.names import fold, index_names
from logic.members.numbers import kept_former, next_numbers

CHUNK = 25
"""People that are written in one go: some 20 ms, so that nobody waits."""


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did."""

    batch_id: UUID
    new_count: int
    updated_count: int
    same_count: int
    refused_count: int


@query(IMPORT)
async def plan_import(
    work: Work, reading: Reading, options: ImportOptions, progress: Progress | None = None
) -> ImportPlan:
    """Dry run: say what each row of a file that was read would do. Changes nothing."""
    return await plan_rows(work, reading, options, progress)


@service(IMPORT)
async def apply_import(
    work: Work, reading: Reading, options: ImportOptions, title: str, progress: Progress | None = None
) -> ImportResult:
    """Take the good rows of a file in one transaction, as one batch that can be undone; the others are left out.

    Raises Invalid when the order of dates is open, Conflict when no row can be taken.
    """
    if reading.date_is_open:
        raise Invalid('Choose the order of day and month first.', {'date_order': reading.date_why})
    plan = await plan_rows(work, reading, options)
    taken = [row for row in plan.rows if row.fate in (Fate.NEW, Fate.UPDATE)]
    if not taken and plan.count(Fate.REFUSED):
        raise Conflict('No row of this file can be taken. The dry run says why for each.')
    book = Book(work, BatchKind.IMPORT, title)
    applying = _Applying(work, plan, book, progress)
    await applying.run(taken)
    batch = await book.close(refused=plan.count(Fate.REFUSED))
    await applying.tell()
    await guard_last_administrator(work)
    await _remember_mapping(work, reading)
    result = ImportResult(batch.id, batch.new_count, batch.updated_count, plan.count(Fate.SAME), batch.refused_count)
    await book.let_go()
    await let_go(applying.kept, taken, plan.rows)
    return result


async def _remember_mapping(work: Work, reading: Reading) -> None:
    organization = await work.get(Organization, work.organization_id)
    chosen = {header_key(reading.table.header[index]): name for index, name in reading.mapping.items()}
    known = organization.settings.import_mapping | chosen
    if known != organization.settings.import_mapping:
        organization.settings = organization.settings.model_copy(update={'import_mapping': known})


class _Applying:
    def __init__(self, work: Work, plan: ImportPlan, book: Book, progress: Progress | None) -> None:
        self._work, self._plan, self._book, self._progress = work, plan, book, progress
        self._made: dict[tuple[str, str], UUID] = {}
        self.kept: list[Any] = []
        """Rows that foreign keys name: kept, so that the session still knows them."""
        self._added: list[UUID] = []
        self._moved: list[tuple[Member, MemberStatus]] = []
        """Who changed his status, and which he had."""
        self._tags: dict[str, Tag] = {}

    async def run(self, taken: Sequence[RowFate]) -> None:
        self._today = await local_today(self._work)
        await self._make_missing()
        new = [row for row in taken if row.fate is Fate.NEW]
        given = {fold(row.number) for row in new if row.number}
        free = iter(await next_numbers(self._work, sum(not row.number for row in new), taken=given))
        for at, row in enumerate(new, 1):
            row.member_id = new_id()
            row.number = row.number or next(free)
            if at % 1000 == 0:
                await asyncio.sleep(0)  # ten thousand ids take as long as anybody may wait
        total = len(taken) * 2
        for at in range(0, len(taken), CHUNK):
            await self._profiles(taken[at : at + CHUNK])
            await self._pause(at, total)
        for at in range(0, len(taken), CHUNK):
            await self._jobs(taken[at : at + CHUNK])
            await self._pause(len(taken) + at, total)
        extras = [row for row in taken if any(name == 'tags' or name.startswith(FIELD) for name in row.changes)]
        if extras:
            named = select(Tag).where(Tag.record == 'Member')
            self._tags = {tag.name: tag for tag in await self._work.all(named)}
            self.kept += [*self._tags.values(), *await fields_of(self._work, PERSON, archived=True)]
        for at in range(0, len(extras), CHUNK):
            await self._extras(extras[at : at + CHUNK])
            await self._pause(total, total)

    async def _pause(self, done: int, total: int) -> None:
        await self._work.flush()
        if self._progress is not None:
            self._progress(done, total)
        await asyncio.sleep(0)

    async def _make_missing(self) -> None:
        for noun, names in self._plan.missing.items():
            table, _ = NAMED[noun]
            for name in names:
                row = self._work.add(table(name=name))
                self._made[noun, fold(name)] = row.id
                self.kept.append(row)
        await self._work.flush()
        for table, _ in NAMED.values():
            self.kept += await self._work.all(select(table))

    async def tell(self) -> None:
        """Tell the other domains who came, and who moved to another status."""
        for at, member_id in enumerate(self._added, 1):
            await self._work.emit(MemberAdded(member_id))
            if at % 500 == 0:
                await asyncio.sleep(0)
        for member, before in self._moved:
            await tell_move(self._work, member, before, member.status_since_on, IMPORTED)
        elsewhere = {m.id for m, before in self._moved if (before in PRESENT) != (m.status in PRESENT)}
        if elsewhere:
            await self._work.emit(PositionsChanged(frozenset(elsewhere)))

    def _value(self, name: str, value: Any) -> Any:
        """Turn the name of something that was made into its id."""
        noun = name.removesuffix('_id')
        return self._made[noun, fold(value)] if noun in NAMED and isinstance(value, str) else value

    async def _profiles(self, rows: Sequence[RowFate]) -> None:
        ids = [row.member_id for row in rows if row.fate is Fate.UPDATE]
        stored = {m.id: m for m in await self._work.all(select(Member).where(col(Member.id).in_(ids)))} if ids else {}
        for row in rows:
            assert row.member_id is not None
            values = {name: self._value(name, new) for name, (_, new) in row.changes.items() if name in PROFILE_FIELDS}
            member = stored.get(row.member_id)
            if member is None:
                member = self._new(row, values)
            else:
                self._book.keep(member, member.id, row.line)
                self._change(member, row, values)
            index_names(member)
        self.kept += stored.values()

    def _new(self, row: RowFate, values: dict[str, Any]) -> Member:
        values['number'] = row.number
        status = values.pop('status', None) or MemberStatus.ACTIVE
        left_on = values.get('left_on')
        since = min(left_on or values.get('joined_on') or self._today, self._today)
        assert row.member_id is not None
        member = Member(id=row.member_id, status=status, status_since_on=since, status_reason=IMPORTED, **values)
        self._book.make(self._work.add(member), member.id, row.line)
        self._note_status(StatusChange(member_id=member.id, on=since, after=status, reason=IMPORTED))
        self._added.append(member.id)
        return member

    def _note_status(self, change: StatusChange) -> None:
        change.by_account_id = self._work.actor.account_id
        self._book.make(self._work.add(change), change.member_id)

    def _change(self, member: Member, row: RowFate, values: dict[str, Any]) -> None:
        if 'number' in values:
            member.former_number = kept_former(member.former_number, member.number)
        status = values.pop('status', None)
        if status is not None:
            on = values.get('left_on') or self._today
            note = StatusChange(member_id=member.id, on=on, before=member.status, after=status, reason=IMPORTED)
            self._note_status(note)
            self._moved.append((member, member.status))
            member.status, member.status_since_on, member.status_reason = status, on, IMPORTED
        for name, value in values.items():
            setattr(member, name, value)

    async def _jobs(self, rows: Sequence[RowFate]) -> None:
        wanted = [row for row in rows if any(name in JOB_FIELDS for name in row.changes)]
        ids = [row.member_id for row in wanted if row.fate is Fate.UPDATE]
        bosses = [
            boss for row in wanted
            if isinstance(boss := row.changes.get('manager_id', (None, None))[1], UUID)
        ]  # fmt: skip
        if bosses:
            self.kept += await self._work.all(select(Member).where(col(Member.id).in_(set(bosses))))
        stored: dict[UUID, list[JobChange]] = {}
        if ids:
            statement = select(JobChange).where(col(JobChange.member_id).in_(ids)).order_by(col(JobChange.from_on))
            for job in await self._work.all(statement):
                stored.setdefault(job.member_id, []).append(job)
        for row in wanted:
            assert row.member_id is not None
            changes = {name: self._value(name, new) for name, (_, new) in row.changes.items() if name in JOB_FIELDS}
            if row.manager is not None and 'manager_id' in changes:
                changes['manager_id'] = row.manager.member_id
            joined = row.changes.get('joined_on', (None, None))[1]
            begin = min(joined or self._today, self._today) if row.fate is Fate.NEW else self._today
            jobs = stored.get(row.member_id, [])
            for job in jobs:
                self._book.keep(job, row.member_id)
            made = put(self._work, row.member_id, jobs, begin, changes, reason=IMPORTED)
            if made is not None and not self._book.keeps(made):
                self._book.make(made, row.member_id)

    async def _extras(self, rows: Sequence[RowFate]) -> None:
        """Write tags, which are added to those that somebody carries, and the department's own fields."""
        ids = [row.member_id for row in rows if row.fate is Fate.UPDATE]
        valued = select(CustomValue).where(CustomValue.record == PERSON, col(CustomValue.record_id).in_(ids))
        stored = {(one.record_id, one.field_id): one for one in await self._work.all(valued)} if ids else {}
        for row in rows:
            assert row.member_id is not None
            for name, (old, new) in row.changes.items():
                if name == 'tags':
                    for tag in sorted(set(new) - set(old or ())):
                        carried = MemberTag(member_id=row.member_id, tag_id=self._tags[tag].id)
                        self._book.make(self._work.add(carried), row.member_id)
                elif name.startswith(FIELD):
                    self._put_value(row.member_id, UUID(name.removeprefix(FIELD)), new, stored)

    def _put_value(
        self, member_id: UUID, field_id: UUID, value: str, stored: dict[tuple[UUID, UUID], CustomValue]
    ) -> None:
        row = stored.get((member_id, field_id))
        if row is None:
            made = CustomValue(field_id=field_id, record=PERSON, record_id=member_id, value=value)
            self._book.make(self._work.add(made), member_id)
        else:
            self._book.keep(row, member_id)
            row.value = value
