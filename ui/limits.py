"""How often somebody may call: by address before sign-in, by person or key after; in Redis when there is one."""

import time
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import structlog
from fastapi import Request
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage, Storage
from limits.aio.strategies import MovingWindowRateLimiter, RateLimiter
from limits.storage import storage_from_string

from logic import organizations
from logic.core.actor import Actor
from logic.core.config import Settings, configured
from logic.core.errors import TooMany
from logic.core.language import _

log = structlog.get_logger(__name__)
STRANGER, SEARCHES = RateLimitItemPerMinute(60), RateLimitItemPerMinute(240)
SETTING_SECONDS = 10.0
AWAY_SECONDS = 5.0
"""For so long calls are counted here only after Redis did not answer."""


class Counter:
    """Counts calls in Redis when it is configured, and here when it is not or does not answer."""

    def __init__(self, redis_url: str | None, **options: Any) -> None:
        self.here: RateLimiter = MovingWindowRateLimiter(MemoryStorage())
        self.shared: RateLimiter | None = None
        self.away_until = 0.0
        if redis_url:
            options |= {'socket_timeout': 1, 'socket_connect_timeout': 1}
            storage = storage_from_string(f'async+{redis_url}', implementation='redispy', **options)
            assert isinstance(storage, Storage)
            self.shared = MovingWindowRateLimiter(storage)

    async def count(self, item: RateLimitItem, *who: str) -> tuple[bool, int, float]:
        """Count one call; says whether it is within the limit, how many are left, and when the window is over."""
        if self.shared is not None and time.monotonic() >= self.away_until:
            try:
                return await _count(self.shared, item, who)
            except Exception as error:  # noqa: BLE001  Redis is optional: the calls are then counted by this node
                log.warning('limits.redis_unreachable', error=str(error))
                self.away_until = time.monotonic() + AWAY_SECONDS  # not every call shall wait for it
        return await _count(self.here, item, who)


async def _count(limiter: RateLimiter, item: RateLimitItem, who: tuple[str, ...]) -> tuple[bool, int, float]:
    is_within = await limiter.hit(item, *who)
    stats = await limiter.get_window_stats(item, *who)
    return is_within, stats.remaining, stats.reset_time


_counters: dict[str | None, Counter] = {}
_settings_of: dict[UUID, tuple[float, int]] = {}


def counter_of(settings: Settings) -> Counter:
    """Return the counter of this installation."""
    if settings.redis_url not in _counters:
        _counters[settings.redis_url] = Counter(settings.redis_url, **settings.redis_options)
    return _counters[settings.redis_url]


def forget() -> None:
    """Begin to count anew: for tests."""
    _counters.clear()
    _settings_of.clear()


def address_of(request: Request) -> str:
    """Return the address that a request came from; the proxy layer has settled it."""
    return request.client.host if request.client else ''


async def count_stranger(request: Request) -> None:
    """Count a call of somebody who has not signed in, by his address. Raises TooMany after 60 in a minute."""
    await _take(request, STRANGER, 'stranger', address_of(request))


async def count_caller(request: Request, actor: Actor) -> None:
    """Count a call of a person or key. Raises TooMany after as many in a minute as the settings allow."""
    settings: Settings = request.app.state.settings
    most = min(settings.api_requests_per_minute, await _department_limit(actor))
    await _take(
        request, RateLimitItemPerMinute(most), actor.kind, str(actor.session_id or actor.account_id), actor.name
    )


async def count_search(actor: Actor) -> None:
    """Count a search of somebody at a screen. Raises TooMany after 240 in a minute."""
    who = (str(actor.session_id or actor.account_id or actor.name), 'search')
    is_within, _left, until = await counter_of(configured()).count(SEARCHES, *who)
    if not is_within:
        raise TooMany(_('You search very often. Wait a moment.'), max(1, round(until - time.time())))


async def _department_limit(actor: Actor) -> int:
    organization_id = actor.organization_id
    if organization_id is None:
        return 60
    read_at, most = _settings_of.get(organization_id, (float('-inf'), 0))
    if time.monotonic() - read_at > SETTING_SECONDS:
        most = (await organizations.get_organization(actor)).settings.requests_per_minute
        _settings_of[organization_id] = time.monotonic(), most
    return most


async def _take(request: Request, item: RateLimitItem, *who: str) -> None:
    is_within, left, until = await counter_of(request.app.state.settings).count(item, *who)
    wait = max(1, round(until - time.time()))
    request.state.limits = {
        'RateLimit-Limit': str(item.amount),
        'RateLimit-Remaining': str(left),
        'RateLimit-Reset': str(wait),
    }
    if not is_within:
        log.warning('limits.refused', who=who[0], address=address_of(request))
        text = _('At most {amount} requests a minute are taken. Wait {seconds} s.', amount=item.amount, seconds=wait)
        raise TooMany(text, wait)


def headers_of(request: Request) -> Mapping[str, str]:
    """Return what the answer says of the limit."""
    found: Mapping[str, str] = getattr(request.state, 'limits', {})
    return found
