"""The audit log: reading it, proving an entry, and verifying all of it."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Query
from pydantic import Field

from logic import audit
from logic.audit.domain import VERIFY, VIEW
from ui.api.callers import Caller
from ui.api.models import AuditParameters, Listing, Shown, listing
from ui.api.routing import get, post


class ChangeItem(Shown):
    """One field: what it was and what it became."""

    name: str
    old: Any = None
    new: Any = None


class EntryItem(Shown):
    """An entry of the log."""

    seq: int
    at: datetime
    actor_name: str
    actor_kind: str
    method: str
    address: str
    action: str
    object_type: str
    object_id: str
    outcome: str
    reason: str
    changes: list[ChangeItem]


class EntryProof(Shown):
    """An entry with the proof that it stands in the log: hand `document` to the offline verifier."""

    entry: EntryItem
    body: Annotated[str, Field(description='The exact text that was hashed.')]
    checkpoint: Annotated[str, Field(description='The signed note that covers it; empty while there is none.')]
    document: str


class VerdictItem(Shown):
    """What the verification of one log found."""

    log_id: UUID
    size: int
    is_intact: bool
    first_bad: int | None
    signed_size: int
    anchored_size: int
    lines: Annotated[list[str], Field(description='The verdict in sentences.')]


@get('/audit', permission=VIEW, response_model=Listing[EntryItem])
async def list_entries(caller: Caller, given: Annotated[AuditParameters, Query()]) -> object:
    """List entries, the newest first."""
    return listing(EntryItem, await audit.list_entries(caller, given.asked()))


@get('/audit/{seq:int}', permission=VIEW, response_model=EntryProof)
async def get_entry(caller: Caller, seq: Annotated[int, Path(ge=0, le=2**62)]) -> object:
    """Show one entry with its proof."""
    return await audit.get_entry(caller, seq)


@post('/audit/verify', permission=VERIFY, response_model=list[VerdictItem])
async def verify(caller: Caller) -> object:
    """Verify the whole log now."""
    names = ('log_id', 'size', 'is_intact', 'first_bad', 'signed_size', 'anchored_size')
    return [
        {**{name: getattr(verdict, name) for name in names}, 'lines': verdict.lines()}
        for verdict in await audit.verify_now(caller)
    ]
