"""What a form field is: label, limits, options and requirement read from the input model, never written twice."""

import re
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt, MaxLen
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from logic.core.errors import Invalid
from logic.core.faults import FAULTS
from logic.core.language import _, many
from ui import errors
from ui.components.base import plain

AUTOCOMPLETE = {
    'email': 'email',
    'given_name': 'given-name',
    'first_name': 'given-name',
    'family_name': 'family-name',
    'last_name': 'family-name',
    'middle_name': 'additional-name',
    'preferred_name': 'nickname',
    'street': 'street-address',
    'address_line_1': 'address-line1',
    'address_line_2': 'address-line2',
    'city': 'address-level2',
    'state': 'address-level1',
    'region': 'address-level1',
    'postal_code': 'postal-code',
    'zip': 'postal-code',
    'country': 'country',
    'born_on': 'bday',
    'organization': 'organization',
    'url': 'url',
}
"""WCAG 2.2, 1.3.5: what browsers may fill in. Off for records about others, see `Form(about_me=)`."""
SECRET = re.compile(r'(^|[._])(password|passphrase|secret|token|code|pin|key)$')
ACRONYMS = {'id', 'url', 'ssn', 'emt', 'ems', 'api', 'ip', 'mfa'}
WORDS = {'email': 'e-mail'}


@dataclass(frozen=True, slots=True)
class Known:
    """What an input model says about one of its fields."""

    label: str
    help: str
    required: bool
    nullable: bool
    kind: type
    maxlength: int | None
    lowest: Any
    highest: Any
    options: list[dict[str, str]]
    many: bool
    secret: bool
    """Kept out of drafts: the model does not show it either (`Field(repr=False)`), or its name says so."""


def begins_empty(model: type[BaseModel], name: str) -> bool:
    """Say whether a field begins empty: where it does not, "none" would mean its default, and is not offered."""
    info = model.model_fields.get(name)
    return info is None or info.is_required() or plain(info.get_default(call_default_factory=True)) in (None, '')


def known(model: type[BaseModel], name: str) -> Known:
    """Read a field of an input model. Raises RuntimeError when there is no such field: a slip of the page's author."""
    info = model.model_fields.get(name)
    if info is None:
        raise RuntimeError(f'{model.__name__} has no field "{name}".')
    kind, nullable, extra = _unwrap(info.annotation)
    many = get_origin(kind) in (list, set, tuple, frozenset)
    inner = _unwrap(get_args(kind)[0])[0] if many else kind
    metadata = [*info.metadata, *extra]
    text = inner if isinstance(inner, type) else str
    return Known(
        label=_(info.title or humane(name)),
        help=_(info.description or ''),
        required=info.is_required() and not nullable and inner is not bool,
        nullable=nullable,
        kind=text,
        maxlength=_limit(metadata, 'max_length', MaxLen),
        lowest=_limit(metadata, 'ge', Ge) if _limit(metadata, 'ge', Ge) is not None else _limit(metadata, 'gt', Gt),
        highest=_limit(metadata, 'le', Le) if _limit(metadata, 'le', Le) is not None else _limit(metadata, 'lt', Lt),
        options=_options(inner),
        many=many,
        secret=not info.repr or SECRET.search(name) is not None,
    )


def given(model: type[BaseModel], begins: Any, name: str) -> Any:
    """Return what a field begins with: as what the form begins with says, else the default of the model."""
    value: Any = begins
    for part in name.split('.'):
        value = value.get(part) if isinstance(value, Mapping) else getattr(value, part, None)
    if value is None and begins is None and '.' not in name:
        info = model.model_fields[name]
        value = None if info.is_required() else info.get_default(call_default_factory=True)
    return value


def _unwrap(kind: Any) -> tuple[Any, bool, list[Any]]:
    """Return the type inside Optional and Annotated, whether None is allowed, and the annotations found on the way."""
    nullable, extra = False, []
    while True:
        if get_origin(kind) is Annotated:
            kind, *more = get_args(kind)
            extra += [*more, *(m for one in more if isinstance(one, FieldInfo) for m in one.metadata)]
        elif isinstance(kind, typing.TypeAliasType) if hasattr(typing, 'TypeAliasType') else False:
            kind = kind.__value__
        elif get_origin(kind) in (Union, types.UnionType):
            inner = [one for one in get_args(kind) if one is not type(None)]
            nullable = nullable or len(inner) < len(get_args(kind))
            kind = inner[0]
        else:
            return kind, nullable, extra


def _limit(metadata: list[Any], attribute: str, kind: type) -> Any:
    for one in metadata:
        if isinstance(one, kind):
            return getattr(one, attribute)
        value = getattr(one, attribute, None)  # StringConstraints and the like
        if value is not None and not callable(value):
            return value
    return None


def _options(kind: Any) -> list[dict[str, str]]:
    if isinstance(kind, type) and issubclass(kind, Enum):
        return [
            {'value': str(one.value), 'label': str(getattr(one, 'label', None) or _(humane(str(one.value))))}
            for one in kind
        ]
    if get_origin(kind) is Literal:
        return [{'value': str(one), 'label': humane(str(one))} for one in get_args(kind)]
    return []


def humane(name: str) -> str:
    """Return 'Given name' for 'given_name'; endings that only programs need are left out."""
    for ending in ('_cents', '_id', '_ids', '_on', '_at', '_minutes'):
        if name.endswith(ending) and len(name) > len(ending):
            name = name.removesuffix(ending)
            break
    words = name.replace('-', '_').split('_')
    words = [word.upper() if word in ACRONYMS else WORDS.get(word, word) for word in words]
    text = ' '.join(words)
    return text[:1].upper() + text[1:]


def shown(kind: str, value: Any) -> Any:
    """Return a value of the model as the form's control holds it."""
    if value is None:
        return None
    if kind == 'money':
        return f'{Decimal(value) / 100:.2f}'
    if kind == 'datetime' and isinstance(value, datetime):
        return value.strftime('%Y-%m-%dT%H:%M')
    if kind == 'time' and isinstance(value, time):
        return value.strftime('%H:%M')
    if kind == 'date' and isinstance(value, date):
        return value.strftime('%Y-%m-%d') if value.year >= 1000 else value.isoformat()
    if kind in ('checks', 'person') and not isinstance(value, str) and hasattr(value, '__iter__'):
        return [str(plain(one)) for one in value]
    if kind == 'checkbox':
        return bool(value)
    value = plain(value)
    return value if isinstance(value, list | dict) else str(value)


def typed(kind: str, name: str, value: Any, nullable: bool) -> Any:
    """Return what the person typed as the model takes it. Raises Invalid for what is no amount of money."""
    if isinstance(value, str):
        value = value.strip()
        if value == '' and (
            nullable or kind in ('money', 'number', 'date', 'datetime', 'time', 'select', 'radios', 'person')
        ):
            return None
    if kind == 'money' and isinstance(value, str):
        return cents(name, value)
    return value


def cents(name: str, text: str) -> int:
    """Return an amount such as '1,234.50' or '12' in cents."""
    message = _('Write an amount such as 12.50.')
    try:
        amount = Decimal(text.replace(',', '').replace(' ', '').replace(' ', '')) * 100
    except InvalidOperation:
        raise Invalid(message, {name: message}) from None
    if not amount.is_finite() or amount != amount.to_integral_value() or abs(amount) > 10**14:
        raise Invalid(message, {name: message})
    return int(amount)


def readable(error: ValidationError, missing: Mapping[str, str]) -> Invalid:
    """Say what pydantic found in words for a person."""
    plainer = errors.invalid_from(error)
    fields = dict(plainer.fields)
    for detail in error.errors():
        name = '.'.join(str(part) for part in detail['loc'])
        context = detail.get('ctx', {})
        sentence = FAULTS.get(detail['type'])
        if sentence and name in fields:
            fields[name] = _(sentence, **context) if context else str(sentence)
    fields |= missing
    return Invalid(how_many(fields), fields)


def how_many(fields: Mapping[str, str]) -> str:
    """Say how many fields are wrong."""
    return many('One field needs another look.', '{count} fields need another look.', len(fields))
