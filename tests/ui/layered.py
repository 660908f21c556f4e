"""A small application inside the layers, for the tests of the layers."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx2
from fastapi import FastAPI, Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response, StreamingResponse

from logic.core.config import Settings
from logic.core.errors import Conflict, Invalid, TooMany, Unauthenticated
from ui import errors
from ui.middleware import NONCE, allow_body, wrap


def settings(**values: Any) -> Settings:
    return Settings(_env_file=None, **{'public_url': 'https://logbook.example.org', **values})  # type: ignore[call-arg]


def application() -> FastAPI:
    app = FastAPI()
    errors.install(app)

    @app.get('/page')
    async def page() -> HTMLResponse:
        return HTMLResponse('<h1>hello</h1>' + 'x' * 2000)

    @app.get('/told')
    async def told(request: Request) -> dict[str, Any]:
        assert request.client
        names = dict(request.headers)
        return {
            'headers': names,
            'client': request.client.host,
            'scheme': request.url.scheme,
            'root': request.scope['root_path'],
        }

    @app.post('/form')
    @app.post('/large/{name}')
    @app.post('/api/v1/things')
    async def form(request: Request) -> dict[str, int]:
        return {'bytes': len(await request.body())}

    @app.get('/refused/{kind}')
    async def refused(kind: str) -> None:
        raise {
            'conflict': Conflict('The radio is issued to Ann.'),
            'invalid': Invalid('Not right.', {'name': 'Too long.'}),
            'too-many': TooMany('Wait.', retry_after_seconds=7),
        }[kind]

    @app.get('/elsewhere')
    async def elsewhere() -> RedirectResponse:
        return RedirectResponse('/page', 303)

    @app.get('/members-only')
    async def members_only() -> None:
        raise Unauthenticated('Please sign in.')

    @app.get('/broken')
    async def broken() -> None:
        raise RuntimeError('the secret reason')

    @app.get('/own-policy')
    async def own_policy() -> Response:
        return PlainTextResponse(
            'x', headers={'Content-Security-Policy': 'sandbox', 'Access-Control-Allow-Origin': '*'}
        )

    @app.get('/niceguis')
    async def niceguis() -> HTMLResponse:
        head = '<script type="importmap">{}</script><script>\n      addStyle = 1</script>'
        own = f'<script nonce="{NONCE}">ours()</script><script src="/assets/abc/theme.js"></script>'
        injected = (
            '<script>bad()</script><script src="https://evil.example/x.js"></script><script nonce="x">bad()</script>'
        )
        return HTMLResponse(head + own + injected + 'ö' * 1000, headers={'X-NiceGUI-Content': 'page'})

    @app.get('/stream')
    async def stream() -> StreamingResponse:
        async def parts() -> AsyncIterator[bytes]:
            for number in range(3):
                yield f'part {number}\n'.encode()
                await asyncio.sleep(0)

        return StreamingResponse(parts(), media_type='text/csv')

    return app


allow_body('/large/{name}', 3_000_000)


def browser(peer: str = '198.51.100.7', host: str = 'logbook.example.org', **values: Any) -> httpx2.AsyncClient:
    transport = httpx2.ASGITransport(app=wrap(application(), settings(**values)), client=(peer, 1234))
    return httpx2.AsyncClient(transport=transport, base_url=f'https://{host}', headers={'accept': 'text/html'})
