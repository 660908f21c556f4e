"""Member numbers: given by hand or taken from the organization's sequence inside the transaction."""

from collections.abc import Container

from sqlmodel import col, select

from data.members import Member
from data.organizations import Organization
from logic.core.work import Work
from logic.members.names import escape_like

SEQUENCE = 'member'


async def next_number(work: Work) -> str:
    """Return the next free number: the department's prefix and digits, padded."""
    return (await next_numbers(work, 1))[0]


async def next_numbers(work: Work, count: int, taken: Container[str] = ()) -> list[str]:
    """Return so many free numbers, none of them in `taken`, with a constant number of statements."""
    organization = await work.get(Organization, work.organization_id)
    prefix, width = organization.settings.member_number_prefix, organization.settings.member_number_digits
    free: list[str] = []
    stored: set[str] = set()
    while len(free) < count:
        missing = count - len(free)
        first = await work.number(SEQUENCE, missing)
        if not stored:
            stored = await _stored(work, prefix)
            highest = max((int(number[len(prefix) :]) for number in stored if _counts(number, prefix)), default=0)
            if highest >= first:
                # Numbers were given by hand or imported: go on behind them instead of trying each.
                first = await work.number(SEQUENCE, highest - first + missing) + highest - first
        wanted = [f'{prefix}{value:0{width}}' for value in range(first, first + missing)]
        free += [number for number in wanted if number not in stored and number not in taken]
    return free


def _counts(number: str, prefix: str) -> bool:
    rest = number[len(prefix) :]
    return rest.isascii() and rest.isdigit() and len(rest) <= 6


async def _stored(work: Work, prefix: str) -> set[str]:
    statement = select(Member.number)
    if prefix:
        statement = statement.where(col(Member.number).like(f'{escape_like(prefix)}%', escape='\\'))
    return set(await work.all(statement)) | {''}


def kept_former(former: str, number: str) -> str:
    """Return the former numbers with one more in front, as many as fit."""
    kept = [number, *(old for old in former.split() if old != number)]
    while len(' '.join(kept)) > 200:
        kept.pop()
    return ' '.join(kept)
