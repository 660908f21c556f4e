"""The server: one FastAPI application with NiceGUI behind it, the layers around both, and how uvicorn runs them.

    application = FastAPI(...)          # routes of the front door and the API, registered first
    built = server.build(settings, application)
    server.run(built, settings)         # or: uvicorn.Server(server.config(built, settings))

NiceGUI is mounted (`ui.run_with`) and not the server itself (`ui.run`): so the API and the front door do not pass
NiceGUI's middleware, its own OpenAPI stays theirs, and the layers stand outside of everything. Start-up time is equal.
"""

from dataclasses import dataclass
from typing import Any

import structlog
import uvicorn
from fastapi import FastAPI
from nicegui import core, ui
from nicegui.middlewares import RedirectWithPrefixMiddleware, SetCacheControlMiddleware
from starlette.types import ASGIApp

from logic.core.config import Settings
from ui import errors, guard, memory, middleware
from ui.guard.presence import Sessions
from ui.guard.sockets import BUFFER_BYTES

log = structlog.get_logger(__name__)

RECONNECT_SECONDS = 30.0  # also makes NiceGUI ping every 24 s, below the 60 s after which proxies hang up
TAB_STORAGE_SECONDS = 3600.0
REPLACED_MIDDLEWARE: tuple[Any, ...] = (RedirectWithPrefixMiddleware, SetCacheControlMiddleware)

RUN_OPTIONS: dict[str, Any] = {
    'title': 'Logbook',
    'language': 'en-US',
    'dark': None,
    'tailwind': False,
    'prod_js': True,
    'reconnect_timeout': RECONNECT_SECONDS,
    'binding_refresh_interval': None,  # nothing binds to plain attributes, which would be polled for every page
    'message_history_length': 200,
    'show_welcome_message': False,
    'on_air': None,
    'gzip_middleware_factory': None,  # the layers compress, after the nonce is in the page
    'storage_secret': None,  # no session cookie of NiceGUI's: it would carry no authority and cost a store a visitor
    'session_middleware_kwargs': None,
    'markdown': False,
}


@dataclass(frozen=True, slots=True)
class Built:
    """A server that is ready to run."""

    application: FastAPI
    asgi: ASGIApp


def build(settings: Settings, application: FastAPI, *, sessions: Sessions | None = None, **options: Any) -> Built:
    """Mount NiceGUI behind `application`, install guard, errors and memory, and put the layers around all of it.

    Call it once, after all routes of `application` and all pages are registered: the mount takes every path that is
    left. `options` go to `ui.run_with` over RUN_OPTIONS; `sessions` stands in for identity in tests of the guard.
    """
    core.app.storage.max_tab_storage_age = TAB_STORAGE_SECONDS
    errors.install(application)
    errors.install(core.app, outer=application)
    core.app.on_exception(_note_incident)
    guard.install(settings, sessions)
    memory.install()
    ui.run_with(application, **{**RUN_OPTIONS, **options})
    # Both wrap every answer in a task of their own; the layers strip the prefix and set the caching themselves.
    core.app.user_middleware[:] = [entry for entry in core.app.user_middleware if entry.cls not in REPLACED_MIDDLEWARE]
    return Built(application, middleware.wrap(application, settings))


def config(built: Built, settings: Settings, **options: Any) -> uvicorn.Config:
    """Return how uvicorn serves: no forwarding headers of its own, no compression of frames, bounded everything."""
    return uvicorn.Config(
        built.asgi,
        **{
            'host': settings.host,
            'port': settings.port,
            'log_config': None,
            'access_log': False,  # the query string of a socket holds the page's id
            'proxy_headers': False,
            'server_header': False,
            'date_header': True,
            'ws': 'websockets-sansio',
            'ws_max_size': BUFFER_BYTES,
            'ws_per_message_deflate': False,  # keeps some 170 KB a connection, for messages that are mostly small
            'ws_ping_interval': None,  # Socket.IO pings already
            'timeout_keep_alive': 20,
            'timeout_graceful_shutdown': 10,
            'h11_max_incomplete_event_size': 32 * 1024,
            'lifespan': 'on',
            **options,
        },
    )


def run(built: Built, settings: Settings, **options: Any) -> None:
    """Serve until a signal arrives."""
    uvicorn.Server(config(built, settings, **options)).run()


def _note_incident(error: Exception) -> None:
    """Give a number to what broke outside of an action, and show it where it can be shown."""
    number = errors.incident(error)
    try:
        with ui.context.client:
            errors.toast_incident(number)
    except Exception:  # noqa: BLE001  no page, or none that is left
        log.debug('server.incident_unseen', number=number)
