"""Slowing down guesses: counters in the database, so that neither a restart nor another node resets them."""

import asyncio
import hashlib
import ipaddress
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

from sqlmodel import col, select

from data.database import insert_unless_there
from data.identity import Throttle
from logic.core.actor import Actor
from logic.core.errors import Conflict, TooMany
from logic.core.language import _, many
from logic.core.work import Work

FREE_FAILURES = 5
"""Failures without a wait; then 1, 2, 4 ... seconds."""
LONGEST_WAIT = 900
MOST_FAILURES = 100
"""Consecutive failures of one authenticator, after which only a reset opens it (NIST SP 800-63B-4, 3.2.2)."""
NETWORK_PER_MINUTE = 30
EXPORTS_AN_HOUR = 30
IMPORTS_AN_HOUR = 60
"""Files that are read: one is read to show what it would do, and of people again to take it."""
ResultT = TypeVar('ResultT')
_reading: set[UUID] = set()
"""The accounts of which a file is read in this process."""


def account_bucket(email: str) -> str:
    """Return the counter of an account; by its address, so that it exists for unknown ones as well."""
    return 'account:' + hashlib.sha256(email.encode()).hexdigest()


def device_bucket(device_hash: str) -> str:
    """Return the counter of a known device, apart from the account's: a stranger cannot lock its owner out."""
    return f'device:{device_hash}'


def network_of(address: str | None) -> str:
    """Return the network that an address belongs to: an IPv4 /24 or an IPv6 /64."""
    try:
        parsed = ipaddress.ip_address((address or '').partition('%')[0])
    except ValueError:
        return 'unknown'
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    return str(ipaddress.ip_network(f'{parsed}/{24 if parsed.version == 4 else 64}', strict=False))


async def take_turn(work: Work, address: str | None, purpose: str = 'sign-in', limit: int = NETWORK_PER_MINUTE) -> None:
    """Count one attempt from a network. Raises TooMany when it made more than its share in this minute."""
    message = _('Too many attempts come from your network. Wait a minute.')
    await take_share(work, f'{purpose}:{network_of(address)}', limit=limit, minutes=1, message=message)


async def take_share(work: Work, bucket: str, *, limit: int, minutes: int, message: str) -> None:
    """Count one use of something that is limited per time. Raises TooMany with the message when it is used up."""
    row = await _row(work, bucket)
    if work.now - row.since >= timedelta(minutes=minutes):
        row.since, row.failures = work.now, 0
    if row.failures >= limit:
        rest = row.since + timedelta(minutes=minutes) - work.now
        raise TooMany(message, max(1, int(rest.total_seconds())))
    row.failures += 1


async def take_export(work: Work) -> None:
    """Count an export of the actor, of whatever kind; Logbook itself has no limit. Raises TooMany."""
    if work.actor.account_id is not None:
        message = _('These are many exports for one hour. Try again later.')
        bucket = f'export:{work.actor.account_id}'
        await take_share(work, bucket, limit=EXPORTS_AN_HOUR, minutes=60, message=message)


async def take_import(work: Work) -> None:
    """Count a file that the actor has read, of whatever kind; Logbook itself has no limit. Raises TooMany."""
    if work.actor.account_id is not None:
        message = _('These are many files to import for one hour. Try again later.')
        bucket = f'import:{work.actor.account_id}'
        await take_share(work, bucket, limit=IMPORTS_AN_HOUR, minutes=60, message=message)


async def read_alone(actor: Actor, read: Callable[[], ResultT]) -> ResultT:
    """Read a file in a thread, one at a time for each account: a workbook may take a processor for 20 seconds.

    It is no part of a work, so that nobody waits for the database meanwhile. Raises Conflict while another is read.
    """
    account_id = actor.account_id
    if account_id is None:
        return await asyncio.to_thread(read)
    if account_id in _reading:
        raise Conflict('Another file of yours is being read. Wait until it is through.')
    _reading.add(account_id)
    try:
        return await asyncio.to_thread(read)
    finally:
        _reading.discard(account_id)


async def count_ahead(work: Work, bucket: str) -> None:
    """Count a failure before the secret is looked at; `clear` takes it back when it was right. Raises TooMany.

    So a hundred guesses at the same moment are a hundred failures, and not one.
    """
    row = await _row(work, bucket)
    if row.failures >= MOST_FAILURES:
        raise TooMany('There were too many wrong attempts. Reset the password, or ask an administrator.', LONGEST_WAIT)
    if row.blocked_until is not None and work.now < row.blocked_until:
        seconds = max(1, int((row.blocked_until - work.now).total_seconds() + 0.999))
        raise TooMany(_('There were too many wrong attempts. Try again in {time}.', time=_duration(seconds)), seconds)
    row.failures, row.since = row.failures + 1, work.now
    if row.failures >= FREE_FAILURES:
        row.blocked_until = work.now + timedelta(seconds=wait_seconds(row.failures))


def wait_seconds(failures: int) -> int:
    """Return how long the next attempt has to wait after so many failures."""
    if failures < FREE_FAILURES:
        return 0
    return min(1 << min(failures - FREE_FAILURES, 20), LONGEST_WAIT)


async def clear(work: Work, *buckets: str) -> None:
    """Forget the failures of counters: the right secret was given, or a new one was set."""
    for row in await work.all(select(Throttle).where(col(Throttle.bucket).in_(buckets)).with_for_update()):
        row.failures, row.blocked_until = 0, None


async def _row(work: Work, bucket: str) -> Throttle:
    # Always inserted: two first attempts may come at the same moment, and an unknown account must cost as much as one
    # whose counter is there already.
    await insert_unless_there(work.session, Throttle, Throttle(bucket=bucket, since=work.now).model_dump())
    row = await work.first(select(Throttle).where(Throttle.bucket == bucket).with_for_update())
    assert isinstance(row, Throttle)
    return row


def _duration(seconds: int) -> str:
    if seconds < 90:
        return many('{count} second', '{count} seconds', seconds)
    return many('{count} minute', '{count} minutes', round(seconds / 60))
