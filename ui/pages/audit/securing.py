"""How well the audit log is secured: its figures, and verification."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from data.core import now
from logic import audit
from logic.audit import LogState, LogVerdict
from logic.core.actor import Actor
from logic.core.formats import number_text
from logic.core.language import _, later, many
from ui.components import Button, Dialog, FormDialog, Note, Stack, Text, Tile, Tiles
from ui.components.blocks import Tone
from ui.pages.audit.keeping import choose_keepers


class VerifyInput(BaseModel):
    """What an officer kept to verify against."""

    model_config = ConfigDict(extra='forbid')

    anchors: Annotated[
        str,
        Field(
            title=later('Anchor mails or notes that you kept'),
            max_length=200_000,
            description=later('Paste one or more. Without any, the log is held against its own signatures only.'),
        ),
    ] = ''


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


async def ask_for_anchors(actor: Actor) -> None:  # noqa: ARG001
    async def verify(actor: Actor, data: VerifyInput) -> None:
        show_verdicts(await audit.verify_now(actor, data.anchors))

    dialog = FormDialog(_('Verify the audit log'), VerifyInput, verify, label=_('Verify'))
    dialog.textarea('anchors')


def headline(verdicts: list[LogVerdict]) -> tuple[str, str, Tone, str]:
    """Return title, sentence, tone and icon for what a verification found."""
    faults = [fault for verdict in verdicts for fault in verdict.faults]
    if not faults:
        return (
            _('The log is intact'), _('Every entry is the one that was written, in its place.'), 'green',
            'sym_o_verified',
        )  # fmt: skip
    if all(fault.kind == 'anchor' and fault.index is None for fault in faults):
        text = _('What you pasted was not signed with the key of this log, or was changed. Nothing else was found.')
        return _('The anchor does not count'), text, 'amber', 'sym_o_warning'
    text = _('Something was changed past Logbook. Keep the database as it is, and compare with a backup.')
    return _('The log is damaged'), text, 'red', 'sym_o_gpp_bad'


def show_verdicts(verdicts: list[LogVerdict]) -> None:
    """Say what a verification found."""
    title, text, tone, icon = headline(verdicts)
    with Dialog(title, wide=True), Stack():
        Note(text, tone, icon)
        for verdict in verdicts:
            Text(_size(verdict))
            Text(' '.join(verdict.findings()), quiet=True)


def _size(verdict: LogVerdict) -> str:
    if verdict.log_id == audit.INSTANCE_LOG_ID:
        return many(
            'The log of the installation: {count} entry.', 'The log of the installation: {count} entries.', verdict.size
        )
    return many(
        'The log of the department: {count} entry.', 'The log of the department: {count} entries.', verdict.size
    )
