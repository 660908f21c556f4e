"""One entry of the audit log: what it says, and the proof that it stands there."""

from logic import audit
from logic.core.actor import Actor
from logic.core.language import _, many
from logic.core.wording import field_title, kind_title, value_text
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
from ui.pages.audit.wording import OUTCOMES, about, action_label, done_by
from ui.shell import page


@page('/audit/{seq}', 'Entry', audit.VIEW)
async def audit_entry(actor: Actor, seq: int) -> None:
    """One entry: what it says, and the proof that it stands in the log."""
    found = await audit.get_entry(actor, seq)
    row = found.entry
    shell.title(_('Entry {number}', number=seq))
    buttons = []
    if not found.is_first:
        buttons.append(Button(_('Earlier'), href=f'/audit/{seq - 1}', icon='sym_o_chevron_left'))
    if not found.is_last:
        buttons.append(Button(_('Later'), href=f'/audit/{seq + 1}', icon='sym_o_chevron_right'))
    if row.object_id:
        buttons.append(Button(_('All about this record'), href=f'/audit?q={row.object_id}', menu=True))
    chip = OUTCOMES.get(row.outcome, Chip(row.outcome))
    Head(action_label(row.action), _('Entry {number}', number=seq), buttons, chip=chip)
    with Grid():
        with Card(_('What happened'), span=7):
            changes = [_change(row, one, actor.zone) for one in row.changes]
            Timeline([Entry(row.seq, row.about.title or about(row), row.at, changes=changes)])
            if row.reason:
                Note(_('Reason: {reason}', reason=row.reason))
        with Card(_('Who and where'), span=5):
            Facts(
                [
                    Fact(_('Who'), row.actor_name),
                    Fact(_('How'), done_by(row)),
                    Fact(_('When'), row.at, 'datetime'),
                    Fact(_('Address'), row.address),
                    Fact(_('Browser'), row.user_agent),
                    Fact(_('Record'), row.about.title, href=row.about.href or None),
                    Fact(_('Kind'), kind_title(row.object_type)),
                    Fact(_('Record id'), row.object_id),
                    Fact(_('Request'), row.request_id),
                ]
            )
        with Card(_('Proof'), span=12):
            _proof(found)


def _change(row: audit.EntryRow, one: audit.FieldChange, zone: str) -> Change:
    kind = row.object_type
    old, new = (value_text(kind, one.name, value, zone, row.names) for value in (one.old, one.new))
    return Change(one.title or field_title(kind, one.name), old, new)


def _proof(found: audit.EntryWithProof) -> None:
    proof = found.proof
    if not proof.holds:
        Note(_('This entry is not the one that the log was built with.'), 'red', 'sym_o_gpp_bad')
    elif found.checkpoint:
        text = many(
            'It stands in the signed log of {count} entry.',
            'It stands in the signed log of {count} entries.',
            proof.size,
        )
        Note(text, 'green', 'sym_o_verified')
    else:
        Note(_('It stands in the log. Its signature follows within a minute.'), 'blue', 'sym_o_schedule')
    CopyField(_('The exact text that was hashed'), found.body)
    Text(_('Save the proof as a file; anybody can check it with verifier.py, which every export contains.'), quiet=True)
    CopyField(_('Proof'), found.document)
    Buttons(Button(_('What is this?'), do=_explain, quiet=True, icon='sym_o_help'))


async def _explain(actor: Actor) -> None:  # noqa: ARG001
    toast(_('Each entry is hashed into a tree whose root is signed. The proof leads from this entry to that root.'))
