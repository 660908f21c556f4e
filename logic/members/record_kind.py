"""What comments, links, watchers and activity have to know of people: who discusses a file, how a change goes back."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from data.members import JobChange, Member
from logic.core import records
from logic.core.errors import NotFound
from logic.core.language import later
from logic.core.work import Work
from logic.members.domain import MANAGE_FIELDS, VIEW
from logic.members.inputs import CONTACT_FIELDS, FILE_FIELDS, PRIVATE_FIELDS, JobInput, ProfileInput
from logic.members.names import search_tokens
from logic.members.person import PersonView
from logic.members.profile import update_member
from logic.members.visibility import MEMBER, Level, Sight, sight, visible_member

ABOUT = (
    'StatusChange', 'JobChange', 'MemberDocument', 'Licence', 'PositionHolding', 'Engagement', 'LeaveOfAbsence',
    'Departure', 'MemberTag', 'ChecklistItem', 'Invitation',
)  # fmt: skip
UNDOABLE = frozenset(ProfileInput.model_fields) - {'photo_file_id', 'number'} - PRIVATE_FIELDS
"""A photo that was replaced is gone, a number may be given to another, and private data is not told of here."""


OF_THE_FILE = frozenset(JobInput.model_fields) | {
    'membership_type_id', 'station_id', 'tag_id', 'position_id', 'from_on', 'until_on',
}  # fmt: skip
"""What the file says in other words, or in rows of other tables."""


async def _discuss(work: Work, member_id: UUID) -> Member:
    """What is said about a person is part of his file."""
    seen = await sight(work)
    member = await visible_member(work, member_id, seen)
    if not seen.sees(Level.FILE, member_id):
        raise NotFound('There is no such member.')
    return member


def _is_visible(seen: Sight, member: Member) -> bool:
    return member.archived_at is None or seen.sees_archived or seen.is_self(member.id)


async def _see_many(work: Work, ids: Collection[UUID]) -> dict[UUID, Member]:
    seen = await sight(work)
    rows: list[Member] = await work.all(select(Member).where(col(Member.id).in_(ids)))
    return {row.id: row for row in rows if _is_visible(seen, row)}


async def _find(work: Work, text: str, limit: int) -> list[Member]:
    statement = select(Member).where(col(Member.archived_at).is_(None))
    for token in search_tokens(text):
        statement = statement.where(col(Member.search).contains(token, autoescape=True))
    return await work.all(statement.order_by(col(Member.sort_name), col(Member.id)).limit(limit))


async def _shown_fields(work: Work, member_id: UUID) -> set[str]:
    """Return what the viewer sees anyway, private fields of his own record only: activity is no recorded view."""
    seen = await sight(work)
    member = await work.get(Member, member_id)
    fields = (set(PersonView.model_fields) - CONTACT_FIELDS) | seen.contacts(member) | FILE_FIELDS | OF_THE_FILE
    return fields | PRIVATE_FIELDS if seen.is_self(member_id) else fields


async def _undo(work: Work, member_id: UUID, values: Mapping[str, Any]) -> Member:
    given = {name: '' if value is None and name not in _NULLABLE else value for name, value in values.items()}
    return await update_member(work, member_id, ProfileInput.model_validate(given))


_NULLABLE = {name for name, field in ProfileInput.model_fields.items() if field.default is None}

MEMBER_RECORD = records.extend(
    MEMBER,
    permission=VIEW,
    discuss=_discuss,
    audience=later('Seen by the person, by those he reports to, and by whoever may see the file of everybody.'),
    see_many=_see_many,
    find=_find,
    about=ABOUT,
    shown_fields=_shown_fields,
    succession=records.Succession(JobChange, JobChange.member_id, JobChange.from_on, JobInput.model_fields),
    undo=_undo,
    undoable=UNDOABLE,
    manage_fields=MANAGE_FIELDS,
    has_private_fields=True,
)
