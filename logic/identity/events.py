"""What happened to somebody's access: other domains, notifications above all, wait for these."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class PasswordResetAsked:
    """Somebody asked for a new password; the link with this token is to be mailed. It is good for thirty minutes."""

    account_id: UUID
    email: str
    name: str
    token: str


@dataclass(frozen=True, slots=True)
class PersonInvited:
    """A person is to get an account; the link with this token is to be mailed. It is good for seven days."""

    member_id: UUID
    email: str
    name: str
    organization_name: str
    token: str


@dataclass(frozen=True, slots=True)
class AccessChanged:
    """Something about how an account signs in has changed; its owner is to be told by mail, whoever did it."""

    account_id: UUID
    email: str
    name: str
    what: str
    """A sentence for the mail: "Your password was changed." """
