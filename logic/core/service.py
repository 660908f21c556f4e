"""The one shape of every rule: called with an actor it opens a transaction, called with a work it joins that one."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import update_wrapper
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar, overload

import structlog
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel.ext.asyncio.session import AsyncSession

from data.database import database, fault_number
from logic.core.actor import Actor, ActorKind
from logic.core.domain import domains, permission_labels
from logic.core.errors import AppError, Conflict, Denied, NotFound, TooMany, Unauthenticated, Unavailable
from logic.core.idempotency import Attempt
from logic.core.language import _, later
from logic.core.live import hub
from logic.core.work import CLASH, Work

P = ParamSpec('P')
R = TypeVar('R')
log = structlog.get_logger(__name__)

PUBLIC = 'PUBLIC'
"""Anybody may call it, signed in or not."""
SIGNED_IN = 'SIGNED_IN'
"""Anybody with an account may call it; it concerns only himself, or it checks the rest itself."""
SYSTEM = 'SYSTEM'
"""Only Logbook itself calls it: jobs and the command line."""

services: dict[str, 'Service[..., Any]'] = {}
ATTEMPTS = 3
# MySQL: deadlock, lock wait timeout, and a savepoint that went with a deadlock. The transaction was rolled back, so the
# whole service runs again.
RETRIED = frozenset({1213, 1205, 1305})
UNREACHED = frozenset({1040, 2002, 2003})
"""MySQL: too many connections, nobody listens there; so nothing was begun."""
AWAY = UNREACHED | {1053}
"""And that it shuts down."""
NOT_ANSWERING = later('The database does not answer just now. Nothing was lost; try again.')
BUSY = later('The database cannot take this just now. Nothing was lost; try again.')
IN_DOUBT = later('The connection to the database broke off. Look whether this was saved before you try again.')


class Service(Generic[P, R]):
    """A rule that can be called: registered by name, with the permission that it needs."""

    def __init__(
        self,
        function: Callable[Concatenate[Work, P], Awaitable[R]],
        permission: str,
        *,
        writes: bool,
        secret: bool = False,
    ) -> None:
        update_wrapper(self, function)
        self.function = function
        self.permission = permission
        self.writes = writes
        self.secret = secret
        self.domain = function.__module__.split('.')[1]
        self.name = f'{self.domain}.{function.__name__}'
        if self.name in services:
            raise RuntimeError(f'Two services are named {self.name}.')
        if permission not in (PUBLIC, SIGNED_IN, SYSTEM) and permission not in permission_labels():
            raise RuntimeError(f'{self.name} asks for {permission}, which no domain declares.')
        services[self.name] = self

    @overload
    def __call__(self, caller: Actor, /, *args: P.args, **kwargs: P.kwargs) -> Awaitable[R]: ...
    @overload
    def __call__(self, caller: Work, /, *args: P.args, **kwargs: P.kwargs) -> Awaitable[R]: ...
    def __call__(self, caller: Actor | Work, /, *args: P.args, **kwargs: P.kwargs) -> Awaitable[R]:
        """Join the caller's work, or open one for the calling actor."""
        if isinstance(caller, Work):
            return self.function(caller, *args, **kwargs)
        return self._open(caller, args, kwargs)

    def check(self, actor: Actor) -> None:
        """Raise unless the actor may call this service now."""
        domain = domains.get(self.domain)
        if domain is not None and domain.switchable and self.domain in actor.modules_off:
            raise NotFound(_('{module} is switched off in this department.', module=domain.title))
        if self.permission == PUBLIC or actor.kind is ActorKind.SYSTEM:
            return
        if actor.kind is ActorKind.PUBLIC:
            raise Unauthenticated('Please sign in.')
        if self.permission == SIGNED_IN:
            return
        if self.permission == SYSTEM or not actor.may(self.permission):
            label = permission_labels().get(self.permission, self.permission)
            raise Denied(
                _(
                    'Your positions do not include “{permission}”. An administrator can give you that right.',
                    permission=label,
                ),
                self.permission,
            )

    async def _open(self, actor: Actor, args: Any, kwargs: Any) -> R:
        try:
            self.check(actor)
            return await (self._write if self.writes else self._read)(actor, args, kwargs)
        except (Denied, TooMany) as error:  # by the permission, or by the rule itself
            who = {'account_id': str(actor.account_id), 'address': actor.address}
            log.warning('service.refused', service=self.name, why=type(error).__name__, **who)
            raise
        except PoolTimeout as error:  # it waited for a connection, so nothing was begun
            log.warning('service.crowded', service=self.name, error='no connection was free')
            raise Unavailable(BUSY) from error

    async def _read(self, actor: Actor, args: Any, kwargs: Any) -> R:
        for attempt in (1, 2):
            try:
                async with database().read(actor.organization_id) as session:
                    return await self.function(Work(session, actor, self.name), *args, **kwargs)
            except DBAPIError as error:
                # Reading changed nothing, so what a broken connection took is asked again on another one, once.
                if not _is_away(error):
                    raise
                log.warning('service.connection_lost', service=self.name, error=str(error.orig))
                if attempt == 2:
                    raise Unavailable(NOT_ANSWERING) from error
        raise AssertionError('unreachable')

    async def _write(self, actor: Actor, args: Any, kwargs: Any) -> R:
        if self.secret:
            # What is kept under a key lies readable in the database: a secret is not kept, and not told a second time.
            actor = actor.using(None)
        if database().refuses_writes:
            raise Unavailable(database().refuses_writes)
        in_doubt = False
        for attempt in range(1, ATTEMPTS + 1):
            try:
                async with database().write(actor.organization_id) as session:
                    return await self._transact(session, actor, args, kwargs)
            except StaleDataError:
                raise Conflict(
                    'Somebody else changed this at the same moment. Look at it again, then repeat.'
                ) from None
            except IntegrityError as error:
                # Two at once made the same row, or called under one key: the next attempt finds what the other stored.
                if attempt == ATTEMPTS:
                    log.warning('service.integrity', service=self.name, error=str(error.orig))
                    raise Conflict(CLASH) from error
            except DBAPIError as error:
                if _is_away(error):
                    # Whether it was stored nobody knows; only under a key is that found out before it is done again.
                    log.warning('service.connection_lost', service=self.name, error=str(error.orig))
                    in_doubt = in_doubt or fault_number(error) not in UNREACHED
                    if attempt == 1 and actor.idempotency_key is not None:
                        continue
                    raise Unavailable(IN_DOUBT if in_doubt else NOT_ANSWERING) from error
                if not isinstance(error, OperationalError):
                    raise
                is_in_the_way = fault_number(error) in RETRIED
                if (is_in_the_way and attempt == ATTEMPTS) or _is_busy(error):
                    log.warning('service.crowded', service=self.name, error=str(error.orig))
                    raise Unavailable(BUSY) from error
                if not is_in_the_way:
                    raise
                await asyncio.sleep(0.02 * attempt)
        raise AssertionError('unreachable')

    async def _transact(self, session: AsyncSession, actor: Actor, args: Any, kwargs: Any) -> R:
        work = Work(session, actor, self.name)
        attempt = Attempt(work, self.name, self.function, args, kwargs) if actor.idempotency_key else None
        if attempt is not None:
            known, answer = await attempt.recall()
            if known:
                return answer  # type: ignore[no-any-return]
        try:
            result = await self.function(work, *args, **kwargs)
        except AppError:
            if attempt is None:
                raise
            # Another call under this key may have been stored since it was looked for, and be why this one is refused.
            await session.rollback()
            known, answer = await attempt.recall()
            if known:
                return answer  # type: ignore[no-any-return]
            raise
        if attempt is not None:
            await work.flush()
            await attempt.store(result)
        await work.finish()
        try:
            await session.commit()
        except DBAPIError:
            hub.publish(work.changes)  # perhaps it was stored: who shows it has to look
            raise
        hub.publish(work.committed())
        return result


def _is_away(error: DBAPIError) -> bool:
    """Say whether the database is out of reach, and not the statement at fault."""
    return error.connection_invalidated or fault_number(error) in AWAY


def _is_busy(error: DBAPIError) -> bool:
    return 'database is locked' in str(error.orig) or 'disk is full' in str(error.orig)


def service(
    permission: str, *, secret: bool = False
) -> Callable[[Callable[Concatenate[Work, P], Awaitable[R]]], Service[P, R]]:
    """Declare a rule that changes something, and the permission that it needs.

    `secret` says that it answers what is stored nowhere readable: keys, tokens, codes, protected numbers. Then its
    answer is not kept for a repeated call under an idempotency key, which does the thing anew.
    """

    def declare(function: Callable[Concatenate[Work, P], Awaitable[R]]) -> Service[P, R]:
        return Service(function, permission, writes=True, secret=secret)

    return declare


def query(
    permission: str,
) -> Callable[[Callable[Concatenate[Work, P], Awaitable[R]]], Service[P, R]]:
    """Declare a question that changes nothing, and the permission that it needs."""

    def declare(function: Callable[Concatenate[Work, P], Awaitable[R]]) -> Service[P, R]:
        return Service(function, permission, writes=False)

    return declare
