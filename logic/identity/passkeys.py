"""Passkeys: registering one, and signing in with it, alone or as the second factor (WebAuthn level 3)."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

import structlog
from sqlalchemy import update
from sqlmodel import col, select

from data.core import new_id
from data.identity import Account, Passkey, SignInAttempt
from logic.core.actor import Actor
from logic.core.config import configured
from logic.core.errors import Conflict, Denied, Invalid, NotFound, Unauthenticated, Unavailable
from logic.core.language import _, later
from logic.core.sentences import told
from logic.core.service import PUBLIC, SIGNED_IN, SYSTEM, query, service
from logic.core.work import Work
from logic.identity import throttle
from logic.identity.authority import has_second_factor
from logic.identity.credentials import check_long_enough, check_own_password
from logic.identity.factors import renew_recovery_codes, tell, totp_of
from logic.identity.mfa import after_removal
from logic.identity.sessions import end_sessions, require_fresh
from logic.identity.sign_in import (
    OVER,
    TRANSACTION_LIFE,
    SignIn,
    account_row,
    count_attempt,
    finish,
    note_refusal,
    open_for,
    read_transaction,
)
from logic.identity.tokens import new_token, token_hash

T = TypeVar('T')
log = structlog.get_logger(__name__)
ENROL, SIGN_IN = 'passkey-enrol', 'passkey-sign-in'
MOST_PASSKEYS = 10
MOST_CHARACTERS = 20_000
WRONG = later('This passkey was not accepted. Try again, or sign in another way.')


@dataclass(frozen=True, slots=True)
class Ceremony:
    """What the browser needs to ask the authenticator, and the token that the answer comes back with."""

    options: str
    """JSON for `navigator.credentials.create` or `.get`."""
    token: str
    """Good for five minutes and one answer."""


def passkey_host() -> str:
    """Return the host that passkeys are bound to. Raises Unavailable where the address allows none."""
    host = configured().passkey_host
    if host is None:
        raise Unavailable('Passkeys need an https:// address with a host name.')
    return host


# Registering


@service(SIGNED_IN, secret=True)
async def begin_passkey(work: Work) -> Ceremony:
    """Begin to register a passkey for the actor. Raises SignInAgain, Conflict after ten, Unavailable."""
    from webauthn import generate_registration_options, options_to_json
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        PublicKeyCredentialDescriptor,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    require_fresh(work)
    account = await work.get(Account, work.actor.account_id)
    own = await work.all(select(Passkey).where(Passkey.account_id == account.id))
    if len(own) >= MOST_PASSKEYS:
        raise Conflict(_('An account has at most {count} passkeys. Remove one first.', count=MOST_PASSKEYS))
    options = generate_registration_options(
        rp_id=passkey_host(),
        rp_name='Logbook',
        user_id=account.id.bytes,
        user_name=account.email,
        user_display_name=account.name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=_bytes(key.credential_id)) for key in own],
    )
    token = _remember(work, ENROL, options.challenge, account.id)
    return Ceremony(options_to_json(options), token)


@service(SIGNED_IN, secret=True)
async def store_passkey(work: Work, token: str, answer: str, label: str = '') -> list[str]:
    """Store the passkey that the browser made.

    Returns ten recovery codes, shown once, when it is the first second factor, else none. Raises Invalid when the
    answer is not what was asked for.
    """
    from webauthn import verify_registration_response

    account_id = work.actor.account_id
    assert account_id is not None
    challenge, owner = await _challenge(work, token, ENROL)
    if owner != account_id:
        raise Invalid(WRONG)
    made = _checked(
        verify_registration_response,
        credential=_parsed(answer),
        expected_challenge=challenge,
        expected_rp_id=passkey_host(),
        expected_origin=configured().origin,
        require_user_verification=True,
    )
    if made is None:
        raise Invalid(WRONG)
    is_first = not await has_second_factor(work, account_id)
    credential_id = made.credential_id.hex()
    if len(credential_id) > 512 or await work.first(select(Passkey.id).where(Passkey.credential_id == credential_id)):
        raise Invalid('This passkey is registered already.')
    name = ' '.join(label.split())[:80] or 'Passkey'
    work.add(
        Passkey(
            account_id=account_id, credential_id=credential_id, public_key=made.credential_public_key,
            sign_count=made.sign_count, label=name,
        )
    )  # fmt: skip
    await work.flush()
    await end_sessions(work, account_id, except_id=work.actor.session_id)
    what = told('The passkey “{name}” was added to your account', name=name)
    await tell(work, account_id, 'passkey_added', what)
    return await renew_recovery_codes(work, account_id) if is_first else []


async def remove_passkey(actor: Actor, passkey_id: UUID, password: str) -> None:
    """Remove one of the actor's passkeys; his other sessions end.

    Raises Invalid at `password` when it is wrong, or too short to be the only factor, Denied when the department
    requires a second factor and this is the last one, SignInAgain, NotFound, TooMany.
    """
    await check_own_password(actor, password, 'password')
    if await is_last_factor(actor, passkey_id):
        await check_long_enough(password, 'password')
    await remove_own_passkey(actor.using(None), passkey_id)


@query(SIGNED_IN)
async def is_last_factor(work: Work, passkey_id: UUID) -> bool:
    """Say whether the actor would have no second factor without this passkey."""
    own = await _own(work, passkey_id)
    others = select(Passkey.id).where(Passkey.account_id == own.account_id, Passkey.id != own.id)
    return await work.first(others) is None and await totp_of(work, own.account_id) is None


@service(SIGNED_IN)
async def remove_own_passkey(work: Work, passkey_id: UUID) -> None:
    """Remove a passkey after the password was checked; see `remove_passkey`."""
    require_fresh(work)
    key = await _own(work, passkey_id)
    await work.delete(key)
    await work.flush()
    await after_removal(work, key.account_id)
    what = told('The passkey “{name}” was removed from your account', name=key.label)
    await tell(work, key.account_id, 'passkey_removed', what)


async def _own(work: Work, passkey_id: UUID) -> Passkey:
    key = await work.find(Passkey, passkey_id)
    if key is None or key.account_id != work.actor.account_id:
        raise NotFound('There is no such passkey.')
    return key


# Signing in


async def begin_passkey_sign_in(visitor: Actor, transaction: str | None = None) -> Ceremony:
    """Begin a sign-in by passkey; with a transaction, as the second factor of that sign-in.

    Raises Unavailable where the address allows none, Unauthenticated when the sign-in has ended, TooMany.
    """
    await count_beginning(visitor.using(None))
    attempt = await read_transaction(Actor.system(), transaction) if transaction else None
    return await make_sign_in_ceremony(Actor.system(), attempt.account_id if attempt else None)


@service(PUBLIC)
async def count_beginning(work: Work) -> None:
    """Count the beginning of a sign-in by passkey from this network. Raises TooMany."""
    await throttle.take_turn(work, work.actor.address, 'passkey')


@service(SYSTEM, secret=True)
async def make_sign_in_ceremony(work: Work, account_id: UUID | None) -> Ceremony:
    """Make the challenge of a sign-in; for one account, or for whoever the passkey says it is."""
    from webauthn import generate_authentication_options, options_to_json
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor, UserVerificationRequirement

    keys = await work.all(select(Passkey).where(Passkey.account_id == account_id)) if account_id else []
    options = generate_authentication_options(
        rp_id=passkey_host(),
        user_verification=UserVerificationRequirement.REQUIRED,
        allow_credentials=[PublicKeyCredentialDescriptor(id=_bytes(key.credential_id)) for key in keys] or None,
    )
    return Ceremony(options_to_json(options), _remember(work, SIGN_IN, options.challenge, account_id))


async def finish_passkey_sign_in(
    visitor: Actor,
    token: str,
    answer: str,
    *,
    transaction: str | None = None,
    device: str | None = None,
    replaces: str | None = None,
) -> SignIn:
    """Finish a sign-in by passkey, or the sign-in of `transaction` with it as the second factor.

    Alone it is two factors: something held, and the finger, face or PIN that it asks for.
    Raises Unauthenticated when the answer is not right, Denied for an account that may not sign in, TooMany.
    """
    attempt = await read_transaction(Actor.system(), transaction) if transaction else None
    await count_attempt(visitor.using(None), f'passkey:{token_hash(token)}')
    account_id = await accept_passkey(Actor.system(), token, answer)
    if account_id is None or (attempt is not None and attempt.account_id != account_id):
        await note_refusal(visitor.using(None), attempt.account_id if attempt else None, None, 'passkey')
        raise Unauthenticated(WRONG)
    if transaction is not None:
        return await finish(visitor, transaction, 'passkey', device=device, replaces=replaces)
    account = await account_row(Actor.system(), account_id)
    if account.disabled_at is not None:
        raise Denied('This account is disabled. Ask an administrator of your department.')
    return await open_for(visitor, account, 'passkey', device=device, replaces=replaces)


@service(SYSTEM)
async def accept_passkey(work: Work, token: str, answer: str) -> UUID | None:
    """Return the account whose passkey answered a challenge; None when the answer is not right. Each answer once."""
    from webauthn import verify_authentication_response

    try:
        challenge, owner = await _challenge(work, token, SIGN_IN)
        parsed = _parsed(answer)
    except Invalid:
        return None
    credential_id = _checked(_bytes_of, parsed.get('rawId'))
    if credential_id is None:
        return None
    key = await work.first(select(Passkey).where(Passkey.credential_id == credential_id.hex()))
    if key is None or owner not in (None, key.account_id):
        return None
    verified = _checked(
        verify_authentication_response,
        credential=parsed,
        expected_challenge=challenge,
        expected_rp_id=passkey_host(),
        expected_origin=configured().origin,
        credential_public_key=key.public_key,
        credential_current_sign_count=key.sign_count,
        require_user_verification=True,
    )
    handle = parsed['response'].get('userHandle') if verified is not None else None
    if verified is None or (handle and _checked(_bytes_of, handle) != key.account_id.bytes):
        return None
    counted = await work.execute(
        update(Passkey)
        .where(col(Passkey.id) == key.id, col(Passkey.sign_count) == key.sign_count)
        .values(sign_count=verified.new_sign_count, last_used_at=work.now)
    )
    return key.account_id if counted else None


# Challenges


def _remember(work: Work, method: str, challenge: bytes, account_id: UUID | None) -> str:
    token = new_token()
    work.add(
        SignInAttempt(
            id=new_id(), token_hash=token_hash(token), account_id=account_id, method=method,
            challenge=challenge.hex(), expires_at=work.now + TRANSACTION_LIFE,
        )
    )  # fmt: skip
    return token


async def _challenge(work: Work, token: str, method: str) -> tuple[bytes, UUID | None]:
    """Return the challenge that a token stands for, once. Raises Invalid when it has ended."""
    used = await work.execute(
        update(SignInAttempt)
        .where(
            col(SignInAttempt.token_hash) == token_hash(token),
            col(SignInAttempt.method) == method,
            col(SignInAttempt.used_at).is_(None),
            col(SignInAttempt.expires_at) > work.now,
        )
        .values(used_at=work.now)
    )
    if not used:
        raise Invalid(OVER)
    row = await work.first(select(SignInAttempt).where(SignInAttempt.token_hash == token_hash(token)))
    return bytes.fromhex(row.challenge), row.account_id


def _checked(check: Callable[..., T], *args: Any, **kwargs: Any) -> T | None:
    """Return what a check of the library says; None when it refuses, in whatever way hostile bytes make it fail."""
    try:
        return check(*args, **kwargs)
    except Exception as error:  # noqa: BLE001  CBOR, ASN.1 and curves fail in many ways; none lets anybody in
        log.info('passkeys.refused', reason=type(error).__name__)
        return None


def _parsed(answer: str) -> dict[str, Any]:
    if len(answer) > MOST_CHARACTERS:
        raise Invalid(WRONG)
    try:
        parsed = json.loads(answer)
    except (ValueError, RecursionError) as error:
        raise Invalid(WRONG) from error
    if not isinstance(parsed, dict):
        raise Invalid(WRONG)
    return parsed


def _bytes(credential_id: str) -> bytes:
    return bytes.fromhex(credential_id)


def _bytes_of(text: str) -> bytes:
    from webauthn import base64url_to_bytes

    return bytes(base64url_to_bytes(text))
