"""The guard of page builders: who may see a page, and what is shown instead, with the true HTTP status."""

import asyncio
import contextvars
import functools
import inspect
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import structlog
from fastapi import Request
from nicegui import Client, ui
from nicegui.context import context
from nicegui.slot import Slot

from logic.core.actor import Actor
from logic.core.domain import permission_labels
from logic.core.errors import AppError, Denied, Unauthenticated
from logic.core.language import _
from logic.core.live import hub
from logic.core.service import PUBLIC, SIGNED_IN
from ui import errors, memory
from ui.guard.presence import actor_of, actor_of_request, make_room, presence_of

log = structlog.get_logger(__name__)

Builder = Callable[..., Any]
GuardedBuilder = Callable[..., Coroutine[Any, Any, None]]
RefusalScreen = Callable[[int, str, str, str | None], Awaitable[None]]

page_permission: contextvars.ContextVar[str | None] = contextvars.ContextVar('page_permission', default=None)
"""The permission of the page that is being built; what `action` asks for again when an event arrives."""
read_since: contextvars.ContextVar[int | None] = contextvars.ContextVar('read_since', default=None)
"""The mark of the hub when the page or the handler began to read what it draws."""


async def door(request: Request) -> None:
    """Let only a signed-in person reach a NiceGUI page; give it to `ui.page(..., dependencies=[Depends(guard.door)])`.

    As a dependency it runs before NiceGUI builds anything, so a stranger costs no client. Raises Unauthenticated,
    which leads to the sign-in page, and Unavailable (503) when the session or the server has too many pages open.
    """
    memory.note_activity()
    actor = await actor_of_request(request)
    request.state.actor = actor
    make_room(actor.session_id)


def page_guard(permission: str | None) -> Callable[[Builder], GuardedBuilder]:
    """Guard a page builder: sub-pages run from a path that the browser sends, so each one carries its own guard.

    `permission` is what the actor must hold; None or SIGNED_IN lets everybody in who is signed in. A parameter called
    `actor` (or annotated `Actor`) is filled with who is looking. Refusals raised while building are drawn in place of
    the page and set the status of the first load: 403 names the missing permission, 404 says so, anything unexpected
    shows an incident number. Without a session the browser is sent to sign in.
    """

    def decorate(builder: Builder) -> GuardedBuilder:
        signature = inspect.signature(builder)
        wants = next((n for n, p in signature.parameters.items() if n == 'actor' or p.annotation is Actor), None)

        @functools.wraps(builder)
        def guarded(*args: Any, **kwargs: Any) -> Coroutine[Any, Any, None]:
            client = context.client
            done = asyncio.get_running_loop().create_future()
            building = presence_of(client).building
            building.add(done)
            done.add_done_callback(building.discard)

            def draw(actor: Actor) -> Any:
                return builder(*args, **kwargs) if wants is None else builder(*args, **{**kwargs, wants: actor})

            return _build(client, done, permission, draw)

        shown = [p for n, p in signature.parameters.items() if n != wants]
        guarded.__signature__ = signature.replace(parameters=shown)  # type: ignore[attr-defined]
        guarded.__dict__['permission'] = permission
        return guarded

    return decorate


async def _build(
    client: Client, done: asyncio.Future[None], permission: str | None, draw: Callable[[Actor], Any]
) -> None:
    slot = context.slot
    reset = page_permission.set(permission)
    read_since.set(hub.mark())
    try:
        actor = await actor_of(client)
        require(actor, permission)
        result = draw(actor)
        if isinstance(result, Awaitable):
            await result
    except Unauthenticated:
        path = client.sub_pages_router.current_path
        client.status_code = 401
        client.open(errors.sign_in_address(path, ended=True))
    except AppError as error:
        outcome = errors.outcome_of(error)
        client.status_code = outcome.status
        missing = error.permission or None if isinstance(error, Denied) else None
        page_permission.set(None)  # what is shown instead is for who lacks it
        await _show_instead(slot, outcome.status, outcome.title, error.message, missing)
    except Exception as error:  # noqa: BLE001  whatever broke, the person gets a page and a number
        number = errors.incident(error, page=client.page.path)
        client.status_code = 500
        await _show_instead(slot, 500, errors.TITLES[500], errors.incident_sentence(number), None)
    finally:
        page_permission.reset(reset)
        if not done.done():
            done.set_result(None)


def require(actor: Actor, permission: str | None) -> None:
    """Raise Denied, naming the permission and who can grant it, unless the actor holds it."""
    if permission not in {None, SIGNED_IN, PUBLIC} and not actor.may(str(permission)):
        log.warning('guard.refused', permission=permission, account_id=str(actor.account_id), address=actor.address)
        label = permission_labels().get(str(permission), permission)
        raise Denied(
            _(
                'This needs the permission “{permission}”, which none of your positions has. Whoever manages positions '
                'in your department can give it to you.',
                permission=label,
            ),
            str(permission),
        )


async def _show_instead(slot: Slot, status: int, title: str, message: str, permission: str | None) -> None:
    try:
        place = slot.parent
    except RuntimeError:  # the page is gone
        return
    if not place.is_deleted and not place.client.is_deleted:
        with place.clear():
            await _screen[0](status, str(title), message, permission)


async def _plain_screen(status: int, title: str, message: str, _permission: str | None) -> None:
    with ui.column().classes('refusal').props('role=alert'):
        ui.label(str(status)).classes('refusal-code')
        ui.label(title).classes('refusal-title').props('role=heading aria-level=1')
        ui.label(message)
        ui.link(_('Go to the home page'), '/')


_screen: list[RefusalScreen] = [_plain_screen]


def set_refusal_screen(screen: RefusalScreen) -> None:
    """Let the shell draw refusals in its own look: `screen(status, title, message, permission or None)`."""
    _screen[0] = screen


async def drawn(timeout: float = 2.5) -> None:  # noqa: ASYNC109  the caller waits for a page, not for a lock
    """Wait until the builders of this page have decided what it shows, so that the first load has its true status.

    The shell awaits this after it has made its `ui.sub_pages`. Ends early when a builder waits for the browser
    (`await client.connected()`), and after `timeout` seconds: a slow page must not hold back its frame.
    """
    client = context.client
    building = presence_of(client).building
    if not building:
        return
    asked_for_browser = asyncio.ensure_future(client._waiting_for_connection.wait())
    all_built = asyncio.ensure_future(asyncio.wait(set(building)))
    try:
        await asyncio.wait({asked_for_browser, all_built}, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
    finally:
        asked_for_browser.cancel()
        all_built.cancel()
