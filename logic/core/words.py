"""Text as the words under which it is found: the same for both databases, for what is stored and what is asked."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

FORM = 3
"""Counts up when the words of the same text, or who finds them, change; the index is then made anew."""
MOST_ASKED, MOST_WORDS, LONGEST = 8, 4000, 80
SHORTEST_TAIL = 4
"""From how many digits on any part of a phone number is found."""
MOST_PARTS = 6
_APART = re.compile(r'[\s,;/|]+')
_TURNING = re.compile('[\u202a-\u202e\u2066-\u2069]')
_BLANK = frozenset('\u115f\u1160\u2800\u3164\uffa0')
# Letters by their category, of which nothing is drawn.
_PART = re.compile(r'[^\W_]+')
# Scripts that put no spaces between words: each letter may be the first of what is asked for.
_UNSPACED = re.compile('[\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff]')
_UNFOLDED = str.maketrans(
    {'ł': 'l', 'ø': 'o', 'đ': 'd', 'ð': 'd', 'þ': 'th', 'æ': 'ae', 'œ': 'oe', 'ħ': 'h', 'ŋ': 'n', '’': "'"}
    | {'\N{LATIN SMALL LETTER DOTLESS I}': 'i'}
)
# Unicode has no decomposition for these letters, so accents alone do not fold them.


def clean(value: str) -> str:
    """Return text as it is stored: composed (NFC), without control characters, inner runs of spaces as one.

    Marks that turn the direction of all that follows are left out: they would turn what stands beside the text too.
    What holds nothing but signs that nobody sees is empty.
    """
    if value.isascii() and value.isprintable():  # most text: the long way costs twenty times as much
        return ' '.join(value.split())
    composed = unicodedata.normalize('NFC', _TURNING.sub('', value))
    spaced = ''.join(' ' if unicodedata.category(letter) in ('Cc', 'Zl', 'Zp') else letter for letter in composed)
    is_seen = any(unicodedata.category(letter) not in ('Cf', 'Zs') and letter not in _BLANK for letter in spaced)
    return ' '.join(spaced.split()) if is_seen else ''


def fold(value: str) -> str:
    """Return text as it is compared: small letters without accents."""
    if value.isascii():
        return value.lower()
    # Some letters have a small form only once they are decomposed, and the other way round.
    small = unicodedata.normalize('NFKD', value.casefold()).casefold()
    decomposed = unicodedata.normalize('NFKD', small)
    plain = ''.join(letter for letter in decomposed if not unicodedata.combining(letter))
    return plain.translate(_UNFOLDED)


def stored_words(text: str, numbers: Iterable[str] = ()) -> str:
    """Return the words of a text for the index, separated by spaces. Of `numbers`, as of phones, any part is found."""
    found: dict[str, None] = {}
    for chunk in _APART.split(fold(text)):
        parts = _PART.findall(chunk)
        for at, part in enumerate(parts):
            found[part] = None
            if part[0] == '0' and part.isdigit():
                found[part.lstrip('0') or '0'] = None
            if len(parts) > 1:  # "T-1042" is t1042 and 1042
                found[''.join(parts[at : at + MOST_PARTS])] = None
            if _UNSPACED.search(part):
                found |= dict.fromkeys(part[start : start + 8] for start in range(1, min(len(part), 200)))
        if len(found) > MOST_WORDS:
            break
    for number in numbers:
        digits = ''.join(letter for letter in number if letter.isascii() and letter.isdigit())
        found |= dict.fromkeys(digits[at:] for at in range(max(1, len(digits) - SHORTEST_TAIL + 1)) if digits)
    return ' '.join(_plain(word) for word in found)


def asked_words(text: str) -> Sequence[Sequence[str]]:
    """Return what was typed as words that must all be found, each with its spellings. Empty when there is no word."""
    asked: dict[str, None] = {}
    for chunk in _APART.split(fold(text)):
        parts = _PART.findall(chunk)
        asked |= dict.fromkeys([''.join(parts)] if 1 < len(parts) <= MOST_PARTS else parts)
    return [_spellings(word) for word in list(asked)[:MOST_ASKED]]


def _spellings(word: str) -> list[str]:
    short = word.lstrip('0')
    return [_plain(word), _plain(short)] if word.isdigit() and short != word and len(short) > 1 else [_plain(word)]


def _plain(word: str) -> str:
    """Write a word in small ASCII letters, long enough for MySQL and none of the words that it leaves out."""
    plain = word if word.isascii() else ''.join(c if c.isascii() else f'q{ord(c):04x}' for c in word)
    return f'xx{plain}'[:LONGEST]
