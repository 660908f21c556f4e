"""The audit log: who did what and when, the proof of each entry, and the button that verifies all of it."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from data.core import now
from logic import audit
from logic.audit import EntryRow, LogState, LogVerdict
from logic.core.actor import Actor
from logic.core.domain import domains
from logic.core.listing import ListQuery, Page
from ui import shell
from ui.components import (
    Button,
    Buttons,
    Card,
    Change,
    Chip,
    Column,
    CopyField,
    DataTable,
    Dialog,
    Entry,
    Fact,
    Facts,
    Filter,
    FormDialog,
    Grid,
    Head,
    Note,
    Stack,
    Text,
    Tile,
    Tiles,
    Timeline,
    toast,
)
from ui.shell import Nav, page

PERIODS = [('0', 'Today'), ('6', 'Last 7 days'), ('29', 'Last 30 days'), ('364', 'Last year')]
OUTCOMES = {
    'done': Chip('Done', 'green'),
    'seen': Chip('Seen', 'blue'),
    'refused': Chip('Refused', 'amber'),
    'failed': Chip('Failed', 'red'),
    'warning': Chip('Warning', 'amber'),
}


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


@page('/audit', 'Audit log', audit.VIEW, nav=Nav(icon='sym_o_policy', group='Administration', order=80))
async def audit_log(actor: Actor) -> None:
    """Every change, newest first."""
    state = await audit.log_state(actor)
    buttons = []
    if actor.may(audit.VERIFY):
        buttons.append(Button('Verify', do=_ask_for_anchors, icon='sym_o_verified', primary=True))
        buttons.append(Button('Anchor for the minutes', do=_anchor, icon='sym_o_anchor', menu=True))
    if actor.may(audit.EXPORT):
        buttons.append(Button('Export', href='/downloads/audit.zip', icon='sym_o_download', download=True))
    buttons.append(Button('Public key', do=_show_key, icon='sym_o_key', menu=True))
    Head('Audit log', 'Who did what, and when. Nothing in it can be changed without it showing.', buttons)
    _tiles(state)
    filters = [
        Filter('actor', 'Who', await audit.list_actors(actor)),
        Filter('action', 'Action', [(name, action_label(name)) for name in await audit.list_actions(actor)]),
        Filter('object_type', 'Kind', [(kind, words(kind)) for kind in await audit.list_object_types(actor)]),
        Filter('days', 'When', PERIODS, many=False),
        Filter('outcome', 'Outcome', [(name, chip.label) for name, chip in OUTCOMES.items()]),
    ]
    with Card():
        await DataTable(
            [
                Column('action', 'Action', value=lambda row: action_label(row.action)),
                Column('who', 'Who', 'person', lambda row: {'name': row.actor_name, 'detail': _by(row)}),
                Column('what', 'What', value=_what),
                Column('outcome', 'Outcome', 'chip', lambda row: OUTCOMES.get(row.outcome, Chip(row.outcome))),
                Column('at', 'When', 'when', sort=True),
                Column('seq', 'Number', 'number', hidden=True),
                Column('address', 'Address', hidden=True),
            ],
            _rows, label='Audit log', href=lambda row: f'/audit/{row.seq}', key=lambda row: UUID(int=row.seq),
            filters=filters, search='Search by action, kind or id', sort='at', descending=True,
            noun=('entry', 'entries'),
        ).load()  # fmt: skip


async def _rows(actor: Actor, query: ListQuery) -> Page[EntryRow]:
    filters = {name: values for name, values in query.filters.items() if name != 'days'}
    if days := query.values('days'):
        today = now().astimezone(ZoneInfo(actor.zone)).date()
        filters['from'] = [(today - timedelta(days=int(days[0]))).isoformat()]
    return await audit.list_entries(actor, query.model_copy(update={'filters': filters}))


def words(name: str) -> str:
    """`MemberDocument` or `issue_item` as a person says it."""
    spaced = ''.join(f' {letter.lower()}' if letter.isupper() else letter for letter in name).replace('_', ' ').strip()
    return spaced[:1].upper() + spaced[1:]


def action_label(action: str) -> str:
    """`members.add_member` as a person says it."""
    domain, _, verb = action.partition('.')
    title = domains[domain].title if domain in domains else words(domain)
    return f'{title}: {words(verb).lower()}'


def _by(row: EntryRow) -> str:
    kinds = {'system': 'Logbook itself', 'api_key': 'API key', 'public': 'not signed in'}
    return kinds.get(row.actor_kind, row.method.replace('+', ' and '))


def _what(row: EntryRow) -> str:
    fields = ', '.join(words(change.name).lower() for change in row.changes[:4])
    more = f' and {len(row.changes) - 4} more' if len(row.changes) > 4 else ''
    return ': '.join(part for part in (words(row.object_type), fields + more) if part) or '–'


def _tiles(state: LogState) -> None:
    late = state.anchor_is_late(now())
    anchored = 'Never' if state.anchored_at is None else _ago(state.anchored_at)
    unsigned, unanchored = state.size - state.signed_size, state.size - state.anchored_size
    Tiles(
        [
            Tile('Entries', f'{state.size:,}', 'sym_o_list_alt'),
            Tile('Signed', f'{state.signed_size:,}', 'sym_o_draw', note=f'{unsigned:,} not yet'),
            Tile('Anchored', anchored, 'sym_o_anchor', 'amber' if late else 'brand', note=f'{unanchored:,} entries since'),
        ]
    )
    if late:
        Note(
            'No anchor has left this computer for more than 26 hours. Whoever holds the computer and its key could '
            'replace what happened since. Name two officers in the settings, or read an anchor into the minutes.',
            'amber',
            'sym_o_warning',
        )


def _ago(at: datetime) -> str:
    hours = int((now() - at).total_seconds() // 3600)
    return 'Just now' if hours < 1 else f'{hours} h ago' if hours < 48 else f'{hours // 24} days ago'


async def _ask_for_anchors(actor: Actor) -> None:  # noqa: ARG001
    async def verify(actor: Actor, data: VerifyInput) -> None:
        show_verdicts(await audit.verify_now(actor, data.anchors))

    dialog = FormDialog('Verify the audit log', VerifyInput, verify, label='Verify')
    dialog.textarea('anchors')


def show_verdicts(verdicts: list[LogVerdict]) -> None:
    """Say what a verification found."""
    intact = all(verdict.is_intact for verdict in verdicts)
    with Dialog('The log is intact' if intact else 'The log is damaged', wide=True), Stack():
        if intact:
            Note('Every entry is the one that was written, in its place.', 'green', 'sym_o_verified')
        else:
            Note(
                'Something was changed past Logbook. Keep the database as it is, and compare with a backup.',
                'red',
                'sym_o_gpp_bad',
            )
        for verdict in verdicts:
            first, *rest = verdict.lines()
            Text(first)
            Text(' '.join(rest), quiet=True)


async def _anchor(actor: Actor) -> None:
    anchor = await audit.print_anchor(actor, f'Shown to {actor.name}')
    with Dialog('Anchor for the minutes', wide=True), Stack():
        Text(f'Read these eight words into the minutes. They stand for all {anchor.size:,} entries until now.')
        CopyField('Eight words', anchor.words)
        Text('Or keep this text where nobody who runs this computer can change it.', quiet=True)
        CopyField('Signed note', anchor.text)


async def _show_key(actor: Actor) -> None:
    state = await audit.log_state(actor)
    with Dialog('Public key'), Stack():
        Text('Keep it outside of this computer. An outsider verifies exports with it.')
        CopyField('Public key of this installation', state.public_key)


@page('/audit/{seq}', 'Entry', audit.VIEW)
async def audit_entry(actor: Actor, seq: int) -> None:
    """One entry: what it says, and the proof that it stands in the log."""
    found = await audit.get_entry(actor, seq)
    row = found.entry
    shell.title(f'Entry {seq}')
    buttons = [Button('Earlier', href=f'/audit/{seq - 1}', icon='sym_o_chevron_left')] if seq else []
    buttons.append(Button('Later', href=f'/audit/{seq + 1}', icon='sym_o_chevron_right'))
    if row.object_id:
        buttons.append(Button('All about this record', href=f'/audit?q={row.object_id}', menu=True))
    chip = OUTCOMES.get(row.outcome, Chip(row.outcome))
    Head(action_label(row.action), f'Entry {seq}', buttons, chip=chip)
    with Grid():
        with Card('What happened', span=7):
            changes = [Change(words(one.name), _shown(one.old), _shown(one.new)) for one in row.changes]
            Timeline([Entry(row.seq, _what(row), row.at, row.actor_name, changes=changes)])
            if row.reason:
                Note(f'Reason: {row.reason}')
        with Card('Who and where', span=5):
            Facts(
                [
                    Fact('Who', row.actor_name),
                    Fact('How', _by(row)),
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
        case list():
            return ', '.join(map(str, value))
        case _:
            return str(value)
