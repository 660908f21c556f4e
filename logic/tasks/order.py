"""Keys in base 62 that put cards in order: between two of them there is always room for one more (rules 10 to 12).

Compared as text, digit by digit: `0-9A-Za-z`, which is how they stand in ASCII. No key ends in `0`, since nothing would
fit before it. Libraries were weighed: none adds the random digits that keep two offline movers apart.
"""

import secrets
from collections.abc import Iterator

DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
BASE = len(DIGITS)
WIDTH = 6
"""Digits of a key at the end or the beginning of a column: room for millions of them."""
STEP = BASE * BASE
ROOM = 4 * BASE
"""A key is chosen among at least so many: one to two digits of it are random."""
LONGEST = 40
"""A key longer than this has its column rebalanced."""
_VALUES = {digit: value for value, digit in enumerate(DIGITS)}


def first() -> str:
    """Return a key for an empty column: in the middle, with room on both sides."""
    return _text(BASE**WIDTH // 2 + secrets.randbelow(STEP), WIDTH)


def between(before: str | None, after: str | None) -> str:
    """Return a key after the one and before the other; None is an end of the column. Raises ValueError out of order."""
    if before is None and after is None:
        return first()
    if before is not None and after is not None and before >= after:
        raise ValueError(f'{before} does not stand before {after}.')
    if after is None or before is None:
        beside = _beside(before, after)
        if beside is not None:
            return beside
    return _inside(before or '', after)


def _beside(before: str | None, after: str | None) -> str | None:
    """Step on by a random distance, so that a column that grows at its end keeps its keys short; None at the brim."""
    away = STEP + secrets.randbelow(STEP)
    if after is None:
        value = _value((before or '')[:WIDTH].ljust(WIDTH, DIGITS[0])) + away
    else:
        value = _value(after[:WIDTH].ljust(WIDTH, DIGITS[0])) - away
    return _text(value, WIDTH) if 0 < value < BASE**WIDTH - 1 else None


def _inside(before: str, after: str | None) -> str:
    for length in range(1, len(before) + len(after or '') + 4):
        low = _value(before[:length].ljust(length, DIGITS[0]))
        high = BASE**length if after is None else _value(after[:length].ljust(length, DIGITS[0]))
        room = high - low - 1
        if room >= ROOM:
            # From the middle half, so that what is left on either side stays wide.
            return _text(low + 1 + room // 4 + secrets.randbelow(room // 2), length)
    raise ValueError(f'There is nothing between {before} and {after}.')


def spread(count: int) -> Iterator[str]:
    """Return so many keys in order, evenly apart: for a new column, or one that is rebalanced."""
    width = WIDTH
    while BASE**width < (count + 1) * STEP:
        width += 1
    gap = BASE**width // (count + 1)
    return (_text(gap * place, width) for place in range(1, count + 1))


def _value(key: str) -> int:
    value = 0
    for digit in key:
        value = value * BASE + _VALUES[digit]
    return value


def _text(value: int, width: int) -> str:
    if value % BASE == 0:
        value += 1
    letters = []
    for _ in range(width):
        value, digit = divmod(value, BASE)
        letters.append(DIGITS[digit])
    return ''.join(reversed(letters))
