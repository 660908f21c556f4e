"""The second factors of an account: checking a code so that none is taken twice, and storing what is needed for it."""

from uuid import UUID

from sqlalchemy import delete, update
from sqlmodel import col, select

from data.core import new_id
from data.identity import Account, Passkey, RecoveryCode, TotpCredential
from logic.core.language import later
from logic.core.secrets import open_value, seal_value, sealed_column
from logic.core.work import Work
from logic.identity import throttle
from logic.identity.events import AccessChanged
from logic.identity.sessions import end_sessions
from logic.identity.totp import accepted_step, new_recovery_codes, new_totp_secret, recovery_hash

SET_ANEW = 'password_set'
secret_place = sealed_column(TotpCredential, 'secret')


async def totp_of(work: Work, account_id: UUID, *, confirmed: bool = True) -> TotpCredential | None:
    """Return the authenticator app of an account, in force or still to be confirmed."""
    row = await work.first(select(TotpCredential).where(TotpCredential.account_id == account_id))
    assert row is None or isinstance(row, TotpCredential)
    return row if row is not None and (row.confirmed_at is not None) == confirmed else None


async def store_secret(work: Work, account_id: UUID) -> str:
    """Store a new secret, not yet in force, in the place of one that was never confirmed; return it."""
    before = await totp_of(work, account_id, confirmed=False)
    if before is not None:
        await work.delete(before)
        await work.flush()
    secret, row_id = new_totp_secret(), new_id()
    sealed = await seal_value(work, secret, secret_place(row_id, None))
    work.add(TotpCredential(id=row_id, account_id=account_id, secret=sealed))
    return secret


async def accept_code(work: Work, account_id: UUID, code: str, *, confirmed: bool = True) -> bool:
    """Say whether a code of the app is right, and take it: the same code, or an older one, is refused from then on."""
    credential = await totp_of(work, account_id, confirmed=confirmed)
    if credential is None:
        return False
    secret = (await open_value(work, credential.secret, secret_place(credential.id, None))).decode()
    step = accepted_step(secret, code, work.now, credential.last_step)
    if step is None:
        return False
    taken = await work.execute(
        update(TotpCredential)
        .where(col(TotpCredential.id) == credential.id, col(TotpCredential.last_step) < step)
        .values(last_step=step)
    )
    return taken == 1


async def accept_recovery_code(work: Work, account_id: UUID, code: str) -> bool:
    """Say whether a recovery code is right, and take it: each works once."""
    taken = await work.execute(
        update(RecoveryCode)
        .where(
            col(RecoveryCode.account_id) == account_id,
            col(RecoveryCode.code_hash) == recovery_hash(code),
            col(RecoveryCode.used_at).is_(None),
        )
        .values(used_at=work.now)
    )
    return taken == 1


async def renew_recovery_codes(work: Work, account_id: UUID) -> list[str]:
    """Make ten new recovery codes in the place of the old ones; they are shown once and stored as hashes."""
    await work.execute(delete(RecoveryCode).where(col(RecoveryCode.account_id) == account_id))
    codes = new_recovery_codes()
    for code in codes:
        work.add(RecoveryCode(account_id=account_id, code_hash=recovery_hash(code)))
    return codes


async def remove_totp_row(work: Work, account_id: UUID) -> bool:
    """Remove the authenticator app; returns whether there was one in force."""
    row = await totp_of(work, account_id)
    if row is None:
        return False
    await work.delete(row)
    await work.flush()
    return True


async def remove_all_factors(work: Work, account_id: UUID) -> None:
    """Remove every second factor and recovery code of an account; all its sessions end."""
    for table in (TotpCredential, Passkey, RecoveryCode):
        await work.execute(delete(table).where(col(table.account_id) == account_id))
    await throttle.clear(work, f'mfa:{account_id}')
    await end_sessions(work, account_id)
    await tell(work, account_id, 'factors_removed', later('The second factor of your account was removed'))


async def tell(work: Work, account_id: UUID, act: str, what: str) -> None:
    """Record a change of how an account signs in, and have its owner told. `what` is a sentence: "This was done"."""
    account = await work.get(Account, account_id)
    work.record('Account', account_id, action=f'identity.{act}', subject_id=account_id)
    is_password = act == SET_ANEW
    await work.emit(AccessChanged(account_id, account.email, account.name, is_password, what))
