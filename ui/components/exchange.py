"""What goes out of a screen and comes into it: text to copy, files."""

from collections.abc import Collection

from pydantic import BaseModel, ConfigDict, Field

from logic.core.language import later
from ui import uploads
from ui.components.base import Block, Handler
from ui.guard.pages import page_permission


class CopyField(Block):
    """Text to take along: a key shown once, an address, a command. `label` says what it is."""

    def __init__(self, label: str, text: str) -> None:
        super().__init__('copy', {'label': label, 'text': text})


class Sent(BaseModel):
    """A file that the server has taken, as the browser names it: for a message, never a fact."""

    model_config = ConfigDict(extra='forbid')

    name: str = Field(max_length=255)


class FileDrop(Block):
    """Takes files by drop or choice; each is streamed, counted and told by its content before `take` gets it.

    `take(actor, received: uploads.Received)` runs inside the page with today's rights; what it raises is shown here.
    `kinds` as in `ui.uploads` (PHOTOS, TABLES, DOCUMENTS, ...), `limit` in bytes. `then(actor, sent)` runs afterwards.
    """

    is_what_it_shows = False

    def __init__(
        self,
        take: uploads.FileHandler,
        *,
        kinds: Collection[uploads.Kind] = uploads.DOCUMENTS,
        limit: int = 20_000_000,
        label: str = later('Drop a file here'),
        help: str = '',
        permission: str | None = None,
        then: Handler | None = None,
    ) -> None:
        self._address = uploads.offer(take, limit=limit, kinds=kinds, permission=permission or page_permission.get())
        accept = ','.join(sorted(kind.value for kind in kinds)) + (
            ',.csv,.txt,.json' if uploads.Kind.TEXT in kinds else ''
        )
        data = {'address': self._address, 'label': label, 'help': help, 'accept': accept}
        super().__init__('drop', data | {'limit': limit})
        self._when('sent', then, Sent)

    def _handle_delete(self) -> None:
        uploads.withdraw(self._address)
        super()._handle_delete()
