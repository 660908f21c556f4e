"""The audit log as a list: who did what and when, and what secures it."""

from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from data.core import now
from logic import audit
from logic.audit import EntryRow
from logic.core.actor import Actor
from logic.core.listing import ListQuery, Page
from ui.components import Button, Chip, Column, DataTable, Filter, Head
from ui.pages.audit.securing import (
    ask_for_anchors,
    choose_keepers,
    choose_retention,
    closed_parts,
    show_anchor,
    show_key,
    tiles,
)
from ui.pages.audit.wording import OUTCOMES, about, action_label, done_by, words
from ui.shell import Nav, page

PERIODS = [('0', 'Today'), ('6', 'Last 7 days'), ('29', 'Last 30 days'), ('364', 'Last year')]


@page('/audit', 'Audit log', audit.VIEW, nav=Nav(icon='sym_o_policy', group='Administration', order=80))
async def audit_log(actor: Actor) -> None:
    """Every change, newest first."""
    log = await audit.log_overview(actor)
    buttons = []
    if actor.may(audit.VERIFY):
        buttons.append(Button('Verify', do=ask_for_anchors, icon='sym_o_verified', primary=True))
        buttons.append(Button('Anchor for the minutes', do=show_anchor, icon='sym_o_anchor', menu=True))
    if actor.may(audit.MANAGE):
        buttons.append(Button('Who keeps the anchors', do=choose_keepers, icon='sym_o_mail', menu=True))
        buttons.append(Button('How long entries are kept', do=choose_retention, icon='sym_o_inventory_2', menu=True))
    if actor.may(audit.EXPORT):
        buttons.append(Button('Export', href='/download/audit.zip', icon='sym_o_download', download=True))
    buttons.append(Button('Public key', do=show_key, icon='sym_o_key', menu=True))
    Head('Audit log', 'Who did what, and when. Nothing in it can be changed without it showing.', buttons)
    tiles(log.state, may_manage=actor.may(audit.MANAGE))
    closed_parts(log.state)
    filters = [
        Filter('actor', 'Who', log.actors),
        Filter('action', 'Action', [(name, action_label(name)) for name in log.actions]),
        Filter('object_type', 'Kind', [(kind, words(kind)) for kind in log.object_types]),
        Filter('days', 'When', PERIODS, many=False),
        Filter('outcome', 'Outcome', [(name, chip.label) for name, chip in OUTCOMES.items()]),
    ]
    await DataTable(
        [
            Column('action', 'Action', value=lambda row: action_label(row.action)),
            Column('who', 'Who', 'person', lambda row: {'name': row.actor_name, 'detail': done_by(row)}),
            Column('what', 'What', value=about),
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
