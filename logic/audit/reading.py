"""Views of private data are recorded as well: who looked at what, before it is shown to him."""

import time
from collections.abc import Collection
from uuid import UUID

from logic.core.actor import Actor
from logic.core.service import SIGNED_IN, service
from logic.core.work import Work

SAME_VIEW_SECONDS = 300.0
"""A screen that redraws itself is one view, not many."""
MOST_REMEMBERED = 10_000
_lately: dict[tuple[object, ...], float] = {}


async def record_view(
    actor: Actor,
    action: str,
    object_type: str,
    object_id: UUID,
    fields: Collection[str] = (),
    *,
    subject_id: UUID | None = None,
) -> None:
    """Write into the log that somebody sees private data: call it in a query, with `work.actor`, before returning them.

    It commits by itself, so that what was shown is recorded whatever happens later; if it fails, so does the query, and
    nothing is shown. `action` is `domain.verb`, such as `members.view_private`.
    """
    view = (actor.organization_id, actor.account_id, actor.session_id, action, object_id, tuple(sorted(fields)))
    now = time.monotonic()
    if now - _lately.get(view, -SAME_VIEW_SECONDS) < SAME_VIEW_SECONDS:
        return
    await note_view(actor, action, object_type, object_id, sorted(fields), subject_id=subject_id)
    if len(_lately) >= MOST_REMEMBERED:
        _lately.clear()
    _lately[view] = now


@service(SIGNED_IN)
async def note_view(
    work: Work, action: str, object_type: str, object_id: UUID, fields: list[str], *, subject_id: UUID | None
) -> None:
    """Write a view into the log."""
    work.record(object_type, object_id, action=action, outcome='seen', subject_id=subject_id, fields=fields)
