"""The reader's language: sentences are written in English where they arise, and said as their reader reads them.

    raise Conflict(_('{name} is on leave until {day}.', name=member.name, day=day_text(leave.ends_on)))
    many('{count} task', '{count} tasks', count)      # the plural of the language, with the count written as there
    sense('a state', 'Open')                          # one English word that is two words elsewhere
    title = later('Members')                          # made at import time, said where it is shown
    title = later('Department', meaning='a unit')     # the same of a word with several meanings
    with speaking(account.locale): ...                # what goes to somebody else: mails, notices
    told('{name} gave you {task}', ...)               # of logic.core.sentences: made now, said to each of many later

English is the source and needs no catalogue; what a catalogue does not know is said in English. `python -m
ui.languages` collects what is marked like this into `logic/languages/*.po`.

The language is the one context variable of the rules: a sentence is made deep inside of them, and only the door knows
who reads it. The guard sets it for pages, events and redraws, the API and the front door for requests.
"""

import gettext
import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from data.later import SENSE, Later, later, say_with

__all__ = [
    'CHOICES',
    'LANGUAGES',
    'Later',
    '_',
    'current_language',
    'current_locale',
    'is_right_to_left',
    'language_of',
    'later',
    'many',
    'negotiated',
    'sense',
    'speak',
    'speaking',
    'wishes',
]

SOURCE = 'en'
LANGUAGES = {'en': 'English', 'es': 'Español', 'fr': 'Français', 'de': 'Deutsch'}
"""Each by its own name."""
CHOICES = {
    'en': 'English', 'en-US': 'English (United States)', 'es': 'Español', 'es-US': 'Español (Estados Unidos)',
    'fr': 'Français', 'fr-CA': 'Français (Canada)', 'de': 'Deutsch', 'de-AT': 'Deutsch (Österreich)',
    'de-CH': 'Deutsch (Schweiz)',
}  # fmt: skip
"""What somebody may choose: a language, and how dates, numbers and money are written."""
LONGER, MIRRORED = 'en-XA', 'ar-XB'
"""Languages of tests, never offered: English with accents and a third longer, and English from right to left."""
FOLDER = Path(__file__).resolve().parents[1] / 'languages'
MOST_ASKED = 12

_locale: ContextVar[str] = ContextVar('locale', default=SOURCE)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The sentences of one language."""

    texts: dict[str, str | list[str]] = field(default_factory=dict)
    form: Callable[[int], int] = lambda count: int(count != 1)

    def one(self, text: str) -> str:
        """Return a sentence, in English when it is not known."""
        said = self.texts.get(text, text)
        return said if isinstance(said, str) else said[0]


def _(text: str, /, **values: Any) -> str:
    """Say a sentence in the reader's language; `{name}` in it stands for the value called so."""
    said = str(text) if isinstance(text, Later) else _catalogue(_locale.get()).one(text)
    return said.format(**values) if values else said


def many(one: str, more: str, count: int, /, **values: Any) -> str:
    """Say what depends on a number; `{count}` is that number as the language writes it."""
    catalogue = _catalogue(_locale.get())
    forms = catalogue.texts.get(one)
    said = (one if count == 1 else more) if not isinstance(forms, list) else forms[catalogue.form(count)]
    if 'count' not in values:
        from logic.core.formats import number_text  # it asks this module for the locale

        values['count'] = number_text(count)
    return said.format(**values)


def sense(meaning: str, text: str, /, **values: Any) -> str:
    """Say a word that means several things in English; `meaning` tells translators, and the catalogue, which one."""
    key = meaning + SENSE + text
    said = _catalogue(_locale.get()).one(key)
    said = text if said == key else said
    return said.format(**values) if values else said


# ------------------------------------------------------------------------------------------------ who reads


def speak(locale: str) -> None:
    """From here on, speak to somebody with this locale, as far as this task goes."""
    _locale.set(locale or SOURCE)


@contextmanager
def speaking(locale: str) -> Iterator[None]:
    """Speak to somebody else for a while: to each recipient of a mail or notice in his language."""
    reset = _locale.set(locale or SOURCE)
    try:
        yield
    finally:
        _locale.reset(reset)


def current_locale() -> str:
    """Return the locale of the reader, such as 'de-AT'."""
    return _locale.get()


def current_language() -> str:
    """Return the language of the reader, such as 'de'."""
    return language_of(_locale.get())


@lru_cache(maxsize=256)
def language_of(locale: str) -> str:
    """Return the language that Logbook speaks to a locale: 'de' for 'de-AT', English for one that it does not know."""
    if locale in (LONGER, MIRRORED):
        return locale
    name = re.split(r'[-_]', locale.lower(), maxsplit=1)[0]
    return name if name in LANGUAGES else SOURCE


def is_right_to_left(locale: str) -> bool:
    """Say whether a locale is written from right to left."""
    return re.split(r'[-_]', locale.lower(), maxsplit=1)[0] in {'ar', 'fa', 'he', 'ur'}


def wishes(asked: str | None) -> list[str]:
    """Return the locales of an Accept-Language header (RFC 9110, 12.5.4), those first that are wanted most."""
    found: list[tuple[float, int, str]] = []
    for index, part in enumerate((asked or '').split(',')[:MOST_ASKED]):
        name, _sep, weight = part.strip().partition(';')
        quality = re.fullmatch(r'\s*q=([01](?:\.\d{0,3})?)\s*', weight) if weight else None
        if (weight and quality is None) or not re.fullmatch(r'[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*', name.strip()):
            continue
        found.append((-float(quality[1]) if quality else -1.0, index, name.strip()))
    return [name for weight, _index, name in sorted(found) if weight]


def negotiated(asked: str | None) -> str:
    """Return the locale among ours that an Accept-Language header asks for first, else English."""
    known = {one.lower(): one for one in CHOICES}
    for name in wishes(asked):
        if found := known.get(name.lower()) or known.get(name.lower().partition('-')[0]):
            return found
    return SOURCE


# ------------------------------------------------------------------------------------------------ catalogues


@cache
def _catalogue(locale: str) -> Catalogue:
    """Read a catalogue the first time that somebody reads in its language."""
    language = language_of(locale)
    if language == SOURCE:
        return Catalogue()
    if language in (LONGER, MIRRORED):
        return Catalogue(_Stretched())
    return _read(language)


@cache
def _read(language: str) -> Catalogue:
    file = FOLDER / f'{language}.json'
    if not file.is_file():
        return Catalogue()
    kept = json.loads(file.read_text(encoding='utf-8'))
    return Catalogue(kept['texts'], gettext.c2py(kept['plural']))


class _Stretched(dict[str, str | list[str]]):
    """Knows every sentence: with accents on its letters and a third longer, placeholders untouched."""

    def get(self, key: str, default: Any = None) -> Any:
        return stretched(key.rpartition(SENSE)[2])


def stretched(text: str) -> str:
    """Return a text as the language of tests says it, so that what overflows or was never marked is seen."""
    parts = re.split(r'(\{[^}]*\}|<[^>]*>)', text)
    accented = [part if index % 2 else ''.join(map(_accented, part)) for index, part in enumerate(parts)]
    return ''.join(accented) + '~' * (len(text) // 3 + 1)


def _accented(letter: str) -> str:
    if letter not in 'aeiouAEIOUcnCN':
        return letter
    return unicodedata.normalize(
        'NFC', letter + ('\u0327' if letter in 'cC' else '\u0303' if letter in 'nN' else '\u0301')
    )


say_with(lambda text: _catalogue(_locale.get()).one(text))
