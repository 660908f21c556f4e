"""New passwords for those who forgot theirs: a link that works once, and never tells whether an account exists."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select

from data.identity import Account, PasswordReset
from data.members import Member
from logic.core.actor import Actor
from logic.core.errors import NotFound
from logic.core.language import _, later
from logic.core.service import PUBLIC, SYSTEM, query, service
from logic.core.work import Work
from logic.identity import throttle
from logic.identity.authority import memberships_of, normal_email, require_authority
from logic.identity.credentials import set_password, vetted_hash
from logic.identity.events import PasswordResetAsked
from logic.identity.permissions import MANAGE_ACCESS, domain
from logic.identity.sessions import end_sessions
from logic.identity.tokens import new_token, token_hash

LINK_LIFE = timedelta(minutes=30)
OVER = later('This link was used already or has expired. Ask for a new one.')
ADMINISTRATOR_RESETS, ADMINISTRATOR_MINUTES = 5, 5


@service(PUBLIC)
async def ask_for_reset(work: Work, email: str) -> None:
    """Have a link mailed to an address, if it belongs to an account.

    Does the same in the same time for any address: the look-up happens later, in a job. Raises TooMany.
    """
    address = normal_email(email)
    await throttle.take_turn(work, work.actor.address, 'reset', limit=10)
    await throttle.take_share(
        work, f'reset-mail:{throttle.account_bucket(address)}', limit=5, minutes=60,
        message=_('A link was asked for several times. Look into your mail, also among unwanted messages.'),
    )  # fmt: skip
    work.enqueue(mail_reset_link, address)


@domain.job(attempts=3)
async def mail_reset_link(work: Work, email: str) -> None:
    """Make a reset link for an account and have it mailed; nothing happens for an address without one."""
    account = await work.first(select(Account).where(Account.email == email, col(Account.disabled_at).is_(None)))
    if account is not None and await memberships_of(work, account.id):
        token = await make_reset(work, account.id)
        await work.emit(PasswordResetAsked(account.id, account.email, account.name, token))


async def make_reset(work: Work, account_id: UUID) -> str:
    """Return the token of a new reset link of an account; earlier ones end."""
    await work.execute(
        update(PasswordReset)
        .where(col(PasswordReset.account_id) == account_id, col(PasswordReset.used_at).is_(None))
        .values(used_at=work.now)
    )
    token = new_token()
    work.add(PasswordReset(token_hash=token_hash(token), account_id=account_id, expires_at=work.now + LINK_LIFE))
    return token


@service(MANAGE_ACCESS, secret=True)
async def reset_password_of(work: Work, member_id: UUID) -> str:
    """End a member's sessions, mail him a link for a new password, and return its token, should there be no mail.

    Raises Denied (rule 4: not oneself, nobody with more authority), Conflict, and TooMany after 5 within 5 minutes.
    """
    member = await work.get(Member, member_id)
    account = await work.get(Account, await require_authority(work, member))
    await throttle.take_share(
        work, f'resets-by:{work.actor.account_id}', limit=ADMINISTRATOR_RESETS, minutes=ADMINISTRATOR_MINUTES,
        message=_('You have reset several passwords in a few minutes. Wait a little.'),
    )  # fmt: skip
    await end_sessions(work, account.id)
    token = await make_reset(work, account.id)
    work.record('Account', account.id, subject_id=account.id)
    await work.emit(PasswordResetAsked(account.id, account.email, account.name, token))
    return token


@query(PUBLIC)
async def check_reset_link(work: Work, token: str) -> bool:
    """Say whether a reset link may still be used."""
    return await _account_of(work, token) is not None


@query(SYSTEM)
async def account_of_link(work: Work, token: str) -> UUID:
    """Return the account of a reset link. Raises NotFound when it has ended."""
    account_id = await _account_of(work, token)
    if account_id is None:
        raise NotFound(OVER)
    return account_id


async def _account_of(work: Work, token: str) -> UUID | None:
    row = await work.first(select(PasswordReset).where(PasswordReset.token_hash == token_hash(token)))
    return row.account_id if row is not None and row.used_at is None and row.expires_at > work.now else None


async def reset_password(visitor: Actor, token: str, new: str) -> None:
    """Set a new password by a link. All sessions end, nobody is signed in, and the second factor is still asked for.

    Raises NotFound when the link has ended, and Invalid with the reason at `new_password`; the link then stays usable.
    """
    account_id = await account_of_link(Actor.system(), token)
    await redeem_reset(visitor.using(None), token, await vetted_hash(account_id, new))


@service(PUBLIC)
async def redeem_reset(work: Work, token: str, hashed: str) -> None:
    """Use a reset link, once, and store the password that was vetted and hashed. Raises NotFound when it has ended."""
    account_id = await _account_of(work, token)
    used = await work.execute(
        update(PasswordReset)
        .where(col(PasswordReset.token_hash) == token_hash(token), col(PasswordReset.used_at).is_(None))
        .values(used_at=work.now)
    )
    if account_id is None or not used:
        raise NotFound(OVER)
    account = await work.get(Account, account_id)
    if account.last_organization_id is not None:
        work.enter(account.last_organization_id)
    await set_password(work, account_id, hashed)


async def set_password_by_command(email: str, new: str) -> None:
    """Set the password of an account from the command line. Raises NotFound, and Invalid at `new_password`."""
    account_id = await account_by_email(Actor.system(), email)
    await store_password(Actor.system(), account_id, await vetted_hash(account_id, new))


@query(SYSTEM)
async def account_by_email(work: Work, email: str) -> UUID:
    """Return the account of an address. Raises NotFound."""
    account = await work.first(select(Account).where(Account.email == normal_email(email)))
    if account is None or account.is_service:
        raise NotFound('There is no account with this e-mail address.')
    return UUID(str(account.id))


@service(SYSTEM)
async def store_password(work: Work, account_id: UUID, hashed: str) -> None:
    """Store a password that was vetted and hashed."""
    account = await work.get(Account, account_id)
    if account.last_organization_id is not None:
        work.enter(account.last_organization_id)
    await set_password(work, account_id, hashed)
