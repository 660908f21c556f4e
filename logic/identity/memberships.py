"""The departments that the actor's account belongs to, between which he switches."""

from logic.core.service import SIGNED_IN, query
from logic.core.work import Work
from logic.identity.authority import Membership, memberships_of


@query(SIGNED_IN)
async def list_memberships(work: Work) -> list[Membership]:
    """Return the departments in which the actor may work, by name; empty for a key or a job."""
    if work.actor.account_id is None:
        return []
    return await memberships_of(work, work.actor.account_id)
