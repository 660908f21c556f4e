"""How well the audit log is secured: its figures, and where its older part lies."""

from datetime import datetime

from data.core import now
from logic.audit import LogState
from logic.core.formats import number_text
from logic.core.language import _, many
from ui.components import Button, Note, Tile, Tiles
from ui.pages.audit.keeping import choose_keepers


def tiles(state: LogState, *, may_manage: bool) -> None:
    late = state.anchor_is_late(now())
    anchored = _('Never') if state.anchored_at is None else _ago(state.anchored_at)
    unsigned, unanchored = state.size - state.signed_size, state.size - state.anchored_size
    Tiles(
        [
            Tile(_('Entries'), number_text(state.size), 'sym_o_list_alt'),
            Tile(
                _('Signed'),
                number_text(state.signed_size),
                'sym_o_draw',
                note=_('{count} not yet', count=number_text(unsigned)),
            ),
            Tile(
                _('Anchored'),
                anchored,
                'sym_o_anchor',
                'amber' if late else 'brand',
                note=_('{count} not yet', count=number_text(unanchored)),
            ),
            _verified(state),
        ]
    )
    if late:
        Note(
            _(
                'No anchor has left this computer for more than 26 hours. Whoever holds the computer and its key could '
                'replace what happened since. One goes out each day as soon as e-mail is set up: name two officers '
                'who get it. Or read one into the minutes.'
            ),
            'amber',
            'sym_o_warning',
            [Button(_('Name two officers'), do=choose_keepers, small=True)] if may_manage else (),
        )


def _verified(state: LogState) -> Tile:
    last = state.verdict
    if last is None:
        return Tile(_('Verified'), _('Never'), 'sym_o_verified', 'amber')
    if last.damage:
        return Tile(_('Verified'), _ago(last.at), 'sym_o_gpp_bad', 'red', note=_('damaged'), note_tone='red')
    return Tile(_('Verified'), _ago(last.at), 'sym_o_verified', 'green', note=_('intact'), note_tone='green')


def closed_parts(state: LogState) -> None:
    """Say where the older part of the log lies, if it was closed."""
    if state.parts:
        files = [
            Button(
                _('Entries {first} to {last}', first=number_text(part.first), last=number_text(part.end - 1)),
                href=f'/files/{part.file_id}',
                download=True,
                small=True,
            )
            for part in reversed(state.parts)
        ]
        Note(
            _(
                'The entries before number {number} are older than this department keeps them here. They lie in '
                'files, which hold their own verifier; their hashes stay in the log, so nothing of them can be '
                'changed.',
                number=number_text(state.closed),
            ),
            'blue', 'sym_o_inventory_2', files,
        )  # fmt: skip


def _ago(at: datetime) -> str:
    hours = int((now() - at).total_seconds() // 3600)
    if hours < 1:
        return _('Just now')
    return _('{count} h ago', count=hours) if hours < 48 else many('{count} day ago', '{count} days ago', hours // 24)
