"""Everything that happened to a record, as far as the viewer may see it, drawn from the audit log."""

from typing import Any
from uuid import UUID

from logic import activity as rules
from logic.activity import ActivityRow
from logic.audit import FieldChange
from logic.core import records
from logic.core.actor import Actor
from logic.core.language import _
from logic.core.live import Change
from logic.core.wording import field_title, kind_title, value_text
from ui import guard
from ui.components.base import Component, plain
from ui.components.furniture.comments import HOME, SHARED
from ui.components.live import Listener
from ui.components.toast import toast

STEP = 50
NOTHING = (None, '', False)
"""What a new record holds where nobody said anything is not news."""
ICONS = {
    'StatusChange': 'sym_o_swap_horiz', 'JobChange': 'sym_o_work', 'PositionHolding': 'sym_o_badge',
    'MemberDocument': 'sym_o_description', 'Licence': 'sym_o_verified', 'Invitation': 'sym_o_mail',
    'ChecklistItem': 'sym_o_checklist', 'MemberTag': 'sym_o_sell',
}  # fmt: skip


class ActivityList(Component, component=HOME / 'activity_list.js', dependencies=SHARED):
    """What happened to a record; live, with filters, and Undo where nobody has changed the field since."""

    def __init__(self, record: str, record_id: UUID) -> None:
        super().__init__()
        self._at = (record, record_id)
        self._shown = STEP
        self._props.update({'entries': [], 'more': False})
        self._when('undo', self._undo, int)
        self._when('more', self._more)
        kind = records.kind_of(record)
        self._listener: Listener | None = Listener(self, [kind.model], self.load, match=self._is_mine)

    def _is_mine(self, change: Change) -> bool:
        return change.row_id == self._at[1]

    def _handle_delete(self) -> None:
        if self._listener is not None:
            self._listener.end()
            self._listener = None
        super()._handle_delete()

    async def load(self) -> None:
        """Fetch the entries anew."""
        actor = await guard.actor_of(self.client)
        found = await rules.list_activity(actor, *self._at, self._shown)
        if not self.is_deleted:
            kind = records.kind_of(self._at[0])
            self._props['entries'] = [_drawn(row, kind, actor.zone) for row in found]
            self._props['more'] = len(found) == self._shown and self._shown < rules.MOST
            self.update()

    async def _more(self) -> None:
        self._shown = min(rules.MOST, self._shown + STEP)
        await self.load()

    async def _undo(self, actor: Actor, seq: int) -> None:
        await rules.undo_entry(actor, *self._at, seq)
        await self.load()
        toast(_('Put back as it was.'))


def _drawn(row: ActivityRow, kind: records.RecordKind, zone: str) -> dict[str, Any]:
    told = [change for change in row.changes if change.old not in NOTHING or change.new not in NOTHING]
    changes = [_change(row, change, zone) for change in told]
    icon = kind.icon if row.object_type == kind.name else ICONS.get(row.object_type, 'sym_o_edit')
    shown = {
        'id': row.seq, 'who': row.who, 'text': row.what, 'at': row.at, 'how': row.how, 'icon': icon,
        'kind': kind_title(row.object_type), 'reason': row.reason, 'changes': changes, 'mayUndo': row.may_undo,
    }  # fmt: skip
    return plain(shown)  # type: ignore[no-any-return]


def _change(row: ActivityRow, change: FieldChange, zone: str) -> dict[str, str]:
    kind = row.object_type
    old, new = (value_text(kind, change.name, value, zone, row.names) for value in (change.old, change.new))
    return {'label': change.title or field_title(kind, change.name), 'old': old, 'new': new}


async def activity(record: str, record_id: UUID) -> ActivityList:
    """Draw what happened to a record."""
    drawn = ActivityList(record, record_id)
    await drawn.load()
    return drawn
