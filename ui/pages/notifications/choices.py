"""What I want to be told: kinds by channels, quiet hours, the digest, and browsers that show notices."""

from datetime import time
from uuid import UUID

from data.notifications import PushSubscription
from logic import notifications
from logic.core.actor import Actor
from logic.core.formats import time_text
from logic.core.language import _, later
from logic.core.listing import ListQuery, Page, whole
from logic.core.service import SIGNED_IN
from logic.notifications import HoursInput, SubscriptionInput
from logic.organizations import zones
from ui import shell
from ui.components import Button, Card, Column, DataTable, Form, Head, RowAction, toast
from ui.components.notices import Browser, Chosen, NoticeMatrix, PushSwitch
from ui.shell import page

DAYS = (
    later('Monday'), later('Tuesday'), later('Wednesday'), later('Thursday'), later('Friday'), later('Saturday'),
    later('Sunday'),
)  # fmt: skip


@page('/account/notices', 'My notices', SIGNED_IN)
async def my_notices(actor: Actor) -> None:
    """Everything about what I am told."""
    shell.crumbs((_('My account'), '/account'), (_('My notices'), None))
    Head(_('My notices'), _('What you are told, where and when.'), [
        Button(_('All notices'), href='/notifications', icon='sym_o_notifications'),
    ])  # fmt: skip
    with Card(_('What I am told'), text=_('It is kept at once. What you leave alone follows your department.')):
        NoticeMatrix(await notifications.my_choices(actor), _choose)
    with Card(_('Quiet hours and digest')):
        await _hours(actor)
    with Card(_('On this device')):
        PushSwitch(await notifications.push_key(actor), _subscribe, _unsubscribe)
    if await notifications.my_browsers(actor):
        await _browsers()


async def _choose(actor: Actor, chosen: Chosen) -> None:
    await notifications.choose(actor, chosen.kind, chosen.channel, chosen.pace)
    toast(_('Saved.'))


async def _hours(actor: Actor) -> None:
    async def save(actor: Actor, data: HoursInput) -> None:
        await notifications.set_hours(actor, data)
        toast(_('Saved.'))

    form = Form(HoursInput, save, value=await notifications.my_hours(actor), about_me=True)
    form.time('quiet_from', span=3)
    form.time('quiet_until', span=3)
    form.select('zone', [(zone, zone) for zone in zones()], none=_('The department’s'), span=6)
    form.select('digest', [('daily', _('Every day')), ('weekly', _('Once a week')), ('off', _('Never'))], span=6)
    form.select('digest_hour', [(hour, time_text(time(hour))) for hour in range(24)], span=3)
    form.select('digest_weekday', list(enumerate(DAYS)), span=3)


async def _subscribe(actor: Actor, browser: Browser) -> None:
    await notifications.add_browser(actor, SubscriptionInput(**browser.model_dump()))
    toast(_('This browser shows notices now.'))


async def _unsubscribe(actor: Actor, browser: Browser) -> None:
    await notifications.remove_browser(actor, browser.endpoint)
    toast(_('This browser shows no more notices.'))


async def _browsers() -> None:
    async def fetch(actor: Actor, _query: ListQuery) -> Page[PushSubscription]:
        return whole(await notifications.my_browsers(actor))

    async def forget(actor: Actor, subscription_id: UUID) -> None:
        await notifications.forget_browser(actor, subscription_id)
        toast(_('Removed.'))

    await DataTable(
        [
            Column('device', _('Browser'), 'text', lambda row: row.device or _('Unknown')),
            Column('created_at', _('Since'), 'when'),
            Column('last_used_at', _('Last notice'), 'when'),
        ],
        fetch, label=_('My browsers that show notices'), search='', prefix='b-', noun=(_('browser'), _('browsers')),
        live=[PushSubscription], row_actions=[RowAction(_('Remove'), forget, 'sym_o_delete', danger=True)],
    ).load()  # fmt: skip
