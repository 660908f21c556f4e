"""Who is acting: the one value that every service is called with."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
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
