"""The application: every route and page in its place, and the shell filled with what the rules know."""

from collections.abc import Sequence

from fastapi import FastAPI

from logic import notifications
from logic.core.actor import Actor
from logic.core.config import Settings
from logic.core.version import VERSION
from ui import downloads, server, shell, theme, uploads
from ui.health import router as health
from ui.shell import Notice, sources


def api(settings: Settings) -> FastAPI:
    """Return the application with every route that is no screen: the API, the front door, health, assets, files."""
    from ui import api as interface
    from ui import front

    application = FastAPI(title='Logbook', version=VERSION, docs_url=None, redoc_url=None, openapi_url=None)
    application.state.settings = settings
    for router in (health, theme.router, uploads.router, downloads.router):
        application.include_router(router)
    interface.install(application)
    front.install(application)
    return application


def build(settings: Settings) -> server.Built:
    """Return the whole server, ready to run."""
    application = api(settings)
    from ui import pages

    assert pages  # importing them registers them
    fill_shell()
    shell.mount()
    return server.build(settings, application)


def fill_shell() -> None:
    """Give the shell what it shows: the bell is the notices of the rules."""
    from ui import front

    sources.form_token = front.form_token
    sources.unread = notifications.unread_count
    sources.notices = _notices
    sources.mark_read = notifications.mark_read


async def _notices(actor: Actor) -> Sequence[Notice]:
    rows = (await notifications.list_notices(actor)).rows
    return [
        Notice(
            id=row.id,
            text=row.title,
            at=row.created_at,
            href=row.link or None,
            read=row.read_at is not None,
            icon=notifications.kinds[row.kind].icon if row.kind in notifications.kinds else 'sym_o_notifications',
        )
        for row in rows
    ]
