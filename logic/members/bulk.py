"""Changes of many people at once: one transaction, a reason for each who is left out, one undo."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from uuid import UUID

from sqlmodel import col, select

from data.departments import MembershipType
from data.members import BatchKind, JobChange, Member, MemberStatus, MemberTag, StatusChange, Tag
from logic.core.errors import AppError, Conflict, Invalid
from logic.core.service import service
from logic.core.work import Work
from logic.identity.positions import guard_last_administrator
from logic.members.archiving import hide, refuse_hiding
from logic.members.batches import BatchResult, Book, Refusal
from logic.members.domain import ARCHIVE, CHANGE_STATUS, EDIT
from logic.members.job_changes import check_references, put, refuse_circle, rows_by_member
from logic.members.names import clean
from logic.members.statuses import apply_status, check_move
from logic.members.visibility import Sight, sight

MOST = 10_000
CHUNK = 200
One = Callable[[Book, Sight, Member, list[JobChange]], Awaitable[None]]


async def _each(work: Work, member_ids: Sequence[UUID], title: str, one: One, *, jobs: bool = False) -> BatchResult:
    """Do something for each member that is allowed; it must refuse before it changes anything."""
    if len(member_ids) > MOST:
        raise Invalid('These are too many at once.', {'ids': f'At most {MOST} people.'})
    seen = await sight(work)
    book = Book(work, BatchKind.BULK, title)
    refused: list[Refusal] = []
    changed = 0
    ids = list(dict.fromkeys(member_ids))
    for at in range(0, len(ids), CHUNK):
        part = ids[at : at + CHUNK]
        members = {row.id: row for row in await work.all(select(Member).where(col(Member.id).in_(part)))}
        rows = await rows_by_member(work, part) if jobs else {}
        for member_id in part:
            member = members.get(member_id)
            if member is None or (member.archived_at is not None and not seen.sees_archived):
                refused.append(Refusal(member_id, '', 'There is no such member.'))
                continue
            try:
                await one(book, seen, member, rows.get(member_id, []))
                changed += 1
            except AppError as refusal:
                reason = next(iter(getattr(refusal, 'fields', {}).values()), refusal.message)
                refused.append(Refusal(member_id, member.name, reason))
        await work.flush()
    if book.is_empty:
        return BatchResult(None, 0, refused)
    batch = await book.close(refused=len(refused))
    await guard_last_administrator(work)
    return BatchResult(batch.id, changed, refused)


def _job(work: Work, changes: dict[str, UUID | None], from_on: date | None) -> One:
    async def change(book: Book, seen: Sight, member: Member, rows: list[JobChange]) -> None:
        seen.require_edit(member)
        begin = from_on or seen.today
        await refuse_circle(work, member, changes.get('manager_id'), begin, None)
        for row in rows:
            book.keep(row, member.id)
        made = put(work, member.id, rows, begin, dict(changes))
        if made is not None and not book.keeps(made):
            book.make(made, member.id)

    return change


@service(EDIT)
async def move_many(
    work: Work, member_ids: Sequence[UUID], department_id: UUID, from_on: date | None = None
) -> BatchResult:
    """Move people to a department from a day on (today). Raises NotFound, Invalid for an archived department."""
    await check_references(work, {'department_id': department_id})
    return await _each(work, member_ids, 'Department', _job(work, {'department_id': department_id}, from_on), jobs=True)


@service(EDIT)
async def give_many_a_manager(work: Work, member_ids: Sequence[UUID], manager_id: UUID) -> BatchResult:
    """Let people report to somebody from today on; who would report to himself is left out. Raises Invalid."""
    await check_references(work, {'manager_id': manager_id})
    manager = await work.get(Member, manager_id)
    return await _each(
        work, member_ids, f'Manager {manager.name}', _job(work, {'manager_id': manager_id}, None), jobs=True
    )


@service(EDIT)
async def give_many_a_type(work: Work, member_ids: Sequence[UUID], membership_type_id: UUID) -> BatchResult:
    """Give people a membership type. Raises NotFound, Conflict for an archived one."""
    kind = await work.get(MembershipType, membership_type_id)
    if kind.archived_at is not None:
        raise Conflict(f'{kind.name} is archived. Choose another type.')

    async def change(book: Book, seen: Sight, member: Member, _: list[JobChange]) -> None:
        seen.require_edit(member)
        book.keep(member, member.id)
        member.membership_type_id = kind.id

    return await _each(work, member_ids, f'Type {kind.name}', change)


@service(EDIT)
async def tag_many(work: Work, member_ids: Sequence[UUID], tag_id: UUID) -> BatchResult:
    """Put a tag on people; who carries it already is left as he is. Raises NotFound."""
    tag = await work.get(Tag, tag_id)
    carrying = set(await work.all(select(MemberTag.member_id).where(MemberTag.tag_id == tag.id)))

    async def change(book: Book, seen: Sight, member: Member, _: list[JobChange]) -> None:
        seen.require_edit(member)
        if member.id not in carrying:
            book.make(work.add(MemberTag(member_id=member.id, tag_id=tag.id)), member.id)

    return await _each(work, member_ids, f'Tag {tag.name}', change)


@service(CHANGE_STATUS)
async def change_status_of_many(
    work: Work, member_ids: Sequence[UUID], to: MemberStatus, reason: str, on: date | None = None
) -> BatchResult:
    """Move people to a status; who may not is left out. Leaving is recorded one by one, so that reports move too."""
    if to is MemberStatus.LEFT:
        raise Invalid('Leaving is recorded on each person’s page.', {'status': 'There others take over the reports.'})

    async def change(book: Book, seen: Sight, member: Member, _: list[JobChange]) -> None:
        begin = on or seen.today
        check_move(member, to, clean(reason), begin, seen.today)
        book.keep(member, member.id)
        await apply_status(work, member, to, clean(reason), begin)
        latest = select(StatusChange).where(StatusChange.member_id == member.id).order_by(col(StatusChange.id).desc())
        book.make(await work.first(latest), member.id)

    return await _each(work, member_ids, f'Status {to.label}', change)


@service(ARCHIVE)
async def archive_many(work: Work, member_ids: Sequence[UUID]) -> BatchResult:
    """Hide records; one's own, and those to whom people report, are left out."""

    async def change(book: Book, seen: Sight, member: Member, _: list[JobChange]) -> None:
        await refuse_hiding(work, member, seen)
        book.keep(member, member.id)
        await hide(work, member)

    return await _each(work, member_ids, 'Archive', change)
