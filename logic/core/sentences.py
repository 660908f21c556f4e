"""Sentences that are made now and said later, to each reader in his language: mails, notices, what jobs tell.

    title = told('{name} gave you {task}', name=work.actor.name, task=task.label)
    body = told_many('Due in {count} day', 'Due in {count} days', days)
    with speaking(account.locale): str(title)

Days, instants and numbers are given as what they are, and written as each reader's locale writes them. A sentence goes
through a job as `packed`, in JSON, and comes back as `unpacked`.
"""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, Self
from zoneinfo import ZoneInfo

from data.later import Later
from logic.core.formats import day_text, moment_text, number_text, time_text
from logic.core.language import SOURCE, _, many, speaking

Value = str | int | Decimal | date | time
"""What a sentence holds; instants, and other sentences, among them."""


class Sentence(Later):
    """A text with values; to programs it is the English of it."""

    __slots__ = ('more', 'text', 'values')

    text: str
    more: str
    values: dict[str, Value]

    def __new__(cls, text: str, more: str, values: dict[str, Value]) -> Self:
        """Make it of its English, that for more than one where it depends on `count`, and its values."""
        with speaking(SOURCE):
            made = super().__new__(cls, _said(text, more, values))
        made.text, made.more, made.values = text, more, values
        return made

    def __str__(self) -> str:
        """Return it in the language that is spoken now."""
        return _said(self.text, self.more, self.values)


def told(text: str, /, **values: Value) -> Sentence:
    """Mark a sentence that others will read; `{name}` in it stands for the value called so."""
    return Sentence(text, '', values)


def told_many(one: str, more: str, count: int, /, **values: Value) -> Sentence:
    """Mark one that depends on a number, which is `{count}` in it."""
    return Sentence(one, more, values | {'count': count})


def spoken(value: Value) -> str:
    """Return a value as the reader's locale writes it; an instant in its own zone, and a text as it is."""
    match value:
        case datetime():
            return moment_text(value, value.tzinfo or UTC)
        case date():
            return day_text(value)
        case time():
            return time_text(value)
        case bool() | str():
            return str(value)
        case int() | Decimal():
            return number_text(value)
    raise TypeError(f'A sentence cannot hold {value!r}.')


def _said(text: str, more: str, values: dict[str, Value]) -> str:
    said = {name: spoken(value) for name, value in values.items()}
    if not more:
        return _(text, **said)
    count = values['count']
    assert isinstance(count, int)
    return many(text, more, count, **said)


# ------------------------------------------------------------------------------------------------ through a job


def packed(value: Value) -> Any:
    """Return a sentence or another value as JSON."""
    match value:
        case Sentence():
            values = {key: packed(one) for key, one in value.values.items()}
            return {'say': value.text, 'more': value.more, 'values': values}
        case Later():
            return {'say': str.__str__(value), 'meaning': value.meaning}
        case datetime():
            return {'moment': value.isoformat(), 'zone': str(getattr(value.tzinfo, 'key', ''))}
        case date():
            return {'day': value.isoformat()}
        case time():
            return {'time': value.isoformat()}
        case Decimal():
            return {'number': str(value)}
    return value


def unpacked(kept: Any) -> Any:
    """Return what `packed` was given."""
    match kept:
        case {'say': text, 'values': values, 'more': more}:
            return Sentence(text, more, {key: unpacked(value) for key, value in values.items()})
        case {'say': text, 'meaning': meaning}:
            return Later(text, meaning)
        case {'moment': moment, 'zone': zone}:
            at = datetime.fromisoformat(moment)
            return at.astimezone(ZoneInfo(zone)) if zone else at
        case {'day': day}:
            return date.fromisoformat(day)
        case {'time': wall}:
            return time.fromisoformat(wall)
        case {'number': number}:
            return Decimal(number)
    return kept
