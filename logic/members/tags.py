"""Words that group people."""

from typing import Annotated
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import col, select

from data.members import MemberTag, Tag
from logic.core.errors import Invalid
from logic.core.language import _, later, many
from logic.core.service import query, service
from logic.core.work import Work
from logic.members.domain import MANAGE_FIELDS, VIEW
from logic.members.inputs import Text
from logic.members.visibility import sight, visible_member


class TagInput(BaseModel):
    """A tag."""

    model_config = ConfigDict(extra='forbid', frozen=True)

    name: Annotated[Text, Field(title=later('Name'), min_length=1, max_length=40)]
    colour: Annotated[str, Field(title=later('Colour'), max_length=20, pattern=r'^[a-z0-9#-]*$')] = ''


@query(VIEW)
async def list_tags(work: Work) -> list[Tag]:
    """Return the tags of people by name."""
    return await work.all(select(Tag).where(Tag.record == 'Member').order_by(Tag.name))


@service(MANAGE_FIELDS)
async def add_tag(work: Work, data: TagInput) -> Tag:
    """Add a tag. Raises Invalid when the name is taken."""
    await _refuse_taken(work, data.name, None)
    row = work.add(Tag(**data.model_dump()))
    await work.flush()
    return row


@service(MANAGE_FIELDS)
async def update_tag(work: Work, tag_id: UUID, data: TagInput, version: int | None = None) -> Tag:
    """Rename or recolour a tag."""
    row = await work.get(Tag, tag_id, version)
    await _refuse_taken(work, data.name, tag_id)
    row.name, row.colour = data.name, data.colour
    return row


@service(MANAGE_FIELDS)
async def remove_tag(work: Work, tag_id: UUID) -> int:
    """Remove a tag, also from all who carry it; returns how many did."""
    row = await work.get(Tag, tag_id)
    carried = await work.all(select(MemberTag).where(MemberTag.tag_id == tag_id))
    for one in carried:
        await work.delete(one)
    await work.flush()
    await work.delete(row)
    return len(carried)


@service(VIEW)
async def set_tags(work: Work, member_id: UUID, tag_ids: set[UUID]) -> None:
    """Let a person carry exactly these tags. Raises Denied, NotFound."""
    seen = await sight(work)
    seen.require_edit(await visible_member(work, member_id, seen))
    known = {tag.id for tag in await work.all(select(Tag).where(Tag.record == 'Member'))}
    if missing := tag_ids - known:
        gone = many('{count} of them does not exist any more.', '{count} of them do not exist any more.', len(missing))
        raise Invalid('There is no such tag.', {'tags': gone})
    carried = {row.tag_id: row for row in await work.all(select(MemberTag).where(MemberTag.member_id == member_id))}
    for tag_id, row in carried.items():
        if tag_id not in tag_ids:
            await work.delete(row)
    for tag_id in tag_ids - carried.keys():
        work.add(MemberTag(member_id=member_id, tag_id=tag_id))
    await work.flush()


async def _refuse_taken(work: Work, name: str, tag_id: UUID | None) -> None:
    taken = select(Tag).where(Tag.record == 'Member', sa.func.lower(col(Tag.name)) == name.lower())
    other = await work.first(taken if tag_id is None else taken.where(Tag.id != tag_id))
    if other is not None:
        raise Invalid('This name is taken.', {'name': _('There is already a tag named {name}.', name=other.name)})
