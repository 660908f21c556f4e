"""What expires: licences and papers of everybody whose file the viewer sees, the most urgent first."""

from data.members import Licence, MemberDocument
from logic.core.actor import Actor
from logic.core.language import _, later, many
from logic.members import file as records
from logic.members.domain import EXPORT, VIEW
from logic.members.exports import Format
from logic.members.file import Within
from logic.members.file.expiry import LEVELS
from ui import shell
from ui.components import Chip, Column, DataTable, EmptyList, Extras, Filter, Head
from ui.downloads import expiring_export
from ui.shell import page

KINDS = {'licences': later('Licence'), 'documents': later('Document')}
SOON_DAYS = 30


@page('/members/expiring', 'What expires', VIEW)
async def expiring(actor: Actor) -> None:
    """The list, within 90 days unless another span is chosen."""
    shell.crumbs((_('Directory'), '/members'), (_('What expires'), None))
    Head(
        _('What expires'),
        _('Licences and papers that expire within 90 days, or have expired. A renewal takes them off.'),
    )
    exports = [(kind.upper(), lambda asked, kind=kind: expiring_export(kind, asked)) for kind in Format]
    await DataTable(
        [
            Column('title', _('What'), sort=True), Column('member_name', _('Person'), sort=True),
            Column('kind', _('Kind'), value=lambda row: KINDS[row.kind]),
            Column('expires_on', _('Expires on'), 'date', sort=True),
            Column('state', _('State'), 'chip', lambda row: state(row.days_left)),
        ],
        records.list_expiring, label=_('What expires'), search=_('Name or paper'), sort='expires_on',
        noun=(_('paper'), _('papers')), live=[Licence, MemberDocument],
        href=lambda row: f'/members/{row.member_id}?tab=documents',
        filters=[
            Filter('within', _('When'), [(one, one.label) for one in Within], many=False),
            Filter('kind', _('Kind'), list(KINDS.items())),
        ],
        extras=Extras(exports=exports if actor.may(EXPORT) else ()),
        empty=EmptyList(
            _('Nothing expires soon'), _('Licences and papers with a last day appear here 90 days before it.'),
            'sym_o_event_available',
        ),
    ).load()  # fmt: skip


def state(days_left: int) -> Chip:
    """Return how urgent it is that something expires."""
    if days_left < 0:
        return Chip(_('Expired'), 'red')
    tone = 'amber' if days_left <= SOON_DAYS else 'blue' if days_left <= LEVELS[-1] else 'green'
    return Chip(many('{count} day left', '{count} days left', days_left), tone)
