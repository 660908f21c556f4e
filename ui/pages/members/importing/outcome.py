"""What came of an import: the figures with the undo, or the reason why nothing was stored."""

from logic.core.actor import Actor
from logic.core.language import _, sense
from logic.members.imports.runs import ImportRun
from ui import shell
from ui.components import (
    Button,
    Head,
    Note,
    Text,
    Tile,
    Tiles,
)
from ui.pages.members import batches


def draw_done(run: ImportRun) -> None:
    """Show what was done, with its undo."""
    assert run.result is not None
    result = run.result

    async def undo(actor: Actor) -> None:
        await batches.undo(actor, result.batch_id)
        shell.go('/members')

    Head(_('Imported'), run.name, [
        Button(_('Undo the import'), do=undo, icon='sym_o_undo'),
        Button(_('Open the directory'), href='/members', icon='sym_o_group', primary=True),
    ])  # fmt: skip
    Tiles([
        Tile(sense('people', 'New'), result.new_count, 'sym_o_person_add', 'green'),
        Tile(_('Changed'), result.updated_count, 'sym_o_edit', 'blue'),
        Tile(_('Same'), result.same_count, 'sym_o_check', 'grey'),
        Tile(_('Refused'), result.refused_count, 'sym_o_block', 'red'),
    ])  # fmt: skip
    Text(
        _(
            'The import can be undone for 30 days, for all whom nobody has changed since: '
            'here, or later in "Bulk changes".'
        ),
        quiet=True,
    )


def draw_failed(run: ImportRun) -> None:
    """Say why nothing was stored."""
    Head(_('Not imported'), run.name, [Button(_('Begin anew'), href='/members/import', primary=True)])
    Note(run.message, 'red', 'sym_o_error')
