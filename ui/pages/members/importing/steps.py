"""The steps of an import after the file: its columns, the dry run, the result with its undo."""

from pydantic import Field as InputField

from logic.core.actor import Actor
from logic.core.language import _, later, many
from logic.members.imports import Fate, ImportOptions, runs
from logic.members.imports.runs import ImportRun, Step
from ui import shell
from ui.components import (
    Button,
    Card,
    ColumnChoices,
    Head,
    Note,
    Tile,
    Tiles,
    ask_columns,
)
from ui.components.progress import Progress
from ui.pages.members.importing.fates import TONES, made

STANDING = {
    Step.COLUMNS: later('Its columns are still to be checked.'), Step.CHECKING: later('The file is being checked.'),
    Step.CHECKED: later('The dry run is done; nothing is stored yet.'), Step.APPLYING: later('It is being imported.'),
}  # fmt: skip


def standing(run: ImportRun) -> tuple[int, str]:
    """Return how many rows an unfinished import has, and where it stands."""
    return len(run.reading.table.rows), _(STANDING[run.step])


def draw_columns(run: ImportRun) -> None:
    """Ask which column is what."""
    reading, table = run.reading, run.reading.table
    Head(
        _('Which column is what?'),
        many(
            '{name}: {count} row, read as {kind}.',
            '{name}: {count} rows, read as {kind}.',
            len(table.rows),
            name=run.name,
            kind=table.encoding.upper() or table.kind,
        ),
    )
    if reading.date_is_open:
        why = _('{reason} Choose the order of day and month below.', reason=reading.date_why)
        Note(why, 'amber', 'sym_o_calendar_month')

    async def submit(actor: Actor, mapping: dict[int, str], data: _Choices) -> None:
        options = ImportOptions(mapping=mapping, date_order=data.date_order, create_missing=data.create_missing)
        await runs.choose(actor, run.id, options)
        await shell.refresh()

    choices = [(target.name, target.label) for target in reading.targets.values()]
    order = None if reading.date_is_open else reading.date_order
    ask_columns(
        table, _Choices, submit, choices=choices, chosen=reading.mapping, order=order, why=reading.date_why,
        value={'create_missing': run.options.create_missing},
        more=lambda form: form.checkbox('create_missing', span=6),
    )  # fmt: skip


class _Choices(ColumnChoices):
    """What a person chooses about a roster."""

    create_missing: bool = InputField(
        default=True, title=later('Make departments, ranks, stations and types that are missing')
    )


def draw_busy(run: ImportRun) -> None:
    """Show how far it is."""
    checking = run.step is Step.CHECKING
    Head(
        _('Checking the file') if checking else _('Importing'),
        _('You may close this page; it goes on. Come back by this address.'),
    )
    with Card():
        Progress(
            _('Checked') if checking else _('Imported'),
            run,
            lambda: (run.done, run.total),
            lambda: run.step in (Step.CHECKING, Step.APPLYING),
        )


def draw_checked(run: ImportRun) -> None:
    """Show the dry run in figures."""
    assert run.plan is not None
    plan = run.plan
    taken = plan.count(Fate.NEW) + plan.count(Fate.UPDATE)

    async def apply(actor: Actor) -> None:
        await runs.apply(actor, run.id)
        await shell.refresh()

    async def back(actor: Actor) -> None:  # noqa: ARG001
        run.step = Step.COLUMNS
        await shell.refresh()

    buttons = [Button(_('Change columns'), do=back, icon='sym_o_view_column')]
    if taken:
        label = many('Import {count} person', 'Import {count} people', taken)
        buttons.append(Button(label, do=apply, icon='sym_o_check', primary=True))
    Head(_('What would happen'), _('{name}. Nothing is stored yet.', name=run.name), buttons)
    icons = {
        Fate.NEW: 'sym_o_person_add',
        Fate.UPDATE: 'sym_o_edit',
        Fate.SAME: 'sym_o_check',
        Fate.REFUSED: 'sym_o_block',
    }
    tones = {fate: tone for fate, (_, tone) in TONES.items()}
    Tiles([Tile(TONES[fate][0], plan.count(fate), icons[fate], tones[fate]) for fate in TONES])
    for noun, names in plan.missing.items():
        Note(made(noun, names), 'blue', 'sym_o_add_circle')
    if plan.count(Fate.REFUSED):
        Note(
            _('Refused rows are left out. Mend them in the file and import it again: nothing is doubled.'),
            'amber',
        )
