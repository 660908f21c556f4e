"""The audit log as a list: who did what and when, and what secures it."""

from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from data.audit import AuditLog, AuditVerdict
from data.core import now
from logic import audit
from logic.audit import EntryRow, LogState
from logic.core.actor import Actor
from logic.core.language import _, later
from logic.core.listing import ListQuery, Page
from logic.core.wording import kind_title
from ui.components import Button, Chip, Column, DataTable, Filter, Head, live
from ui.guard import current_actor
from ui.pages.audit.keeping import choose_keepers, choose_retention, show_anchor, show_key
from ui.pages.audit.securing import closed_parts, tiles
from ui.pages.audit.verifying import ask_for_anchors, damage_note
from ui.pages.audit.wording import OUTCOMES, action_label, done_by, named
from ui.shell import Nav, page

PERIODS = {
    '0': later('Today'), '6': later('Last 7 days'), '29': later('Last 30 days'), '364': later('Last year'),
}  # fmt: skip


@page('/audit', 'Audit log', audit.VIEW, nav=Nav(icon='sym_o_policy', group='Administration', order=80))
async def audit_log(actor: Actor) -> None:
    """Every change, newest first."""
    log = await audit.log_overview(actor)
    buttons = []
    if actor.may(audit.VERIFY):
        buttons.append(Button(_('Verify'), do=ask_for_anchors, icon='sym_o_verified', primary=True))
        buttons.append(Button(_('Anchor for the minutes'), do=show_anchor, icon='sym_o_anchor', menu=True))
    if actor.may(audit.MANAGE):
        buttons.append(Button(_('Who keeps the anchors'), do=choose_keepers, icon='sym_o_mail', menu=True))
        buttons.append(Button(_('How long entries are kept'), do=choose_retention, icon='sym_o_inventory_2', menu=True))
    if actor.may(audit.EXPORT):
        buttons.append(Button(_('Export'), href='/download/audit.zip', icon='sym_o_download', download=True))
    buttons.append(Button(_('Public key'), do=show_key, icon='sym_o_key', menu=True))
    Head(_('Audit log'), _('Who did what, and when. Nothing in it can be changed without it showing.'), buttons)
    await _secured(log.state)
    filters = [
        Filter('actor', _('Who'), log.actors),
        Filter('action', _('Action'), [(name, action_label(name)) for name in log.actions]),
        Filter('object_type', _('Kind'), [(kind, kind_title(kind)) for kind in log.object_types]),
        Filter('days', _('When'), [(days, str(label)) for days, label in PERIODS.items()], many=False),
        Filter('outcome', _('Outcome'), [(name, str(chip.label)) for name, chip in OUTCOMES.items()]),
    ]
    await DataTable(
        [
            Column('action', _('Action'), value=lambda row: action_label(row.action)),
            Column('who', _('Who'), 'person', lambda row: {'name': row.actor_name, 'detail': done_by(row)}),
            Column('what', _('What'), 'link', named),
            Column('outcome', _('Outcome'), 'chip', lambda row: OUTCOMES.get(row.outcome, Chip(row.outcome))),
            Column('at', _('When'), 'when', sort=True),
            Column('seq', _('Number'), 'number', hidden=True),
            Column('address', _('Address'), hidden=True),
        ],
        _rows, label=_('Audit log'), href=lambda row: f'/audit/{row.seq}', key=lambda row: UUID(int=row.seq),
        filters=filters, search=_('Search by action, kind or id'), sort='at', descending=True,
        noun=(_('entry'), _('entries')),
    ).load()  # fmt: skip


async def _secured(begun: LogState) -> None:
    """What the last verification found, and how well the log is secured."""
    first = [begun]

    async def draw() -> None:
        actor = await current_actor()
        state = first.pop() if first else await audit.log_state(actor)
        damage_note(state.verdict, actor.zone)
        tiles(state, may_manage=actor.may(audit.MANAGE))
        closed_parts(state)

    await live(AuditLog, AuditVerdict, draw=draw)


async def _rows(actor: Actor, query: ListQuery) -> Page[EntryRow]:
    filters = {name: values for name, values in query.filters.items() if name != 'days'}
    if days := query.values('days'):
        today = now().astimezone(ZoneInfo(actor.zone)).date()
        filters['from'] = [(today - timedelta(days=int(days[0]))).isoformat()]
    return await audit.list_entries(actor, query.model_copy(update={'filters': filters}))
