"""Placing all fields of an input model in their order, for records that need no layout of their own."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from logic.core.language import _
from ui.components.fields import known
from ui.components.form import Form, Options

LONG = 400
"""Texts that may be longer than this get several lines."""


def place_fields(
    form: Form[Any],
    model: type[BaseModel],
    *,
    skip: Collection[str] = (),
    options: Mapping[str, Options] = {},
    when: Mapping[str, tuple[str, Any]] = {},
) -> None:
    """Place every field by its type, a list of texts as lines. `options` are the choices of fields that hold an id.

    `when` shows a field only while another one has one of some values.
    """
    for name in model.model_fields:
        if name in skip:
            continue
        facts = known(model, name)
        kind = facts.kind
        shown = {'when': when[name]} if name in when and when[name][0] in model.model_fields else {}
        if name in options:
            form.select(name, options[name], none='' if facts.required else _('None'), span=6)
        elif issubclass(kind, bool):
            form.checkbox(name, span=6, **shown)
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
        elif facts.many or (facts.maxlength or 0) > LONG:
            form.textarea(name, **shown)
        else:
            form.text(name, span=6)
