"""The place of one screen inside the frame."""

from collections.abc import Callable

from nicegui import ui

from logic.core.language import _
from ui.shell import registry
from ui.shell.query import Query


class Screen(ui.element):
    """The place of one screen; what the screen subscribed to ends with it."""

    def __init__(self, path: str, entry: registry.PageEntry | None, rewrite: Callable[[str], None]) -> None:
        super().__init__('div')
        self.classes('lb-screen')
        self.entry = entry
        self.query = Query(path, rewrite)
        self.title = str(entry.title) if entry else _('Not found')
        self.crumbs: list[tuple[str, str | None]] = []
        above = registry.parent(entry) if entry else None
        if above is not None:
            self.crumbs.append((str(above.label), above.path))
        self.own_crumbs = False
        self.is_named = entry is None or '{' not in entry.path
        """Whether its title is its own: until a record is read, its screen bears the name of no other."""
        self.refused = False
        """Whether a refusal stands here in place of the screen."""

    @property
    def trail(self) -> list[dict[str, str | None]]:
        """The breadcrumb, ending with this screen."""
        trail = self.crumbs if self.own_crumbs or not self.is_named else [*self.crumbs, (self.title, None)]
        return [{'label': str(label), 'href': href} for label, href in trail]
