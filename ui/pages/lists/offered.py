"""What can be chosen as the company of a unit or a person."""

from typing import Any

from logic import organizations
from logic.core.actor import Actor


async def company_options(actor: Actor) -> dict[str, Any]:
    """Return the companies in use as choices; nothing to ask while there is only one."""
    rows = [(row.id, row.name) for row in await organizations.list_companies(actor) if not row.is_archived]
    return {'company_id': rows} if len(rows) > 1 else {}
