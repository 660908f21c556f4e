"""Asking which column of a file is what: a choice for each, with what its first rows hold."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, Field, create_model

from logic.core.actor import Actor
from logic.core.language import _, later
from logic.core.tabular import DateOrder, Table
from ui.components.blocks import Card
from ui.components.form import Form

SAMPLES = 3
ChoicesT = TypeVar('ChoicesT', bound='ColumnChoices')


class ColumnChoices(BaseModel, extra='forbid'):
    """What a person chooses about a file; one field a column is added."""

    date_order: DateOrder | None = Field(default=None, title=later('Order of dates'))


def ask_columns(
    table: Table,
    model: type[ChoicesT],
    submit: Callable[[Actor, dict[int, str], ChoicesT], Awaitable[None]],
    *,
    choices: Sequence[tuple[str, str]],
    chosen: Mapping[int, str],
    order: DateOrder | None,
    why: str = '',
    value: Mapping[str, Any] | None = None,
    more: Callable[[Form[ChoicesT]], None] = lambda _form: None,
) -> None:
    """Draw the form. `why` says what the dates prove of their order, or why they leave it open, as `order=None` does.

    `submit(actor, chosen, data)` gets what each column is, by its place. `more(form)` may ask more at its end.
    """
    fields = {f'c{place}': (str, Field(default='', title=name)) for place, name in enumerate(table.header)}
    asked: type[ChoicesT] = create_model('ColumnsInput', __base__=model, **fields)  # type: ignore[call-overload]

    async def save(actor: Actor, data: ChoicesT) -> None:
        await submit(actor, {place: getattr(data, f'c{place}') for place in range(len(table.header))}, data)

    began = {f'c{place}': name for place, name in chosen.items()} | {'date_order': order} | dict(value or {})
    with Card():
        form: Form[ChoicesT] = Form(asked, save, value=began, label=_('Check the file'), draft=False)
        with form.section(_('Columns of the file'), _('What is left out is not imported.')):
            for place in range(len(table.header)):
                samples = ', '.join(row.cells[place] for row in table.rows[:SAMPLES] if row.cells[place])
                form.select(f'c{place}', choices, none=_('Leave out'), span=4, help=samples[:90])
        with form.section(_('How to read it')):
            orders = [(one, one.label) for one in DateOrder]
            form.select('date_order', orders, none=_('Choose'), span=6, help=why)
            more(form)
