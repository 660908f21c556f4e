"""What builders and handlers ask of the screen that they are on."""

from nicegui import ui
from nicegui.context import context

from ui.shell.frame import Frame, frame_of
from ui.shell.query import Query
from ui.shell.screen import Screen


def current_screen() -> Screen:
    """Return the screen that is being built, or whose event is being handled."""
    element: ui.element | None = context.slot.parent
    while element is not None and not isinstance(element, Screen):
        slot = element.parent_slot
        element = slot.parent if slot is not None else None
    if element is not None:
        return element
    frame = frame_of(context.client)
    if frame is None or frame.screen is None:
        raise RuntimeError('There is no screen here: call this from a builder under @page or from one of its handlers.')
    return frame.screen


def _frame() -> Frame:
    frame = frame_of(context.client)
    if frame is None:
        raise RuntimeError('This page has no shell.')
    return frame


def title(text: str) -> None:
    """Name the screen, usually after its record; the breadcrumb and the tab follow."""
    screen, frame = current_screen(), _frame()
    screen.title, screen.is_named = text, True
    frame.name_screen(screen)


def crumbs(*trail: tuple[str, str | None]) -> None:
    """Replace the breadcrumb: pairs of label and address, the last one without an address."""
    screen, frame = current_screen(), _frame()
    screen.crumbs, screen.own_crumbs = list(trail), True
    frame.name_screen(screen)


def query() -> Query:
    """Return the query string of the screen."""
    return current_screen().query


def go(path: str) -> None:
    """Go to another screen, as if the person had followed a link."""
    _frame().run_method('go', path)


async def refresh() -> None:
    """Draw the current screen and the navigation anew."""
    frame = _frame()
    await frame._reload()
    await frame.show(frame.path, back=True)
