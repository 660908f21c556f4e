"""How names and numbers are folded, so that lists sort and searches find as people expect."""

import re
import unicodedata

from data.members import Member

# Letters that have no decomposition but that people type without their stroke.
_STROKES = str.maketrans({'ł': 'l', 'ø': 'o', 'đ': 'd', 'ß': 'ss', 'æ': 'ae', 'œ': 'oe', 'ð': 'd', 'þ': 'th', 'ı': 'i'})


def fold(text: str) -> str:
    """Return a text in small letters without accents: `Núñez` and `NUNEZ` are both `nunez`."""
    plain = unicodedata.normalize('NFKD', text.casefold().translate(_STROKES))
    return ''.join(letter for letter in plain if not unicodedata.combining(letter))


def digits(text: str) -> str:
    """Return only the digits of a text."""
    return re.sub(r'\D', '', text)


def sort_name(member: Member) -> str:
    """Return what lists sort a person by: last name, then first name, folded."""
    return fold(f'{member.last_name} {member.preferred_name or member.first_name}').strip()[:170]


def search_text(member: Member) -> str:
    """Return what the quick search looks into: names, numbers, mail and phone digits, folded."""
    parts = [
        member.first_name, member.preferred_name, member.last_name, member.number, member.former_number,
        member.email or '', digits(member.phone),
    ]  # fmt: skip
    return fold(' '.join(part for part in parts if part))[:700]
