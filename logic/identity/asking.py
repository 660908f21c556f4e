"""Asking for a right that one lacks: who gives rights is told of it, in the bell."""

from sqlmodel import col, select

from data.identity import Position
from logic.core.actor import ActorKind
from logic.core.domain import permission_labels
from logic.core.errors import Conflict, Denied, Invalid
from logic.core.language import _
from logic.core.service import SIGNED_IN, service
from logic.core.work import Work
from logic.identity import throttle
from logic.identity.events import AccessAsked
from logic.identity.positions import covers, who_helps

DAY_MINUTES = 24 * 60
ASKED_AN_HOUR = 5
LONGEST_NAME = 200


@service(SIGNED_IN)
async def ask_for_access(work: Work, permission: str, page: str) -> list[str]:
    """Tell those who give rights that the actor lacks one, for a page of this title; returns their names.

    Raises Invalid for what is no right, Conflict for one that he has, TooMany when he asked for it in the last day or
    for five in the last hour.
    """
    label = permission_labels().get(permission)
    if label is None:
        raise Invalid('There is no such right.')
    if work.actor.may(permission):
        raise Conflict('You have this right already. Open the page again.')
    if work.actor.kind is not ActorKind.ACCOUNT or work.actor.member_id is None:
        raise Denied('Only a person can ask for a right.')
    if not page.strip() or len(page) > LONGEST_NAME:
        raise Invalid('Say what you want to open.')
    names = [one.name for one in await who_helps(work)]
    whose = f'{work.organization_id}:{work.actor.member_id}'
    await throttle.take_share(
        work, f'ask:{whose}:{permission}', limit=1, minutes=DAY_MINUTES,
        message=_('You have asked for this already. Those who can give it to you know.'),
    )  # fmt: skip
    await throttle.take_share(
        work, f'ask:{whose}', limit=ASKED_AN_HOUR, minutes=60,
        message=_('You have asked for a lot in a short time. Talk to those who look after Logbook here.'),
    )  # fmt: skip
    rows = await work.all(select(Position).order_by(col(Position.priority).desc(), Position.name))
    having = [row.name for row in rows if covers(row.permission_set, permission)]
    await work.emit(AccessAsked(work.actor.member_id, work.actor.name, label, page, tuple(having)))
    work.record('Member', work.actor.member_id, subject_id=work.actor.member_id, right=permission)
    return names
