"""Drafts: what somebody has begun to write in one place, kept sealed by the server so that nothing ends it but he."""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import delete
from sqlmodel import col, select

from data.comments import Draft
from data.core import new_id
from data.members import Member
from logic.core.domain import Domain
from logic.core.errors import Denied, Invalid
from logic.core.rich_text import Mention, Mentioned, call_anew, clean, mentions
from logic.core.secrets import blind_indexes, open_value, seal_value, sealed_column
from logic.core.service import SIGNED_IN, query, service
from logic.core.whose import belongs_to
from logic.core.work import Work
from logic.members.domain import MemberAnonymised

domain = Domain(
    'drafts', title='Drafts', icon='sym_o_edit_note', group='Platform', description='Texts that are not sent yet.'
)
KEPT = timedelta(days=60)
LONGEST_PLACE = 120
LONGEST = 200_000
"""Characters of a draft as JSON."""
MOST = 300
"""Of one person; who begins another one loses the one that he has not touched for longest."""
WHERE = sealed_column(Draft, 'body')
ID = re.compile(r'[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}')
Name = Annotated[str, Field(max_length=100)]


class Picked(BaseModel):
    """Somebody who was chosen in a form, as it shows him."""

    model_config = ConfigDict(extra='forbid', frozen=True)

    value: Annotated[str, Field(max_length=100)]
    label: Annotated[str, Field(max_length=300)] = ''
    detail: Annotated[str, Field(max_length=300)] = ''
    photo: Annotated[str | None, Field(max_length=300)] = None


class Begun(BaseModel):
    """What somebody has typed: the fields of a form that differ from what it began with, or a rich text."""

    model_config = ConfigDict(extra='forbid', frozen=True)

    typed: Annotated[dict[Name, str | bool | list[str] | None], Field(max_length=300)] = {}
    picked: Annotated[dict[Name, list[Picked]], Field(max_length=300)] = {}
    rich: str = ''

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to keep."""
        return not (self.typed or self.rich)


def place_of(record: str, record_id: UUID | str, what: str = 'comment') -> str:
    """Return the name of a place on a record where people write."""
    return f'{what}:{record}:{record_id}'


@query(SIGNED_IN)
async def get_drafts(work: Work, places: Sequence[str]) -> dict[str, Begun]:
    """Return what I have begun in these places, by place."""
    if work.actor.account_id is None or work.actor.organization_id is None or not places:
        return {}
    mine = belongs_to(Draft.account_id, work.actor.account_id)
    rows = await work.all(select(Draft).where(mine, col(Draft.place).in_(places)))
    return {row.place: await _opened(work, row) for row in rows}


@service(SIGNED_IN)
async def keep_draft(work: Work, place: str, begun: Begun | None) -> None:
    """Keep what I have typed so far in a place, in place of what was kept; None or nothing typed forgets it.

    Who is in no department has no drafts. Raises Denied for who has no account and a place that cannot be, Invalid for
    what is too long.
    """
    account_id, organization_id = work.actor.account_id, work.actor.organization_id
    if account_id is None or not 0 < len(place) <= LONGEST_PLACE:
        raise Denied('Drafts are for people who are signed in.')
    if organization_id is None:
        return
    mine = (col(Draft.account_id) == account_id, col(Draft.place) == place)
    if begun is None or begun.is_empty:
        await work.execute(delete(Draft).where(*mine))
        return
    begun, text = _checked(begun)
    known = await work.first(select(Draft.id).where(*mine))
    row_id = known or new_id()
    body = await seal_value(work, text, WHERE(row_id, organization_id))
    people = ' '.join(await _marks(work, _named(begun)))
    if known is None:
        await _make_room(work, account_id)
        work.add(
            Draft(
                id=row_id, organization_id=organization_id, account_id=account_id, place=place, body=body,
                people=people,
            )
        )  # fmt: skip
        return
    # Past the version of the row: two windows with one form write into one draft, and the later one stands.
    values = {'body': body, 'people': people, 'updated_at': work.now}
    await work.execute(sa.update(Draft).where(col(Draft.id) == row_id).values(**values))


@domain.job(schedule='55 2 * * *')
async def forget_old_drafts(work: Work) -> None:
    """Forget drafts that nobody has touched for 60 days."""
    await work.execute(delete(Draft).where(col(Draft.updated_at) < work.now - KEPT))


@domain.on(MemberAnonymised)
async def forget_person(work: Work, event: MemberAnonymised) -> None:
    """Forget what a person who is forgotten has begun, and what was begun about him; call him anew in all other."""
    his = sa.or_(col(Draft.account_id) == event.account_id, col(Draft.place).contains(str(event.member_id)))
    await work.execute(delete(Draft).where(his))
    name = (await work.get(Member, event.member_id)).name
    # Others name nobody of whom they were not marked; what was begun before drafts were marked has to be opened.
    [mark] = await _marks(work, [event.member_id])
    naming = sa.or_(col(Draft.people).is_(None), col(Draft.people).contains(mark))
    for row in await work.all(select(Draft).where(naming)):
        begun = await _opened(work, row)
        anew = _called_anew(begun, event.member_id, name)
        if anew != begun:
            text = anew.model_dump_json(exclude_defaults=True)
            row.body = await seal_value(work, text, WHERE(row.id, row.organization_id))


async def _opened(work: Work, row: Draft) -> Begun:
    text = await open_value(work, row.body, WHERE(row.id, row.organization_id))
    begun = Begun.model_validate_json(text)
    return begun.model_copy(update={'rich': clean(begun.rich)}) if begun.rich else begun


def _checked(begun: Begun) -> tuple[Begun, str]:
    """Return a draft with a clean text, and as it is sealed. Raises Invalid."""
    if begun.rich:
        begun = begun.model_copy(update={'rich': clean(begun.rich)})
    text = begun.model_dump_json(exclude_defaults=True)
    if len(text) > LONGEST:
        raise Invalid('This text is too long. Attach it as a file instead.')
    return begun, text


async def _make_room(work: Work, account_id: UUID) -> None:
    mine = select(Draft.id).where(col(Draft.account_id) == account_id)
    surplus = await work.all(mine.order_by(col(Draft.updated_at).desc()).offset(MOST - 1).limit(MOST))
    if surplus:
        await work.execute(delete(Draft).where(col(Draft.id).in_(surplus)))


async def _marks(work: Work, ids: Sequence[UUID]) -> list[str]:
    """Return by what a draft tells that these people are named in it, to who has the keys alone."""
    if not ids:
        return []
    here = work.organization_id
    found = await blind_indexes(work, map(str, ids), table='draft', column='people', organization_id=here)
    return [mark.hex() for mark in found]


def _named(begun: Begun) -> list[UUID]:
    """Return who is picked or mentioned in a draft."""
    picked = [UUID(one.value) for chosen in begun.picked.values() for one in chosen if ID.fullmatch(one.value)]
    return sorted({*picked, *(one.id for one in mentions(begun.rich) if one.kind is Mentioned.MEMBER)})


def _called_anew(begun: Begun, member_id: UUID, name: str) -> Begun:
    here = str(member_id)
    picked = {
        field: [Picked(value=here, label=name) if one.value == here else one for one in chosen]
        for field, chosen in begun.picked.items()
    }
    rich = call_anew(begun.rich, Mention(Mentioned.MEMBER, member_id), name)
    changes: dict[str, Any] = {'picked': picked, 'rich': rich}
    return begun.model_copy(update=changes)
