"""Setting up and removing the second factor, alone, inside a sign-in, and by two officers when it is lost."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from data.identity import Account, Passkey, RecoveryCode, TwoPersonRequest
from data.members import Member
from logic.core.actor import Actor
from logic.core.errors import Conflict, Denied, Invalid, NotFound
from logic.core.language import later
from logic.core.service import SIGNED_IN, SYSTEM, query, service
from logic.core.whose import belongs_to
from logic.core.work import Work
from logic.identity import throttle, two_person
from logic.identity.authority import has_second_factor, normal_email, require_authority
from logic.identity.credentials import check_long_enough, check_own_password
from logic.identity.factors import (
    accept_code,
    remove_all_factors,
    remove_totp_row,
    renew_recovery_codes,
    store_secret,
    tell,
    totp_of,
)
from logic.identity.permissions import MANAGE_ACCESS
from logic.identity.sessions import end_sessions, require_fresh
from logic.identity.sign_in import (
    SignIn,
    count_attempt,
    finish,
    read_transaction,
    second_factor_required,
)
from logic.identity.totp import qr_code, totp_address

ISSUER = 'Logbook'
WRONG = later('This code is not right. Look at the code that the app shows now; the clock of the phone must be right.')
FACTOR_RESET = 'identity.factor_reset'


@dataclass(frozen=True, slots=True)
class TotpEnrolment:
    """What the screen shows to set up an authenticator app: shown now and never again."""

    secret: str
    address: str
    qr_svg: str


@dataclass(frozen=True, slots=True)
class PasskeyRow:
    """A passkey in the list of its owner."""

    id: UUID
    label: str
    created_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class SecondFactors:
    """What the actor has as second factors."""

    totp_since: datetime | None
    passkeys: tuple[PasskeyRow, ...]
    recovery_codes_left: int
    is_required: bool


@query(SIGNED_IN)
async def my_second_factors(work: Work) -> SecondFactors:
    """Return what the actor has as second factors, and whether one is required of him."""
    account_id = work.actor.account_id
    assert account_id is not None
    totp = await totp_of(work, account_id)
    keys = await work.all(
        select(Passkey).where(belongs_to(Passkey.account_id, account_id)).order_by(col(Passkey.created_at))
    )
    left = await work.count(
        select(RecoveryCode.id).where(
            belongs_to(RecoveryCode.account_id, account_id), col(RecoveryCode.used_at).is_(None)
        )
    )
    rows = tuple(PasskeyRow(key.id, key.label, key.created_at, key.last_used_at) for key in keys)
    required = await second_factor_required(work, account_id)
    return SecondFactors(totp.confirmed_at if totp else None, rows, left, required)


async def confirm_totp(actor: Actor, code: str) -> list[str]:
    """Put the authenticator app in force by a code of it; returns ten recovery codes, shown once.

    The actor's other sessions end. Raises Invalid at `code`, and TooMany.
    """
    await count_attempt(actor.using(None), f'mfa:{actor.account_id}')
    return await confirm_own_totp(actor, code)


@service(SIGNED_IN, secret=True)
async def begin_own_totp(work: Work) -> TotpEnrolment:
    """Begin to set up the actor's authenticator app; nothing is in force until `confirm_totp`.

    Raises Conflict when there is one already, SignInAgain when the sign-in is more than ten minutes old.
    """
    require_fresh(work)
    assert work.actor.account_id is not None
    return await _begin(work, work.actor.account_id)


@service(SIGNED_IN, secret=True)
async def confirm_own_totp(work: Work, code: str) -> list[str]:
    """Put the secret in force; see `confirm_totp`."""
    assert work.actor.account_id is not None
    return await _confirm(work, work.actor.account_id, code, except_id=work.actor.session_id)


async def begin_totp_in(transaction: str) -> TotpEnrolment:
    """Begin to set up the app inside a sign-in whose step is ENROL. Raises Unauthenticated when it has ended."""
    attempt = await read_transaction(Actor.system(), transaction)
    return await begin_totp_of(Actor.system(), attempt.account_id)


async def confirm_totp_in(
    visitor: Actor, transaction: str, code: str, *, device: str | None = None, replaces: str | None = None
) -> tuple[SignIn, list[str]]:
    """Put the app in force inside a sign-in and finish it; returns the recovery codes too. Raises as `confirm_totp`."""
    attempt = await read_transaction(Actor.system(), transaction)
    await count_attempt(visitor.using(None), f'mfa:{attempt.account_id}')
    codes = await confirm_totp_of(Actor.system(), attempt.account_id, code)
    return await finish(visitor, transaction, 'totp', device=device, replaces=replaces), codes


@service(SYSTEM, secret=True)
async def begin_totp_of(work: Work, account_id: UUID) -> TotpEnrolment:
    """Store a secret for an account in the middle of its sign-in. Raises Denied when it has a second factor."""
    await _refuse_a_detour(work, account_id)
    return await _begin(work, account_id)


@service(SYSTEM, secret=True)
async def confirm_totp_of(work: Work, account_id: UUID, code: str) -> list[str]:
    """Put the secret of an account in force in the middle of its sign-in. Raises Denied when it has a second factor."""
    await _refuse_a_detour(work, account_id)
    return await _confirm(work, account_id, code)


async def _refuse_a_detour(work: Work, account_id: UUID) -> None:
    """Who knows only the password must not set up a second factor beside the one that he cannot give."""
    if await has_second_factor(work, account_id):
        raise Denied('This account has a second factor. Use it to finish signing in.')


async def _begin(work: Work, account_id: UUID) -> TotpEnrolment:
    if await totp_of(work, account_id) is not None:
        raise Conflict('An authenticator app is set up already. Remove it first.')
    account = await work.get(Account, account_id)
    secret = await store_secret(work, account_id)
    address = totp_address(secret, account.email, ISSUER)
    return TotpEnrolment(secret, address, qr_code(address))


async def _confirm(work: Work, account_id: UUID, code: str, except_id: UUID | None = None) -> list[str]:
    credential = await totp_of(work, account_id, confirmed=False)
    if credential is None:
        raise Conflict('Begin again: no app is waiting to be confirmed.')
    if not await accept_code(work, account_id, code, confirmed=False):
        raise Invalid(WRONG, {'code': WRONG})
    await work.session.refresh(credential)
    credential.confirmed_at = work.now
    await throttle.clear(work, f'mfa:{account_id}')
    await end_sessions(work, account_id, except_id=except_id)
    await tell(work, account_id, 'totp_set_up', later('An authenticator app was set up for your account'))
    return await renew_recovery_codes(work, account_id)


@service(SIGNED_IN, secret=True)
async def renew_own_codes(work: Work) -> list[str]:
    """Make ten new recovery codes for the actor; the old ones are worth nothing. Raises SignInAgain, Conflict."""
    require_fresh(work)
    assert work.actor.account_id is not None
    if not await has_second_factor(work, work.actor.account_id):
        raise Conflict('Recovery codes stand in for a second factor. Set one up first.')
    what = later('New recovery codes were made for your account')
    await tell(work, work.actor.account_id, 'recovery_codes_made', what)
    return await renew_recovery_codes(work, work.actor.account_id)


async def remove_totp(actor: Actor, password: str) -> None:
    """Remove the actor's authenticator app; his other sessions end.

    Raises Invalid at `password` when it is wrong or too short to be the only factor, Denied when the department
    requires a second factor and this is the last one, SignInAgain, TooMany.
    """
    await check_own_password(actor, password, 'password')
    await check_long_enough(password, 'password')
    await remove_own_totp(actor.using(None))


@service(SIGNED_IN)
async def remove_own_totp(work: Work) -> None:
    """Remove the app after the password was checked; see `remove_totp`."""
    require_fresh(work)
    assert work.actor.account_id is not None
    if not await remove_totp_row(work, work.actor.account_id):
        raise Conflict('No authenticator app is set up.')
    await after_removal(work, work.actor.account_id)
    what = later('The authenticator app of your account was removed')
    await tell(work, work.actor.account_id, 'totp_removed', what)


async def after_removal(work: Work, account_id: UUID) -> None:
    """Keep the rules once a factor is gone: a required one stays, the codes of none go, other sessions end."""
    if not await has_second_factor(work, account_id):
        if await second_factor_required(work, account_id):
            raise Denied('Your department requires a second factor of you. Set up another one first.')
        for row in await work.all(select(RecoveryCode).where(RecoveryCode.account_id == account_id)):
            await work.delete(row)
    await end_sessions(work, account_id, except_id=work.actor.session_id)


# A lost factor: two officers


@service(MANAGE_ACCESS)
async def ask_factor_reset(work: Work, member_id: UUID, reason: str) -> TwoPersonRequest:
    """Ask that a member's lost second factor be removed; another officer has to approve. Raises Denied (rule 4)."""
    account_id = await require_authority(work, await work.get(Member, member_id))
    if not await has_second_factor(work, account_id):
        raise Conflict('This account has no second factor.')
    return await two_person.ask(work, FACTOR_RESET, 'Member', member_id, reason=reason)


@dataclass(frozen=True, slots=True)
class FactorReset:
    """A request to remove a lost second factor, as an administrator reads it."""

    id: UUID
    member_id: UUID
    member_name: str
    reason: str
    asked_by: str
    asked_at: datetime
    is_own: bool
    """Whether the actor asked for it himself: he may take it back, and not approve it."""


@query(MANAGE_ACCESS)
async def list_factor_resets(work: Work) -> list[FactorReset]:
    """Return the requests that wait for a second officer, the oldest first, but for one about the actor himself."""
    requests = await two_person.waiting(work, FACTOR_RESET)
    if not requests:
        return []
    ids = [request.subject_id for request in requests]
    members = {row.id: row for row in await work.all(select(Member).where(col(Member.id).in_(ids)))}
    asking = select(Account).where(col(Account.id).in_([request.requested_by_id for request in requests]))
    names = {row.id: row.name for row in await work.all(asking)}
    return [
        FactorReset(
            request.id, member.id, member.name, request.reason, names[request.requested_by_id], request.created_at,
            work.actor.is_account(request.requested_by_id),
        )
        for request in requests
        if (member := members.get(request.subject_id)) and not work.actor.is_member(member.id)
    ]  # fmt: skip


@service(MANAGE_ACCESS)
async def approve_factor_reset(work: Work, request_id: UUID) -> TwoPersonRequest:
    """Approve, as the second officer: the member's factors go, his sessions end. Raises Denied, Conflict."""
    request = await two_person.pending(work, request_id, FACTOR_RESET)
    member = await work.get(Member, request.subject_id)
    account_id = await require_authority(work, member)
    await two_person.decide(work, request, approve=True, beneficiary_id=account_id)
    await remove_all_factors(work, account_id)
    return request


@service(MANAGE_ACCESS)
async def decline_factor_reset(work: Work, request_id: UUID) -> TwoPersonRequest:
    """Decline the removal of a lost factor, or withdraw one's own request for it. Raises Conflict."""
    request = await two_person.pending(work, request_id, FACTOR_RESET)
    return await two_person.decide(work, request, approve=False, beneficiary_id=None)


@service(SYSTEM)
async def remove_factors_by_command(work: Work, email: str) -> None:
    """Remove the second factors of an account from the command line: where there is no second officer."""
    account = await work.first(select(Account).where(Account.email == normal_email(email)))
    if account is None:
        raise NotFound('There is no account with this e-mail address.')
    if account.last_organization_id is not None:
        work.enter(account.last_organization_id)
    await remove_all_factors(work, account.id)
