"""Links between records, the same from both sides; nobody learns by a link of a record that he may not see."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from data.links import RecordLink
from logic.core import records
from logic.core.domain import Domain
from logic.core.errors import AppError, Conflict, Denied, Invalid, NotFound
from logic.core.language import _
from logic.core.records import Known
from logic.core.service import SIGNED_IN, query, service
from logic.core.work import Work

domain = Domain(
    'links', title='Links', icon='sym_o_link', group='Platform', description='Records that belong together.'
)
MOST = 200
"""Links of one record; more is a list of its own."""


class LinksOf:
    """Names, to the live hub, the links of a record; its id is the record's."""


@dataclass(frozen=True, slots=True)
class LinkedRecord:
    """A record at the other end of a link."""

    id: UUID
    """Of the link."""
    record: str
    record_id: UUID
    title: str
    label: str
    icon: str
    href: str


@dataclass(frozen=True, slots=True)
class FoundRecord:
    """A record that may be linked."""

    record: str
    record_id: UUID
    title: str
    label: str
    icon: str


def _of(record: str, record_id: UUID) -> Any:
    return sa.or_(
        sa.and_(col(RecordLink.record) == record, col(RecordLink.record_id) == record_id),
        sa.and_(col(RecordLink.other) == record, col(RecordLink.other_id) == record_id),
    )


def _far_end(link: RecordLink, near: Known) -> Known:
    ends = ((link.record, link.record_id), (link.other, link.other_id))
    return ends[1] if ends[0] == near else ends[0]


@query(SIGNED_IN)
async def list_links(work: Work, record: str, record_id: UUID) -> list[LinkedRecord]:
    """Return the records linked to one, those that the actor may see; the others do not appear. Raises NotFound."""
    await records.discuss(work, record, record_id)
    rows = await work.all(
        select(RecordLink)
        .where(_of(record, record_id))
        .order_by(col(RecordLink.created_at), col(RecordLink.id))
        .limit(MOST)
    )
    ends = [(row, _far_end(row, (record, record_id))) for row in rows]
    seen = await records.seen(work, [end for _, end in ends])
    return [_linked(row, end, seen[end]) for row, end in ends if end in seen]


def _linked(link: RecordLink, end: Known, row: Any) -> LinkedRecord:
    kind = records.kind_of(end[0])
    return LinkedRecord(link.id, end[0], end[1], kind.title(row), kind.label, kind.icon, kind.href(end[1]))


@service(SIGNED_IN)
async def add_link(work: Work, record: str, record_id: UUID, other: str, other_id: UUID) -> LinkedRecord:
    """Link two records; both must be visible, and one of them the actor's to change. Twice is once.

    Raises NotFound for a record that he may not see, Denied when he may change neither, Invalid for one with itself.
    """
    near, far = (record, record_id), (other, other_id)
    await records.discuss(work, *near)
    if near == far:
        raise Invalid('A record cannot be linked to itself.', {'other_id': 'Choose another record.'})
    row = await records.see(work, *far)
    await _require_edit(work, near, far)
    first, second = sorted((near, far), key=lambda end: (end[0], end[1].hex))
    link = await work.first(
        select(RecordLink).where(
            col(RecordLink.record) == first[0], col(RecordLink.record_id) == first[1],
            col(RecordLink.other) == second[0], col(RecordLink.other_id) == second[1],
        )
    )  # fmt: skip
    if link is None:
        if await work.count(select(RecordLink.id).where(_of(*near)).limit(MOST)) >= MOST:
            raise Conflict(_('{count} records are linked already. Remove one first.', count=MOST))
        link = work.add(
            RecordLink(record=first[0], record_id=first[1], other=second[0], other_id=second[1])
        )  # fmt: skip
        await work.flush()
        _tell(work, near, far)
    return _linked(link, far, row)


@service(SIGNED_IN)
async def remove_link(work: Work, record: str, record_id: UUID, link_id: UUID) -> Known:
    """Remove a link of a record; returns the other end, so that it can be put back. Raises NotFound, Denied."""
    await records.discuss(work, record, record_id)
    link = await work.find(RecordLink, link_id)
    near = (record, record_id)
    if link is None or near not in ((link.record, link.record_id), (link.other, link.other_id)):
        raise NotFound('There is no such link.')
    far = _far_end(link, near)
    if far not in await records.seen(work, [far]):
        raise NotFound('There is no such link.')
    await _require_edit(work, near, far)
    await work.delete(link)
    _tell(work, near, far)
    return far


async def tell_of(work: Work, record: str, record_id: UUID) -> None:
    """Tell all records that are linked to one that it is shown otherwise there: it went into the bin, say."""
    for link in await work.all(select(RecordLink).where(_of(record, record_id)).limit(MOST)):
        _tell(work, _far_end(link, (record, record_id)))


def _tell(work: Work, *ends: Known) -> None:
    for _record, record_id in ends:
        work.changed(LinksOf.__name__, record_id)


async def _require_edit(work: Work, *ends: Known) -> None:
    for end in ends:
        try:
            await records.edit(work, *end)
        except AppError:
            continue
        return
    raise Denied('You may change neither of these two records, so you cannot link them. Whoever keeps one of them can.')


@query(SIGNED_IN)
async def find_records(work: Work, record: str, record_id: UUID, text: str) -> list[FoundRecord]:
    """Return at most ten records that answer to some typed words, for linking them to this one. Raises NotFound."""
    await records.discuss(work, record, record_id)
    found = []
    for kind in records.kinds.values():
        if kind.find is None or not records.is_open(kind, work.actor):
            continue
        rows = await kind.find(work, text.strip()[:100], 8)
        found += [FoundRecord(kind.name, row.id, kind.title(row), kind.label, kind.icon) for row in rows]
    return [one for one in found if (one.record, one.record_id) != (record, record_id)][:10]
