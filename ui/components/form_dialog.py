"""Forms in dialogs, and the question before what cannot be undone."""

from collections.abc import Awaitable, Callable
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from logic.core.actor import Actor
from logic.core.errors import Invalid
from logic.core.language import _, later
from ui import guard
from ui.components.base import Handler
from ui.components.form import Form, ModelT
from ui.components.furniture.here import changing
from ui.shell.current import current_screen


class FormDialog(Form[ModelT]):
    """A form in a dialog, from the right with `side`. It opens when it is made, and goes when closed.

    While it is open over the page of a record, the others who have that page open are warned. One that is about a row
    of a list, and has no `value` with an id, says `about` which, so that a draft is put back for that row only.
    """

    def __init__(
        self,
        title: str,
        model: type[ModelT],
        submit: Callable[..., Any],
        *,
        text: str = '',
        side: bool = False,
        confirm: str = '',
        value: Any = None,
        about: Any = None,
        **more: Any,
    ) -> None:
        with current_screen():  # not where the button is: a live region would take the dialog along
            super().__init__(model, submit, value=value, about=about or getattr(value, 'id', None), **more)
        self.then: Callable[[], Any] | None = None
        self._props['dialog'] = {'title': str(title), 'text': str(text), 'side': side}
        self._props['confirm'] = confirm
        self._when('closed', guard.action(self._closed))
        changing(self.client)

    def _handle_delete(self) -> None:
        changing(self.client, False)
        super()._handle_delete()

    def _done(self) -> None:
        self.run_method('shut')
        if self.then:
            self.then()

    async def _closed(self) -> None:
        if not self.is_deleted:
            self.delete()


class Nothing(BaseModel):
    """The input of a confirmation."""

    model_config = ConfigDict(extra='ignore')

    typed: str = Field(default='', title=later('Type the name to confirm'))


def confirm_by_name(
    title: str, text: str, name: str, do: Handler, *, label: str = later('Delete')
) -> FormDialog[Nothing]:
    """Ask before what cannot be undone: the button works when the name was typed. All else has Undo."""

    async def run(actor: Actor, data: Nothing) -> None:
        if data.typed != name:
            raise Invalid('The name is not the same.', {'typed': _('Type exactly: {name}', name=name)})
        result = do(actor)
        if isinstance(result, Awaitable):
            await result

    dialog = FormDialog(title, Nothing, run, text=text, confirm=name, danger=True, label=label, draft=False)
    dialog.text('typed', help=_('Type {name}', name=name))
    return dialog
