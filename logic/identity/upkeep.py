"""Forgetting what signing in left behind: ended sessions, used links, old counters."""

from datetime import timedelta

from sqlalchemy import delete
from sqlmodel import col, select

from data.identity import Account, KnownDevice, PasswordReset, RefreshToken, Session, SignInAttempt, Throttle
from logic.core.work import Work
from logic.identity import throttle
from logic.identity.permissions import domain

SESSIONS_KEPT, LINKS_KEPT, DEVICES_KEPT = timedelta(days=30), timedelta(days=1), timedelta(days=400)


@domain.job(schedule='20 3 * * *', instance=True)
async def forget_ended_access(work: Work) -> None:
    """Delete sessions that ended a month ago, links and sign-ins of yesterday, and counters that count nothing."""
    # Consecutive failures of an account count for ever; those of addresses without one need not.
    known = [throttle.account_bucket(email) for email in await work.all(select(Account.email))]
    old = select(Session.id).where(col(Session.expires_at) < work.now - SESSIONS_KEPT)
    await work.execute(delete(RefreshToken).where(col(RefreshToken.session_id).in_(old)))
    for statement in (
        delete(RefreshToken).where(col(RefreshToken.expires_at) < work.now - LINKS_KEPT),
        delete(Session).where(col(Session.expires_at) < work.now - SESSIONS_KEPT),
        delete(SignInAttempt).where(col(SignInAttempt.expires_at) < work.now - LINKS_KEPT),
        delete(PasswordReset).where(col(PasswordReset.expires_at) < work.now - LINKS_KEPT),
        delete(KnownDevice).where(col(KnownDevice.last_seen_at) < work.now - DEVICES_KEPT),
        delete(Throttle).where(col(Throttle.failures) == 0, col(Throttle.since) < work.now - LINKS_KEPT),
        delete(Throttle).where(
            col(Throttle.bucket).not_like('account:%'),
            col(Throttle.bucket).not_like('mfa:%'),
            col(Throttle.since) < work.now - LINKS_KEPT,
        ),
        delete(Throttle).where(
            col(Throttle.bucket).like('account:%'),
            col(Throttle.bucket).not_in(known),
            col(Throttle.since) < work.now - LINKS_KEPT,
        ),
    ):
        await work.execute(statement)
