"""The description of the API: OpenAPI, and two ways to read it in a browser, from our own files and behind sign-in."""

import asyncio
from typing import Any

from fastapi import FastAPI, Request
from fastapi.openapi.utils import get_openapi
from starlette.responses import HTMLResponse, JSONResponse, Response

from logic.core.service import SIGNED_IN
from ui import guard, theme
from ui.api import callers
from ui.api.routing import page

# Both readers write styles as they draw; no script but our own files runs, and nothing leaves the host.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; worker-src 'self' blob:; form-action 'none'; object-src 'none'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} - Logbook</title>
<link rel="icon" href="data:,">
{styles}
</head>
<body>
<main id="reader" data-description="{root}/openapi.json"></main>
{scripts}
</body>
</html>
"""
SECTIONS = (
    "auth", "members", "employees", "organizations", "companies", "positions", "permissions", "audit", "api-keys",
)  # fmt: skip
ABOUT = """\
Programs sign in with `POST /api/v1/auth/login`, or send an API key that somebody made for them:
`Authorization: Bearer lbk_live_...`. Cookies carry no authority here.

Lists take `page`, `page_size` (at most 100), `sort` (`-` before a name turns the order), `q` and filters, and answer
`{items, total, page, page_size}`. Unknown fields and parameters are refused. Refusals are
`{"detail": sentence, "errors": {field: sentence}}`. A POST with an `Idempotency-Key` has its effect at most once.
"""


def describe(application: FastAPI) -> None:
    """Let an application tell its OpenAPI description, with the ways to sign in."""

    def openapi() -> dict[str, Any]:
        if application.openapi_schema is None:
            described = get_openapi(
                title='Logbook', version='1', openapi_version='3.1.0', summary='The one record of a small department.',
                description=ABOUT, routes=application.routes,
                tags=[{'name': name} for name in SECTIONS],
            )  # fmt: skip
            described.setdefault('components', {})['securitySchemes'] = {
                'bearer': {
                    'type': 'http',
                    'scheme': 'bearer',
                    'description': 'An access token of `POST /api/v1/auth/login`, or an API key.',
                }
            }
            application.openapi_schema = described
        return application.openapi_schema

    application.openapi = openapi  # type: ignore[method-assign]


async def _admit(request: Request) -> None:
    """Let in who is signed in, as a program or in the browser. Raises Unauthenticated."""
    if await callers.actor_of(request) is None:
        await guard.actor_of_request(request)


def _page(request: Request, title: str, styles: tuple[str, ...], scripts: tuple[str, ...]) -> Response:
    root = str(request.scope.get('root_path', ''))
    page = PAGE.format(
        title=title,
        root=root,
        styles='\n'.join(f'<link rel="stylesheet" href="{root}{theme.asset(name)}">' for name in styles),
        scripts='\n'.join(f'<script src="{root}{theme.asset(name)}"></script>' for name in scripts),
    )
    return HTMLResponse(page, headers={'Content-Security-Policy': POLICY, 'Cache-Control': 'no-store'})


@page('/openapi.json', permission=SIGNED_IN)
async def description(request: Request) -> Response:
    """Tell the description as OpenAPI 3.1."""
    await _admit(request)
    # Making it takes most of a second, once.
    return JSONResponse(await asyncio.to_thread(request.app.openapi))


@page('/docs', permission=SIGNED_IN)
async def swagger(request: Request) -> Response:
    """Show the description in Swagger UI."""
    await _admit(request)
    return _page(
        request, 'API', ('vendor/swagger-ui.css',), ('vendor/swagger-ui-bundle.js', 'apidocs.js')
    )  # fmt: skip


@page('/redoc', permission=SIGNED_IN)
async def redoc(request: Request) -> Response:
    """Show the description in ReDoc."""
    await _admit(request)
    return _page(request, 'API reference', (), ('vendor/redoc.standalone.js', 'apidocs.js'))
