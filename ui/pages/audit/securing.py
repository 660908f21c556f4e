"""How well the audit log is secured: verification, anchors, and who keeps them."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from data.core import now
from logic import audit
from logic.audit import LogState, LogVerdict
from logic.core.actor import Actor
from logic.identity import sessions
from ui.components import Button, CopyField, Dialog, FormDialog, Note, Stack, Text, Tile, Tiles, toast
from ui.components.blocks import Tone


class VerifyInput(BaseModel):
    """What an officer kept to verify against."""

    model_config = ConfigDict(extra='forbid')

    anchors: Annotated[
        str,
        Field(
            title='Anchor mails or notes that you kept',
            max_length=200_000,
            description='Paste one or more. Without any, the log is held against its own signatures only.',
        ),
    ] = ''


def tiles(state: LogState, *, may_manage: bool) -> None:
    late = state.anchor_is_late(now())
    anchored = 'Never' if state.anchored_at is None else _ago(state.anchored_at)
    unsigned, unanchored = state.size - state.signed_size, state.size - state.anchored_size
    Tiles(
        [
            Tile('Entries', f'{state.size:,}', 'sym_o_list_alt'),
            Tile('Signed', f'{state.signed_size:,}', 'sym_o_draw', note=f'{unsigned:,} not yet'),
            Tile('Anchored', anchored, 'sym_o_anchor', 'amber' if late else 'brand', note=f'{unanchored:,} not yet'),
        ]
    )
    if late:
        Note(
            'No anchor has left this computer for more than 26 hours. Whoever holds the computer and its key could '
            'replace what happened since. Name two officers who get an anchor each day, or read one into the minutes.',
            'amber',
            'sym_o_warning',
            [Button('Name two officers', do=choose_keepers, small=True)] if may_manage else (),
        )


def closed_parts(state: LogState) -> None:
    """Say where the older part of the log lies, if it was closed."""
    if state.parts:
        files = [
            Button(
                f'Entries {part.first:,} to {part.end - 1:,}', href=f'/files/{part.file_id}', download=True, small=True
            )
            for part in reversed(state.parts)
        ]
        Note(
            f'The entries before number {state.closed:,} are older than this department keeps them here. They lie in '
            'files, which hold their own verifier; their hashes stay in the log, so nothing of them can be changed.',
            'blue', 'sym_o_inventory_2', files,
        )  # fmt: skip


def _ago(at: datetime) -> str:
    hours = int((now() - at).total_seconds() // 3600)
    return 'Just now' if hours < 1 else f'{hours} h ago' if hours < 48 else f'{hours // 24} days ago'


async def ask_for_anchors(actor: Actor) -> None:  # noqa: ARG001
    async def verify(actor: Actor, data: VerifyInput) -> None:
        show_verdicts(await audit.verify_now(actor, data.anchors))

    dialog = FormDialog('Verify the audit log', VerifyInput, verify, label='Verify')
    dialog.textarea('anchors')


def headline(verdicts: list[LogVerdict]) -> tuple[str, str, Tone, str]:
    """Return title, sentence, tone and icon for what a verification found."""
    faults = [fault for verdict in verdicts for fault in verdict.faults]
    if not faults:
        return (
            'The log is intact', 'Every entry is the one that was written, in its place.', 'green', 'sym_o_verified'
        )  # fmt: skip
    if all(fault.kind == 'anchor' and fault.index is None for fault in faults):
        text = 'What you pasted was not signed with the key of this log, or was changed. Nothing else was found.'
        return 'The anchor does not count', text, 'amber', 'sym_o_warning'
    text = 'Something was changed past Logbook. Keep the database as it is, and compare with a backup.'
    return 'The log is damaged', text, 'red', 'sym_o_gpp_bad'


def show_verdicts(verdicts: list[LogVerdict]) -> None:
    """Say what a verification found."""
    title, text, tone, icon = headline(verdicts)
    with Dialog(title, wide=True), Stack():
        Note(text, tone, icon)
        for verdict in verdicts:
            whose = 'installation' if verdict.log_id == audit.INSTANCE_LOG_ID else 'department'
            Text(f'The log of the {whose}: {verdict.size:,} {"entry" if verdict.size == 1 else "entries"}.')
            Text(' '.join(verdict.findings()), quiet=True)


async def show_anchor(actor: Actor) -> None:
    anchor = await audit.print_anchor(actor, f'Shown to {actor.name}')
    with Dialog('Anchor for the minutes', wide=True), Stack():
        Text(f'Read these eight words into the minutes. They stand for all {anchor.size:,} entries until now.')
        CopyField('Eight words', anchor.words)
        Text('Or keep this text where nobody who runs this computer can change it.', quiet=True)
        CopyField('Signed note', anchor.text)


async def choose_keepers(actor: Actor) -> None:
    async def save(actor: Actor, data: audit.KeepersInput) -> None:
        await audit.choose_keepers(actor, data)
        toast('Saved. The next anchor goes out tonight.')

    dialog = FormDialog('Who keeps the anchors', audit.KeepersInput, save, value=await audit.get_keepers(actor))
    dialog.email('first', help='Somebody who does not run this computer.')
    dialog.email('second')


async def choose_retention(actor: Actor) -> None:
    await sessions.check_fresh(actor)

    async def save(actor: Actor, data: audit.RetentionInput) -> None:
        await audit.choose_retention(actor, data)
        toast('Saved. What is older goes into a file in the night to Monday.')

    text = (
        'Older entries go into a file that can be downloaded here and verified by anybody. Names, addresses and what '
        'else was personal in them is not in that file: it is gone then.'
    )
    value = await audit.get_retention(actor)
    FormDialog('How long entries are kept', audit.RetentionInput, save, value=value, text=text).number('years')


async def show_key(actor: Actor) -> None:
    state = await audit.log_state(actor)
    with Dialog('Public key'), Stack():
        Text('Keep it outside of this computer. An outsider verifies exports with it.')
        CopyField('Public key of this installation', state.public_key)
