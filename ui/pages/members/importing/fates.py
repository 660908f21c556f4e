"""The fate of each row of a file, with the reason or what changes."""

from collections.abc import Sequence
from uuid import UUID

from logic.core.actor import Actor
from logic.core.language import _, later, many
from logic.core.listing import ListQuery, Page
from logic.members.imports import Fate, RowFate, runs
from logic.members.imports.runs import ImportRun
from ui.components import (
    Chip,
    Column,
    DataTable,
    Filter,
)
from ui.components.blocks import Tone

TONES: dict[Fate, tuple[str, Tone]] = {
    Fate.NEW: (later('New', meaning='people'), 'green'),
    Fate.UPDATE: (later('Changed'), 'blue'),
    Fate.SAME: (later('Same'), 'grey'),
    Fate.REFUSED: (later('Refused'), 'red'),
}


async def draw_table(run: ImportRun) -> None:
    """Show the fate of each row."""

    async def fetch(actor: Actor, asked: ListQuery) -> Page[RowFate]:
        return runs.rows(actor, run.id, asked)

    await DataTable(
        [
            Column('name', _('Name'), value=lambda row: row.name or _('(no name)')),
            Column('line', _('Line'), 'number'),
            Column('fate', _('What happens'), 'chip', lambda row: Chip(*TONES[row.fate])),
            Column('why', _('Why, or what changes'), 'prose', lambda row: _why(row, run)),
        ],
        fetch, label=_('Rows of the file'), key=lambda row: UUID(int=row.line), noun=(_('row'), _('rows')),
        search=_('Search by name'),
        filters=[Filter('fate', _('What happens'), [(fate.value, TONES[fate][0]) for fate in TONES])],
    ).load()  # fmt: skip


def _why(row: RowFate, run: ImportRun) -> str:
    if row.faults:
        return ' '.join(f'{fault.column}: {fault.reason}' if fault.column else fault.reason for fault in row.faults)
    warned = [_('Look at {column}: {reason}', column=fault.column, reason=fault.reason) for fault in row.warnings]
    if row.fate is Fate.UPDATE:
        shown = row.shown(run.reading.targets)
        warned += [f'{label}: {old or "–"} → {new}' for label, (old, new) in shown.items()]
    return ' '.join(warned)


def made(noun: str, new: Sequence[str]) -> str:
    """Say what an import makes beside people."""
    count, names = len(new), ', '.join(new)
    return {
        'department': lambda: many('New, and made by this import: department {names}.',
                                   'New, and made by this import: departments {names}.', count, names=names),
        'rank': lambda: many('New, and made by this import: rank {names}.',
                             'New, and made by this import: ranks {names}.', count, names=names),
        'membership_type': lambda: many('New, and made by this import: membership type {names}.',
                                        'New, and made by this import: membership types {names}.', count, names=names),
        'company': lambda: many('New, and made by this import: company {names}.',
                                'New, and made by this import: companies {names}.', count, names=names),
        'station': lambda: many('New, and made by this import: station {names}.',
                                'New, and made by this import: stations {names}.', count, names=names),
    }[noun]()  # fmt: skip
