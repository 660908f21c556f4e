"""The password of an account: setting it, changing it, and what it must not contain."""

from uuid import UUID

from sqlmodel import select

from data.identity import Account, KnownDevice, PasswordCredential
from logic.core.actor import Actor
from logic.core.errors import Invalid
from logic.core.language import _, later
from logic.core.service import SIGNED_IN, SYSTEM, query, service
from logic.core.work import Work
from logic.identity import throttle
from logic.identity.authority import has_second_factor, memberships_of
from logic.identity.factors import SET_ANEW, tell
from logic.identity.passwords import LEAST_ALONE, hash_password, normalise, verify_password, vet_password
from logic.identity.sessions import OpenedSession, end_sessions, prove_again
from logic.identity.sign_in import count_attempt

CURRENT_WRONG = later('This is not your present password.')


async def about_account(work: Work, account_id: UUID) -> tuple[str, ...]:
    """Return the names that an attacker would try first as the password of an account."""
    account = await work.get(Account, account_id)
    places = [membership.organization_name for membership in await memberships_of(work, account_id)]
    return (account.name, account.email, *places)


async def set_password(work: Work, account_id: UUID, hashed: str, *, except_id: UUID | None = None) -> None:
    """Store a password that was vetted and hashed; the sessions of the account end, but for `except_id`.

    The owner is told, unless it is the first: that one was chosen just now, by an invitation or in the setup.
    """
    row = await work.first(select(PasswordCredential).where(PasswordCredential.account_id == account_id))
    if row is None:
        work.add(PasswordCredential(account_id=account_id, password_hash=hashed, changed_at=work.now))
    else:
        row.password_hash, row.changed_at = hashed, work.now
    account = await work.get(Account, account_id)
    devices = await work.all(select(KnownDevice.token_hash).where(KnownDevice.account_id == account_id))
    counters = [throttle.account_bucket(account.email), f'confirm:{account_id}']
    await throttle.clear(work, *counters, *map(throttle.device_bucket, devices))
    await end_sessions(work, account_id, except_id=except_id)
    if row is None:
        work.record('Account', account_id, action=f'identity.{SET_ANEW}', subject_id=account_id)
    else:
        await tell(work, account_id, SET_ANEW, later('Your password was changed'))


async def check_own_password(actor: Actor, password: str, field: str) -> None:
    """Check the actor's present password. Raises Invalid at `field`, and TooMany."""
    assert actor.account_id is not None
    bucket = f'confirm:{actor.account_id}'
    await count_attempt(actor.using(None), bucket)
    stored = await stored_hash(Actor.system(), actor.account_id)
    is_right, _ = await verify_password(password, stored)
    if not is_right:
        raise Invalid('The present password is not right.', {field: CURRENT_WRONG})
    await forget_failures(Actor.system(), bucket)


async def check_long_enough(password: str, field: str) -> None:
    """Raise Invalid unless a password is long enough to be the only factor: before the second one goes."""
    if len(normalise(password)) < LEAST_ALONE:
        reason = _(
            'Without a second factor at least {count} characters are needed. Change the password first.',
            count=LEAST_ALONE,
        )
        raise Invalid(reason, {field: reason})


async def change_password(actor: Actor, current: str, new: str) -> OpenedSession:
    """Change the actor's own password. His other sessions end; the present one gets a new token, returned here.

    Raises Invalid with the reason at `current_password` or `new_password`, and TooMany.
    """
    assert actor.account_id is not None
    await check_own_password(actor, current, 'current_password')
    hashed = await vetted_hash(actor.account_id, new)
    return await store_changed_password(actor, hashed)


async def vetted_hash(account_id: UUID, new: str) -> str:
    """Return the hash of a new password of an account. Raises Invalid with the reason at `new_password`."""
    about, with_mfa = await password_context(Actor.system(), account_id)
    return await hash_password(await vet_password(new, with_mfa=with_mfa, about=about, field='new_password'))


@service(SIGNED_IN, secret=True)
async def store_changed_password(work: Work, hashed: str) -> OpenedSession:
    """Store the actor's new password, vetted and hashed, and renew his session."""
    assert work.actor.account_id is not None
    await set_password(work, work.actor.account_id, hashed, except_id=work.actor.session_id)
    return await prove_again(work)


@query(SYSTEM)
async def stored_hash(work: Work, account_id: UUID) -> str | None:
    """Return the stored hash of a password; None for an account without one."""
    row = await work.first(select(PasswordCredential.password_hash).where(PasswordCredential.account_id == account_id))
    return None if row is None else str(row)


@service(SYSTEM)
async def forget_failures(work: Work, bucket: str) -> None:
    """Forget the failures of a counter after the right secret was given."""
    await throttle.clear(work, bucket)


@query(SYSTEM)
async def password_context(work: Work, account_id: UUID) -> tuple[tuple[str, ...], bool]:
    """Return what a password of this account must not be made of, and whether a second factor protects it too."""
    return await about_account(work, account_id), await has_second_factor(work, account_id)
