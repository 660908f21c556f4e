"""Links that are otherwise only mailed."""

from uuid import UUID

from logic.core.actor import Actor
from logic.identity.resets import make_reset
from tests.conftest import run_as_service


async def reset_link_of(account_id: UUID | None) -> str:
    """Return the token of a new reset link."""
    return await run_as_service(make_reset)(Actor.system(), account_id)  # type: ignore[arg-type, return-value]
