"""Browsers that show notices while Logbook is closed: added and removed by the person who sits before them."""

import hashlib
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import col, select

from data.notifications import PushSubscription
from logic.core import outbound
from logic.core.errors import Invalid, NotFound
from logic.core.service import SIGNED_IN, query, service
from logic.core.whose import belongs_to
from logic.core.work import Work
from logic.notifications.push.encryption import POINT_BYTES, SECRET_BYTES, decoded, encrypt, server_point

MOST = 10
"""So many browsers a person has at most; the oldest makes room."""


class SubscriptionInput(BaseModel):
    """What a browser says of itself."""

    model_config = ConfigDict(extra='forbid')

    endpoint: Annotated[str, Field(min_length=1, max_length=2000)]
    public_key: Annotated[str, Field(min_length=1, max_length=120)]
    secret: Annotated[str, Field(min_length=1, max_length=40)]


def hash_of(endpoint: str) -> str:
    """Return the name of a browser's address."""
    return hashlib.sha256(endpoint.encode()).hexdigest()


def _check(data: SubscriptionInput) -> None:
    outbound.check_address(data.endpoint)
    try:
        point, secret = decoded(data.public_key), decoded(data.secret)
        if len(point) != POINT_BYTES or len(secret) != SECRET_BYTES:
            raise ValueError
        encrypt(b'', point, secret)
    except ValueError:
        raise Invalid('The keys of this browser are not complete.') from None


@service(SIGNED_IN)
async def add_browser(work: Work, data: SubscriptionInput) -> PushSubscription:
    """Let a browser show my notices. Raises Invalid for an address that is not public, or for keys that are none."""
    _check(data)
    if work.actor.account_id is None:
        raise Invalid('Only somebody with an account can do this.')
    row = await work.first(select(PushSubscription).where(PushSubscription.endpoint_hash == hash_of(data.endpoint)))
    if row is None:
        mine = await _mine(work)
        for old in mine[: max(0, len(mine) + 1 - MOST)]:
            await work.delete(old)
        row = work.add(
            PushSubscription(
                account_id=work.actor.account_id,
                organization_id=work.organization_id,
                endpoint_hash=hash_of(data.endpoint),
                endpoint=data.endpoint,
                public_key=data.public_key,
                secret=data.secret,
            )
        )
    # The browser is one; who signed in there last is whom it shows notices to.
    row.account_id, row.organization_id = work.actor.account_id, work.organization_id
    row.public_key, row.secret, row.failures = data.public_key, data.secret, 0
    row.device = (work.actor.user_agent or '')[:120]
    return row  # type: ignore[no-any-return]


@service(SIGNED_IN)
async def remove_browser(work: Work, endpoint: str) -> None:
    """Let a browser of mine show notices no more."""
    row = await work.first(select(PushSubscription).where(PushSubscription.endpoint_hash == hash_of(endpoint)))
    if row is not None and row.account_id == work.actor.account_id:
        await work.delete(row)


@service(SIGNED_IN)
async def forget_browser(work: Work, subscription_id: UUID) -> None:
    """Remove one of my browsers from afar. Raises NotFound for another person's."""
    row = await work.get(PushSubscription, subscription_id)
    if row.account_id != work.actor.account_id:
        raise NotFound('There is no such browser of yours.')
    await work.delete(row)


@query(SIGNED_IN)
async def my_browsers(work: Work) -> list[PushSubscription]:
    """Return my browsers that show notices, the oldest first."""
    return await _mine(work)


async def _mine(work: Work) -> list[PushSubscription]:
    return await work.all(
        select(PushSubscription)
        .where(belongs_to(PushSubscription.account_id, work.actor.account_id))
        .order_by(col(PushSubscription.created_at))
    )


@query(SIGNED_IN)
async def push_key(work: Work) -> str:  # noqa: ARG001  a query has a work
    """Return our public key, which a browser needs to subscribe."""
    return server_point()
