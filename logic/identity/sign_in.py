"""Signing in: password, then the second factor; the same answer in the same time whether an account exists or not."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select

from data.identity import Account, KnownDevice, Passkey, PasswordCredential, RecoveryCode, SignInAttempt
from data.organizations import Organization
from logic.core.actor import Actor, ActorKind
from logic.core.errors import Denied, Unauthenticated
from logic.core.language import later
from logic.core.service import PUBLIC, SIGNED_IN, SYSTEM, query, service
from logic.core.work import Work
from logic.identity import throttle
from logic.identity.authority import is_sensitive, memberships_of, normal_email, rights_everywhere
from logic.identity.events import NewDeviceUsed
from logic.identity.factors import accept_code, accept_recovery_code, totp_of
from logic.identity.passwords import verify_password
from logic.identity.positions import permissions_of
from logic.identity.sessions import OpenedSession, device_label, open_session, prove_again
from logic.identity.tokens import new_token, token_hash

TRANSACTION_LIFE = timedelta(minutes=5)
MOST_TRIES = 5
SIGN_IN, CONFIRMED = 'identity.sign_in', 'identity.confirmed'
FIRST_FACTORS = ('password', 'oidc')
"""What may begin a sign-in. The table also holds the challenges of passkeys, which must never count as one."""
GRACE = timedelta(days=14)
"""How long after its making an account that needs a second factor may sign in without one."""
WRONG = later('The e-mail address or the password is not right.')
WRONG_CODE = later('This code is not right. Codes of the app change every 30 seconds and work once.')
OVER = later('This sign-in has ended. Begin again with your e-mail address and password.')


class Step(StrEnum):
    """What comes next in a sign-in."""

    DONE = 'done'
    SECOND_FACTOR = 'second_factor'
    ENROL = 'enrol'
    """A second factor is required and its grace is over: it is set up inside this sign-in."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """Where a sign-in stands."""

    step: Step
    account_id: UUID
    session: OpenedSession | None = None
    organization_id: UUID | None = None
    device: str | None = None
    """The token for the known-device cookie; keep it for a year."""
    transaction: str | None = None
    """The token of a sign-in that is not done; good for five minutes and five tries."""
    factors: frozenset[str] = frozenset()
    """What can be used as the second factor: `totp`, `recovery`, `passkey`."""
    enrol_by: datetime | None = None
    """Until when a required second factor can still be set up later; None when nothing is due."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A sign-in between its factors, as it was read."""

    account_id: UUID
    method: str
    tries: int


@dataclass(frozen=True, slots=True)
class _Secret:
    """What is needed to check a password."""

    account_id: UUID | None
    password_hash: str | None
    is_disabled: bool
    device_hash: str | None
    """The known device, when the cookie is one of this account's."""
    organization_id: UUID | None = None
    """Where the account was used last: in whose log a refusal belongs."""


async def sign_in(
    visitor: Actor,
    email: str,
    password: str,
    *,
    device: str | None = None,
    replaces: str | None = None,
    is_api: bool = False,
) -> SignIn:
    """Check e-mail address and password; open a session unless a second factor comes next.

    `visitor` is a public actor with address and user agent, `device` the token of the known-device cookie, `replaces`
    the session token that the browser had before. Raises Unauthenticated, TooMany, and Denied for an account that is
    disabled or belongs to no department (said only to who knows the password).
    """
    address = normal_email(email)
    secret = await find_secret(Actor.system(), address, device)
    bucket = _bucket(address, secret)
    await count_attempt(visitor.using(None), bucket)
    is_right, renewed = await verify_password(password, secret.password_hash)
    if not is_right or secret.account_id is None:
        await note_refusal(visitor, secret.account_id, secret.organization_id, 'password')
        raise Unauthenticated(WRONG)
    account = await accept_password(Actor.system(), secret.account_id, bucket, renewed)
    if secret.is_disabled:
        raise Denied('This account is disabled. Ask an administrator of your department.')
    return await go_on(visitor, account, 'password', device=device, replaces=replaces, is_api=is_api)


async def second_factor(
    visitor: Actor,
    transaction: str,
    code: str,
    *,
    device: str | None = None,
    replaces: str | None = None,
    is_api: bool = False,
) -> SignIn:
    """Finish a sign-in with a code of the app or a recovery code.

    Raises Unauthenticated for a wrong code and when the sign-in has ended (five tries, five minutes), and TooMany.
    """
    attempt = await count_try(visitor, transaction)
    await count_attempt(visitor.using(None), f'mfa:{attempt.account_id}')
    method = await accept_factor(Actor.system(), attempt.account_id, code)
    if method is None:
        account = await account_row(Actor.system(), attempt.account_id)
        await note_refusal(visitor, account.id, account.last_organization_id, 'second factor')
        left = MOST_TRIES - attempt.tries
        raise Unauthenticated(WRONG_CODE if left > 0 else OVER)
    return await finish(visitor, transaction, method, device=device, replaces=replaces, is_api=is_api)


async def finish(
    visitor: Actor,
    transaction: str,
    method: str,
    *,
    device: str | None = None,
    replaces: str | None = None,
    is_api: bool = False,
) -> SignIn:
    """Open the session of a sign-in whose second factor was accepted. For the modules of the factors."""
    attempt = await use_transaction(Actor.system(), transaction)
    account = await account_row(Actor.system(), attempt.account_id)
    how = f'{attempt.method}+{method}'
    return await open_for(visitor, account, how, device=device, replaces=replaces, is_api=is_api)


async def go_on(
    visitor: Actor,
    account: Account,
    method: str,
    *,
    device: str | None = None,
    replaces: str | None = None,
    is_api: bool = False,
) -> SignIn:
    """Go on after the first factor: ask for the second, have it set up, or open the session."""
    state = await second_factor_state(Actor.system(), account.id)
    if state.factors:
        token = await begin_transaction(Actor.system(), account.id, method)
        return SignIn(Step.SECOND_FACTOR, account.id, transaction=token, factors=state.factors)
    if state.enrol_by is not None and state.is_over:
        if is_api:
            raise Denied('This account needs a second factor. Sign in with a browser once and set it up.')
        token = await begin_transaction(Actor.system(), account.id, method)
        return SignIn(Step.ENROL, account.id, transaction=token, enrol_by=state.enrol_by)
    done = await open_for(visitor, account, method, device=device, replaces=replaces, is_api=is_api)
    return replace(done, enrol_by=state.enrol_by)


async def confirm_identity(actor: Actor, secret: str) -> OpenedSession:
    """Let the signed-in person prove again who he is, by password, or by a code when the account has a second factor.

    Returns the new token of the same session; the old one is worth nothing. Raises Unauthenticated, TooMany.
    """
    assert actor.account_id is not None
    account = await account_row(Actor.system(), actor.account_id)
    found = await find_secret(Actor.system(), account.email, None)
    bucket = f'confirm:{account.id}'
    await count_attempt(actor.using(None), bucket)
    method = await accept_factor(Actor.system(), account.id, secret) if _looks_like_code(secret) else None
    if method is None:
        is_right, _ = await verify_password(secret, found.password_hash)
        if not is_right:
            await note_refusal(actor, account.id, account.last_organization_id, 'password', action=CONFIRMED)
            raise Unauthenticated('This is not right.')
        method = 'password'
    return await confirm_session(actor, bucket, method)


def _looks_like_code(text: str) -> bool:
    digits = text.replace(' ', '').replace('-', '')
    return len(digits) == 6 and digits.isdigit()


def _bucket(email: str, secret: _Secret) -> str:
    if secret.device_hash is not None:
        return throttle.device_bucket(secret.device_hash)
    return throttle.account_bucket(email)


# The steps, each a transaction of its own; hashing happens between them, outside of any


@query(SYSTEM)
async def find_secret(work: Work, email: str, device: str | None) -> _Secret:
    """Return what a password is held against: the stored hash, whether the account is off, and the known device."""
    account = await work.first(select(Account).where(Account.email == email))
    account_id = account.id if account else None
    stored = await work.first(
        select(PasswordCredential.password_hash).where(PasswordCredential.account_id == account_id)
    )
    known = await work.first(
        select(KnownDevice.token_hash).where(
            KnownDevice.token_hash == token_hash(device or ''), KnownDevice.account_id == account_id
        )
    )
    is_disabled = account is not None and account.disabled_at is not None
    return _Secret(account_id, stored, is_disabled, known, account.last_organization_id if account else None)


@service(PUBLIC)
async def count_attempt(work: Work, bucket: str) -> None:
    """Count an attempt of this network, and a failure that a right secret takes back. Raises TooMany."""
    await throttle.take_turn(work, work.actor.address)
    await throttle.count_ahead(work, bucket)


@service(PUBLIC)
async def note_refusal(
    work: Work, account_id: UUID | None, organization_id: UUID | None, what: str, action: str = SIGN_IN
) -> None:
    """Write a refused attempt into the audit log; for an unknown account as well, which takes the same time."""
    if organization_id is not None:
        work.enter(organization_id)
    work.record('Account', account_id, action=action, outcome='refused', subject_id=account_id, what=what)


@service(SYSTEM)
async def accept_password(work: Work, account_id: UUID, bucket: str, renewed: str | None) -> Account:
    """Forget the failures of a bucket after a right password; store its hash anew when the cost has grown."""
    await throttle.clear(work, bucket)
    if renewed is not None:
        stored = await work.first(select(PasswordCredential).where(PasswordCredential.account_id == account_id))
        stored.password_hash = renewed
    return await work.get(Account, account_id)


@query(SYSTEM)
async def account_row(work: Work, account_id: UUID) -> Account:
    """Return an account for the next step of a sign-in."""
    return await work.get(Account, account_id)


@dataclass(frozen=True, slots=True)
class _FactorState:
    factors: frozenset[str]
    enrol_by: datetime | None
    is_over: bool


@query(SYSTEM)
async def second_factor_state(work: Work, account_id: UUID) -> _FactorState:
    """Return which second factors an account has, and whether it needs one."""
    factors = set()
    if await totp_of(work, account_id):
        factors.add('totp')
    if await work.first(select(Passkey.id).where(Passkey.account_id == account_id).limit(1)):
        factors.add('passkey')
    codes = select(RecoveryCode.id).where(RecoveryCode.account_id == account_id, col(RecoveryCode.used_at).is_(None))
    if factors and await work.first(codes.limit(1)):
        factors.add('recovery')
    account = await work.get(Account, account_id)
    needed = not factors and await second_factor_required(work, account_id)
    enrol_by = account.created_at + GRACE if needed else None
    return _FactorState(frozenset(factors), enrol_by, enrol_by is not None and work.now >= enrol_by)


async def second_factor_required(work: Work, account_id: UUID) -> bool:
    """Say whether a department of an account requires a second factor of all, or of roles such as this one."""
    for membership in await memberships_of(work, account_id):
        async with work.inside(membership.organization_id):
            settings = (await work.get(Organization, membership.organization_id)).settings
            if settings.require_mfa:
                return True
            if settings.require_mfa_for_administrators and is_sensitive(
                await permissions_of(work, membership.member_id)
            ):
                return True
    return False


@service(SYSTEM, secret=True)
async def begin_transaction(work: Work, account_id: UUID, method: str) -> str:
    """Return the token of a sign-in between its factors."""
    token = new_token()
    expires_at = work.now + TRANSACTION_LIFE
    work.add(SignInAttempt(token_hash=token_hash(token), account_id=account_id, expires_at=expires_at, method=method))
    return token


@query(SYSTEM)
async def read_transaction(work: Work, token: str) -> Attempt:
    """Return a sign-in that is not done. Raises Unauthenticated when it has ended."""
    row = await work.first(select(SignInAttempt).where(SignInAttempt.token_hash == token_hash(token)))
    if row is None or row.used_at is not None or row.expires_at <= work.now or row.tries >= MOST_TRIES:
        raise Unauthenticated(OVER)
    if row.method not in FIRST_FACTORS:
        raise Unauthenticated(OVER)
    return Attempt(row.account_id, row.method, row.tries)


@service(PUBLIC)
async def count_try(work: Work, token: str) -> Attempt:
    """Count a try of a second factor. Raises Unauthenticated when the sign-in has ended or the tries are used up."""
    counted = await work.execute(
        update(SignInAttempt)
        .where(
            col(SignInAttempt.token_hash) == token_hash(token),
            col(SignInAttempt.used_at).is_(None),
            col(SignInAttempt.expires_at) > work.now,
            col(SignInAttempt.method).in_(FIRST_FACTORS),
            col(SignInAttempt.tries) < MOST_TRIES,
        )
        .values(tries=col(SignInAttempt.tries) + 1)
    )
    if not counted:
        raise Unauthenticated(OVER)
    row = await work.first(select(SignInAttempt).where(SignInAttempt.token_hash == token_hash(token)))
    return Attempt(row.account_id, row.method, row.tries)


@service(SYSTEM)
async def use_transaction(work: Work, token: str) -> Attempt:
    """End a sign-in between its factors, once. Raises Unauthenticated when it has ended already."""
    used = await work.execute(
        update(SignInAttempt)
        .where(
            col(SignInAttempt.token_hash) == token_hash(token),
            col(SignInAttempt.used_at).is_(None),
            col(SignInAttempt.expires_at) > work.now,
            col(SignInAttempt.method).in_(FIRST_FACTORS),
        )
        .values(used_at=work.now)
    )
    if not used:
        raise Unauthenticated(OVER)
    row = await work.first(select(SignInAttempt).where(SignInAttempt.token_hash == token_hash(token)))
    return Attempt(row.account_id, row.method, row.tries)


@service(SYSTEM)
async def accept_factor(work: Work, account_id: UUID, code: str) -> str | None:
    """Say which factor a code was right for; None when it was for none. A code is accepted once."""
    method = 'totp' if await accept_code(work, account_id, code) else None
    if method is None and await accept_recovery_code(work, account_id, code):
        method = 'recovery'
    if method is not None:
        await throttle.clear(work, f'mfa:{account_id}')
    return method


async def open_for(
    visitor: Actor,
    account: Account,
    method: str,
    *,
    device: str | None = None,
    replaces: str | None = None,
    is_api: bool = False,
) -> SignIn:
    """Open the session of an account that has proved who it is. For the modules of the factors."""
    person = Actor(
        kind=ActorKind.ACCOUNT, name=account.name, account_id=account.id, method=method, address=visitor.address,
        user_agent=visitor.user_agent, request_id=visitor.request_id,
    )  # fmt: skip
    return await complete_sign_in(person, device, replaces, is_api)


@service(SIGNED_IN, secret=True)
async def complete_sign_in(work: Work, device: str | None, replaces: str | None, is_api: bool) -> SignIn:
    """Open the session in the department used last, or in the first."""
    account = await work.get(Account, work.actor.account_id)
    if account.disabled_at is not None:
        raise Denied('This account is disabled. Ask an administrator of your department.')
    places = [membership.organization_id for membership in await memberships_of(work, account.id)]
    if not places:
        raise Denied('This account belongs to no department any more. Ask an administrator to invite you.')
    organization_id = account.last_organization_id if account.last_organization_id in places else places[0]
    assert organization_id is not None
    sensitive = is_sensitive(await rights_everywhere(work, account.id))
    work.enter(organization_id)
    session = await open_session(
        work, account, organization_id, method=work.actor.method, sensitive=sensitive, address=work.actor.address,
        user_agent=work.actor.user_agent, replaces=replaces, is_api=is_api,
    )  # fmt: skip
    remembered = device if is_api else await _remember(work, account, device)
    return SignIn(Step.DONE, account.id, session, organization_id, device=remembered)


async def _remember(work: Work, account: Account, device: str | None) -> str:
    """Keep the browser as known to this account; its failures are then counted apart from those of strangers."""
    known = await work.all(select(KnownDevice).where(KnownDevice.account_id == account.id))
    digest = token_hash(device or '')
    same = next((row for row in known if row.token_hash == digest), None)
    if device and same is not None:
        same.last_seen_at = work.now
        return device
    if known:
        label = device_label(work.actor.user_agent)
        await work.emit(NewDeviceUsed(account.id, account.email, account.name, label))
    token = new_token()
    work.add(KnownDevice(account_id=account.id, token_hash=token_hash(token), last_seen_at=work.now))
    return token


@service(SIGNED_IN, secret=True)
async def confirm_session(work: Work, bucket: str, method: str) -> OpenedSession:
    """Give the session a new token after its person proved again who he is; the caller has checked that."""
    await throttle.clear(work, bucket)
    work.record('Session', work.actor.session_id, action=CONFIRMED, method=method)
    return await prove_again(work)
