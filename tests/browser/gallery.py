"""A department that does not exist, for tests of shell and components: `python -m tests.browser.gallery PORT`.

Its people are a list in memory and its sessions are cookies, `chief`, `member` and others; guard, server
and shell are real.
"""

import asyncio
import importlib
import sys
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, Literal
from uuid import NAMESPACE_DNS, UUID, uuid5

from fastapi import FastAPI
from pydantic import BaseModel, EmailStr, Field

from logic.core.actor import Actor, ActorKind
from logic.core.config import Settings
from logic.core.domain import Domain
from logic.core.errors import Invalid, NotFound, Unauthenticated
from logic.core.language import MIRRORED
from logic.core.listing import ListQuery, Page
from logic.core.live import Change as RowChange
from logic.core.live import hub
from logic.core.service import SIGNED_IN
from ui import components as c
from ui import guard, server, shell, theme, uploads
from ui.shell import Count, Department, Nav, Notice, PaletteItem, page, palette_sources, sources

HOUSE, OTHER = uuid5(NAMESPACE_DNS, 'house'), uuid5(NAMESPACE_DNS, 'other')
PEOPLE = Domain('folk', title='Folk', icon='sym_o_groups', group='People')
PAY = Domain('wages', title='Wages', icon='sym_o_payments', group='People', switchable=True)
VIEW, MANAGE = PEOPLE.permission('view', 'See the folk'), PEOPLE.permission('manage', 'Change the folk')
WAGES = PAY.permission('view', 'See wages')
RIGHTS = {'chief': {'*'}, 'member': {VIEW}, 'closed': {'*'}, 'mirrored': {'*'}}


class Sessions:
    """Who a cookie stands for."""

    async def actor_for(self, token: str | None, *, address: str, user_agent: str, touch: bool) -> Actor:
        if token not in RIGHTS:
            raise Unauthenticated('Please sign in.')
        return Actor(
            kind=ActorKind.ACCOUNT,
            name='Elena Ruiz',
            organization_id=HOUSE,
            account_id=uuid5(NAMESPACE_DNS, token),
            session_id=uuid5(NAMESPACE_DNS, f'session {token}'),
            permissions=frozenset(RIGHTS[token]),
            modules_off=frozenset({'wages'}) if token == 'closed' else frozenset(),
            zone='Europe/Berlin',
            locale=MIRRORED if token == 'mirrored' else 'en',
        )

    def on_revoked(self, callback: Callable[[Iterable[UUID]], Awaitable[None] | None]) -> None:
        """Nobody is signed out here."""


class Status(StrEnum):
    """Where somebody stands."""

    ACTIVE = 'active'
    LEAVE = 'leave'
    LEFT = 'left'

    @property
    def label(self) -> str:
        return {'active': 'Active', 'leave': 'On leave', 'left': 'Left'}[self.value]


TONES: dict[Status, str] = {Status.ACTIVE: 'green', Status.LEAVE: 'amber', Status.LEFT: 'grey'}
NOW = datetime.now(UTC)


@dataclass
class Folk:
    """Somebody on the list."""

    id: UUID
    name: str
    rank: str
    status: Status
    hours: int
    joined_on: date
    seen_at: datetime


FIRST = ['Amara', 'Elise', 'Hugo', 'Ingrid', 'Jide', 'Kai', 'Leila', 'Maria', 'Noah', 'Owen']
LAST = ['Alvarez', 'Berg', 'Dubois', 'Haddad', 'Novak', 'Okafor', 'Silva', 'Tanaka']
FOLK = [
    Folk(
        uuid5(NAMESPACE_DNS, f'folk {number}'),
        f'{FIRST[number % 10]} {LAST[number * 7 % 8]}',
        ('Captain', 'Engineer', 'Firefighter')[number % 3],
        (Status.ACTIVE, Status.ACTIVE, Status.LEAVE, Status.LEFT)[number % 4],
        number * 37 % 900,
        date(2010, 1, 1) + timedelta(days=number * 11),
        NOW - timedelta(hours=number * 5),
    )
    for number in range(240)
]
BY_ID = {folk.id: folk for folk in FOLK}
unread = [3]
happened: list[dict[str, Any]] = []


class Folks(BaseModel):
    """Its name is what live regions listen to."""


class Winds(BaseModel):
    """What a single screen listens to."""


class FolkInput(BaseModel):
    """What the form asks for."""

    given_name: str = Field(min_length=1, max_length=80)
    family_name: str = Field(min_length=1, max_length=80)
    email: EmailStr | None = Field(default=None, description='Used for notices.')
    born_on: date | None = None
    status: Status = Status.ACTIVE
    shift: Literal['a', 'b'] | None = None
    dues_cents: int | None = Field(default=None, ge=0)
    leader_id: UUID | None = Field(default=None, title='Reports to')
    skills: list[Literal['driver', 'hazmat']] = Field(default_factory=list)
    notes: str = Field(default='', max_length=300)
    is_driver: bool = Field(default=False, title='May drive the engine')


async def list_folk(actor: Actor, query: ListQuery) -> Page[Folk]:
    rows = [folk for folk in FOLK if query.q.lower() in folk.name.lower()]
    rows = [folk for folk in rows if not query.values('status') or folk.status in query.values('status')]
    rows.sort(key=lambda folk: getattr(folk, query.sort or 'name'), reverse=query.descending)
    start = (query.page - 1) * query.page_size
    return Page(rows[start : start + query.page_size], len(rows), query.page, query.page_size)


async def find_folk(actor: Actor, text: str) -> Sequence[c.Found]:
    return [c.Found(folk.id, folk.name, folk.rank) for folk in FOLK if text.lower() in folk.name.lower()][:10]


async def save(actor: Actor, data: FolkInput) -> None:
    if data.given_name == 'Refused':
        raise Invalid('This name is taken.', {'given_name': 'Somebody has this name.'})
    happened.append({'what': 'saved', **data.model_dump(mode='json')})


async def archive(actor: Actor, folk_id: UUID) -> None:
    name = BY_ID[folk_id].name

    async def restore(actor: Actor) -> None:
        c.toast(f'{name} is back.')

    c.toast(f'{name} was archived.', undo=restore)


async def archive_many(actor: Actor, selection: c.Selection) -> None:
    happened.append({'what': 'bulk', **selection.model_dump(mode='json')})


@page('/', 'Home', SIGNED_IN, nav=Nav(icon='sym_o_home', order=1, key='h', phone=1))
async def home(actor: Actor) -> None:
    async def approve(actor: Actor) -> None:
        c.toast('Approved.')

    c.Head('Good morning, Elena', 'Friday 20 November', [c.Button('Log incident', do=approve, primary=True)])
    c.Tiles(
        [
            c.Tile('Calls this month', 128, 'sym_o_local_fire_department', 'red', '/folk', '+12 vs October', 'amber'),
            c.Tile('Training current', '94%', 'sym_o_school', 'amber', None, '3 expire soon', 'amber'),
        ]
    )
    with c.Grid():
        with c.Card('Calls by week', span=8):
            weeks = [f'W{week}' for week in range(36, 44)]
            numbers = [c.Series('Fire', [6, 8, 5, 9, 7, 6, 10, 8], 'red'), c.Series('Medical', list(range(8)))]
            c.Chart('Calls by week, by kind', weeks, numbers, stacked=True, heading='Week')
        c.Attention(
            [
                c.Waiting(
                    'Trade request', 'Both sides agreed', 'sym_o_swap_horiz', 'blue', label='Approve', do=approve
                ),
                c.Waiting('EMT card expires', 'Renew it', 'sym_o_verified', 'amber', '/folk'),
            ],
            span=4,
        )
        with c.Card('On duty', link=('All', '/folk'), span=8):
            c.People([c.Person(f.name, f.rank, f'/folk/{f.id}', chip=c.Chip('On call', 'amber')) for f in FOLK[:4]])
        c.Activity([c.Happening('Jide', 'closed incident', '2026-004512', NOW, '/folk')], span=4)
        c.Checklist(
            'Get started', [c.Step('Name it', '/', True), c.Step('Import the roster', '/folk')], dismiss=approve
        )


@page('/folk', 'Directory', VIEW, nav=Nav(group='People', icon='sym_o_groups', order=10, key='d', phone=2))
async def directory(actor: Actor) -> None:
    async def add(actor: Actor) -> None:
        dialog = c.FormDialog('Add somebody', FolkInput, save, label='Add', draft=False)
        dialog.text('given_name', span=6)
        dialog.text('family_name', span=6)

    c.Head('Directory', '', [c.Button('Add somebody', do=add, primary=True, create=True)])
    columns: list[c.Column[Folk]] = [
        c.Column('name', 'Name', 'person', lambda folk: {'name': folk.name, 'detail': folk.rank}, sort=True),
        c.Column('status', 'Status', 'chip', lambda folk: c.Chip(folk.status.label, TONES[folk.status])),
        c.Column('hours', 'Hours', 'number', sort=True),
        c.Column('joined_on', 'Joined', 'date', sort=True),
        c.Column('seen_at', 'Last seen', 'when'),
    ]
    await c.DataTable(
        columns,
        list_folk,
        label='Folk',
        href=lambda folk: f'/folk/{folk.id}',
        sort='name',
        noun=('person', 'people'),
        filters=[c.Filter('status', 'Status', [(status, status.label) for status in Status])],
        row_actions=[c.RowAction('Archive', archive, 'sym_o_archive')],
        bulk=[c.BulkAction('Archive', archive_many, 'sym_o_archive')],
        extras=c.Extras(exports=[('CSV', lambda query: f'/test/export?q={len(query.q)}')]),
        empty=c.EmptyList('Nobody yet', 'Add the first one.'),
        live=[Folks],
        switchable=True,
    ).load()


@page('/folk/new', 'Add somebody', MANAGE)
async def new(actor: Actor) -> None:
    c.Head('Add somebody')
    with c.Card():
        form = c.Form(FolkInput, save, cancel='/folk', draft=False)  # without a database there are none
        with form.section('Name'):
            form.text('given_name', span=6)
            form.text('family_name', span=6)
        form.email('email', span=6)
        form.date('born_on', span=6)
        form.select('status', span=4)
        form.radios('shift', span=4)
        form.money('dues_cents', span=4)
        form.person('leader_id', find_folk)
        form.checks('skills')
        form.textarea('notes')
        form.checkbox('is_driver')


@page('/folk/{folk_id}', 'Person', VIEW)
async def record(actor: Actor, folk_id: UUID) -> None:
    folk = BY_ID.get(folk_id)
    if folk is None:
        raise NotFound('There is nobody of that number here.')
    shell.title(folk.name)

    async def delete(actor: Actor) -> None:
        async def really(actor: Actor) -> None:
            happened.append({'what': 'deleted', 'name': folk.name})

        c.confirm_by_name(f'Delete {folk.name}?', 'It cannot be undone.', folk.name, really)

    async def take(actor: Actor, received: uploads.Received) -> None:
        happened.append({'what': 'file', 'name': received.name, 'size': received.size})

    async def overview() -> None:
        with c.Grid():
            with c.Card('Facts', span=6):
                c.Facts([c.Fact('Joined', folk.joined_on, 'date'), c.Fact('Mobile', None, 'phone')])
            with c.Card('Keys', span=6):
                c.Note('No second factor yet.', 'amber', 'sym_o_shield')
                c.CopyField('the API key', 'lb_live_4fK2m9QpX7c1')
                c.FileDrop(take, label='Drop a certificate')

    async def activity() -> None:
        c.Timeline([c.Entry(1, 'moved', NOW, 'Elena Ruiz', changes=[c.Change('City', 'Riverside', 'Hillside')])])

    async def training() -> None:
        c.Empty(
            'sym_o_school', 'No training yet', 'Courses appear here.', [c.Button('Add', href='/folk', primary=True)]
        )
        c.Skeleton()

    menu = [c.Button('Edit', href='/folk/new', primary=True), c.Button('Delete', do=delete, menu=True, danger=True)]
    c.Head(folk.name, folk.rank, menu, chip=c.Chip(folk.status.label, TONES[folk.status]), person=True)
    tabs = [c.Tab('overview', 'Overview', overview), c.Tab('activity', 'Activity', activity, 1)]
    await c.Tabs('Person', [*tabs, c.Tab('training', 'Training', training)]).open()


@page('/chart', 'Organization chart', VIEW, nav=Nav(group='People', icon='sym_o_account_tree', order=20))
async def chart(actor: Actor) -> None:
    async def choose(actor: Actor, name: str) -> None:
        c.toast(name)

    c.Head('Organization chart')
    c.Segments('View', [('list', 'List', 'sym_o_list'), ('chart', 'Chart', 'sym_o_account_tree')], 'chart', choose)
    with c.Card():
        c.OrganizationChart('Who leads whom', c.Node('Elena Ruiz', 'Chief', None, [c.Node('Jide Okafor', 'Captain')]))


@page('/live', 'Live', SIGNED_IN, nav=Nav(icon='sym_o_bolt', order=5))
async def living(actor: Actor) -> None:
    c.Head('Live')

    async def draw() -> None:
        now = await guard.current_actor()
        c.Text(f'{now.name} sees {unread[0]}')
        c.Buttons(c.Button('Greet', do=lambda: c.toast(f'Greeted {unread[0]}'), menu=True))

    await c.live(Winds, draw=draw)


@page('/wages', 'Wages', WAGES, nav=Nav(group='People', icon='sym_o_payments', order=30))
async def wages(actor: Actor) -> None:
    c.Head('Wages')


@page('/broken', 'Broken', SIGNED_IN)
async def broken(actor: Actor) -> None:
    c.Text('half a page')
    raise RuntimeError('the secret reason')


@page('/slow', 'Slow', SIGNED_IN)
async def slow(actor: Actor) -> None:
    c.Head('Slow')
    waiting = c.Skeleton()
    await asyncio.sleep(1)
    waiting.delete()
    c.Text('Here it is.')


def fill_shell() -> None:
    async def departments(_actor: Actor) -> Sequence[Department]:
        return [Department(id=HOUSE, name='Riverside Fire'), Department(id=OTHER, name='Hillside EMS')]

    async def counts(_actor: Actor) -> dict[str, Count]:
        return {'/live': Count(unread[0], urgent=True)}

    async def number(_actor: Actor) -> int:
        return unread[0]

    async def notices(_actor: Actor) -> Sequence[Notice]:
        text = 'Maria asked you to approve 6 h of leave'
        return [Notice(id=HOUSE, text=text, at=NOW, href='/folk', read=unread[0] == 0, tone='blue')]

    async def mark_read(_actor: Actor, notice_id: UUID | None) -> None:
        unread[0] = unread[0] - 1 if notice_id else 0

    async def save_theme(_actor: Actor, chosen: str) -> None:
        happened.append({'what': 'theme', 'chosen': chosen})

    async def found(_actor: Actor, text: str) -> Sequence[PaletteItem]:
        rows = [folk for folk in FOLK if text and text.lower() in folk.name.lower()][:6]
        return [
            PaletteItem(group='People', label=f.name, href=f'/folk/{f.id}', detail=f.rank, person=True) for f in rows
        ]

    sources.departments, sources.unread, sources.notices = departments, number, notices
    sources.mark_read, sources.save_theme = mark_read, save_theme
    sources.watch = {'Folks'}
    sources.form_token = lambda _actor: 'the token'
    sources.counts.append(counts)
    palette_sources.append(found)


def main() -> None:
    importlib.import_module('tests.browser.gallery_board').add(happened, page, VIEW)
    application = FastAPI()
    application.include_router(theme.router)
    application.include_router(uploads.router)

    @application.get('/test/state')
    async def state() -> dict[str, Any]:
        watching = sum(len(found) for (_, name), found in hub._subscribers.items() if name == 'Winds')
        return {'happened': happened, 'watching': watching}

    @application.get('/test/change')
    async def change() -> None:
        unread[0] += 1
        FOLK[0].hours += 1
        hub.publish([RowChange(HOUSE, name) for name in ('Folks', 'Winds', 'Notice')])

    @application.get('/test/plain')
    async def plain() -> str:
        return 'a plain route'

    fill_shell()
    shell.mount()
    settings = Settings(_env_file=None, port=int(sys.argv[1]))  # type: ignore[call-arg]
    server.run(server.build(settings, application, sessions=Sessions()), settings, log_level='error')


if __name__ in {'__main__', '__mp_main__'}:
    main()
