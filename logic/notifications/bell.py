"""The bell: what I was told, the newest first, and noting that I have read it."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, update
from sqlmodel import col, or_, select

from data.notifications import Notice, NoticeDelivery
from logic.core.listing import ListQuery, Page
from logic.core.service import SIGNED_IN, query, service
from logic.core.whose import belongs_to
from logic.core.work import Work
from logic.notifications.domain import domain
from logic.notifications.telling import bell_of

KEPT = timedelta(days=180)


def _mine(work: Work) -> tuple[object, ...]:
    return (
        belongs_to(Notice.account_id, work.actor.account_id),
        col(Notice.organization_id) == work.organization_id,
        col(Notice.in_bell).is_(True),
    )


@query(SIGNED_IN)
async def list_notices(work: Work, query: ListQuery = ListQuery(page_size=30)) -> Page[Notice]:  # noqa: B008  frozen
    """Return my notices, the newest first; `q` finds words, the filters are `read` ('no', 'yes') and `kind`."""
    statement = select(Notice).where(*_mine(work))  # type: ignore[arg-type]
    read = query.values('read')
    if 'no' in read and 'yes' not in read:
        statement = statement.where(col(Notice.read_at).is_(None))
    if 'yes' in read and 'no' not in read:
        statement = statement.where(col(Notice.read_at).is_not(None))
    if wanted := query.values('kind'):
        statement = statement.where(col(Notice.kind).in_(wanted))
    if text := query.q.strip():
        statement = statement.where(
            or_(col(Notice.title).icontains(text, autoescape=True), col(Notice.body).icontains(text, autoescape=True))
        )
    sorts = {'created': (col(Notice.created_at), col(Notice.id))}
    newest_first = query.model_copy(update={'descending': True}) if not query.sort else query
    return await work.page(statement, newest_first, sorts, 'created')


@query(SIGNED_IN)
async def unread_count(work: Work) -> int:
    """Return how many of my notices I have not read."""
    return await work.count(select(col(Notice.id)).where(*_mine(work), col(Notice.read_at).is_(None)))  # type: ignore[arg-type]


@service(SIGNED_IN)
async def mark_read(work: Work, notice_id: UUID | None) -> None:
    """Note that I have read one notice, or with None all of them; another person's is not touched."""
    await _mark(work, *([col(Notice.id) == notice_id] if notice_id is not None else []))


@service(SIGNED_IN)
async def mark_record_read(work: Work, object_type: str, object_id: UUID) -> None:
    """Note that I have read everything that I was told of a record."""
    await _mark(work, col(Notice.object_type) == object_type, col(Notice.object_id) == object_id)


@service(SIGNED_IN)
async def mark_about_read(work: Work, notice_id: UUID | None) -> None:
    """Note that I have read a notice and the others about its record, or with None all of them."""
    if notice_id is None:
        await _mark(work)
        return
    row = await work.find(Notice, notice_id)
    if row is not None and row.account_id == work.actor.account_id and row.object_id is not None:
        await mark_record_read(work, row.object_type, row.object_id)
    else:
        await mark_read(work, notice_id)


@service(SIGNED_IN)
async def mark_all_read(work: Work) -> None:
    """Note that I have read all my notices."""
    await _mark(work)


async def _mark(work: Work, *which: object) -> None:
    changed = await work.execute(
        update(Notice)
        .where(*_mine(work), col(Notice.read_at).is_(None), *which)  # type: ignore[arg-type]
        .values(read_at=work.now)
        .execution_options(synchronize_session=False)
    )
    if changed:
        work.changed(bell_of(work.actor.account_id), None)


@domain.job(schedule='40 2 * * *')
async def forget_old_notices(work: Work) -> None:
    """Delete notices of more than 180 days; one under a key goes too, its cause is long over."""
    old = select(Notice.id).where(col(Notice.created_at) < work.now - KEPT)
    await work.execute(delete(NoticeDelivery).where(col(NoticeDelivery.notice_id).in_(old)))
    await work.execute(delete(Notice).where(col(Notice.created_at) < work.now - KEPT))
