"""All that I was told, with what of it I have not read."""

from uuid import UUID

from data.notifications import Notice
from logic import notifications
from logic.core.actor import Actor
from logic.core.service import SIGNED_IN
from ui.components import Button, Chip, Column, DataTable, EmptyList, Filter, Head, RowAction, toast
from ui.shell import page


def _state(row: Notice) -> Chip:
    return Chip('Read', 'grey') if row.read_at is not None else Chip('Unread', 'blue')


def _kind(row: Notice) -> str:
    kind = notifications.kinds.get(row.kind)
    return kind.label if kind is not None else 'Notice'


@page('/notifications', 'Notices', SIGNED_IN)
async def all_notices(actor: Actor) -> None:  # noqa: ARG001  the list asks for the actor itself
    """Everything that stands in my bell."""

    async def read(actor: Actor, notice_id: UUID) -> None:
        await notifications.mark_read(actor, notice_id)

    async def read_all(actor: Actor) -> None:
        await notifications.mark_all_read(actor)
        toast('All are read.')

    Head('Notices', 'What you were told in the last 180 days.', [
        Button('Mark all as read', do=read_all, icon='sym_o_done_all'),
        Button('What I am told', href='/account/notices', icon='sym_o_tune'),
    ])  # fmt: skip
    kinds = sorted((kind.name, kind.label) for kind in notifications.kinds.values())
    await DataTable(
        [
            Column('title', 'Notice', 'link', lambda row: {'text': row.title, 'href': row.link or None}),
            Column('body', 'More', 'prose'), Column('kind', 'Kind', 'text', _kind),
            Column('created_at', 'When', 'when', sort='created'), Column('state', 'State', 'chip', _state),
        ],
        notifications.list_notices, label='Notices', noun=('notice', 'notices'), sort='', live=[Notice],
        row_label=lambda row: row.title,
        filters=[Filter('read', 'State', [('no', 'Unread'), ('yes', 'Read')]), Filter('kind', 'Kind', kinds)],
        row_actions=[RowAction('Mark as read', read, 'sym_o_done', when=lambda row: row.read_at is None)],
        empty=EmptyList('Nothing yet', 'What concerns you appears here.', 'sym_o_notifications'),
    ).load()  # fmt: skip
