"""What happened to somebody's access: other domains, notifications above all, wait for these."""

from dataclasses import dataclass
from datetime import datetime
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
    inviter: str
    expires_at: datetime
    token: str


@dataclass(frozen=True, slots=True)
class InvitationAccepted:
    """An invited person has an account now."""

    member_id: UUID
    name: str
    invited_by_id: UUID | None


@dataclass(frozen=True, slots=True)
class AccessAsked:
    """Somebody lacks a right that a page needs, and asks for it."""

    member_id: UUID
    name: str
    right: str
    """What the right is called; to be said in each reader's language, as the title of the page."""
    page: str
    positions: tuple[str, ...]
    """The names of those that have it, the one with most authority first."""


@dataclass(frozen=True, slots=True)
class AccessChanged:
    """Something about how an account signs in has changed; its owner is to be told, whoever did it."""

    account_id: UUID
    email: str
    name: str
    is_password: bool
    """The password; otherwise a second factor."""
    what: str
    """A sentence without its stop, made to be told: "Your password was changed"."""


@dataclass(frozen=True, slots=True)
class NewDeviceUsed:
    """An account that had been used before was used in a browser that was not seen before."""

    account_id: UUID
    email: str
    name: str
    device: str


@dataclass(frozen=True, slots=True)
class AddressToProve:
    """Somebody wants to sign in with another address; the link with this token is to be mailed to it."""

    account_id: UUID
    email: str
    name: str
    token: str


@dataclass(frozen=True, slots=True)
class AddressChanged:
    """An account has another address; both are to be told."""

    account_id: UUID
    old: str
    new: str
    name: str
