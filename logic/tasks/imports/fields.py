"""What a file says of the department's own fields: known by the names that these have here."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from data.custom_fields import CustomField
from logic.core.errors import Invalid
from logic.core.language import _
from logic.custom_fields import normal_value
from logic.members.names import fold

MOST_LEFT_OUT = 5


def said_in(value: Any) -> dict[str, str]:
    """Return the own fields of a task in our export in JSON, by name."""
    pairs = value.items() if isinstance(value, dict) else ()
    return {name: str(said) for name, said in pairs if isinstance(said, str | int | float)}


def fit_fields(
    said: Mapping[str, str], fields: Sequence[CustomField], *, named: bool
) -> tuple[dict[UUID, str | None], list[str]]:
    """Return what is to stand in fields, and as sentences what is left out.

    With `named` the file speaks of fields and not only of columns: what is no field here is said too.
    """
    known = {fold(field.name): field for field in fields}
    values: dict[UUID, str | None] = {}
    notes: list[str] = []
    for name, text in said.items():
        field = known.get(fold(name))
        if field is None:
            notes += [_('There is no field named {name}; left out.', name=name[:80])] if named else []
            continue
        try:
            values[field.id] = normal_value(field, text)
        except Invalid as refused:
            notes.append(_('{what}: {more}', what=field.name, more=refused.message))
    return values, notes[:MOST_LEFT_OUT]
