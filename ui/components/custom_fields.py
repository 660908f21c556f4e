"""The department's own fields wherever a module shows its records: in tables, filters, forms and facts.

A row or record shows them by `custom`, its values by the ids of the fields.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Literal, TypeVar
from uuid import UUID

from pydantic import BaseModel, Field, create_model

from data.custom_fields import FIELD, CustomField, FieldKind
from logic.core.actor import Actor
from logic.core.language import _
from logic.custom_fields import NOTHING, options_of, shown
from ui.components.columns import Column, Filter
from ui.components.editable import Editable
from ui.components.form import Form, Options
from ui.components.records import Fact

ModelT = TypeVar('ModelT', bound=BaseModel)
Fields = Sequence[CustomField]


def columns(fields: Fields) -> list[Column[Any]]:
    """A column for each, which is there once a person asks for it."""
    return [Column(f'{FIELD}{one.id}', one.name, _kind(one), _cell(one), hidden=True) for one in fields]


def _cell(one: CustomField) -> Callable[[Any], str]:
    return lambda row: shown(one, row.custom.get(one.id, ''))


def filters(fields: Fields) -> list[Filter]:
    """A filter for each of which one of a few values is chosen."""
    none = (NOTHING, _('Not said'))
    return [
        Filter(f'{FIELD}{one.id}', one.name, [*options, none]) for one in fields if (options := list(options_of(one)))
    ]


def asked(base: type[ModelT], fields: Fields) -> type[ModelT]:
    """Return a model that asks for them beside its own fields: each by its id."""
    own: dict[str, Any] = {
        str(one.id): (str | None, Field(default=None, title=one.name, max_length=500)) for one in fields
    }
    return create_model(base.__name__, __base__=base, **own)


def typed(data: BaseModel, fields: Fields) -> dict[UUID, str | None]:
    """Return what was typed into those that a form has asked for."""
    return {one.id: getattr(data, str(one.id)) for one in fields if str(one.id) in data.model_fields_set}


def place(form: Form[Any], fields: Fields) -> None:
    """Place each in a form whose model asks for it."""
    for one in fields:
        name, options = str(one.id), options_of(one)
        if options:
            form.select(name, list(options), none=_('Not said'))
        elif one.kind is FieldKind.DATE:
            form.date(name)
        else:
            form.text(name)


def facts(fields: Fields, values: Mapping[UUID, str]) -> list[Fact]:
    """Those that have a value, in their order."""
    return [Fact(one.name, shown(one, values[one.id]), _kind(one)) for one in fields if one.id in values]


def _kind(one: CustomField) -> Literal['date', 'text']:
    return 'date' if one.kind is FieldKind.DATE else 'text'


def editables(fields: Fields, values: Mapping[UUID, str]) -> list[Editable]:
    """Each as a fact that is edited where it stands."""
    found = []
    for one in fields:
        value = values.get(one.id, '')
        control = 'select' if options_of(one) else ''
        found.append(
            Editable(str(one.id), one.name, shown(one, value), _kind(one), typed=value, control=control,
                     none=_('Not said') if control else '')
        )  # fmt: skip
    return found


def choices(fields: Fields) -> dict[str, Callable[[Actor], Awaitable[Options]]]:
    """What may be chosen in those that are edited where they stand."""
    return {str(one.id): _offered(one) for one in fields if options_of(one)}


def _offered(one: CustomField) -> Callable[[Actor], Awaitable[Options]]:
    async def offer(_actor: Actor) -> Options:
        return list(options_of(one))

    return offer
