"""Live refresh: what was committed is told to every open screen, here and on the other nodes."""

import asyncio
import json
from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import structlog

if TYPE_CHECKING:  # a quarter of a second, for those who have one
    from redis.asyncio import Redis
    from redis.asyncio.client import PubSub

log = structlog.get_logger(__name__)
CHANNEL = 'logbook:live'
WAIT_SECONDS = 5.0
"""For Redis, and between two attempts to reach it."""


@dataclass(frozen=True, slots=True)
class Change:
    """A row of a table was inserted, changed or deleted; `row_id` is None when many were."""

    organization_id: UUID | None
    model: str
    row_id: UUID | None = None


class About:
    """Names, to the hub, all that is said of a person, wherever it is stored; its id is the person's."""


Callback = Callable[[Change], None]
Hearing = Callable[[dict[str, Any]], None]


class Hub:
    """Hands changes to subscribers in this process, and through Redis, when it is configured, to other nodes."""

    def __init__(self) -> None:
        self._subscribers: dict[tuple[UUID | None, str], set[Callback]] = defaultdict(set)
        self._everywhere: dict[str, set[Callback]] = defaultdict(set)
        self._hearing: dict[str, Hearing] = {}
        self._told = 0
        self._last_told: dict[tuple[UUID | None, str], int] = {}
        self._redis: Redis | None = None
        self._listener: asyncio.Task[None] | None = None
        self._sending: set[asyncio.Task[None]] = set()
        self._node = uuid4().hex
        self._is_away = False

    def subscribe(self, organization_id: UUID | None, models: Iterable[str], callback: Callback) -> Callable[[], None]:
        """Call back at every change of these models in this organization. Returns the function that ends it."""
        keys = [(organization_id, model) for model in models]
        for key in keys:
            self._subscribers[key].add(callback)

        def end() -> None:
            for key in keys:
                self._subscribers[key].discard(callback)
                if not self._subscribers[key]:
                    self._subscribers.pop(key, None)

        return end

    def subscribe_everywhere(self, models: Iterable[str], callback: Callback) -> Callable[[], None]:
        """Call back at every change of these models in any organization: for what serves the whole installation."""
        names = list(models)
        for model in names:
            self._everywhere[model].add(callback)

        def end() -> None:
            for model in names:
                self._everywhere[model].discard(callback)

        return end

    def mark(self) -> int:
        """Return a mark of this moment, for who reads first and subscribes later."""
        return self._told

    def has_changed(self, organization_id: UUID | None, model: str, since: int) -> bool:
        """Say whether a change of this model was told after a mark."""
        return self._last_told.get((organization_id, model), 0) > since

    def publish(self, changes: Iterable[Change]) -> None:
        """Tell subscribers of committed changes. Never raises: the change is already done."""
        changes = list(changes)
        self.deliver(changes)
        if self._redis is not None and changes:
            self._keep(self._send(changes))

    def deliver(self, changes: Iterable[Change]) -> None:
        """Tell the subscribers in this process only: for what every node learns for itself."""
        for change in changes:
            self._told += 1
            self._last_told[change.organization_id, change.model] = self._told
            called = self._subscribers.get((change.organization_id, change.model), set())
            for callback in (*called, *self._everywhere.get(change.model, ())):
                try:
                    callback(change)
                except Exception:
                    log.exception('live.callback_failed', model=change.model)

    def hear(self, topic: str, callback: Hearing) -> None:
        """Call back with what other nodes say on a topic; one listener each."""
        self._hearing[topic] = callback

    def say(self, topic: str, words: dict[str, Any]) -> None:
        """Say something that is stored nowhere to the other nodes. Without Redis there are none."""
        if self._redis is not None:
            self._keep(self._tell({'node': self._node, 'topic': topic, 'words': words}))

    def _keep(self, sending: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(sending)
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _send(self, changes: list[Change]) -> None:
        rows = [[str(c.organization_id or ''), c.model, str(c.row_id or '')] for c in changes]
        await self._tell({'node': self._node, 'changes': rows})

    async def _tell(self, message: dict[str, Any]) -> None:
        try:
            assert self._redis is not None
            await self._redis.publish(CHANNEL, json.dumps(message))
        except Exception as error:  # noqa: BLE001  Redis is optional: other nodes catch up later, nothing is lost
            self._note_away(error)

    async def connect(self, redis_url: str, **options: Any) -> None:
        """Join the other nodes through Redis; keeps trying while Redis is away."""
        from redis.asyncio import Redis
        from redis.asyncio.retry import Retry
        from redis.backoff import NoBackoff

        # It mends no connection by itself: after each break the nodes have to know that they may have missed something.
        options |= {'socket_timeout': WAIT_SECONDS, 'socket_connect_timeout': WAIT_SECONDS}
        self._redis = Redis.from_url(redis_url, retry=Retry(NoBackoff(), 0), **options)
        self._listener = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        assert self._redis is not None
        while True:
            try:
                async with self._redis.pubsub() as channel:
                    await channel.subscribe(CHANNEL)
                    await self._follow(channel)
            except asyncio.CancelledError:
                raise
            except Exception as error:  # noqa: BLE001  as above
                self._note_away(error)
                self.catch_up()
                await asyncio.sleep(WAIT_SECONDS)

    async def _follow(self, channel: 'PubSub') -> None:
        """Hear what others say until the connection breaks. Raises TimeoutError when Redis falls silent."""
        is_asked = False
        while True:
            if self._is_away:
                self._is_away = False
                log.info('live.redis_is_back')
                self.catch_up()
                await self._tell({'node': self._node, 'missed': True})
            message = await channel.get_message(timeout=WAIT_SECONDS)
            if message is not None:
                is_asked = False
                if message['type'] == 'message':
                    self._receive(message['data'])
            elif is_asked:
                raise TimeoutError('Redis says nothing.')
            else:
                is_asked = True
                await channel.ping()

    def _note_away(self, error: Exception) -> None:
        if not self._is_away:
            log.warning('live.redis_unreachable', error=str(error))
        self._is_away = True

    def catch_up(self) -> None:
        """Tell every subscriber in this process that any row may have changed: what other nodes said was not heard.

        While Redis is away this happens every few seconds, so that what is kept in memory is never older.
        """
        self.deliver([Change(organization_id, model) for organization_id, model in list(self._subscribers)])

    def _receive(self, data: bytes) -> None:
        message = json.loads(data)
        if message['node'] == self._node:
            return
        if 'missed' in message:
            self.catch_up()
            return
        if 'topic' in message:
            if message['topic'] in self._hearing:
                self._hearing[message['topic']](message['words'])
            return
        self.deliver(
            Change(UUID(o) if o else None, model, UUID(row) if row else None) for o, model, row in message['changes']
        )

    async def close(self) -> None:
        """Say what is still to be said, and leave Redis."""
        if self._listener is not None:
            self._listener.cancel()
        await asyncio.gather(*self._sending)
        if self._redis is not None:
            await self._redis.aclose()
        self._redis = self._listener = None


hub = Hub()
