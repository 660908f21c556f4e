"""The guard: every page, every event and every socket frame is asked who acts, now, and whether he may.

For whoever writes pages:

    @page_guard(members.VIEW)                      # or `@page(...)` of the shell, which applies it
    async def directory(actor: Actor) -> None:
        ui.button('Retire', on_click=action(retire))           # handler: async def retire(actor: Actor)
        table.on('row', action(open_row, payload=RowKey))      # handler: async def open_row(actor: Actor, key: RowKey)
        ui.button('Help', on_click=ui_only(dialog.open))

`await current_actor()` says who acts on the current page; `actor_of(client)` on a given one.
"""

import re

from logic.core.config import Settings
from ui.guard import sockets
from ui.guard.actions import Action, Again, EventHandler, ShowsErrors, action, ui_only
from ui.guard.pages import door, drawn, page_guard, require, set_refusal_screen
from ui.guard.presence import (
    Sessions,
    actor_of,
    actor_of_request,
    close,
    close_sessions,
    current_actor,
    forget,
    open_pages,
    rules,
    sessions,
    sweep,
    token_of,
)

__all__ = [
    'Action',
    'Again',
    'EventHandler',
    'Sessions',
    'ShowsErrors',
    'action',
    'actor_of',
    'actor_of_request',
    'close',
    'close_sessions',
    'cookie_name',
    'current_actor',
    'door',
    'drawn',
    'install',
    'open_pages',
    'page_guard',
    'require',
    'set_refusal_screen',
    'sweep',
    'token_of',
    'ui_only',
]

SWEEP_SECONDS = 3.0


def cookie_name(settings: Settings) -> str:
    """Return the name of the session cookie; the prefix binds it to this host and to TLS."""
    return '__Host-logbook' if settings.is_https else 'logbook'


def install(settings: Settings, source: Sessions | None = None) -> None:
    """Install the guard before the server starts; `source` stands in for identity in tests of the guard alone."""
    from nicegui import app

    rules.cookie = cookie_name(settings)
    rules.sessions = source
    sessions().on_revoked(close_sessions)
    sockets.install(own_origins(settings))
    app.on_delete(forget)
    app.timer(SWEEP_SECONDS, sweep, immediate=False)


def own_origins(settings: Settings) -> list[str]:
    """Return the origins that our own pages have: the public one and, on the machine itself, the local names."""
    origins = [settings.origin]
    if settings.is_local or settings.public_url is None:
        origins += [f'http://{name}:{settings.port}' for name in ('localhost', '127.0.0.1', '[::1]')]
    # A browser leaves out the port that goes without saying.
    return list(dict.fromkeys(re.sub(r'^(http://.*):80$|^(https://.*):443$', r'\1\2', origin) for origin in origins))
