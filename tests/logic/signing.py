"""What the tests of signing in share: a visitor, a password for somebody, an app on a phone."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import pyotp
import pytest

from data.core import now
from logic.core import config
from logic.core.actor import Actor
from logic.core.domain import handlers
from logic.core.work import Work
from logic.identity import mfa, resets, sessions, sign_in
from tests.conftest import PASSWORD

VISITOR = Actor.public('198.51.100.7', 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0')
EMAIL = 'elena@example.org'


def visitor(address: str = '198.51.100.7') -> Actor:
    """Somebody at an address who has not signed in."""
    return Actor.public(address, VISITOR.user_agent)


async def give_password(account_id: UUID | None, password: str = PASSWORD) -> None:
    """Let somebody of the cast sign in by password."""
    from logic.identity.passwords import hash_password

    assert account_id is not None
    await resets.store_password(Actor.system(), account_id, await hash_password(password))


async def signed_in(email: str = EMAIL, password: str = PASSWORD, address: str = '198.51.100.7') -> tuple[Actor, str]:
    """Sign in by password alone; return the actor and the session token."""
    done = await sign_in.sign_in(visitor(address), email, password)
    assert done.step is sign_in.Step.DONE
    assert done.session is not None
    return await sessions.actor_for(done.session.token), done.session.token


class Phone:
    """An authenticator app."""

    def __init__(self, secret: str) -> None:
        self._generator = pyotp.TOTP(secret)

    def code(self, steps: int = 0) -> str:
        """The code that the app shows now, or so many half minutes later."""
        return self._generator.at(now() + timedelta(seconds=30 * steps))


async def with_phone(actor: Actor) -> tuple[Phone, list[str]]:
    """Set up an authenticator app; return it and the recovery codes. The present code is used up by that."""
    enrolment = await mfa.begin_own_totp(actor)
    phone = Phone(enrolment.secret)
    return phone, await mfa.confirm_totp(actor, phone.code(-1))


@contextmanager
def told(*events: type) -> Iterator[list[Any]]:
    """Collect what is emitted inside the block."""
    collected: list[Any] = []

    async def collect(_: Work, event: Any) -> None:
        collected.append(event)

    for event in events:
        handlers.setdefault(event, []).append(collect)
    try:
        yield collected
    finally:
        for event in events:
            handlers[event].remove(collect)


@pytest.fixture
def mail_is_set_up() -> Iterator[None]:
    """Mail that could be sent: a server is configured, which nobody calls."""
    address = 'https://logbook.example.org'
    values = {'smtp_url': 'smtp://localhost:2525', 'public_url': address, 'mail_from': 'logbook@example.org'}
    config.configure(config.Settings.model_construct(**values))
    yield
    config.configure(None)
