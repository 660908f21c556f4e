"""What a detached job is called with: who it acts as, and where it says how far it is."""

import time
from dataclasses import dataclass, field
from uuid import UUID

from data.database import EVERYWHERE, database
from logic.core.actor import Actor
from logic.core.jobs import queue
from logic.core.live import Change, hub

LEAST_SECONDS_BETWEEN = 0.5


class Cancelled(Exception):
    """Somebody cancelled this job, or another runner has taken it over."""


@dataclass(slots=True)
class Run:
    """One attempt at a detached job, outside of any transaction: it calls services with `actor`."""

    claim: queue.Claimed
    _said_at: float = field(default=0.0, repr=False)

    @property
    def id(self) -> UUID:
        """The id of the job."""
        return self.claim.id

    @property
    def organization_id(self) -> UUID | None:
        """The organization that the job is for; None for the installation."""
        return self.claim.organization_id

    @property
    def actor(self) -> Actor:
        """Logbook itself, in the job's organization."""
        return Actor.system(self.claim.organization_id)

    async def progress(self, percent: int, note: str = '') -> None:
        """Say how far the work is, at most twice a second. Raises Cancelled when it shall stop."""
        if time.monotonic() - self._said_at < LEAST_SECONDS_BETWEEN and percent < 100:
            return
        self._said_at = time.monotonic()
        async with database().write(EVERYWHERE) as session:
            mine = await queue.say(session, self.claim, max(0, min(percent, 100)), note[:200])
            await session.commit()
        if not mine:
            raise Cancelled(f'{self.claim.name} was cancelled.')
        hub.publish([Change(self.organization_id, 'JobRow', self.id)])

    async def conclude(self, note: str) -> None:
        """Leave a sentence on what came of the work, for the jobs page."""
        self._said_at = 0.0
        await self.progress(100, note)
