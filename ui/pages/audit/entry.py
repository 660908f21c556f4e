"""One entry of the audit log: what it says, and the proof that it stands there."""

import re
from datetime import date

from logic import audit
from logic.core.actor import Actor
from logic.core.formats import day_text
from ui import shell
from ui.components import (
    Button,
    Buttons,
    Card,
    Change,
    Chip,
    CopyField,
    Entry,
    Fact,
    Facts,
    Grid,
    Head,
    Note,
    Text,
    Timeline,
    toast,
)
from ui.pages.audit.wording import OUTCOMES, about, action_label, done_by, words
from ui.shell import page

DAY = re.compile(r'\d{4}-\d{2}-\d{2}')


@page('/audit/{seq}', 'Entry', audit.VIEW)
async def audit_entry(actor: Actor, seq: int) -> None:
    """One entry: what it says, and the proof that it stands in the log."""
    found = await audit.get_entry(actor, seq)
    row = found.entry
    shell.title(f'Entry {seq}')
    buttons = [Button('Earlier', href=f'/audit/{seq - 1}', icon='sym_o_chevron_left')] if not found.is_first else []
    if not found.is_last:
        buttons.append(Button('Later', href=f'/audit/{seq + 1}', icon='sym_o_chevron_right'))
    if row.object_id:
        buttons.append(Button('All about this record', href=f'/audit?q={row.object_id}', menu=True))
    chip = OUTCOMES.get(row.outcome, Chip(row.outcome))
    Head(action_label(row.action), f'Entry {seq}', buttons, chip=chip)
    with Grid():
        with Card('What happened', span=7):
            changes = [Change(words(one.name), _shown(one.old), _shown(one.new)) for one in row.changes]
            Timeline([Entry(row.seq, about(row), row.at, changes=changes)])
            if row.reason:
                Note(f'Reason: {row.reason}')
        with Card('Who and where', span=5):
            Facts(
                [
                    Fact('Who', row.actor_name),
                    Fact('How', done_by(row)),
                    Fact('When', row.at, 'datetime'),
                    Fact('Address', row.address),
                    Fact('Browser', row.user_agent),
                    Fact('Record', words(row.object_type)),
                    Fact('Record id', row.object_id),
                    Fact('Version', row.revision, 'number'),
                    Fact('Request', row.request_id),
                ]
            )
        with Card('Proof', span=12):
            _proof(found)


def _proof(found: audit.EntryWithProof) -> None:
    proof = found.proof
    if not proof.holds:
        Note('This entry is not the one that the log was built with.', 'red', 'sym_o_gpp_bad')
    elif found.checkpoint:
        Note(f'It stands in the signed log of {proof.size:,} entries.', 'green', 'sym_o_verified')
    else:
        Note('It stands in the log. Its signature follows within a minute.', 'blue', 'sym_o_schedule')
    CopyField('The exact text that was hashed', found.body)
    Text('Save the proof as a file; anybody can check it with verifier.py, which every export contains.', quiet=True)
    CopyField('Proof', found.document)
    Buttons(Button('What is this?', do=_explain, quiet=True, icon='sym_o_help'))


async def _explain(actor: Actor) -> None:  # noqa: ARG001
    toast('Each entry is hashed into a tree whose root is signed. The proof leads from this entry to that root.')


def _shown(value: object) -> str:
    match value:
        case None | '':
            return ''
        case bool():
            return 'yes' if value else 'no'
        case str() if DAY.fullmatch(value):
            return day_text(date.fromisoformat(value))
        case list():
            return ', '.join(map(str, value))
        case _:
            return str(value)
