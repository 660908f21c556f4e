"""Who signs in and who may what: accounts, credentials, sessions, positions, keys."""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from data.core import Audited, Model, Scoped, binary, choice, day, identifier, instant, long_text, reference, text


class Theme(StrEnum):
    """How the screens look for one account."""

    SYSTEM = 'system'
    LIGHT = 'light'
    DARK = 'dark'


class Tip(StrEnum):
    """What is shown once beside something that many do not find by themselves."""

    PALETTE = 'palette'
    QUICK_ADD = 'quick-add'
    VIEWS = 'views'


class Account(Audited, Model, table=True):
    """Somebody who signs in; may be a member of several organizations."""

    audit_silent: ClassVar[frozenset[str]] = frozenset({'tips_seen'})
    audit_personal: ClassVar[frozenset[str]] = frozenset({'email', 'name'})
    audit_subject: ClassVar[str | None] = 'id'

    email: str = text(254, unique=True)
    """Normalised: lower case, NFKC."""
    name: str = text(120)
    locale: str = text(20, default='')
    theme: Theme = choice(Theme, default=Theme.SYSTEM)
    tips_seen: str = text(200, default='')
    """Names of tips, with a blank between them."""
    last_organization_id: UUID | None = reference('organization.id', default=None)
    disabled_at: datetime | None = instant(default=None)
    is_service: bool = False


class PasswordCredential(Model, table=True):
    """The password of an account."""

    account_id: UUID = reference('account.id', unique=True, index=False)
    password_hash: str = text(300)
    changed_at: datetime = instant()


class TotpCredential(Model, table=True):
    """An authenticator app of an account. Not in force until it was confirmed by a code.

    Not audited row by row, since every sign-in changes the step; setting it up and removing it are recorded.
    """

    account_id: UUID = reference('account.id', unique=True, index=False)
    secret: bytes = binary()
    """Encrypted."""
    last_step: int = 0
    """The last accepted time step: no code is taken twice."""
    confirmed_at: datetime | None = instant(default=None)


class Passkey(Model, table=True):
    """A passkey of an account. Making and removing it are recorded; its counter changes at every sign-in."""

    account_id: UUID = reference('account.id')
    credential_id: str = text(512, unique=True)
    public_key: bytes = binary()
    sign_count: int = 0
    label: str = text(80)
    last_used_at: datetime | None = instant(default=None)


class RecoveryCode(Model, table=True):
    """A code that stands in for a lost second factor, once."""

    account_id: UUID = reference('account.id')
    code_hash: str = text(64, unique=True)
    used_at: datetime | None = instant(default=None)


class Session(Model, table=True):
    """A signed-in browser. Times of use change often, so it is not audited; opening and ending it are recorded."""

    token_hash: str = text(64, unique=True)
    account_id: UUID = reference('account.id')
    organization_id: UUID | None = reference('organization.id', default=None)
    last_seen_at: datetime = instant()
    idle_minutes: int = 60
    expires_at: datetime = instant(index=True)
    authenticated_at: datetime = instant()
    method: str = text(40)
    device: str = text(200, default='')
    address: str = text(45, default='')
    is_api: bool = False
    revoked_at: datetime | None = instant(default=None)


class SignInAttempt(Model, table=True):
    """A sign-in between password and second factor, where its tries are counted; or the challenge of a passkey."""

    token_hash: str = text(64, unique=True)
    account_id: UUID | None = reference('account.id', default=None)
    """None for a passkey that says itself whose it is."""
    expires_at: datetime = instant(index=True)
    tries: int = 0
    method: str = text(40, default='password')
    challenge: str = text(200, default='')
    used_at: datetime | None = instant(default=None)


class Throttle(Model, table=True):
    """How often something failed for an account, address or device; survives a restart."""

    bucket: str = text(190, unique=True)
    failures: int = 0
    since: datetime = instant()
    blocked_until: datetime | None = instant(default=None)


class KnownDevice(Model, table=True):
    """A browser from which an account signed in before; a stranger's failures do not lock it out."""

    account_id: UUID = reference('account.id')
    token_hash: str = text(64, unique=True)
    last_seen_at: datetime = instant()


class Invitation(Audited, Scoped, Model, table=True):
    """A link by which a person gets an account, once, within seven days."""

    audit_personal: ClassVar[frozenset[str]] = frozenset({'email'})
    audit_secret: ClassVar[frozenset[str]] = frozenset({'token_hash'})
    audit_subject: ClassVar[str | None] = 'member_id'

    token_hash: str = text(64, unique=True)
    member_id: UUID = reference('member.id')
    email: str = text(254)
    position_id: UUID | None = reference('position.id', default=None)
    expires_at: datetime = instant()
    invited_by_id: UUID | None = reference('account.id', default=None)
    accepted_at: datetime | None = instant(default=None)
    cancelled_at: datetime | None = instant(default=None)


class PasswordReset(Model, table=True):
    """A link by which somebody chooses a new password, once, within thirty minutes."""

    token_hash: str = text(64, unique=True)
    account_id: UUID = reference('account.id')
    expires_at: datetime = instant()
    used_at: datetime | None = instant(default=None)


class SetupLink(Model, table=True):
    """A one-time link that makes a department: the first, or a later one for whom it was sent to."""

    token_hash: str = text(64, unique=True)
    expires_at: datetime = instant()
    used_at: datetime | None = instant(default=None)
    email: str = text(254, default='')
    """Of the owner to be; empty for the first run."""


class Position(Audited, Scoped, Model, table=True):
    """An office that people hold; only positions grant permissions."""

    __table_args__ = (UniqueConstraint('organization_id', 'name'),)

    name: str = text(80)
    description: str = text(300, default='')
    permissions: str = long_text(default='')
    """Names, one a line, sorted; `*` and `module.*` match all of theirs."""
    is_system: bool = False
    priority: int = 0
    """0 to 100: how much authority it stands for."""

    @property
    def permission_set(self) -> frozenset[str]:
        """The permissions as a set."""
        return frozenset(self.permissions.split())


class PositionHolding(Audited, Scoped, Model, table=True):
    """A member holds a position, from a day to a day."""

    __table_args__ = (Index(None, 'organization_id', 'member_id', 'position_id'),)
    audit_subject: ClassVar[str | None] = 'member_id'

    member_id: UUID = reference('member.id')
    position_id: UUID = reference('position.id')
    from_on: date = day()
    until_on: date | None = day(default=None)
    """The last day, inclusive."""


class ApiKey(Audited, Scoped, Model, table=True):
    """A key for programs: shown once, stored as a hash, never more than its owner may."""

    audit_secret: ClassVar[frozenset[str]] = frozenset({'secret_hash'})

    account_id: UUID = reference('account.id')
    name: str = text(80)
    prefix: str = text(8, unique=True)
    secret_hash: str = text(64)
    scopes: str = long_text(default='')
    expires_at: datetime = instant()
    last_used_at: datetime | None = instant(default=None)
    last_used_address: str = text(45, default='')
    networks: str = text(1000, default='')
    """Allowed networks in CIDR form, one a line; empty for any."""
    made_by_id: UUID | None = reference('account.id', default=None)
    """The account that saw it."""
    revoked_at: datetime | None = instant(default=None)


class ServiceAccount(Audited, Scoped, Model, table=True):
    """A program of the department: an account that cannot sign in, of no member, and acts by its keys alone."""

    account_id: UUID = reference('account.id', unique=True, index=False)
    purpose: str = text(300, default='')
    ended_at: datetime | None = instant(default=None)
    made_by_id: UUID | None = reference('account.id', default=None)


class ServicePosition(Audited, Scoped, Model, table=True):
    """A position that a service account holds."""

    __table_args__ = (UniqueConstraint('service_id', 'position_id'),)

    service_id: UUID = reference('service_account.id', index=False)
    position_id: UUID = reference('position.id')


class RefreshToken(Model, table=True):
    """A link in the chain of refresh tokens of one API session."""

    token_hash: str = text(64, unique=True)
    session_id: UUID = reference('session.id')
    expires_at: datetime = instant()
    used_at: datetime | None = instant(default=None)
    successor: bytes | None = binary(default=None)
    """The encrypted successor, for the ten seconds in which a lost answer is repeated."""


class LinkedIdentity(Audited, Model, table=True):
    """An identity at an outside provider: issuer and subject, never an e-mail address."""

    __table_args__ = (UniqueConstraint('issuer', 'subject'),)
    audit_personal: ClassVar[frozenset[str]] = frozenset({'subject'})

    account_id: UUID = reference('account.id')
    issuer: str = text(200)
    subject: str = text(200)


class TwoPersonRequest(Audited, Scoped, Model, table=True):
    """Something that needs a second person: asked for by one, approved by another who does not benefit."""

    kind: str = text(60)
    subject_type: str = text(60)
    subject_id: UUID = Field(index=True, sa_type=identifier())
    reason: str = text(500, default='')
    requested_by_id: UUID = reference('account.id')
    decided_by_id: UUID | None = reference('account.id', default=None)
    decided_at: datetime | None = instant(default=None)
    is_approved: bool | None = None
