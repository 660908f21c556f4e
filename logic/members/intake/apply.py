"""Writing the rows that are good: in small flushes, inside one transaction, with all that is needed to undo it."""

import asyncio
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from data.core import new_id
from data.departments import MembershipType, Rank, Station
from data.members import BatchKind, CustomValue, Member, MemberBatch, MemberStatus, MemberTag, Tag
from logic import departments
from logic.core.work import Work
from logic.departments import DepartmentInput
from logic.identity.positions import guard_last_administrator
from logic.members.batches import CHUNK, Book
from logic.members.domain import MemberAdded
from logic.members.intake.plan import plan_intake
from logic.members.intake.rows import Fate, IntakePlan, IntakeRow, RowFate, Writes
from logic.members.intake.stock import JOB_NOUNS, parts
from logic.members.job_changes import put, rows_by_member
from logic.members.names import fold, index_names
from logic.members.numbers import kept_former, next_numbers
from logic.members.statuses import apply_status, let_go
from logic.members.visibility import sight

CHANGED_BY_IMPORT = 'Imported'


async def apply_intake(
    work: Work, rows: list[IntakeRow], *, title: str, create_missing: bool = True
) -> tuple[MemberBatch, IntakePlan]:
    """Take the good rows in, as one batch that `undo_batch` undoes; the plan returned says what became of each.

    The fates are found anew inside the transaction, so a preview that has aged changes nothing silently.
    """
    today = (await sight(work)).today
    plan = await plan_intake(work, rows, create_missing=create_missing)
    taking = _Taking(work, plan, Book(work, BatchKind.IMPORT, title), today)
    await taking.names()
    await taking.new()
    await taking.updates()
    await taking.jobs()
    await taking.extras()
    if any(row.writes and row.writes.status for row in plan.rows if row.fate is Fate.UPDATE):
        await guard_last_administrator(work)
    batch = await taking.book.close(refused=plan.count(Fate.REFUSED))
    return batch, plan


class _Taking:
    def __init__(self, work: Work, plan: IntakePlan, book: Book, today: date) -> None:
        self.work, self.plan, self.book, self.today = work, plan, book, today
        self.made: dict[tuple[str, str], UUID] = {}
        self.members: dict[int, Member] = {}
        """Row number to the member, loaded or made by this work."""

    def _rows(self, *fates: Fate) -> list[tuple[RowFate, Writes]]:
        return [(row, row.writes) for row in self.plan.rows if row.fate in fates and row.writes is not None]

    async def names(self) -> None:
        """Make the departments, ranks and the like that the good rows name and that do not exist."""
        wanted: dict[tuple[str, str], str] = {}
        for _, writes in self._rows(Fate.NEW, Fate.UPDATE):
            for column, name in writes.names.items():
                wanted.setdefault((column, fold(name)), name)
        for (column, key), name in wanted.items():
            if column == 'department_id':
                row: Any = await departments.add_department(self.work, DepartmentInput(name=name))
            else:
                model: Any = {'rank_id': Rank, 'station_id': Station, 'membership_type_id': MembershipType}[column]
                row = self.work.add(model(name=name))
            self.made[column, key] = row.id
        await self.work.flush()
        for _, writes in self._rows(Fate.NEW, Fate.UPDATE):
            for column, name in writes.names.items():
                target = writes.job if column.removesuffix('_id') in JOB_NOUNS else writes.profile
                target[column] = self.made[column, fold(name)]

    async def new(self) -> None:
        """Make the new people."""
        rows = self._rows(Fate.NEW)
        given = {str(writes.profile['number']) for _, writes in rows if writes.profile.get('number')}
        free = iter(await next_numbers(self.work, len(rows) - len(given), given) if len(rows) > len(given) else [])
        for part in parts(rows, CHUNK):
            for row, writes in part:
                profile = writes.profile | {'number': writes.profile.get('number') or next(free)}
                since = min(profile.get('joined_on') or self.today, self.today)
                if writes.left_on is not None:
                    since = writes.left_on + timedelta(days=1)
                status = writes.status or MemberStatus.ACTIVE
                member = Member(id=new_id(), status=status, status_since_on=since, left_on=writes.left_on, **profile)
                index_names(member)
                self.work.add(member)
                self.members[row.row_number] = member
                row.member_id, row.number = member.id, member.number
            await self.work.flush()
            for row, _ in part:
                self.book.make(self.members[row.row_number], self.members[row.row_number].id, row.row_number)
                await self.work.emit(MemberAdded(self.members[row.row_number].id))
            await asyncio.sleep(0)

    async def updates(self) -> None:
        """Change the people who are known already."""
        for part in parts(self._rows(Fate.UPDATE), CHUNK):
            ids = [row.member_id for row, _ in part]
            loaded = {m.id: m for m in await self.work.all(select(Member).where(col(Member.id).in_(ids)))}
            for row, writes in part:
                assert row.member_id is not None
                member = loaded[row.member_id]
                self.members[row.row_number] = member
                self.book.keep(member, member.id, row.row_number)
                if 'number' in writes.profile:
                    member.former_number = kept_former(member.former_number, member.number)
                for name, value in writes.profile.items():
                    setattr(member, name, value)
                index_names(member)
                if writes.status is MemberStatus.LEFT:
                    last_on = writes.left_on or self.today - timedelta(days=1)
                    await let_go(self.work, member, last_on, CHANGED_BY_IMPORT, None)
                elif writes.status is not None:
                    await apply_status(self.work, member, writes.status, CHANGED_BY_IMPORT, self.today)
            await self.work.flush()
            await asyncio.sleep(0)

    async def jobs(self) -> None:
        """Write where people work; all are stored by now, so that they can name each other as managers."""
        rows = [(row, w) for row, w in self._rows(Fate.NEW, Fate.UPDATE) if w.job or w.manager is not None]
        stored = {w.manager for _, w in rows if isinstance(w.manager, UUID)}
        for ids in parts(sorted(stored)):
            await self.work.all(select(Member).where(col(Member.id).in_(ids)))
        for part in parts(rows, CHUNK):
            known = [self.members[row.row_number].id for row, _ in part if row.fate is Fate.UPDATE]
            before = await rows_by_member(self.work, known) if known else {}
            for row, writes in part:
                member = self.members[row.row_number]
                changes = dict(writes.job)
                if writes.manager is not None:
                    boss = writes.manager
                    changes['manager_id'] = self.members[boss.row_number].id if isinstance(boss, RowFate) else boss
                history = before.get(member.id, [])
                for job in history:
                    self.book.keep(job, member.id)
                begin = self.today if row.fate is Fate.UPDATE else min(member.joined_on or self.today, self.today)
                made = put(self.work, member.id, history, begin, changes, reason=CHANGED_BY_IMPORT)
                if made is not None and not self.book.keeps(made):
                    self.book.make(made, member.id)
            await self.work.flush()
            await asyncio.sleep(0)

    async def extras(self) -> None:
        """Put tags on and write custom fields."""
        rows = [(row, w) for row, w in self._rows(Fate.NEW, Fate.UPDATE) if w.tags or w.custom]
        if not rows:
            return
        tags = {fold(tag.name): tag for tag in await self.work.all(select(Tag).where(Tag.record == 'Member'))}
        for name in {fold(name): name for _, w in rows for name in w.tags}.values():
            if fold(name) not in tags:
                tags[fold(name)] = self.work.add(Tag(name=name[:40]))
        await self.work.flush()
        for part in parts(rows, CHUNK):
            ids = [self.members[row.row_number].id for row, _ in part]
            stored = {
                (value.member_id, value.field_id): value
                for value in await self.work.all(select(CustomValue).where(col(CustomValue.member_id).in_(ids)))
            }
            for row, writes in part:
                self._extras_of(self.members[row.row_number].id, writes, tags, stored)
            await self.work.flush()
            await asyncio.sleep(0)

    def _extras_of(
        self, member_id: UUID, writes: Writes, tags: dict[str, Tag], stored: dict[tuple[UUID, UUID], CustomValue]
    ) -> None:
        for key in dict.fromkeys(fold(name) for name in writes.tags):
            carried = self.work.add(MemberTag(member_id=member_id, tag_id=tags[key].id))
            self.book.make(carried, member_id)
        for field_id, text in writes.custom.items():
            value = stored.get((member_id, field_id))
            if value is not None:
                self.book.keep(value, member_id)
                value.value = text  # empty: the field is emptied
            elif text:
                value = self.work.add(CustomValue(field_id=field_id, member_id=member_id, value=text))
                self.book.make(value, member_id)
