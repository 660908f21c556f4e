"""Who watches a record: /members/{id}/watchers and so on; the caller switches only himself."""

from uuid import UUID

from data.watchers import WatchReason
from logic import watchers
from logic.core.records import RecordKind
from logic.core.service import SIGNED_IN
from ui.api.callers import Caller
from ui.api.models import Given, Shown
from ui.api.on_records import RecordId, on_every_kind
from ui.api.routing import get, put


class WatcherItem(Shown):
    """Somebody who watches a record, and why."""

    member_id: UUID
    name: str
    reason: WatchReason


class WatchingItem(Shown):
    """Whether the caller watches a record."""

    is_on: bool
    reason: WatchReason | None
    others: int


class WatchingGiven(Given):
    """Whether the caller wants to be told what happens on a record."""

    is_on: bool


def _declare(kind: RecordKind, roots: tuple[str, ...]) -> None:
    record = kind.name

    @get(*(f'{root}/watchers' for root in roots), permission=SIGNED_IN, response_model=list[WatcherItem])
    async def list_watchers(caller: Caller, record_id: RecordId) -> object:
        """List who watches a record, by name."""
        return await watchers.list_watchers(caller, record, record_id)

    @get(*(f'{root}/watching' for root in roots), permission=SIGNED_IN, response_model=WatchingItem)
    async def get_watching(caller: Caller, record_id: RecordId) -> object:
        """Show whether the caller watches a record."""
        return await watchers.watching(caller, record, record_id)

    @put(*(f'{root}/watching' for root in roots), permission=SIGNED_IN, response_model=WatchingItem)
    async def set_watching(caller: Caller, record_id: RecordId, given: WatchingGiven) -> object:
        """Watch a record, or mute it, for oneself."""
        await watchers.set_watching(caller, record, record_id, given.is_on)
        return await watchers.watching(caller, record, record_id)


on_every_kind(_declare)
