"""What came of an import: the figures with the undo, or the reason why nothing was stored."""

from logic import members
from logic.core.actor import Actor
from logic.members.imports.runs import ImportRun
from ui import shell
from ui.components import (
    Button,
    Head,
    Note,
    Text,
    Tile,
    Tiles,
    toast,
)


def draw_done(run: ImportRun) -> None:
    """Show what was done, with its undo."""
    assert run.result is not None
    result = run.result

    async def undo(actor: Actor) -> None:
        undone = await members.undo_batch(actor, result.batch_id)
        left = f' {len(undone.refused)} were changed since and stay as they are.' if undone.refused else ''
        toast(f'Undone for {undone.changed} people.{left}')
        shell.go('/members')

    Head('Imported', run.name, [
        Button('Undo the import', do=undo, icon='sym_o_undo'),
        Button('Open the directory', href='/members', icon='sym_o_group', primary=True),
    ])  # fmt: skip
    Tiles([
        Tile('New', result.new_count, 'sym_o_person_add', 'green'),
        Tile('Changed', result.updated_count, 'sym_o_edit', 'blue'),
        Tile('Same', result.same_count, 'sym_o_check', 'grey'),
        Tile('Refused', result.refused_count, 'sym_o_block', 'red'),
    ])  # fmt: skip
    Text('The import can be undone for 30 days, for all whom nobody has changed since.', quiet=True)


def draw_failed(run: ImportRun) -> None:
    """Say why nothing was stored."""
    Head('Not imported', run.name, [Button('Begin anew', href='/members/import', primary=True)])
    Note(run.message, 'red', 'sym_o_error')
