"""Changing the address that somebody signs in with: the new one proves itself, the old one is told."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlmodel import select

from data.identity import Account
from logic.core.actor import Actor
from logic.core.config import configured
from logic.core.errors import Conflict, Invalid, NotFound, Unavailable
from logic.core.language import _, later
from logic.core.secrets import installed
from logic.core.service import PUBLIC, SIGNED_IN, query, service
from logic.core.work import Work
from logic.identity import throttle
from logic.identity.authority import normal_email
from logic.identity.events import AddressChanged, AddressToProve
from logic.identity.sessions import end_sessions, require_fresh

LINK_LIFE = timedelta(minutes=30)
OVER = later('This link was used already or has expired. Ask for a new one.')
PURPOSE = 'email-change'


@dataclass(frozen=True, slots=True)
class _Wanted:
    account_id: UUID
    old: str
    new: str


async def ask_email_change(actor: Actor, email: str) -> None:
    """Have a link mailed to the new address; nothing changes until it is followed.

    Raises SignInAgain after ten minutes, Invalid for what is no address, Unavailable without mail, TooMany. Whether
    the address belongs to somebody else is not said here: its owner gets no link.
    """
    await send_email_link(actor.using(None), email)


@service(SIGNED_IN)
async def send_email_link(work: Work, email: str) -> None:
    """Have the link mailed; see `ask_email_change`."""
    from email_validator import EmailNotValidError, validate_email

    require_fresh(work)
    if configured().smtp_url is None:
        raise Unavailable(
            _('This Logbook cannot send e-mail, so a new address cannot prove itself. Ask an administrator.')
        )
    account = await work.get(Account, work.actor.account_id)
    new = normal_email(email)
    try:
        validate_email(new, check_deliverability=False)
    except EmailNotValidError as error:
        raise Invalid('This is not an e-mail address.', {'email': str(error)}) from None
    if new == account.email:
        raise Invalid('This is your address already.', {'email': 'This is your address already.'})
    await throttle.take_share(
        work, f'email-change:{account.id}', limit=5, minutes=60,
        message=_('You have asked for several changes of the address. Look into your mail.'),
    )  # fmt: skip
    if await work.first(select(Account.id).where(Account.email == new)) is None:
        until = int((work.now + LINK_LIFE).timestamp())
        token = _seal({'account': account.id.hex, 'old': account.email, 'new': new, 'until': until})
        await work.emit(AddressToProve(account.id, new, account.name, token))


@query(PUBLIC)
async def check_email_link(work: Work, token: str) -> str:
    """Return the new address that a link would set. Raises NotFound when it has ended."""
    wanted = _open(work, token)
    account = await work.find(Account, wanted.account_id)
    if account is None or account.email != wanted.old:
        raise NotFound(OVER)
    return wanted.new


@service(PUBLIC)
async def confirm_email_change(work: Work, token: str) -> str:
    """Change the address by the link; all sessions of the account end. Returns the new address.

    Works once: afterwards the old address in the link is no longer the account's. Raises NotFound, Conflict.
    """
    wanted = _open(work, token)
    account = await work.find(Account, wanted.account_id)
    if account is None or account.email != wanted.old:
        raise NotFound(OVER)
    if await work.first(select(Account.id).where(Account.email == wanted.new)):
        raise Conflict('This address belongs to another account meanwhile.')
    if account.last_organization_id is not None:
        work.enter(account.last_organization_id)
    account.email = wanted.new
    await throttle.clear(work, throttle.account_bucket(wanted.new))
    await end_sessions(work, account.id)
    await work.emit(AddressChanged(account.id, wanted.old, wanted.new, account.name))
    return wanted.new


def _seal(facts: dict[str, Any]) -> str:
    body = json.dumps(facts, sort_keys=True, separators=(',', ':')).encode()
    return '.'.join(base64.urlsafe_b64encode(part).decode().rstrip('=') for part in (body, _mac(body)))


def _open(work: Work, token: str) -> _Wanted:
    try:
        body, mac = (base64.urlsafe_b64decode(part + '==') for part in token[:2000].split('.'))
        if not hmac.compare_digest(mac, _mac(body)):
            raise ValueError('forged')
        facts = json.loads(body)
        if work.now.timestamp() >= facts['until']:
            raise ValueError('expired')
    except (ValueError, TypeError, KeyError):
        raise NotFound(OVER) from None
    return _Wanted(UUID(facts['account']), facts['old'], facts['new'])


def _mac(body: bytes) -> bytes:
    return hmac.new(installed().derive(PURPOSE), body, hashlib.sha256).digest()
