"""What I want to be told: kinds by channels, quiet hours, the digest, and browsers that show notices."""

from uuid import UUID
from zoneinfo import available_timezones

from data.notifications import PushSubscription
from logic import notifications
from logic.core.actor import Actor
from logic.core.listing import ListQuery, Page, whole
from logic.core.service import SIGNED_IN
from logic.notifications import HoursInput, SubscriptionInput
from ui import shell
from ui.components import Button, Card, Column, DataTable, Form, Head, RowAction, toast
from ui.components.notices import Browser, Chosen, NoticeMatrix, PushSwitch
from ui.shell import page

DAYS = ('Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday')


@page('/account/notices', 'My notices', SIGNED_IN)
async def my_notices(actor: Actor) -> None:
    """Everything about what I am told."""
    shell.crumbs(('My account', '/account'), ('My notices', None))
    Head('My notices', 'What you are told, where and when.', [
        Button('All notices', href='/notifications', icon='sym_o_notifications'),
    ])  # fmt: skip
    with Card('What I am told', text='It is kept at once. What you leave alone follows your department.'):
        NoticeMatrix(await notifications.my_choices(actor), _choose)
    with Card('Quiet hours and digest'):
        await _hours(actor)
    with Card('On this device'):
        PushSwitch(await notifications.push_key(actor), _subscribe, _unsubscribe)
    if await notifications.my_browsers(actor):
        await _browsers()


async def _choose(actor: Actor, chosen: Chosen) -> None:
    await notifications.choose(actor, chosen.kind, chosen.channel, chosen.pace)
    toast('Saved.')


async def _hours(actor: Actor) -> None:
    async def save(actor: Actor, data: HoursInput) -> None:
        await notifications.set_hours(actor, data)
        toast('Saved.')

    form = Form(HoursInput, save, value=await notifications.my_hours(actor), about_me=True)
    form.time('quiet_from', span=3)
    form.time('quiet_until', span=3)
    form.select('zone', [(zone, zone) for zone in sorted(available_timezones())], none='The department’s', span=6)
    form.select('digest', [('daily', 'Every day'), ('weekly', 'Once a week'), ('off', 'Never')], span=6)
    form.select('digest_hour', [(hour, f'{hour:02}:00') for hour in range(24)], span=3)
    form.select('digest_weekday', list(enumerate(DAYS)), span=3)


async def _subscribe(actor: Actor, browser: Browser) -> None:
    await notifications.add_browser(actor, SubscriptionInput(**browser.model_dump()))
    toast('This browser shows notices now.')


async def _unsubscribe(actor: Actor, browser: Browser) -> None:
    await notifications.remove_browser(actor, browser.endpoint)
    toast('This browser shows no more notices.')


async def _browsers() -> None:
    async def fetch(actor: Actor, _: ListQuery) -> Page[PushSubscription]:
        return whole(await notifications.my_browsers(actor))

    async def forget(actor: Actor, subscription_id: UUID) -> None:
        await notifications.forget_browser(actor, subscription_id)
        toast('Removed.')

    await DataTable(
        [
            Column('device', 'Browser', 'text', lambda row: row.device or 'Unknown'),
            Column('created_at', 'Since', 'when'),
            Column('last_used_at', 'Last notice', 'when'),
        ],
        fetch, label='My browsers that show notices', search='', prefix='b-', noun=('browser', 'browsers'),
        live=[PushSubscription], row_actions=[RowAction('Remove', forget, 'sym_o_delete', danger=True)],
    ).load()  # fmt: skip
