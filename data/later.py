"""A text that is written once, in English, and said in the language of whoever reads it."""

from collections.abc import Callable
from enum import StrEnum
from typing import Self

SENSE = '\x04'
"""Between the meaning of a word and the word, where catalogues know it by both."""


class Later(str):
    """English to every program; `str(text)`, f-strings and our components say it in the reader's language.

    So titles and labels stay plain strings to whoever compares, stores or sorts them. Joining them with `+` or `join`
    gives English: write `str(text)` there.
    """

    __slots__ = ('meaning',)

    meaning: str

    def __new__(cls, text: str, meaning: str = '') -> Self:
        """Make it of its English."""
        made = super().__new__(cls, text)
        made.meaning = meaning
        return made

    def __str__(self) -> str:
        """Return it in the language that is spoken now."""
        text = str.__str__(self)
        if not self.meaning:
            return _say[0](text)
        key = self.meaning + SENSE + text
        said = _say[0](key)
        return text if said == key else said

    def __format__(self, spec: str) -> str:
        """Let f-strings say it in the language that is spoken now."""
        return format(str(self), spec)


def later(text: str, *, meaning: str = '') -> Later:
    """Mark a text that is made at import time: titles, labels of enums and permissions, kinds of notices.

    `meaning` tells translators which one it is of several things that are one word in English.
    """
    return Later(text, meaning)


class Labelled(StrEnum):
    """An enum whose values a person reads: `on_leave` as "On leave"."""

    @property
    def label(self) -> str:
        """As a person reads it."""
        return later(self.value.replace('_', ' ').capitalize())


def say_with(say: Callable[[str], str]) -> None:
    """Say such texts with this function; `logic.core.language` is what calls it."""
    _say[0] = say


_say: list[Callable[[str], str]] = [lambda text: text]
