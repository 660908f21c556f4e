"""Verification of the audit log: asked for, what it found, and the word of damage for as long as there is some."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from logic import audit
from logic.audit import LastVerdict, LogVerdict, damage_in
from logic.core.actor import Actor
from logic.core.formats import moment_text
from logic.core.language import _, later, many
from ui.components import Button, Dialog, FormDialog, Note, Stack, Text
from ui.components.blocks import Tone
from ui.waiting import Look, looks

looks['audit'] = Look('sym_o_gpp_bad', 'red')


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


def damage_note(last: LastVerdict | None, zone: str, buttons: Sequence[Button] = ()) -> None:
    """Say that the log is damaged, if it is: what is wrong, since when, and what to do next."""
    if last is None or last.damage is None or last.since is None:
        return
    text = _(
        '{damage} This was found first on {moment}. Somebody wrote past Logbook, or the disk is failing. Change and '
        'delete nothing, keep all backups, and verify again to read what was found; then compare with a backup from '
        'before that day.',
        damage=str(last.damage), moment=moment_text(last.since, zone),
    )  # fmt: skip
    Note(text, 'red', 'sym_o_gpp_bad', buttons)


async def ask_for_anchors(actor: Actor) -> None:  # noqa: ARG001
    async def verify(actor: Actor, data: VerifyInput) -> None:
        show_verdicts(await audit.verify_now(actor, data.anchors))

    dialog = FormDialog(_('Verify the audit log'), VerifyInput, verify, label=_('Verify'))
    dialog.textarea('anchors')


def headline(verdicts: list[LogVerdict]) -> tuple[str, str, Tone, str]:
    """Return title, sentence, tone and icon for what a verification found."""
    if all(verdict.is_intact for verdict in verdicts):
        return (
            _('The log is intact'), _('Every entry is the one that was written, in its place.'), 'green',
            'sym_o_verified',
        )  # fmt: skip
    if damage_in(verdicts) is None:
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
