"""Who is acting: the one value that every service is called with."""

from collections.abc import Hashable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class ActorKind(StrEnum):
    """What kind of caller acts."""

    ACCOUNT = 'account'
    API_KEY = 'api_key'
    SYSTEM = 'system'
    PUBLIC = 'public'


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Somebody acting now, in one organization, with the permissions that he holds at this moment."""

    kind: ActorKind
    name: str
    organization_id: UUID | None = None
    account_id: UUID | None = None
    member_id: UUID | None = None
    stands_for: frozenset[UUID] = frozenset()
    """Accounts and members who made this program and its key: about them it decides no more than they do."""
    session_id: UUID | None = None
    permissions: frozenset[str] = frozenset()
    modules_off: frozenset[str] = frozenset()
    zone: str = 'UTC'
    locale: str = 'en'
    method: str = ''
    authenticated_at: datetime | None = None
    idempotency_key: str | None = None
    request_id: str | None = None
    address: str | None = None
    user_agent: str | None = None

    def may(self, permission: str) -> bool:
        """Say whether a permission is held: by name, by `module.*` or by `*`."""
        held = self.permissions
        return permission in held or '*' in held or f'{permission.partition(".")[0]}.*' in held

    def owns(self, member_id: UUID | None) -> bool:
        """Say whether what belongs to this member is the actor's: a program owns nothing, also not of who made it."""
        return self.member_id is not None and self.member_id == member_id

    def is_member(self, member_id: UUID) -> bool:
        """Say whether it is the actor's own record, or for a program that of one who made it."""
        return self.owns(member_id) or member_id in self.stands_for

    def is_account(self, account_id: UUID | None) -> bool:
        """Say whether it is the actor's own account, or for a program that of one who made it."""
        return account_id is not None and (self.account_id == account_id or account_id in self.stands_for)

    def using(self, idempotency_key: str | None) -> 'Actor':
        """Return the same actor, whose next call has an effect at most once under this key."""
        return replace(self, idempotency_key=idempotency_key)

    @classmethod
    def system(cls, organization_id: UUID | None = None, name: str = 'Logbook') -> 'Actor':
        """Logbook itself: jobs, schedules and the command line."""
        return cls(
            kind=ActorKind.SYSTEM,
            name=name,
            organization_id=organization_id,
            permissions=frozenset({'*'}),
            method='system',
        )

    @classmethod
    def public(cls, address: str | None = None, user_agent: str | None = None) -> 'Actor':
        """Somebody who has not signed in."""
        return cls(kind=ActorKind.PUBLIC, name='Visitor', address=address, user_agent=user_agent)


class Personal(Exception):
    """What somebody in general was asked can only be answered for one person."""


class Anybody(Actor):
    """Whoever holds the same rights in the same organization, so that one answer serves all of them.

    He has rights and no name: who asks him who he is gets `Personal`, and has to put the question for each person.
    Only `is_member` has an answer, no, and is remembered: those whom it was asked about are not served.
    """

    __slots__ = ('asked_about', 'is_personal')
    SHARED = ('kind', 'organization_id', 'permissions', 'modules_off', 'zone', 'locale')
    asked_about: set[UUID]
    is_personal: bool
    """Somebody asked who he is; it may have been caught on the way."""

    def __init__(self, one: Actor) -> None:
        for name in self.SHARED:
            object.__setattr__(self, name, getattr(one, name))
        object.__setattr__(self, 'asked_about', set())
        object.__setattr__(self, 'is_personal', False)

    def __getattr__(self, name: str) -> Any:
        """Refuse what was left open: everything that makes one person of him."""
        object.__setattr__(self, 'is_personal', True)
        raise Personal(f'An answer for many cannot depend on "{name}".')

    def is_member(self, member_id: UUID) -> bool:
        """Say no, and remember the question."""
        self.asked_about.add(member_id)
        return False

    @classmethod
    def rights_of(cls, one: Actor) -> Hashable:
        """Return what those have in common who may be served together."""
        return tuple(getattr(one, name) for name in cls.SHARED)
