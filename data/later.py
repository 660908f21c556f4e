"""A text that is written once, in English, and said in the language of whoever reads it."""

from collections.abc import Callable


class Later(str):
    """English to every program; `str(text)`, f-strings and our components say it in the reader's language.

    So titles and labels stay plain strings to whoever compares, stores or sorts them. Joining them with `+` or `join`
    gives English: write `str(text)` there.
    """

    __slots__ = ()

    def __str__(self) -> str:
        """Return it in the language that is spoken now."""
        return _say[0](str.__str__(self))

    def __format__(self, spec: str) -> str:
        """Let f-strings say it in the language that is spoken now."""
        return format(str(self), spec)


def later(text: str) -> Later:
    """Mark a text that is made at import time: titles, labels of enums and permissions, kinds of notices."""
    return Later(text)


def say_with(say: Callable[[str], str]) -> None:
    """Say such texts with this function; `logic.core.language` is what calls it."""
    _say[0] = say


_say: list[Callable[[str], str]] = [lambda text: text]
