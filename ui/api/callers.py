"""Who calls the API: whoever holds an access token or an API key. Cookies carry no authority here."""

from typing import Annotated

from fastapi import Depends, Header, Request

from logic.core.actor import Actor
from logic.core.errors import Unauthenticated
from logic.identity import api_keys, api_tokens
from ui.limits import address_of

KEY_MARK = 'lbk_'
MOST_CHARACTERS = 4_096


async def actor_of(request: Request) -> Actor | None:
    """Return who calls; None without an Authorization header. Raises Unauthenticated for one that is worth nothing."""
    header = request.headers.get('authorization')
    if header is None:
        return None
    scheme, _, token = header.partition(' ')
    token = token.strip()
    if scheme.lower() != 'bearer' or not token or len(token) > MOST_CHARACTERS:
        raise Unauthenticated('Write the header as "Authorization: Bearer <access token or API key>".')
    address, browser = address_of(request), request.headers.get('user-agent', '')[:400]
    if token.startswith(KEY_MARK):
        return await api_keys.actor_for_key(token, address=address, user_agent=browser)
    return await api_tokens.actor_for_access_token(token, address=address, user_agent=browser)


def visitor_of(request: Request) -> Actor:
    """Return somebody who has not signed in, with where he comes from."""
    return Actor.public(address_of(request) or None, request.headers.get('user-agent', '')[:400])


IdempotencyKey = Annotated[
    str | None,
    Header(
        alias='Idempotency-Key',
        max_length=200,
        pattern=r'^[\x21-\x7e]+$',
        description='Any text of your own. A repeated request with the same key changes nothing and answers the same.',
        examples=['4f9d1c1e-import-2026-11-20'],
    ),
]


def _caller(request: Request) -> Actor:
    actor = request.state.actor
    assert isinstance(actor, Actor)
    return actor


def _caller_once(request: Request, key: IdempotencyKey = None) -> Actor:
    return _caller(request).using(key)


Caller = Annotated[Actor, Depends(_caller)]
"""Who calls; for a PUBLIC route perhaps a visitor."""
CallerOnce = Annotated[Actor, Depends(_caller_once)]
"""Who calls, with his idempotency key: for POST."""
