"""Placing all fields of an input model in their order, for records that need no layout of their own."""

from collections.abc import Collection
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from ui.components.fields import known
from ui.components.form import Form, Options

LONG = 400
"""Texts that may be longer than this get several lines."""


def place_fields(
    form: Form[Any],
    model: type[BaseModel],
    *,
    skip: Collection[str] = (),
    options: dict[str, Options] | None = None,
) -> None:
    """Place every field by its type; `options` are the choices of fields that hold an id."""
    options = options or {}
    short = [name for name in model.model_fields if name not in skip]
    for name in short:
        facts = known(model, name)
        kind = facts.kind
        if name in options:
            form.select(name, options[name], none='' if facts.required else 'None', span=6)
        elif issubclass(kind, bool):
            form.checkbox(name, span=6)
        elif issubclass(kind, Enum):
            form.select(name, span=6)
        elif issubclass(kind, date) and not issubclass(kind, datetime):
            form.date(name, span=6)
        elif issubclass(kind, int):
            form.number(name, span=6)
        elif issubclass(kind, UUID):
            continue
        elif 'phone' in name:
            form.phone(name, span=6)
        elif (facts.maxlength or 0) > LONG:
            form.textarea(name)
        else:
            form.text(name, span=6)
