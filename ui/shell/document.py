"""The one document that all screens live in, its routes, and what it shows when it has to refuse."""

import copy
from typing import Any

from fastapi import Depends, Request
from nicegui import app, ui
from nicegui.context import context

from logic.core.actor import Actor
from logic.core.domain import permission_labels
from logic.core.language import MIRRORED, _, current_language
from ui import errors, guard, theme
from ui.shell import registry
from ui.shell.current import current_screen, title
from ui.shell.frame import Frame, frame_of
from ui.shell.overview import kept
from ui.shell.sources import sources

QUASAR: dict[str, Any] = {'es': 'es', 'fr': 'fr', 'de': 'de-DE', MIRRORED: 'ar'}
"""The framework's own names; the document's `lang` follows from them, and its `dir` once the framework runs."""


async def document(request: Request) -> None:
    """Build the one document; the path says which screen is in it first."""
    place = context.client.content.parent_slot
    if place is not None:
        place.parent.tag = 'div'  # Quasar's page is a `main` around everything; ours is inside, after the header
    actor = await guard.current_actor()
    language = current_language()
    ui.add_head_html(theme.head(language))
    if language in QUASAR:  # one page serves readers of every language
        context.client.page = copy.copy(context.client.page)
        context.client.page.language = QUASAR[language]
    path = request.scope['path']
    if text := request.scope.get('query_string', b'').decode('latin-1'):
        path += f'?{text}'
    frame = Frame(actor, (await kept.get(actor)).departments, path)
    await frame.load()
    await frame.show(path, first=True)


def mount() -> None:
    """Give every registered screen its route. Routes that are registered on the application earlier win."""
    errors.set_toaster(_show_refusal)
    guard.set_refusal_screen(_refusal)
    app.config.quasar_config['loadingBar'] = {'skipHijack': True}  # a nameless second bar; the frame has its own
    icon = (theme.ASSETS / 'icon.svg').read_text()
    for path in registry.pages:
        # The database lets nothing wait for a minute, so that what is said of a wait is said by Logbook.
        ui.page(path, title='Logbook', favicon=icon, response_timeout=60, dependencies=[Depends(guard.door)])(document)


def _show_refusal(message: str, tone: str) -> None:
    frame = frame_of(context.client)
    if frame is not None:
        frame.toast(message, {'negative': 'error', 'warning': 'warning'}.get(tone, 'info'), None)


async def _refusal(status: int, heading: str, message: str, permission: str | None) -> None:
    from ui.components import Button, Empty, toast

    screen = current_screen()
    wanted = screen.entry.title if screen.entry is not None else heading
    title(heading)
    screen.refused = True
    icon = {403: 'sym_o_lock', 404: 'sym_o_explore_off'}.get(status, 'sym_o_error')
    label, buttons, note = permission_labels().get(permission or ''), [], str(status)

    async def ask(actor: Actor) -> None:
        names = await sources.ask_access(actor, str(permission), wanted)
        toast(_('Asked. {names} can see it in the bell.', names=', '.join(names)))

    if label:
        names = await sources.helpers(await guard.current_actor())
        note = f'{status} · {label}'
        message += ' ' + _('Here these are: {names}.', names=', '.join(names)) if names else ''
        buttons.append(Button(_('Ask for access'), do=ask, icon='sym_o_waving_hand', primary=True))
    entry = screen.entry
    if status == 404 and entry is not None and '{' in entry.path and entry.open_to(await guard.current_actor()):
        # The same for what is not there and for what he may not see: nobody learns which of the two it is.
        message += ' ' + _('It may have been deleted, or you may not see it. Ask somebody who has it.')
        if (above := registry.parent(entry)) is not None:
            buttons.append(Button(_('Go to {page}', page=above.label), href=above.path, primary=True))
    back = Button(_('Back to the home page'), href='/', primary=not buttons)
    Empty(icon, heading, message, [*buttons, back], note=note, page=True)
