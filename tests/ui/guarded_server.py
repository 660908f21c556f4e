"""A small server for the tests of the guard: `python -m tests.ui.guarded_server PORT [bare]`.

With `bare` it is NiceGUI as it comes, so that every attack is seen succeeding where the guard is absent.
Its sessions are a list in memory; everything else is the real thing.
"""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import uvicorn
from fastapi import Depends, FastAPI, Request
from nicegui import core, ui
from pydantic import BaseModel, ConfigDict, Field

from logic.core.actor import Actor, ActorKind
from logic.core.config import Settings
from logic.core.errors import Conflict, Denied, NotFound, Unauthenticated
from logic.core.logs import set_up_logs
from ui import guard, server, uploads

SPACE = UUID('6ba7b810-9dad-11d1-80b4-00c04fd430c8')
PNG = b'\x89PNG\r\n\x1a\n'


class ListedSessions:
    """Sessions by token, revoked by hand."""

    def __init__(self) -> None:
        self.permissions = {'alice': {'things.*'}, 'bob': {'things.view'}, 'eve': {'things.view'}}
        self.live = set(self.permissions)
        self.touched: dict[str, int] = {}
        self.callbacks: list[Callable[[Iterable[UUID]], Awaitable[None] | None]] = []

    async def actor_for(self, token: str | None, *, address: str, user_agent: str, touch: bool) -> Actor:
        name = (token or '').partition('.')[0]
        if name not in self.live:
            raise Unauthenticated('Please sign in.')
        self.touched[name] = self.touched.get(name, 0) + int(touch)
        return Actor(
            kind=ActorKind.ACCOUNT,
            name=name,
            account_id=uuid5(SPACE, name),
            session_id=uuid5(SPACE, f'session {token}'),
            permissions=frozenset(self.permissions[name]),
            address=address,
            user_agent=user_agent,
        )

    def on_revoked(self, callback: Callable[[Iterable[UUID]], Awaitable[None] | None]) -> None:
        self.callbacks.append(callback)

    async def revoke(self, name: str) -> None:
        self.live.discard(name)
        for callback in self.callbacks:
            result = callback([uuid5(SPACE, f'session {name}')])
            if result is not None:
                await result


sessions = ListedSessions()
happened: list[dict[str, Any]] = []
go_on = asyncio.Event()
"""What handlers that take long wait for; a test lets them go when what it looks at has happened meanwhile."""


class RowKey(BaseModel):
    """The only thing that is believed of a row the browser names."""

    model_config = ConfigDict(extra='forbid')
    id: int = Field(ge=1, le=3)


def note(what: str, **facts: Any) -> None:
    happened.append({'what': what, **facts})


def add_pages(guarded: bool) -> None:
    door = [Depends(guard.door)] if guarded else []

    def wrap(handler: Callable[..., Any], **options: Any) -> Callable[..., Any]:
        if guarded:
            return guard.action(handler, **options)
        wants_event = bool(options)
        if wants_event:
            return lambda event: handler(actor=None, key=event.args)
        return lambda: handler(actor=None)

    def fire(actor: Actor | None) -> None:
        note('fired', by=actor.name if actor else None)

    @ui.page('/', dependencies=door)
    async def home() -> None:
        ui.button('Fire', on_click=wrap(fire)).mark('fire')
        with ui.column() as hidden:
            ui.button('Hidden', on_click=wrap(fire)).mark('hidden')
        hidden.set_visibility(False)
        with ui.dialog():
            ui.button('In a dialog', on_click=wrap(fire)).mark('dialog')

        async def slow(actor: Actor | None) -> None:
            note('slow', key=actor.idempotency_key if actor else None)
            await go_on.wait()

        ui.button('Slow', on_click=wrap(slow)).mark('slow')

        def pick(actor: Actor | None, key: Any) -> None:
            note('picked', id=key.id if isinstance(key, RowKey) else key)

        ui.label('rows').mark('rows').on('pick', wrap(pick, payload=RowKey))

        def broken(actor: Actor | None) -> None:
            raise RuntimeError('the secret reason')

        ui.button('Broken', on_click=wrap(broken)).mark('broken')

        def refused(actor: Actor | None) -> None:
            raise Conflict('The radio is issued to Ann.')

        ui.button('Refused', on_click=wrap(refused)).mark('refused')
        ui.button('Manage', on_click=wrap(fire, permission='things.manage') if guarded else fire).mark('manage')
        if guarded:
            add_forms()
        ui.number('Count', min=0, max=10, value=1).mark('number')

    @ui.page('/upload', dependencies=door)
    async def upload() -> None:
        if guarded:
            ui.label(uploads.offer(save_photo, limit=20_000, kinds={uploads.Kind.PNG})).mark('offer')
        else:
            ui.upload(max_file_size=10, on_upload=lambda event: note('uploaded', size=event.file.size())).mark('upload')

    async def save_photo(actor: Actor, file: 'uploads.Received') -> None:
        note('uploaded', by=actor.name, size=file.size, kind=file.kind.value, name=file.name)

    @ui.page('/many', dependencies=door)
    async def many() -> None:
        ui.label('one of many')

    @ui.page('/injected', dependencies=door)
    async def injected() -> None:
        ui.html('<img src="x" onerror="window.stolen = true">', sanitize=False)

    @ui.page('/props', dependencies=door)
    async def props() -> None:
        name = 'x" :title="window.evaluated = (window.evaluated || \'string\')'
        ui.input('formatted').props(f'hint="{name}"')
        ui.input('item').props['hint'] = name.replace("'string'", "'item'")

    @ui.page('/broken', dependencies=door)
    async def broken_page() -> None:
        raise RuntimeError('the secret reason')

    if guarded:
        add_sub_pages()


class Form(BaseModel):
    """What the test forms ask for."""

    name: int


def add_forms() -> None:
    async def save(actor: Actor, form: Form) -> None:
        note('saved', key=actor.idempotency_key)

    async def lose(actor: Actor, form: Form) -> None:
        note('lost', key=actor.idempotency_key)
        raise ConnectionError('the database went away')

    async def search(actor: Actor, words: str) -> None:
        note('searched', q=words)
        await go_on.wait()

    async def tick(actor: Actor, row: str) -> None:
        note('ticked', row=row)
        await go_on.wait()

    class Shown:
        def show_errors(self, fields: Mapping[str, str], message: str) -> None:
            for name, why in fields.items():
                ui.label(f'{name}: {why} It must be a whole number.')

    ui.button('Save', on_click=guard.action(save, payload=Form, values=lambda: {'name': 1}))
    ui.button('Save and lose the answer', on_click=guard.action(lose, payload=Form, values=lambda: {'name': 1}))
    ui.button(
        'Save with a fault', on_click=guard.action(save, payload=Form, values=lambda: {'name': 'x'}, form=Shown())
    )
    ui.input('Search', on_change=guard.action(search, payload=str))
    ui.input('Tick', on_change=guard.action(tick, payload=str, again='each', permission='things.view'))


def add_sub_pages() -> None:
    @guard.page_guard('things.view')
    async def listing(actor: Actor) -> None:
        ui.label(f'things for {actor.name}')
        ui.button('Listed', on_click=guard.action(lambda actor: note('listed', by=actor.name)))

    @guard.page_guard('things.manage')
    async def managing() -> None:
        ui.label('the managing page')

    @guard.page_guard('things.view')
    async def missing(number: str) -> None:
        raise NotFound(f'There is no thing {number}.')

    @guard.page_guard(None)
    def failing() -> None:
        ui.label('half a page')
        raise RuntimeError('the secret reason')

    @guard.page_guard(None)
    async def slow() -> None:
        await ui.context.client.connected()
        raise Denied('You may not see this.')

    @ui.page('/app', dependencies=[Depends(guard.door)])
    @ui.page('/app/{path:path}', dependencies=[Depends(guard.door)])
    async def shell() -> None:
        ui.sub_pages(
            {'/': listing, '/manage': managing, '/thing/{number}': missing, '/failing': failing, '/slow': slow},
            root_path='/app',
        )
        await guard.drawn()


def resident_bytes() -> int:
    return int(Path('/proc/self/statm').read_text().split()[1]) * os.sysconf('SC_PAGE_SIZE')


def add_controls(application: FastAPI) -> None:
    @application.get('/test/state')
    async def state() -> dict[str, Any]:
        from nicegui import Client

        return {
            'happened': happened,
            'touched': sessions.touched,
            'clients': list(Client.instances),
            'bytes': resident_bytes(),
        }

    @application.get('/test/forget')
    async def forget() -> None:
        go_on.set()
        happened.clear()
        sessions.live |= set(sessions.permissions)
        sessions.permissions['alice'] = {'things.*'}

    @application.get('/test/hold')
    async def hold() -> None:
        go_on.clear()

    @application.get('/test/go-on')
    async def let_go() -> None:
        go_on.set()

    @application.get('/test/revoke/{name}')
    async def revoke(name: str) -> None:
        await sessions.revoke(name)

    @application.get('/test/expire/{name}')
    async def expire(name: str) -> None:
        sessions.live.discard(name)

    @application.get('/test/strip/{name}')
    async def strip(name: str) -> None:
        sessions.permissions[name] = set()

    @application.get('/test/demote/{name}')
    async def demote(name: str) -> None:
        sessions.permissions[name] = {'things.view'}

    @application.get('/test/configuration')
    async def configuration(request: Request) -> dict[str, Any]:
        config, eio = core.app.config, core.sio.eio
        names = ['reload', 'show_welcome_message', 'reconnect_timeout', 'binding_refresh_interval']
        return {
            **{name: getattr(config, name) for name in [*names, 'tailwind', 'prod_js', 'markdown']},
            'on_air': core.air,
            'storage_secret': core.app.storage.secret,
            'redis': core.app.storage.redis_url,
            'tab_storage_seconds': core.app.storage.max_tab_storage_age,
            'ping_interval': eio.ping_interval,
            'ping_timeout': eio.ping_timeout,
            'transports': eio.transports,
            'js_transports': config.socket_io_js_transports,
            'buffer_bytes': eio.max_http_buffer_size,
            'origins': eio.cors_allowed_origins,
            'middleware': [str(m) for m in core.app.user_middleware],
            'outer_middleware': [str(m) for m in application.user_middleware],
            'cookies': list(request.cookies),
        }

    @application.get('/test/private')
    async def private() -> str:
        from nicegui import app

        return app.add_static_file(local_file=__file__)

    @application.get('/test/broken')
    async def broken() -> None:
        raise RuntimeError('the secret reason')

    @application.post('/api/v1/things')
    async def make_thing(request: Request) -> dict[str, Any]:
        body = await request.body()
        return {'bytes': len(body)}

    @application.post('/form')
    async def form(request: Request) -> dict[str, Any]:
        return {'bytes': len(await request.body())}

    @application.get('/test/request')
    async def echo(request: Request) -> dict[str, Any]:
        return {'headers': dict(request.headers), 'client': request.client.host, 'scheme': request.url.scheme}  # type: ignore[union-attr]


def main() -> None:
    port, bare = int(sys.argv[1]), 'bare' in sys.argv[2:]
    set_up_logs('info', 'text')
    application = FastAPI()
    add_controls(application)
    add_pages(guarded=not bare)
    root = next((option.removeprefix('root=') for option in sys.argv[2:] if option.startswith('root=')), '')
    settings = Settings(_env_file=None, port=port, root_path=root)  # type: ignore[call-arg]
    if bare:
        ui.run_with(application, show_welcome_message=False, storage_secret='bare')
        uvicorn.run(application, host='127.0.0.1', port=port, log_level='error')
        return
    application.include_router(uploads.router)
    built = server.build(settings, application, sessions=sessions)
    server.run(built, settings, log_level='error')


if __name__ in {'__main__', '__mp_main__'}:
    main()
