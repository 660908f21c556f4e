"""Links between records: /members/{id}/links and so on; the same from both sides."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from logic import links
from logic.core.records import RecordKind
from logic.core.service import SIGNED_IN
from ui.api.callers import Caller, CallerOnce
from ui.api.models import Given, Shown
from ui.api.on_records import RecordId, on_every_kind
from ui.api.routing import delete, get, post


class LinkItem(Shown):
    """A linked record."""

    id: Annotated[UUID, Field(description='Of the link.')]
    record: str
    record_id: UUID
    title: str
    label: str


class LinkGiven(Given):
    """The record to link."""

    record: Annotated[str, Field(min_length=1, max_length=40, examples=['Member'])]
    record_id: UUID


def _declare(kind: RecordKind, roots: tuple[str, ...]) -> None:
    record = kind.name
    many = [f'{root}/links' for root in roots]

    @get(*many, permission=SIGNED_IN, response_model=list[LinkItem])
    async def list_links(caller: Caller, record_id: RecordId) -> object:
        """List the records linked to one, those that the caller may see."""
        return await links.list_links(caller, record, record_id)

    @post(*many, permission=SIGNED_IN, status_code=201, response_model=LinkItem)
    async def add_link(caller: CallerOnce, record_id: RecordId, given: LinkGiven) -> object:
        """Link another record; twice is once."""
        return await links.add_link(caller, record, record_id, given.record, given.record_id)

    @delete(*(f'{path}/{{link_id:uuid}}' for path in many), permission=SIGNED_IN, status_code=204)
    async def remove_link(caller: Caller, record_id: RecordId, link_id: UUID) -> None:
        """Remove a link, from either side."""
        await links.remove_link(caller, record, record_id, link_id)


on_every_kind(_declare)
