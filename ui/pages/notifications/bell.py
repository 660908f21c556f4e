"""All that I was told, with what of it I have not read."""

from uuid import UUID

from data.notifications import Notice
from logic import notifications
from logic.core.actor import Actor
from logic.core.language import _
from logic.core.service import SIGNED_IN
from ui.components import Button, Chip, Column, DataTable, EmptyList, Filter, Head, RowAction, toast
from ui.shell import page


def _state(row: Notice) -> Chip:
    return Chip(_('Read'), 'grey') if row.read_at is not None else Chip(_('Unread'), 'blue')


def _kind(row: Notice) -> str:
    kind = notifications.kinds.get(row.kind)
    return str(kind.label) if kind is not None else _('Notice')


@page('/notifications', 'Notices', SIGNED_IN)
async def all_notices(actor: Actor) -> None:  # noqa: ARG001  the list asks for the actor itself
    """Everything that stands in my bell."""

    async def read(actor: Actor, notice_id: UUID) -> None:
        await notifications.mark_read(actor, notice_id)

    async def read_all(actor: Actor) -> None:
        await notifications.mark_all_read(actor)
        toast(_('All are read.'))

    Head(_('Notices'), _('What you were told in the last 180 days.'), [
        Button(_('Mark all as read'), do=read_all, icon='sym_o_done_all'),
        Button(_('What I am told'), href='/account/notices', icon='sym_o_tune'),
    ])  # fmt: skip
    kinds = sorted((kind.name, str(kind.label)) for kind in notifications.kinds.values())
    await DataTable(
        [
            Column('title', _('Notice'), 'link', lambda row: {'text': row.title, 'href': row.link or None}),
            Column('body', _('More'), 'prose'), Column('kind', _('Kind'), 'text', _kind),
            Column('created_at', _('When'), 'when', sort='created'), Column('state', _('State'), 'chip', _state),
        ],
        notifications.list_notices, label=_('Notices'), noun=(_('notice'), _('notices')), sort='', live=[Notice],
        row_label=lambda row: row.title,
        filters=[
            Filter('read', _('State'), [('no', _('Unread')), ('yes', _('Read'))]), Filter('kind', _('Kind'), kinds)
        ],
        row_actions=[RowAction(_('Mark as read'), read, 'sym_o_done', when=lambda row: row.read_at is None)],
        empty=EmptyList(_('Nothing yet'), _('What concerns you appears here.'), 'sym_o_notifications'),
    ).load()  # fmt: skip
