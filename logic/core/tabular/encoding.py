"""How the bytes of a text file are to be read, with the evidence, and where letters were lost before it came to us."""

import codecs
import re
import unicodedata
from dataclasses import dataclass

from logic.core.errors import Invalid
from logic.core.language import _, later

ENCODINGS = {
    'utf-8': 'UTF-8',
    'utf-16-le': 'UTF-16',
    'utf-16-be': later('UTF-16 (big endian)'),
    'cp1252': later('Windows-1252 (Western Europe)'),
    'cp1250': later('Windows-1250 (Central Europe)'),
    'cp1251': later('Windows-1251 (Cyrillic)'),
    'cp1254': later('Windows-1254 (Turkish)'),
    'iso-8859-1': later('ISO 8859-1 (Western Europe)'),
    'iso-8859-2': later('ISO 8859-2 (Central Europe)'),
    'mac-roman': 'Mac Roman',
    'cp850': later('DOS 850 (Western Europe)'),
    'cp437': later('DOS 437 (United States)'),
}
"""What may be chosen by hand, in words."""
MARKS = ((codecs.BOM_UTF8, 'utf-8'), (codecs.BOM_UTF16_LE, 'utf-16-le'), (codecs.BOM_UTF16_BE, 'utf-16-be'))
# In the order of how often they meet us; an earlier one wins a tie.
SINGLE_BYTE = ('cp1252', 'cp1250', 'mac-roman', 'cp850', 'cp1251', 'cp1254', 'iso-8859-2', 'cp437', 'iso-8859-1')
USUAL_LETTERS = frozenset('àáâäãåæçèéêëìíîïñòóôöõøùúûüýßœąćęłńśźżčďěňřšťůžőű')
QUOTES = '\u2018\u2019'
USUAL_SIGNS = frozenset('½¼¾°§²³«»„“”–—…€£©®·¿¡ª\u201a' + QUOTES)
SAMPLE_BYTES = 200_000
LOST_LETTER = re.compile(r'[^\W\d_]\?[^\W\d_]|(?:^|[\s@.,;("-])\?[^\W\d_]|[^\W\d_]\?@')
# A letter of two UTF-8 bytes that was read as Windows-1252 on its way: `Ã©` was `é`.
SECOND_BYTES = ''.join(bytes([byte]).decode('cp1252', errors='ignore') or chr(byte) for byte in range(0x80, 0xC0))
TWICE_ENCODED = re.compile(f'[ÃÂÄÅÐÑ][{re.escape(SECOND_BYTES)}]')


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file, and why it was read so."""

    text: str
    encoding: str
    why: str
    alternatives: tuple[str, ...] = ()
    """Other encodings that could also be meant, likeliest first."""


def decode(content: bytes, encoding: str | None = None) -> Decoded:
    """Return the text of a file. Raises Invalid when it is no text, or not in the encoding that was asked for."""
    if encoding is not None:
        return _as_asked(content, encoding)
    for mark, name in MARKS:
        if content.startswith(mark):
            return Decoded(_strictly(content[len(mark) :], name), name, _('The file says so in its first bytes.'))
    if guessed := _looks_like_utf16(content):
        return Decoded(_strictly(content, guessed), guessed, _('Every other byte is zero.'))
    if b'\x00' in content:
        raise Invalid('This file is not a text file. Save the table as CSV or XLSX, then choose that file.')
    try:
        return Decoded(content.decode('utf-8'), 'utf-8', _('Every byte fits.'))
    except UnicodeDecodeError as error:
        return _single_byte(content, error)


def damage(text: str, *, is_name: bool = False) -> str | None:
    """Return why letters of a cell seem lost or garbled; None when it looks whole.

    In a name, which asks nothing, every question mark is a lost letter.
    """
    if '\ufffd' in text:
        return _('A letter was lost (�) before the file came here.')
    if (is_name and '?' in text) or (LOST_LETTER.search(text) and '://' not in text):
        return _('A letter was replaced by "?" before the file came here.')
    if TWICE_ENCODED.search(text):
        return _('Letters are garbled: the text was saved in one encoding and read in another.')
    return None


def _as_asked(content: bytes, encoding: str) -> Decoded:
    if encoding not in ENCODINGS:
        raise Invalid(
            'This encoding is not known.', {'encoding': _('Choose one of: {names}.', names=', '.join(ENCODINGS))}
        )
    for mark, name in MARKS:
        if name == encoding and content.startswith(mark):
            content = content[len(mark) :]
    return Decoded(_strictly(content, encoding), encoding, _('You chose it.'))


def _strictly(content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b'\n', 0, error.start) + 1
        named = ENCODINGS[encoding]
        why = _('The file is not in {encoding}: line {line} has other bytes.', encoding=named, line=line)
        raise Invalid(why) from error
    if '\x00' in text:
        raise Invalid('This file is not a text file. Save the table as CSV or XLSX, then choose that file.')
    return text


def _looks_like_utf16(content: bytes) -> str | None:
    sample = content[:4000]
    if len(sample) < 4 or len(content) % 2:
        return None
    low, high = sample[1::2].count(0) / (len(sample) // 2), sample[::2].count(0) / (len(sample) // 2)
    if low > 0.7 and high < 0.1:
        return 'utf-16-le'
    return 'utf-16-be' if high > 0.7 and low < 0.1 else None


def _single_byte(content: bytes, error: UnicodeDecodeError) -> Decoded:
    """Choose the encoding in which the bytes beyond ASCII make the most plausible letters."""
    sample = b'\n'.join(line for line in content[:SAMPLE_BYTES].splitlines() if not line.isascii())
    scores: dict[str, float] = {}
    for order, name in enumerate(SINGLE_BYTE):
        try:
            content.decode(name)
            scores[name] = _plausibility(sample.decode(name)) - order * 0.001
        except UnicodeDecodeError:
            continue
    ranked = sorted(scores, key=lambda name: -scores[name])
    best = ranked[0]
    line = content.count(b'\n', 0, error.start) + 1
    why = _(
        'Line {line} has a byte (0x{byte}) that is not UTF-8; '
        '{encoding} makes the most plausible letters of such bytes.',
        line=line,
        byte=f'{content[error.start]:02X}',
        encoding=ENCODINGS[best],
    )
    text = content.decode(best)
    others = [name for name in ranked[1:] if scores[name] > 0 and content.decode(name) != text]
    return Decoded(text, best, why, tuple(others[:3]))


def _plausibility(text: str) -> float:
    """Score how much the characters beyond ASCII look like parts of words, per such character."""
    score, count = 0.0, 0
    for index, character in enumerate(text):
        if character.isascii():
            continue
        count += 1
        before = text[index - 1] if index else ' '
        after = text[index + 1] if index + 1 < len(text) else ' '
        score += _character_score(character, before, after)
    return score / max(count, 1)


def _character_score(character: str, before: str, after: str) -> float:
    if unicodedata.category(character) in {'Cc', 'Cn', 'Co'}:
        return -5
    inside = before.isalpha() and after.isalpha()
    if not character.isalpha():
        if character in QUOTES:
            return 0.8
        return -2 if inside else 0.5 if character in USUAL_SIGNS else -1
    if character.isupper() and before.islower():
        return -2
    beside = [other for other in (before, after) if other.isalpha()]
    if any(_is_cyrillic(other) != _is_cyrillic(character) for other in beside):
        return -3
    if len(beside) == 2 and not _is_cyrillic(character) and not before.isascii() and not after.isascii():
        return -1
    return 1.5 if character.lower() in USUAL_LETTERS else 1.0


def _is_cyrillic(character: str) -> bool:
    return 'Ѐ' <= character <= 'ӿ'
