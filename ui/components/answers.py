"""One question, asked by many open screens after the same change, is put to the rules once."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from logic.core.actor import Actor, Anybody, Personal
from logic.core.language import current_locale
from logic.core.live import Change, hub

MOST = 500


@dataclass(slots=True)
class Shared:
    """An answer that holds for everybody with the same rights but those whom it was asked about."""

    answer: Any
    asked_about: set[UUID]
    drawings: dict[Hashable, Any] = field(default_factory=dict)
    """What screens that look alike made of it."""


class Answers:
    """Answers that hold until the next change of the models that they are about.

    Used for redrawing after a change only, never for a page that is built: there, what nobody declared counts too.
    """

    def __init__(self) -> None:
        self._generation: dict[tuple[UUID | None, str], int] = {}
        self._asked: dict[Hashable, asyncio.Task[Any]] = {}

    async def for_anybody(
        self, actor: Actor, models: Iterable[str], key: Hashable, question: Callable[[Actor], Awaitable[Any]]
    ) -> Shared | None:
        """Put a question for all who hold the rights of this actor at once; None when his own answer may differ.

        The question is put by somebody without a name, see `Anybody`: one that looks at the person is his alone.
        """

        async def put() -> Shared | None:
            anybody = Anybody(actor)
            try:
                answer = await question(anybody)
            except Personal:
                return None
            return None if anybody.is_personal else Shared(answer, anybody.asked_about)

        shared: Shared | None = await self.ask(actor.organization_id, models, (key, Anybody.rights_of(actor)), put)
        return None if shared is None or actor.member_id in shared.asked_about else shared

    async def ask(
        self,
        organization_id: UUID | None,
        models: Iterable[str],
        key: Hashable,
        question: Callable[[], Awaitable[Any]],
    ) -> Any:
        """Return the answer to a question; who asks the same in the same language until the next change gets it."""
        places = {organization_id, None}
        generations = tuple(self._since(place, model) for model in sorted(models) for place in sorted(places, key=str))
        whole = (organization_id, generations, current_locale(), key)
        task = self._asked.get(whole)
        if task is None:
            while len(self._asked) >= MOST:
                self._asked.pop(next(iter(self._asked)))
            task = self._asked[whole] = asyncio.ensure_future(question())
            task.add_done_callback(lambda done: self._drop_failed(whole, done))
        if task.done():
            return task.result()
        return await asyncio.shield(task)  # one screen that closes must not take the answer from the others

    def _since(self, organization_id: UUID | None, model: str) -> int:
        place = (organization_id, model)
        if place not in self._generation:
            self._generation[place] = 0
            hub.subscribe(organization_id, [model], self._changed)
        return self._generation[place]

    def _changed(self, change: Change) -> None:
        self._generation[change.organization_id, change.model] += 1
        for key in [key for key in self._asked if change.organization_id in (None, key[0])]:  # type: ignore[index]
            del self._asked[key]

    def _drop_failed(self, key: Hashable, done: 'asyncio.Task[Any]') -> None:
        if (done.cancelled() or done.exception() is not None) and self._asked.get(key) is done:
            del self._asked[key]


answers = Answers()
