"""Member numbers: given by hand or taken from the organization's sequence inside the transaction."""

from collections.abc import Container

from sqlmodel import col, select

from data.members import Member
from data.organizations import Organization
from logic.core.work import Work
from logic.members.names import escape_like

SEQUENCE = 'member'
FEW = 50


async def next_number(work: Work) -> str:
    """Return the next free number: the department's prefix and digits, padded."""
    return (await next_numbers(work, 1))[0]


async def next_numbers(work: Work, count: int, taken: Container[str] = ()) -> list[str]:
    """Return so many free numbers, none of them in `taken`, with a constant number of statements."""
    organization = await work.get(Organization, work.organization_id)
    prefix, width = organization.settings.member_number_prefix, organization.settings.member_number_digits
    first = await work.number(SEQUENCE, count)
    wanted = [f'{prefix}{value:0{width}}' for value in range(first, first + count)]
    if count <= FEW and not taken and not await work.all(select(Member.number).where(col(Member.number).in_(wanted))):
        return wanted
    # Numbers were given by hand or imported: go on behind the highest instead of trying each.
    stored = await _stored(work, prefix)
    free = [number for number in wanted if number not in stored and number not in taken]
    highest = max((int(number[len(prefix) :]) for number in stored if _counts(number, prefix)), default=0)
    last = first + count - 1
    if len(free) < count and highest > last:
        await work.number(SEQUENCE, highest - last)
    while len(free) < count:
        missing = count - len(free)
        first = await work.number(SEQUENCE, missing)
        more = [f'{prefix}{value:0{width}}' for value in range(first, first + missing)]
        free += [number for number in more if number not in stored and number not in taken]
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
