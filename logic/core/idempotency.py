"""At most once: a call repeated under the same key changes nothing and answers the same."""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any, get_type_hints
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import delete
from sqlmodel import col

from data.core import Model, as_json
from data.work import IdempotencyKey
from logic.core.errors import Invalid
from logic.core.work import Work

KEPT = timedelta(hours=24)


class Attempt:
    """One call under a key: what it was, and where its answer is stored."""

    def __init__(self, work: Work, name: str, function: Callable[..., Any], args: tuple[Any, ...], kwargs: Any) -> None:
        actor = work.actor
        caller = f'{actor.organization_id}|{actor.account_id or actor.address}|{name}|{actor.idempotency_key}'
        self._work = work
        self._key = hashlib.sha256(caller.encode()).hexdigest()
        said = json.dumps([as_json(list(args)), as_json(kwargs)], sort_keys=True, default=str)
        self._fingerprint = hashlib.sha256(said.encode()).hexdigest()
        self._returns = get_type_hints(function).get('return', Any)

    async def recall(self) -> tuple[bool, Any]:
        """Return (True, answer) when this call was made before. Raises Invalid when the key served for another call."""
        row = await self._work.session.get(IdempotencyKey, self._key)
        if row is None:
            return False, None
        if row.fingerprint != self._fingerprint:
            raise Invalid('This key was already used for a different request.', {'Idempotency-Key': 'Use a new key.'})
        if isinstance(self._returns, type) and issubclass(self._returns, Model):
            return True, await self._work.get(self._returns, UUID(json.loads(row.result)))
        return True, TypeAdapter(self._returns).validate_json(row.result)

    async def store(self, answer: Any) -> None:
        """Keep the answer in the same transaction as the effect."""
        if isinstance(answer, Model):
            result = json.dumps(str(answer.id))
        else:
            result = TypeAdapter(self._returns).dump_json(answer).decode()
        self._work.add(
            IdempotencyKey(key_hash=self._key, fingerprint=self._fingerprint, result=result, created_at=self._work.now)
        )


async def forget_old_keys(work: Work) -> int:
    """Delete the keys that are older than 24 hours; returns how many."""
    return await work.execute(delete(IdempotencyKey).where(col(IdempotencyKey.created_at) < work.now - KEPT))
