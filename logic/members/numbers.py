"""Member numbers: per organization, with a prefix and padded, taken inside the transaction."""

from sqlmodel import select

from data.members import Member
from data.organizations import Organization
from logic.core.work import Work


async def next_number(work: Work) -> str:
    """Return the next free member number of this organization."""
    return (await next_numbers(work, 1))[0]


async def next_numbers(work: Work, count: int) -> list[str]:
    """Return so many free member numbers, skipping those that were given by hand."""
    settings = (await work.get(Organization, work.organization_id)).settings
    free: list[str] = []
    while len(free) < count:
        wanted = count - len(free)
        first = await work.number('member', wanted)
        numbers = [
            f'{settings.member_number_prefix}{n:0{settings.member_number_digits}d}'
            for n in range(first, first + wanted)
        ]
        taken: set[str] = set()
        for at in range(0, wanted, 500):
            taken.update(await work.all(select(Member.number).where(Member.number.in_(numbers[at : at + 500]))))  # type: ignore[attr-defined]
        free += [number for number in numbers if number not in taken]
    return free
