"""Dialogs and drawers that hold elements; for a form take `FormDialog`."""

import itertools

from ui.components.base import Component
from ui.guard import action
from ui.shell.current import current_screen

_ids = itertools.count(1)


class Dialog(Component, component='side_dialog.js', dependencies=['logbook.js', 'symbols.js']):
    """`with Dialog('Card') as dialog:` opens at once and goes when closed; `side` lets it come in from the right."""

    def __init__(self, title: str, *, side: bool = False, wide: bool = False) -> None:
        with current_screen():
            super().__init__()
        self._props.update({'title': str(title), 'side': side, 'wide': wide, 'uid': f'lb-dialog-{next(_ids)}'})
        self._when('closed', action(self._closed))

    def close(self) -> None:
        """Close it."""
        self.run_method('shut')

    async def _closed(self) -> None:
        if not self.is_deleted:
            self.delete()
