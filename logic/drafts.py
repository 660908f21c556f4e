"""Drafts: what somebody has begun to write in one place, kept by the server so that no reload or restart loses it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import delete
from sqlmodel import col, select

from data.comments import Draft
from data.core import new_id
from data.database import insert_unless_there
from data.members import Member
from logic.core.domain import Domain
from logic.core.errors import Denied
from logic.core.rich_text import Mention, Mentioned, call_anew, clean
from logic.core.service import SIGNED_IN, query, service
from logic.core.work import Work
from logic.members.domain import MemberAnonymised

domain = Domain(
    'drafts', title='Drafts', icon='sym_o_edit_note', group='Platform', description='Texts that are not sent yet.'
)
KEPT = timedelta(days=60)
LONGEST_PLACE = 120


def place_of(record: str, record_id: UUID, what: str = 'comment') -> str:
    """Return the name of a place on a record where people write."""
    return f'{what}:{record}:{record_id}'


@query(SIGNED_IN)
async def get_draft(work: Work, place: str) -> str:
    """Return what I have begun to write in a place; empty when there is nothing."""
    row = await work.first(_mine(work, place))
    return clean(row.body) if row else ''


@service(SIGNED_IN)
async def keep_draft(work: Work, place: str, body: str) -> None:
    """Keep what I have written so far; an empty text forgets it. Raises Denied for a place that cannot be."""
    account_id = work.actor.account_id
    if account_id is None or not place or len(place) > LONGEST_PLACE:
        raise Denied('Drafts are for people who are signed in.')
    text = clean(body)
    row = await work.first(_mine(work, place))
    if row is None and text:
        made = Draft(
            id=new_id(), organization_id=work.organization_id, account_id=account_id, place=place, body=text,
            created_at=work.now, updated_at=work.now,
        )  # fmt: skip
        await insert_unless_there(work.session, Draft, made.model_dump())
    elif row is not None and text:
        row.body = text
    elif row is not None:
        await work.delete(row)


@domain.job(schedule='55 2 * * *')
async def forget_old_drafts(work: Work) -> None:
    """Forget drafts that nobody has touched for 60 days."""
    await work.execute(delete(Draft).where(col(Draft.updated_at) < work.now - KEPT))


@domain.on(MemberAnonymised)
async def forget_person(work: Work, event: MemberAnonymised) -> None:
    """Forget what a person who is forgotten has begun, and what was begun about him; call him anew in all other."""
    his = sa.or_(col(Draft.account_id) == event.account_id, col(Draft.place).contains(str(event.member_id)))
    await work.execute(delete(Draft).where(his))
    mention = Mention(Mentioned.MEMBER, event.member_id)
    name = (await work.get(Member, event.member_id)).name
    for row in await work.all(select(Draft).where(col(Draft.body).contains(str(mention)))):
        row.body = call_anew(row.body, mention, name)


def _mine(work: Work, place: str) -> Any:
    return select(Draft).where(col(Draft.account_id) == work.actor.account_id, col(Draft.place) == place)
