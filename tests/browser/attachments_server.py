"""The program itself, with one kind of record more that has nothing but files: one for every id that is asked for."""

from uuid import UUID

import main
from data.work import Sequence
from logic import attachments
from logic.core import records
from logic.core.actor import Actor
from logic.core.work import Work
from logic.members.domain import VIEW
from ui import shell
from ui.components import Head
from ui.components.attachments import Attachments
from ui.shell import page


async def _anyone(work: Work, record_id: UUID) -> UUID:
    return record_id


records.register(
    records.RecordKind(
        model=Sequence,  # type: ignore[arg-type]  any table does
        label='trial', icon='sym_o_science', path='/trial/files/{id}', title=str, see=_anyone, edit=_anyone,
        writes=lambda _actor, _record_id: True,
    )
)  # fmt: skip


@page('/trial/files/{record_id}', 'Files', VIEW)
async def trial(actor: Actor, record_id: UUID) -> None:
    """The files of one record."""
    shell.crumbs(('Files', None))
    Head('A record with files', 'As a task, an order or a meeting has them.')
    Attachments('Sequence', record_id, await attachments.list_attachments(actor, 'Sequence', record_id))


if __name__ == '__main__':
    main.command(['serve'])
