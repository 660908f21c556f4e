"""The wrapper around every event handler: who acts now, what was really sent, once at a time, and refusals shown."""

import inspect
import secrets
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import partial
from types import CodeType
from typing import Any, Literal, Protocol, TypeVar, overload
from urllib.parse import quote

import structlog
from nicegui import Client, events, ui
from nicegui.context import context
from nicegui.elements.mixins.disableable_element import DisableableElement
from pydantic import BaseModel, TypeAdapter, ValidationError

from logic.core.actor import Actor
from logic.core.errors import AppError, Invalid, Unauthenticated
from logic.core.live import hub
from logic.identity.sessions import SignInAgain
from ui import errors
from ui.guard.pages import page_permission, read_since, require
from ui.guard.presence import actor_of

log = structlog.get_logger(__name__)

HandlerT = TypeVar('HandlerT', bound=Callable[..., Any])
EventHandler = Callable[[Any], Coroutine[Any, Any, None]]
Again = Literal['drop', 'each', 'latest', 'parallel']
MOST_WAITING = 20
Place = tuple[str, int]
"""The element that was used, by the numbers of its page and of itself."""


class ShowsErrors(Protocol):
    """A form that shows what is wrong beside its fields."""

    def show_errors(self, fields: Mapping[str, str], message: str) -> None:
        """Show a sentence beside each named field, and the message in the summary."""


class Gives(Enum):
    """What a parameter of a handler is filled with."""

    ACTOR = auto()
    PAYLOAD = auto()
    EVENT = auto()


@dataclass(slots=True, eq=False)
class Action:
    """One wrapped handler and what it asks for. Made by `action`, once per rendered control."""

    handler: Callable[..., Any]
    gives: tuple[Gives, ...]
    adapter: TypeAdapter[Any] | None
    values: Callable[[], Any] | None
    permission: str | None
    form: ShowsErrors | None
    again: Again | None
    once: bool
    busy: dict[Place, list[Any]] = field(default_factory=dict)
    """Where an event is handled now: that one, and those that wait for their turn there."""
    keys: dict[Place, str] = field(default_factory=dict)

    async def on_event(self, event: Any) -> None:
        """Handle one event: now, later or not at all, as `again` says."""
        client = getattr(event, 'client', None) or context.client
        sender = getattr(event, 'sender', None) or client.content
        again = self.again or _habit(event, sender)
        place = (client.id, sender.id)
        if again != 'parallel' and (turns := self.busy.get(place)) is not None:
            if again == 'latest':
                turns[1:] = [event]
            elif again == 'each' and len(turns) <= MOST_WAITING and _sent(event) != _sent(turns[-1]):
                turns.append(event)
            return
        home = _home(sender)  # kept to the end: whoever has it drawn anew by his act is told all the same
        turns = self.busy[place] = [event]
        disabled = _disable(sender) if again == 'drop' else None
        try:
            while turns:
                await self._run(client, place, turns[0])
                turns.pop(0)
        finally:
            del home
            self.busy.pop(place, None)
            if disabled is not None and not disabled.is_deleted and not client.is_deleted:
                disabled.enable()

    async def _run(self, client: Client, place: Place, event: Any) -> None:
        read_since.set(hub.mark())
        try:
            actor = await actor_of(client)
            if self.once:
                actor = actor.using(self.keys.setdefault(place, secrets.token_urlsafe(16)))
            require(actor, self.permission)
            given = {Gives.ACTOR: actor, Gives.EVENT: event}
            if self.adapter is not None:
                given[Gives.PAYLOAD] = self._payload(event)
            result = self.handler(*(given[kind] for kind in self.gives))
            if isinstance(result, Awaitable):
                await result
            self.keys.pop(place, None)  # done: the next click is a new wish, even with the same values
        except Unauthenticated:
            client.open(errors.sign_in_address(client.sub_pages_router.current_path, ended=True))
        except AppError as error:
            self.keys.pop(place, None)  # nothing was stored under it
            self._refuse(client, error)
        except Exception as error:  # noqa: BLE001  the key stays: the click may have had its effect before it broke
            number = errors.incident(error, handler=_name(self.handler), page=client.page.path)
            if not client.is_deleted:
                with client:
                    errors.toast_incident(number)

    def _payload(self, event: Any) -> Any:
        assert self.adapter is not None
        sent = self.values() if self.values is not None else _sent(event)
        try:
            return self.adapter.validate_python(sent)
        except ValidationError as error:
            raise errors.invalid_from(error) from None

    def _refuse(self, client: Client, error: AppError) -> None:
        if client.is_deleted:
            return
        with client:  # not the slot of the sender, which the handler may have redrawn
            if isinstance(error, Invalid) and error.fields and self.form is not None:
                self.form.show_errors(error.fields, error.message)
            else:
                errors.toast(error)
                if isinstance(error, SignInAgain):
                    here = quote(f'{client.sub_pages_router.current_path}#confirmed', safe='/')
                    client.open(f'/security/confirm?next={here}')


@overload
def action(
    handler: Callable[..., Any],
    *,
    payload: Any = None,
    values: Callable[[], Any] | None = None,
    permission: str | None = None,
    form: ShowsErrors | None = None,
    again: Again | None = None,
    once: bool | None = None,
) -> EventHandler: ...


@overload
def action(
    *,
    payload: Any = None,
    values: Callable[[], Any] | None = None,
    permission: str | None = None,
    form: ShowsErrors | None = None,
    again: Again | None = None,
    once: bool | None = None,
) -> Callable[[Callable[..., Any]], EventHandler]: ...


def action(
    handler: Callable[..., Any] | None = None,
    *,
    payload: Any = None,
    values: Callable[[], Any] | None = None,
    permission: str | None = None,
    form: ShowsErrors | None = None,
    again: Again | None = None,
    once: bool | None = None,
) -> EventHandler | Callable[[Callable[..., Any]], EventHandler]:
    """Wrap an event handler: `ui.button('Save', on_click=action(save))`, or `@action` above it.

    The handler may ask for, by name or annotation, in any order and with every part optional: `actor` (an `Actor`, as
    his rights are at this moment), `event` (NiceGUI's arguments), and one more, the payload: what was sent, validated
    as the type `payload` says. It is taken from
    `values()` when given (a form), else from the event (`args` or the new value). Whatever the browser sent otherwise,
    in event or element, is not to be believed.

    `permission` is checked again when the event arrives; without it, that of the page in whose builder the wrapper was
    made. Field errors go to `form`, all other refusals to a toast, bugs to the log, showing their number only.
    `again` says what a second event does while the first is handled: 'drop' (clicks: the control is disabled
    meanwhile), 'each' (rows and cards of one element: another one has its turn next, the same one is dropped),
    'latest' (values: the last one is handled next) or 'parallel'.
    `once` gives the actor an idempotency key that stays the same until the click has succeeded, so that a repeat after
    a lost answer has no second effect; forms (`values` or `form` given) have it by themselves. A handler that calls one
    service several times passes `actor.using(None)` to it.
    """
    if handler is None:
        return partial(action, payload=payload, values=values, permission=permission, form=form, again=again, once=once)
    adapter = _adapter(payload) if payload is not None else None
    wrapped = Action(
        handler=handler,
        gives=_gives(handler, adapter is not None),
        adapter=adapter,
        values=values,
        permission=permission or page_permission.get(),
        form=form,
        again=again,
        once=once if once is not None else values is not None or form is not None,
    )

    async def on_event(event: Any) -> None:
        await wrapped.on_event(event)

    on_event.__name__ = on_event.__qualname__ = _name(handler)
    on_event.__dict__['action'] = wrapped
    return on_event


def ui_only(handler: HandlerT) -> HandlerT:
    """Mark a handler that touches only this screen: it opens a dialog, turns a tab, clears a field; no rule."""
    return handler


_plans: dict[tuple[CodeType, bool], tuple[Gives, ...]] = {}
_adapters: dict[Any, TypeAdapter[Any]] = {}


def _gives(handler: Callable[..., Any], has_payload: bool) -> tuple[Gives, ...]:
    """Read the signature once per function in the source: pages make thousands of closures over the same few."""
    code = getattr(handler, '__code__', None)
    if code is None:
        return _read(handler, has_payload)
    if (plan := _plans.get((code, has_payload))) is None:
        plan = _plans[code, has_payload] = _read(handler, has_payload)
    return plan


def _read(handler: Callable[..., Any], has_payload: bool) -> tuple[Gives, ...]:
    plan: list[Gives] = []
    for name, parameter in inspect.signature(handler).parameters.items():
        kind = parameter.annotation
        if parameter.kind not in {parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD}:
            continue
        if name == 'actor' or kind is Actor:
            plan.append(Gives.ACTOR)
        elif name == 'event' or (isinstance(kind, type) and issubclass(kind, events.EventArguments)):
            plan.append(Gives.EVENT)
        elif parameter.default is not parameter.empty and not has_payload:
            break  # a value bound in a loop: `lambda actor, row=row: ...`
        elif has_payload and Gives.PAYLOAD not in plan and parameter.default is parameter.empty:
            plan.append(Gives.PAYLOAD)
        elif parameter.default is not parameter.empty:
            break
        else:
            raise TypeError(f'{_name(handler)}: nothing fills the parameter "{name}"; name a payload for it.')
    if has_payload and Gives.PAYLOAD not in plan:
        raise TypeError(f'{_name(handler)}: takes no parameter for its payload.')
    return tuple(plan)


def _adapter(payload: Any) -> TypeAdapter[Any]:
    adapter = _adapters.get(payload)
    if adapter is None:
        adapter = _adapters[payload] = TypeAdapter(payload)
        if (
            isinstance(payload, type)
            and issubclass(payload, BaseModel)
            and payload.model_config.get('extra') == 'allow'
        ):
            raise TypeError(f'{payload.__name__} takes unknown fields; a payload must not.')
    return adapter


def _home(sender: ui.element) -> ui.element | None:
    """Return what an element stands in; None when that is gone."""
    try:
        return sender.parent_slot.parent if sender.parent_slot else None
    except RuntimeError:
        return None


def _habit(event: Any, sender: ui.element) -> Again:
    if isinstance(event, events.ValueChangeEventArguments):
        return 'latest'
    if isinstance(event, events.ClickEventArguments) or isinstance(sender, ui.button):
        return 'drop'
    sent = getattr(event, 'args', None)
    return 'drop' if isinstance(sent, dict) and sent.get('type') in {'click', 'dblclick', 'submit'} else 'latest'


def _sent(event: Any) -> Any:
    return event.args if isinstance(event, events.GenericEventArguments) else getattr(event, 'value', None)


def _disable(sender: ui.element) -> DisableableElement | None:
    """Disable a control that can be, and return it when it was enabled; what one types in keeps its focus."""
    if not isinstance(sender, DisableableElement) or not sender.enabled:
        return None
    sender.disable()
    return sender


def _name(handler: Callable[..., Any]) -> str:
    return getattr(handler, '__qualname__', None) or repr(handler)
