"""What is kept of the audit log and by whom: anchors, the public key, and for how long entries stay."""

from logic import audit
from logic.core.actor import Actor
from logic.core.language import _, many
from logic.identity import sessions
from ui.components import Button, Buttons, CopyField, Dialog, FormDialog, Stack, Text, toast


async def show_anchor(actor: Actor) -> None:
    anchor = await audit.print_anchor(actor)

    async def kept(actor: Actor) -> None:
        await audit.keep_anchor(actor, anchor.size, _('Kept by {name}', name=actor.name))
        dialog.close()
        toast(_('Noted. These entries are anchored.'))

    with Dialog(_('Anchor for the minutes'), wide=True) as dialog, Stack():
        Text(
            many(
                'Read these eight words into the minutes. They stand for the one entry until now.',
                'Read these eight words into the minutes. They stand for all {count} entries until now.',
                anchor.size,
            )
        )
        CopyField(_('Eight words'), anchor.words)
        Text(_('Or keep this text where nobody who runs this computer can change it.'), quiet=True)
        CopyField(_('Signed note'), anchor.text)
        Buttons(Button(_('I keep it elsewhere'), do=kept, icon='sym_o_anchor', primary=True))


async def choose_keepers(actor: Actor) -> None:
    async def save(actor: Actor, data: audit.KeepersInput) -> None:
        await audit.choose_keepers(actor, data)
        toast(_('Saved. The next anchor goes out tonight.'))

    text = _('While nobody is named, the owner of the department gets the anchor of each day.')
    value = await audit.get_keepers(actor)
    dialog = FormDialog(_('Who keeps the anchors'), audit.KeepersInput, save, value=value, text=text)
    dialog.email('first', help=_('Somebody who does not run this computer.'))
    dialog.email('second')


async def choose_retention(actor: Actor) -> None:
    await sessions.check_fresh(actor)

    async def save(actor: Actor, data: audit.RetentionInput) -> None:
        await audit.choose_retention(actor, data)
        toast(_('Saved. What is older goes into a file in the night to Monday.'))

    text = _(
        'Older entries go into a file that can be downloaded here and verified by anybody. Names, addresses and what '
        'else was personal in them is not in that file: it is gone then.'
    )
    value = await audit.get_retention(actor)
    FormDialog(_('How long entries are kept'), audit.RetentionInput, save, value=value, text=text).number('years')


async def show_key(actor: Actor) -> None:
    state = await audit.log_state(actor)
    with Dialog(_('Public key')), Stack():
        Text(_('Keep it outside of this computer. An outsider verifies exports with it.'))
        CopyField(_('Public key of this installation'), state.public_key)
