"""The application: every route and page in its place, and the shell filled with what the rules know."""

from collections.abc import Sequence

from fastapi import FastAPI

from data.identity import Theme, Tip
from data.notifications import Notice as NoticeRow
from logic import home, notifications, organizations, setup
from logic.core import waiting as what_waits
from logic.core.actor import Actor
from logic.core.config import Settings, configured
from logic.core.language import _
from logic.core.version import VERSION
from logic.identity import asking, memberships, preferences
from logic.identity.positions import who_helps
from logic.members.domain import APPROVE_CHANGES
from logic.members.profile_changes import list_waiting_changes
from ui import downloads, drafts, metrics, search, server, shell, theme, uploads
from ui.components.saved_views import keep_views
from ui.front.tokens import session_form_token
from ui.health import router as health
from ui.shell import Count, Department, Notice, palette_sources, sources


def api(settings: Settings) -> FastAPI:
    """Return the application with every route that is no screen: the API, the front door, health, assets, files."""
    from ui import api as interface
    from ui import front

    application = FastAPI(title='Logbook', version=VERSION, docs_url=None, redoc_url=None, openapi_url=None)
    application.state.settings = settings
    for router in (health, metrics.router, theme.router, uploads.router, downloads.router, drafts.router):
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
    sources.form_token = session_form_token
    sources.warning = unencrypted
    sources.departments, sources.may_found = _departments, setup.may_found
    sources.theme = preferences.my_theme
    sources.help = '/help'
    sources.helpers = _helpers
    sources.ask_access = asking.ask_for_access
    sources.save_theme = _save_theme
    sources.tips, sources.see_tip = preferences.tips_to_show, _see_tip
    sources.account_detail = preferences.my_email
    sources.counts.extend([_counts, _waiting])
    sources.watch |= {'ProfileChange', 'Invitation', 'Organization'}
    keep_views()
    palette_sources.extend([search.recent, search.found_records, search.actions, search.screens])
    sources.pins, sources.pin, sources.visited = search.pinned_places, search.pin, search.note_visit
    sources.own |= {'PinnedPage', *(model.__name__ for model in what_waits.models())}
    sources.unread = notifications.unread_count
    sources.notices = _notices
    sources.mark_read = notifications.mark_about_read
    sources.bell_of = lambda actor: notifications.bell_of(actor.account_id)


async def _departments(actor: Actor) -> Sequence[Department]:
    here = await organizations.get_organization(actor) if actor.organization_id is not None else None
    found = []
    for one in await memberships.list_memberships(actor):
        known = here if here and here.id == one.organization_id else None
        logo = f'/files/{known.logo_file_id}' if known and known.logo_file_id else None
        brand = (known.brand_colour or None) if known else None
        found.append(Department(id=one.organization_id, name=one.organization_name, logo=logo, brand=brand))
    return found


async def _helpers(actor: Actor) -> list[str]:
    return [one.name for one in await who_helps(actor)]


def unencrypted(actor: Actor) -> str:
    """Say to those who can mend it what goes without encryption, where somebody allowed that."""
    settings = configured()
    if not actor.may(organizations.MANAGE):
        return ''
    if not settings.is_https and not settings.is_local:
        return _(
            'This address is not encrypted: what people type, passwords too, can be read on the way, and passkeys do '
            'not work. Set up an https:// address.'
        )
    if settings.plain_connections:
        return _(
            'Database or Redis are spoken to without encryption, because LOGBOOK_PLAIN_CONNECTIONS allows it. '
            'Whoever listens in their network can read all records.'
        )
    return ''


async def _save_theme(actor: Actor, theme: str) -> None:
    await preferences.choose_theme(actor, Theme(theme))


async def _see_tip(actor: Actor, tip: str) -> None:
    if tip in set(Tip):
        await preferences.see_tip(actor, Tip(tip))


async def _waiting(actor: Actor) -> dict[str, Count]:
    waiting = await home.count_waiting(actor) if actor.organization_id is not None else None
    return {'/my-work': Count(waiting.total, urgent=waiting.is_urgent)} if waiting and waiting.total else {}


async def _counts(actor: Actor) -> dict[str, Count]:
    if not actor.may(APPROVE_CHANGES):
        return {}
    waiting = len(await list_waiting_changes(actor))
    return {'/members': Count(waiting, urgent=True)} if waiting else {}


async def _notices(actor: Actor) -> Sequence[Notice]:
    rows = (await notifications.list_notices(actor)).rows
    about: dict[object, list[NoticeRow]] = {}
    for row in rows:  # the newest of each record stands for the others, read and unread ones apart
        of_record = (row.object_type, row.object_id, row.read_at is None) if row.object_id else row.id
        about.setdefault(of_record, []).append(row)
    return [
        Notice(
            id=row.id,
            text=row.title,
            at=row.created_at,
            href=row.link or None,
            read=row.read_at is not None,
            more=len(others),
            icon=notifications.kinds[row.kind].icon if row.kind in notifications.kinds else 'sym_o_notifications',
        )
        for row, *others in about.values()
    ]
