"""What waits for people: each domain declares what of its own does, and one statement finds all of it.

waiting.register(waiting.Kind('change', rows=_undecided, say=_change, watch=(ProfileChange,)))

A kind hands in a select made with `rows`, or None for those whom by their rights nothing of it can wait for. The select
is made once for all who have these rights, as that takes longer than to run it: what differs from person to person and
from day to day stands in it as `ME`, `ACCOUNT`, `OURS`, `TODAY`, `MY_TODAY`, `SOON` and `NOW`. What was found comes
back to its `say`, which words it in the language of whoever looks.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import col

from data.core import UtcDateTime, identifier
from data.members import Member
from logic.core.actor import Actor, ActorKind
from logic.core.domain import domains
from logic.core.work import Work

ME: Any = sa.bindparam('me', type_=identifier())
"""The member who asks."""
ACCOUNT: Any = sa.bindparam('account', type_=identifier())
OURS: Any = sa.bindparam('ours', type_=identifier())
"""The department."""
TODAY: Any = sa.bindparam('today', type_=sa.Date())
"""The day where the department is."""
MY_TODAY: Any = sa.bindparam('my_today', type_=sa.Date())
"""The day where the person is."""
SOON_DAYS = 90
SOON: Any = sa.bindparam('soon', type_=sa.Date())
"""The day that is ninety days away from it."""
NOW: Any = sa.bindparam('now', type_=UtcDateTime())

May = Callable[[str], bool]
Rows = Callable[[May], Any]
"""Gets what says whether a permission is held; returns a select made with `rows`, or None."""


@dataclass(frozen=True, slots=True)
class Found:
    """Something that waits, as it is read: what a kind puts into which text is its own affair."""

    kind: str
    id: UUID | None
    day: date
    is_late: bool
    title: str
    detail: str
    more: str
    member_id: UUID | None
    first_name: str
    preferred_name: str
    last_name: str

    @property
    def name(self) -> str:
        """What the person is called whom it is about."""
        return f'{self.preferred_name or self.first_name} {self.last_name}'.strip()


@dataclass(frozen=True, slots=True)
class Said:
    """What a person reads of it, and where it leads."""

    text: str
    detail: str
    href: str


Say = Callable[[Work, Sequence[Found], date], Awaitable[Sequence[Said]]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing that waits for people."""

    name: str
    rows: Rows
    say: Say
    watch: tuple[type, ...]
    """The tables whose changes alter what waits."""

    def is_on(self, modules_off: frozenset[str]) -> bool:
        """Say whether the module that declared it is switched on."""
        domain = domains.get(self.rows.__module__.split('.')[1])
        return domain is None or domain.name not in modules_off


kinds: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Declare a kind of thing that waits; its domain does so once."""
    if kind.name in kinds:
        raise RuntimeError(f'Two kinds of what waits are named {kind.name}.')
    kinds[kind.name] = kind
    return kind


def models() -> list[type]:
    """Return the tables whose changes alter what waits for anybody."""
    return list(dict.fromkeys(model for kind in kinds.values() for model in kind.watch))


def rows(
    kind: str, day: Any, *, id: Any = None, is_late: Any = False, title: Any = '', detail: Any = '', more: Any = '',
    about: bool = False,
) -> Any:  # fmt: skip
    """Begin the select of a kind; `about` says that it joins the person whom a row is about.

    All columns have one type in every part, on every database: a union takes what it finds first.
    """
    whom: list[Any] = [col(Member.id), col(Member.first_name), col(Member.preferred_name), col(Member.last_name)]
    nobody = [sa.type_coerce(sa.null(), one.type) for one in whom]
    texts = {'title': title, 'detail': detail, 'more': more}
    return sa.select(
        sa.literal(kind).label('kind'),
        sa.type_coerce(sa.null() if id is None else id, whom[0].type).label('id'),
        sa.func.date(day, type_=sa.Date()).label('day'),
        sa.type_coerce(sa.literal(is_late) if isinstance(is_late, bool) else is_late, sa.Boolean()).label('is_late'),
        *(_text(value).label(name) for name, value in texts.items()),
        *(one.label(name) for one, name in zip(whom if about else nobody, WHOM, strict=True)),
    )


WHOM = ('member_id', 'first_name', 'preferred_name', 'last_name')


def _text(value: Any) -> Any:
    return sa.type_coerce(sa.literal(value) if isinstance(value, str) else value, sa.String())


async def find(work: Work, today: date, limit: int, leave_out: Sequence[str] = ()) -> tuple[list[Found], int]:
    """Return the most urgent of what waits for the actor, and how much there is in all. One statement."""
    asked = _asked(work.actor.permissions, work.actor.modules_off, tuple(leave_out))
    if asked is None:
        return [], 0
    found = await work.all(asked.first, limit=limit, **_values(work, today))
    return [Found(*row[:-1]) for row in found], int(found[0].total) if found else 0


async def count(work: Work, today: date) -> tuple[int, int]:
    """Return how much waits for the actor, and how much of it is late. One statement."""
    asked = _asked(work.actor.permissions, work.actor.modules_off, ())
    if asked is None:
        return 0, 0
    total, overdue = (await work.all(asked.count, **_values(work, today)))[0]
    return int(total), int(overdue or 0)


@dataclass(frozen=True, slots=True)
class _Asked:
    """The selects of all that waits for those who have the same rights."""

    first: Any
    count: Any


@lru_cache(maxsize=64)
def _asked(permissions: frozenset[str], modules_off: frozenset[str], leave_out: tuple[str, ...]) -> _Asked | None:
    may = Actor(kind=ActorKind.ACCOUNT, name='', permissions=permissions).may
    asked = [kind for kind in kinds.values() if kind.name not in leave_out and kind.is_on(modules_off)]
    parts = [part for kind in asked if (part := kind.rows(may)) is not None]
    if not parts:
        return None
    both = sa.union_all(*parts).subquery('waiting')
    first = sa.select(both, sa.func.count().over().label('total')).order_by(both.c.day, both.c.kind, both.c.id)
    late = sa.func.sum(sa.case((both.c.is_late, 1), else_=0))
    return _Asked(
        first.limit(sa.bindparam('limit', type_=sa.Integer())),
        sa.select(sa.func.count(), late).select_from(both),
    )


def _values(work: Work, today: date) -> dict[str, Any]:
    actor = work.actor
    own = work.now.astimezone(ZoneInfo(actor.zone)).date() if actor.zone and actor.zone != 'UTC' else today
    return {
        'me': actor.member_id, 'account': actor.account_id, 'ours': work.organization_id, 'now': work.now,
        'today': today, 'my_today': own, 'soon': today + timedelta(days=SOON_DAYS),
    }  # fmt: skip


async def say(work: Work, found: Sequence[Found], today: date) -> list[Said]:
    """Return what a person reads of each, in the same order; each kind is asked once."""
    said: dict[int, Said] = {}
    for name, kind in kinds.items():
        places = [place for place, one in enumerate(found) if one.kind == name]
        if places:
            said.update(zip(places, await kind.say(work, [found[place] for place in places], today), strict=True))
    return [said[place] for place in range(len(found))]
