"""What was done to many at once, imports and bulk changes alike: one list, each with its undo."""

from collections.abc import Sequence
from uuid import UUID

from data.members import BatchKind, MemberBatch
from logic import members
from logic.core.actor import Actor
from logic.core.language import _, later, many, sense
from logic.core.listing import ListQuery, Page
from logic.members import BatchRow
from logic.members.domain import VIEW
from ui import shell
from ui.components import Chip, Column, DataTable, EmptyList, Filter, Head, RowAction, toast
from ui.shell import page

KINDS = {
    BatchKind.IMPORT: later('Import', meaning='a run'), BatchKind.BULK: later('Bulk change'),
    BatchKind.MERGE: later('Merge', meaning='a deed'),
}  # fmt: skip


@page('/members/batches', 'Bulk changes', VIEW)
async def batches(actor: Actor) -> None:  # noqa: ARG001  the guard asks for it
    """All that can be undone, and what was."""
    shell.crumbs((_('Directory'), '/members'), (_('Bulk changes'), None))
    Head(
        _('Bulk changes'),
        _('Imports, merges and changes of several people at once. Each can be undone for 30 days, as one step.'),
    )
    await draw(list(KINDS), _('Bulk changes'), (_('change'), _('changes')))


async def draw(kinds: Sequence[BatchKind], label: str, noun: tuple[str, str], prefix: str = '') -> None:
    """Draw the batches of some kinds; with several the list says and filters of which kind each is."""

    async def fetch(actor: Actor, asked: ListQuery) -> Page[BatchRow]:
        only = asked.values('kind') or list(kinds)
        return await members.list_batches(actor, asked.model_copy(update={'filters': {'kind': only}}))

    several = len(kinds) > 1
    await DataTable(
        [
            Column('title', _('What')),
            *([Column('kind', _('Kind'), value=lambda row: KINDS[row.kind])] if several else []),
            Column('created_at', _('When'), 'when'), Column('by_name', _('By')),
            Column('new_count', sense('people', 'New'), 'number'), Column('updated_count', _('Changed'), 'number'),
            Column('refused_count', _('Refused'), 'number'), Column('state', _('State'), 'chip', _state),
        ],
        fetch, label=label, search='', noun=noun, prefix=prefix, live=[MemberBatch],
        filters=[Filter('kind', _('Kind'), [(kind, KINDS[kind]) for kind in kinds])] if several else (),
        row_label=lambda row: row.title,
        row_actions=[RowAction(_('Undo'), undo, 'sym_o_undo', when=lambda row: row.can_undo)],
        empty=EmptyList(
            _('Nothing to undo'), _('What is imported or changed for several people at once appears here.'),
            'sym_o_undo',
        ),
    ).load()  # fmt: skip


async def undo(actor: Actor, batch_id: UUID) -> None:
    """Undo a batch, and say for whom it was not."""
    undone = await members.undo_batch(actor, batch_id)
    message = many('Undone for {count} person.', 'Undone for {count} people.', undone.changed)
    if undone.refused:
        message += ' ' + many(
            '{count} was changed since and stays as it is.', '{count} were changed since and stay as they are.',
            len(undone.refused),
        )  # fmt: skip
    toast(message, 'warning' if undone.refused else 'success')


def _state(batch: BatchRow) -> Chip:
    if batch.undone_at is not None:
        return Chip(_('Undone'))
    return Chip(_('Can be undone'), 'green') if batch.can_undo else Chip(_('Done'))
